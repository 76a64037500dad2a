import { expect, test } from 'vitest'
import type { Playground } from './model.ts'
import { defaultShape, engineVersion, playgroundVersion } from './model.ts'
import { holdsSecrets, redactManifest, withoutSecrets } from './redact.ts'

const hidden: [name: string, text: string][] = [
  ['plain', 'kind: Secret\nstringData:\n  password: hunter2\n'],
  ['base64 data', 'kind: Secret\ndata:\n  password: hunter2\n'],
  ['quoted kind', 'kind: "Secret"\nstringData: {password: "hunter2"}\n'],
  ['block scalar', 'kind: Secret\nstringData:\n  file: |\n    first\n    hunter2\n  other: x\n'],
  ['folded scalar at the end', 'kind: Secret\nstringData:\n  file: >-\n    hunter2'],
  ['JSON', '{"kind":"Secret","data":{"password":"hunter2"}}'],
  ['in a List', 'kind: List\nitems:\n- kind: Secret\n  stringData:\n    password: hunter2\n'],
  ['in a SecretList, whose items need no kind', 'kind: SecretList\nitems:\n- data:\n    password: hunter2\n'],
  ['behind an alias', 'kind: Secret\nmetadata:\n  annotations: {note: &pw hunter2}\nstringData:\n  password: *pw\n'],
  ['behind a merge key', 'kind: Secret\nx-base: &base\n  password: hunter2\nstringData:\n  <<: *base\n'],
  ['an aliased map', 'kind: Secret\nx-base: &base\n  password: hunter2\nstringData: *base\n'],
  [
    'last-applied annotation',
    `kind: Secret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {"data":{"password":"hunter2"}}\n`,
  ],
  ['second document', 'kind: Pod\n---\nkind: Secret\nstringData:\n  password: hunter2\n'],
  ['unreadable document', 'kind: Secret\nstringData:\n  password: hunter2\n bad: [\n'],
  ['the same key twice', 'kind: Secret\nstringData:\n  password: hunter2\n  password: hunter2\n'],
  ['a number', 'kind: Secret\nstringData:\n  pin: 1234567\n'],
]

test.each(hidden)('%s: the value is gone', (_, text) => {
  expect(redactManifest(text)).not.toMatch(/hunter2|1234567/)
})

test('everything else stays as it was written', () => {
  const text = `# our shop
apiVersion: v1
kind: Secret
metadata:   {name: db}   # odd spacing
stringData:
  # the password
  password: hunter2 # rotated yearly
---
kind: ConfigMap
data:
  password: not a secret
`
  expect(redactManifest(text)).toBe(text.replace('hunter2', 'left-out'))
})

test('data stays valid base64', () => {
  expect(redactManifest('kind: Secret\ndata:\n  a: aGk=\n')).toBe('kind: Secret\ndata:\n  a: bGVmdC1vdXQ=\n')
})

test('a text without Secrets is the same text', () => {
  const text = 'kind: Pod\nspec: {volumes: [{secret: {secretName: a}}]} # Secret\n'
  expect(redactManifest(text)).toBe(text)
})

const playground: Playground = {
  version: playgroundVersion,
  engine: engineVersion,
  name: 'p',
  files: [{ name: 'a.yaml', text: 'kind: Secret\nstringData: {a: hunter2}\n' }],
  shape: defaultShape(),
  journal: [
    { at: 0, action: { type: 'apply', file: 'a.yaml', text: 'kind: Secret\nstringData: {a: hunter2}\n' } },
    {
      at: 1,
      action: {
        type: 'replace',
        object: {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'a', uid: 'u', resourceVersion: '1', creationTimestamp: '' },
          data: { a: 'hunter2' },
        } as never,
      },
    },
    { at: 2, action: { type: 'cordon', name: 'node-1', cordon: true } },
    {
      at: 3,
      action: {
        type: 'request',
        method: 'PATCH',
        path: '/api/v1/namespaces/a/secrets/b',
        body: '{"data":{"a":"hunter2"}}',
      },
    },
    {
      at: 3,
      action: {
        type: 'request',
        method: 'POST',
        path: '/api/v1/namespaces/a/secrets',
        body: '{"kind":"Secret","data":{"a":"hunter2"}}',
      },
    },
  ],
  until: 3,
}

test('actions lose their values too, and keep everything else', () => {
  expect(holdsSecrets(playground)).toBe(true)
  const redacted = withoutSecrets(playground)
  expect(JSON.stringify(redacted)).not.toContain('hunter2')
  expect(redacted.journal.map((entry) => entry.action.type)).toEqual([
    'apply',
    'replace',
    'cordon',
    'request',
    'request',
  ])
  expect(redacted.journal[2]).toBe(playground.journal[2])
  expect(holdsSecrets({ ...playground, files: [], journal: [] })).toBe(false)
})
