import { apiVersionOf, type Kind } from '../../src/kinds/kind.ts'
import { structOf } from '../../src/kinds/testing/random-objects.ts'
import { definition } from '../../src/machinery/schema/schema.ts'
import type { HttpRequest } from '../../src/sim/apiserver/http.ts'

type Pick = (bound: number) => number

const namespaces = ['demo', 'other', 'kube-system', 'none', 'Bad_Name', '__proto__', '%2e%2e']
const names = [
  'a',
  'b',
  'c',
  'example',
  'web',
  '__proto__',
  'constructor',
  'toString',
  'ünï',
  '…',
  'x'.repeat(300),
  'A_B',
  '-',
  'a%2Fb',
  '%zz',
  '',
]
const methods = [
  ...'GET GET GET GET POST POST POST POST POST PUT PUT PUT PATCH PATCH PATCH PATCH PATCH DELETE DELETE'.split(' '),
  ...(['HEAD', 'OPTIONS', 'BREW'] as const),
]
const subresources = [
  'status',
  'scale',
  'binding',
  'eviction',
  'token',
  'approval',
  'resize',
  'ephemeralcontainers',
  'finalize',
  'log',
  'exec',
  'proxy',
  'nothing',
  'status/deep',
]
const selectors = [
  'a=b',
  'a in (b,c)',
  '!a',
  'a notin (b)',
  'a==',
  '(((((',
  'a='.repeat(2000),
  '%00',
  'metadata.name=a',
  'spec.nodeName!=x',
  'status.phase=Running,metadata.namespace=demo',
  'no.such=1',
  '((a|aa)+)+$',
]
const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'text/plain',
  '',
]
const accepts = [
  'application/json',
  '*/*',
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
  'application/yaml',
  'text/html',
  ';;;',
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
]
const contentTypes = [
  'application/json',
  'application/json; charset=utf-8',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/cbor',
  'x',
  '',
]
const tokens = ['dev', 'nobody', 'a.b.c', '']
const patterns = ['(a+)+$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(x+x+)+y', '[', '\\', '(?=a)', '.*'.repeat(50)]

/** What hostile clients put where something else belongs. */
function hostile(pick: Pick): unknown {
  switch (pick(16)) {
    case 0:
      return nested(50 + pick(20_000))
    case 1:
      return 1e308 * 10
    case 2:
      return Number('-9007199254740993')
    case 3:
      return JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}')
    case 4:
      return '\u0000\ud800\u202e'
    case 5:
      return 'x'.repeat(pick(4) === 0 ? 300_000 : 300)
    case 6:
      return patterns[pick(patterns.length)]
    case 7:
      return Array.from({ length: 200 }, (_, index) => index)
    case 8:
      return Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`k${index}`, 'v']))
    case 9:
      return 1.5
    case 10:
      return []
    case 11:
      return {}
    case 12:
      return '99999999999999999999999999999999999999999Ei'
    case 13:
      return [[[[null]]]]
    case 14:
      return ''
    default:
      return null
  }
}

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { a: value }
  return value
}

/** Changes some parts of a JSON value in place. */
export function mutate(value: any, pick: Pick, times: number): any {
  for (let i = 0; i < times; i++) {
    let at = value
    for (let depth = pick(6); depth > 0; depth--) {
      const keys = Object.keys(at)
      const next = keys.length > 0 ? at[keys[pick(keys.length)]!] : undefined
      if (typeof next !== 'object' || next === null) break
      at = next
    }
    const keys = Object.keys(at)
    const key =
      keys.length > 0 && pick(5) > 0
        ? keys[pick(keys.length)]!
        : ['extra', '__proto__', 'name', 'constructor', '', 'a.b', '$patch', '0'][pick(8)]!
    if (Array.isArray(at) && !/^\d+$/.test(key)) at.push(hostile(pick))
    else if (pick(4) === 0) delete at[key]
    else Object.defineProperty(at, key, { value: hostile(pick), enumerable: true, configurable: true, writable: true })
  }
  return value
}

function text(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null'
  } catch {
    // Too deep for the host's own writer: written by hand.
    return `${'{"a":['.repeat(9_000)}1${']}'.repeat(9_000)}`
  }
}

export interface FuzzSources {
  readonly kinds: readonly Kind[]
  /** A valid object of a kind, or undefined. */
  example(kind: Kind): any
}

/** One random request: sound, nearly sound, or hostile. */
export function randomRequest(pick: Pick, sources: FuzzSources): HttpRequest {
  const kind = sources.kinds[pick(sources.kinds.length)]!
  const method = methods[pick(methods.length)]!
  const headers: Record<string, string> = {
    'user-agent': 'fuzz/1',
    accept: accepts[pick(8) ? 0 : pick(accepts.length)]!,
  }
  const token = pick(8) > 0 ? 'admin' : tokens[pick(tokens.length)]!
  if (token) headers.authorization = `Bearer ${token}`
  if (pick(60) === 0) headers['impersonate-user'] = ['dev', 'system:serviceaccount:demo:default', '\u0000'][pick(3)]!
  const name = names[pick(5) > 0 ? pick(5) : pick(names.length)]!
  const namespace = namespaces[pick(6) > 0 ? pick(2) : pick(namespaces.length)]!
  const hasName = method !== 'POST' && pick(15) > 0
  let path = pathOf(kind, namespace, hasName ? name : '', pick)
  if (pick(200) === 0)
    path = [
      '/',
      '//',
      '/api',
      '/apis/',
      '/metrics',
      '/healthz/x',
      '/openapi/v3',
      '/version',
      '/apis/no/v1/x',
      `/${'a/'.repeat(3000)}`,
      '/api/v1/watch/pods',
      '/livez?verbose',
      '/%',
    ][pick(13)]!
  const query = queryOf(method, pick)
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return { method, path: `${path}${query}`, headers }
  const isPatch = method === 'PATCH'
  const type = isPatch ? patchTypes[pick(patchTypes.length)]! : contentTypes[pick(4) ? 0 : pick(contentTypes.length)]!
  if (type) headers['content-type'] = type
  if (method === 'DELETE' && pick(2) === 0) return { method, path: `${path}${query}`, headers }
  return {
    method,
    path: `${path}${query}`,
    headers,
    body: bodyOf(kind, method, type, { name, namespace }, pick, sources),
  }
}

function pathOf(kind: Kind, namespace: string, name: string, pick: Pick): string {
  const root = kind.group ? `/apis/${kind.group}/${kind.version}` : `/api/${kind.version}`
  const scope = kind.namespaced && pick(12) > 0 ? `/namespaces/${namespace}` : ''
  const subresource =
    name && pick(5) === 0
      ? `/${kind.subresources.length > 0 && pick(3) > 0 ? kind.subresources[pick(kind.subresources.length)] : subresources[pick(subresources.length)]}`
      : ''
  return `${root}${scope}/${kind.plural}${name ? `/${name}` : ''}${subresource}`
}

function queryOf(method: string, pick: Pick): string {
  const parts: string[] = []
  const add = (odds: number, part: () => string) => {
    if (pick(odds) === 0) parts.push(part())
  }
  add(method === 'PATCH' ? 2 : 10, () => `fieldManager=${['m', 'n', '', 'x'.repeat(200), '%00'][pick(5)]}`)
  add(12, () => `dryRun=${['All', 'Some', ''][pick(3)]}`)
  add(8, () => `fieldValidation=${['Strict', 'Warn', 'Ignore', 'Loud'][pick(4)]}`)
  add(20, () => `force=${['true', 'false', 'x'][pick(3)]}`)
  add(20, () => `propagationPolicy=${['Orphan', 'Foreground', 'Background', 'Sideways'][pick(4)]}`)
  add(30, () => `gracePeriodSeconds=${['0', '-1', '5', 'x', '1e99'][pick(5)]}`)
  if (method === 'GET' || method === 'DELETE') {
    add(8, () => `labelSelector=${encodeURIComponent(selectors[pick(selectors.length)]!)}`)
    add(8, () => `fieldSelector=${encodeURIComponent(selectors[pick(selectors.length)]!)}`)
    add(10, () => `limit=${['1', '3', '0', '-1', 'x', '99999999999'][pick(6)]}`)
    add(20, () => `continue=${['k1', 'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhIn0', '%ff', '{}'][pick(4)]}`)
    add(12, () => `resourceVersion=${['0', '1', '99999999999', 'x', '-5', '1.5'][pick(6)]}`)
    add(20, () => `resourceVersionMatch=${['Exact', 'NotOlderThan', 'x'][pick(3)]}`)
    add(25, () => `watch=${['true', '1', 'x'][pick(3)]}`)
    add(30, () => 'sendInitialEvents=true')
    add(40, () => `timeoutSeconds=${['1', '-1', 'x'][pick(3)]}`)
  }
  add(200, () => `a=%zz&${'b=c&'.repeat(500)}`)
  return parts.length > 0 ? `?${parts.join('&')}` : ''
}

function bodyOf(
  kind: Kind,
  method: string,
  type: string,
  at: { name: string; namespace: string },
  pick: Pick,
  sources: FuzzSources,
): string {
  const roll = pick(40)
  if (roll === 0)
    return [
      '',
      '{',
      'null',
      '[]',
      '"x"',
      '{"a":1,"a":2}',
      '\u0000',
      '- a\n- b',
      '{"kind":',
      'a: &a [*a, *a]',
      `${'['.repeat(30_000)}`,
      'k8s\u0000\u0012\u0004',
    ][pick(12)]!
  if (roll === 1) return text(hostile(pick))
  if (roll === 2 && pick(150) === 0) return `{"apiVersion":"v1","data":{"a":"${'x'.repeat(10_000_000)}"}}`
  if (method === 'DELETE')
    return text({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      ...(pick(2)
        ? { propagationPolicy: 'Background' }
        : { gracePeriodSeconds: pick(40) - 1, preconditions: { uid: 'x' } }),
    })
  if (type === 'application/json-patch+json') return text(operations(pick))
  const object = objectOf(kind, at, pick, sources)
  if (type.includes('merge-patch') && pick(2)) {
    const { apiVersion: _apiVersion, kind: _kind, ...part } = object
    return text(mutate(part, pick, pick(3)))
  }
  return text(object)
}

function operations(pick: Pick): unknown {
  const paths = [
    '/metadata/labels',
    '/metadata/labels/a',
    '/spec',
    '/spec/replicas',
    '/spec/template/spec/containers/0/image',
    '/spec/template/spec/containers/-',
    '/__proto__/x',
    '/constructor/prototype/x',
    '/metadata',
    '',
    '/metadata/name',
    '/metadata/managedFields',
    '/status',
    'x',
    '/~2',
    '/data/a',
  ]
  return Array.from({ length: 1 + pick(3) }, () => ({
    op: ['add', 'remove', 'replace', 'test', 'move', 'copy', 'x'][pick(7)],
    path: paths[pick(paths.length)],
    ...(pick(4) === 0 && { from: paths[pick(paths.length)] }),
    ...(pick(3) > 0 && { value: pick(2) ? hostile(pick) : { a: 'b' } }),
  }))
}

function objectOf(
  kind: Kind,
  { name, namespace }: { name: string; namespace: string },
  pick: Pick,
  sources: FuzzSources,
): any {
  const sort = pick(10)
  const example = sources.example(kind)
  const def = typeof kind.schema === 'string' ? definition(kind.schema) : kind.schema
  const object: any =
    sort < 7 && example
      ? structuredClone(example)
      : { apiVersion: apiVersionOf(kind), kind: kind.kind, ...(def && structOf([...def.fields.values()], pick, 0)) }
  object.apiVersion = apiVersionOf(kind)
  object.kind = kind.kind
  if (pick(30) > 0) {
    const metadata = typeof object.metadata === 'object' && object.metadata !== null ? object.metadata : {}
    object.metadata = { ...metadata, ...(name && { name }), ...(kind.namespaced && { namespace }) }
    if (pick(10) === 0) object.metadata = { generateName: 'gen-', ...(kind.namespaced && { namespace }) }
    if (pick(6) === 0) object.metadata.labels = { a: ['b', 'c', 'not valid!', ''][pick(4)] }
    if (pick(12) === 0)
      object.metadata.finalizers = [['example.com/hold', 'orphan', 'x', 'foregroundDeletion'][pick(4)]]
    if (pick(20) === 0) object.metadata.ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: '1' }]
    if (pick(20) === 0) object.metadata.resourceVersion = ['1', 'x', '999999'][pick(3)]
    if (pick(30) === 0) object.metadata.managedFields = [{}]
  }
  return pick(3) === 0 ? mutate(object, pick, 1 + pick(3)) : object
}
