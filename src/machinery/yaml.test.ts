import { describe, expect, it } from 'vitest'
import { readYaml, readYamlCore } from './yaml.ts'
import { locate } from './yaml-positions.ts'

const value = (text: string) => readYaml(text)[0]?.value

describe('readYaml', () => {
  it.each([
    ['a: yes', { a: true }],
    ['a: off', { a: false }],
    ['a: y', { a: true }],
    ['a: 0644', { a: 420 }],
    ['a: 0o17', { a: 15 }],
    ['a: 0x1f', { a: 31 }],
    ['a: 08', { a: 8 }],
    ['a: 1_000', { a: 1000 }],
    ['a: 1.5', { a: 1.5 }],
    ['a: 1e3', { a: 1000 }],
    ['a: 2001-01-01', { a: '2001-01-01' }],
    ['a: 12:30', { a: '12:30' }],
    ['a: ~', { a: null }],
    ['a: "yes"', { a: 'yes' }],
    ['on: x', { true: 'x' }],
    [`a: "it\\'s"`, { a: "it's" }],
    ['base: &b {x: 1}\nuse: {<<: *b, z: 2}', { base: { x: 1 }, use: { x: 1, z: 2 } }],
  ])('reads %j as sigs.k8s.io/yaml does', (text, expected) => expect(value(text)).toEqual(expected))

  it('reads every document, numbers lines in the whole text and skips empty ones', () => {
    const documents = readYaml('# c\n---\na: 1\n---\n\n---\n# only a comment\n--- \n\nb: 2\n')
    expect(documents.map(({ value, line }) => ({ value, line }))).toEqual([
      { value: { a: 1 }, line: 3 },
      { value: { b: 2 }, line: 10 },
    ])
  })

  it('names the line of a syntax error and still reads the others', () => {
    const [first, second] = readYaml('a: 1\n---\nb: c: d\n')
    expect(first?.value).toEqual({ a: 1 })
    expect(second?.error).toMatchObject({ line: 3 })
    expect(second?.error?.message).not.toBe('')
  })

  it('refuses a key that comes twice, on its line', () => {
    expect(readYaml('a: 1\nb: 2\na: 3\n')[0]?.error).toMatchObject({
      line: 3,
      column: 1,
      message: expect.stringContaining('duplicate'),
    })
  })

  it('refuses what aliases would blow up', () => {
    let text = 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n'
    for (let level = 1; level < 9; level++)
      text += `a${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(', ')}]\n`
    expect(readYaml(text)[0]?.error?.message).toContain('aliasing')
  })

  it('refuses what is nested too deeply', () => {
    expect(readYaml('['.repeat(500) + ']'.repeat(500))[0]?.error?.message).toBeDefined()
  })

  it('reads by YAML 1.2 core where the recorder did', () => {
    expect(readYamlCore('a: yes\nb: on')[0]?.value).toEqual({ a: 'yes', b: 'on' })
  })
})

describe('locate', () => {
  const text = [
    '# a deployment', //
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    '  name: web',
    '  labels: {app.kubernetes.io/name: web, plain: x}',
    'spec:',
    '  template:',
    '    spec:',
    '      containers:',
    '      - name: c',
    '        image: nginx',
    '        ports: [{containerPort: 80}]',
    '---',
    'kind: ConfigMap',
    'data:',
    '  bad key: v',
  ].join('\n')

  it.each([
    [0, 'spec.template.spec.containers[0].image', { line: 12, column: 16, endColumn: 21 }],
    [0, '.spec.template.spec.containers[name="c"].image', { line: 12, column: 16, endColumn: 21 }],
    [0, 'metadata.labels[app.kubernetes.io/name]', { line: 6, column: 36, endColumn: 39 }],
    [0, 'spec.template.spec.containers[0].resources', { line: 11, column: 9, endColumn: 13 }],
    [0, 'spec.replicas', { line: 7, column: 1, endColumn: 5 }],
    [0, 'spec.template.spec.containers[0].ports[0].containerPort', { line: 13, column: 33, endColumn: 35 }],
    [1, 'data[bad key]', { line: 17, column: 12, endColumn: 13 }],
    [1, 'metadata.name', { line: 15, column: 1, endColumn: 16 }],
  ])('finds document %i, %s', (index, path, expected) => expect(locate(text, index, path)).toEqual(expected))
})
