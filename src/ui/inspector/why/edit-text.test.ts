import { describe, expect, test } from 'vitest'
import { editText } from './edit-text.ts'

const web = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'default' }
const text = `# first
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  selector: { app: wev, tier: front }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # the one
spec:
  replicas: 3
  paused: true
  template:
    spec:
      nodeSelector:
        disk: ssd
      tolerations:
        - key: a
          operator: Exists
      containers:
        - name: web
          image: "nginx:1.29"
          resources:
            requests:
              cpu: 500m # much
              memory: 64Mi
`
const pod = ['spec', 'template', 'spec'] as const
const requests = [...pod, 'containers', 0, 'resources', 'requests'] as const

describe('an edit changes nothing but its field', () => {
  test.each([
    ['a value', [{ path: [...requests, 'cpu'], value: '350m' }], 27, '              cpu: 350m # much'],
    [
      'a quoted value',
      [{ path: [...pod, 'containers', 0, 'image'], value: 'nginx:1.30' }],
      24,
      '          image: "nginx:1.30"',
    ],
    ['a number', [{ path: ['spec', 'replicas'], value: 4 }], 13, '  replicas: 4'],
    [
      'a list that grows',
      [{ path: [...pod, 'tolerations', '-'], value: { key: 'gpu', operator: 'Exists' } }],
      22,
      '        - { key: gpu, operator: Exists }',
    ],
    [
      'a new key',
      [{ path: [...requests, 'ephemeral-storage'], value: '1Gi' }],
      29,
      '              ephemeral-storage: 1Gi',
    ],
    [
      'a new key with its parents',
      [{ path: [...pod, 'containers', 0, 'resources', 'limits', 'memory'], value: '1Gi' }],
      29,
      '            limits:',
    ],
  ])('%s', (_name, edits, line, expected) => {
    const edited = editText(text, web, edits)!
    expect(edited.line).toBe(line)
    expect(edited.text.split('\n')[line - 1]).toBe(expected)
    const before = text.split('\n')
    const untouched = edited.text.split('\n').filter((one) => before.includes(one))
    expect(untouched.length).toBeGreaterThanOrEqual(before.length - 1)
  })

  test('a field that goes takes its line along', () => {
    expect(editText(text, web, [{ path: ['spec', 'paused'] }])!.text).toBe(text.replace('  paused: true\n', ''))
  })

  test('the last field of a map takes the map along', () => {
    const expected = text.replace('      nodeSelector:\n        disk: ssd\n', '')
    expect(editText(text, web, [{ path: [...pod, 'nodeSelector', 'disk'] }])!.text).toBe(expected)
  })

  test('maps and lists in one line stay in one line', () => {
    const service = { apiVersion: 'v1', kind: 'Service', name: 'web', namespace: 'default' }
    const set = editText(text, service, [{ path: ['spec', 'selector', 'app'], value: 'web' }])!
    expect(set.text).toContain('selector: { app: web, tier: front }')
    const gone = editText(text, service, [{ path: ['spec', 'selector', 'app'] }])!
    expect(gone.text).toContain('selector: { tier: front }')
    const added = editText(text, service, [{ path: ['spec', 'selector', 'a'], value: 'b' }])!
    expect(added.text).toContain('selector: { app: wev, tier: front, a: b }')
  })

  test('what is not in the text is not edited', () => {
    expect(editText(text, { ...web, name: 'other' }, [{ path: ['spec', 'paused'] }])).toBeUndefined()
    expect(editText(text, { ...web, namespace: 'shop' }, [{ path: ['spec', 'paused'] }])).toBeUndefined()
    expect(editText('a: [', web, [{ path: ['spec', 'paused'] }])).toBeUndefined()
  })
})
