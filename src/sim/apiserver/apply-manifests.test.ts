import { describe, expect, test } from 'vitest'
import { testCluster } from '../testing/scenario.ts'
import { applyManifests } from './apply-manifests.ts'

const user = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }

function apply(text: string, options: { dryRun?: boolean } = {}, cluster = testCluster(1)) {
  const pause = () => cluster.runFor(100)
  return { cluster, results: applyManifests(cluster.api, text, { user, fieldManager: 'test', pause, ...options }) }
}

const configMap = (name: string, rest = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${rest}`
const shown = (results: ReturnType<typeof applyManifests>) =>
  results.map(({ line, object, result }) => `${line} ${object}: ${result}`)

describe('applying manifests', () => {
  test('every document is an object, and says where it stands', () => {
    const { results } = apply(`# first\n${configMap('a')}---\n\n${configMap('b')}---\n# nothing\n`)
    expect(shown(results)).toEqual(['2 v1 ConfigMap default/a: created', '8 v1 ConfigMap default/b: created'])
  })

  test('again: unchanged; changed: configured', () => {
    const { cluster } = apply(configMap('a', 'data: { x: "1" }\n'))
    const again = (data: string) => apply(configMap('a', `data: { x: "${data}" }\n`), {}, cluster).results[0]!.result
    expect([again('1'), again('2'), again('2')]).toEqual(['unchanged', 'configured', 'unchanged'])
  })

  test('a List is the objects in it', () => {
    const item = (name: string) => `- { apiVersion: v1, kind: ConfigMap, metadata: { name: ${name} } }\n`
    const { results } = apply(`apiVersion: v1\nkind: List\nitems:\n${item('a')}${item('b')}`)
    expect(results.map(({ name, result }) => [name, result])).toEqual([
      ['a', 'created'],
      ['b', 'created'],
    ])
  })

  test('a namespace and what goes into it may come in one text', () => {
    const text = `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n---\n${configMap('a').replace('name: a', 'name: a\n  namespace: shop')}`
    expect(apply(text).results.map(({ result }) => result)).toEqual(['created', 'created'])
    const dry = apply(text, { dryRun: true })
    expect(dry.results.map(({ result }) => result)).toEqual(['created', 'created'])
    expect(dry.cluster.api.find('namespaces', 'shop')).toBeUndefined()
  })

  test('a dry run writes nothing', () => {
    const { cluster, results } = apply(configMap('a'), { dryRun: true })
    expect(results[0]!.result).toBe('created')
    expect(cluster.api.find('configmaps', 'default/a')).toBeUndefined()
  })
})

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: REPLICAS
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: LABEL
    spec:
      containers:
        - name: main
          image: nginx
          FIELD: x
`
const filled = (values: Record<string, string> = {}) =>
  deployment
    .replace('REPLICAS', values.replicas ?? '1')
    .replace('LABEL', values.label ?? 'web')
    .replace('FIELD: x', values.field ?? 'workingDir: /')

describe('what is wrong is said on its line', () => {
  test.each<[string, string, number, RegExp]>([
    [
      'a field that does not exist',
      filled({ field: 'imagePolicy: x' }),
      18,
      /unknown field "spec.template.spec.containers\[0\].imagePolicy"/,
    ],
    [
      'a text where a number belongs',
      filled({ replicas: 'many' }),
      6,
      /cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32/,
    ],
    ['a value that is not valid', filled({ replicas: '-1' }), 6, /must be greater than or equal to 0/],
    [
      'labels that the selector does not match',
      filled({ label: 'other' }),
      12,
      /`selector` does not match template `labels`/,
    ],
    [
      'a kind that is not served',
      'apiVersion: v1\nkind: Gadget\nmetadata: { name: a }\n',
      2,
      /no matches for kind "Gadget" in version "v1"; ensure CRDs are installed first/,
    ],
    [
      'a kind of another group',
      'apiVersion: v1\nkind: Deployment\nmetadata: { name: a }\n',
      1,
      /no matches for kind "Deployment" in version "v1"; it is served in apps\/v1/,
    ],
    ['no apiVersion', 'kind: ConfigMap\nmetadata: { name: a }\n', 1, /apiVersion not set/],
    ['no kind', 'apiVersion: v1\nmetadata: { name: a }\n', 1, /kind not set/],
    ['no name', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels: {}\n', 3, /resource name may not be empty/],
    [
      'a generated name',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  generateName: a-\n',
      3,
      /cannot use generate name with apply/,
    ],
    ['no object at all', 'just a text\n', 1, /no object/],
    ['no YAML', 'apiVersion: v1\nkind: [ConfigMap\n', 3, /./],
  ])('%s', (_name, text, line, message) => {
    const { results } = apply(`${configMap('before')}---\n${text}---\n${configMap('after')}`)
    const shift = 5
    expect(results.map(({ result }) => result)).toEqual(['created', 'refused', 'created'])
    const { problems } = results[1]!
    const texts = problems.map((problem) => `${problem.line - shift}: ${problem.message}`)
    expect(
      problems.some((problem) => problem.line === line + shift && message.test(problem.message)),
      texts.join('\n'),
    ).toBe(true)
  })

  test('a field twice is warned of, and the last one counts, as for kubectl', () => {
    const { results } = apply(filled({ field: 'name: twice' }))
    const [{ result, problems }] = results as [(typeof results)[number]]
    expect(result).toBe('created')
    expect(problems).toMatchObject([
      { line: 18, severity: 'warning', message: expect.stringMatching(/name.*already set/) },
    ])
  })

  test('a namespace that is not there refuses what goes into it, and nothing else', () => {
    const { results } = apply(
      `${configMap('a').replace('name: a', 'name: a\n  namespace: nowhere')}---\n${configMap('b')}`,
    )
    expect(results.map(({ result, message }) => [result, message])).toEqual([
      ['refused', 'namespaces "nowhere" not found'],
      ['created', undefined],
    ])
  })

  test.each([
    ['an empty text', ''],
    ['comments only', '# a\n---\n# b\n'],
  ])('%s is nothing to apply', (_name, text) => {
    expect(apply(text).results).toEqual([])
  })
})
