import { apiVersionOf, storageOf, type Kind } from '../../kinds/kind.ts'
import { StatusError } from '../../machinery/errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { readYaml, type YamlDocument } from '../../machinery/yaml.ts'
import { locate } from '../../machinery/yaml-positions.ts'
import { readStrictly } from './http/strict.ts'
import type { Identity } from './request.ts'
import type { ApiServer } from './server.ts'

export interface ManifestProblem {
  readonly line: number
  readonly column: number
  readonly endColumn: number
  readonly message: string
  readonly severity: 'error' | 'warning'
}

/** What came of one object of a manifest. Lines are 1-based, in the whole text. */
export interface ManifestResult {
  readonly document: number
  readonly line: number
  /** `apps/v1 Deployment demo/web`, '' when it could not be read. */
  readonly object: string
  readonly resource?: string
  readonly namespace?: string
  readonly name?: string
  /** Nothing in the cluster acts on this kind. */
  readonly storedOnly?: true
  readonly result: 'created' | 'configured' | 'unchanged' | 'refused'
  readonly message?: string
  readonly problems: readonly ManifestProblem[]
}

export interface ApplyManifestsOptions {
  readonly user: Identity
  readonly fieldManager: string
  readonly namespace?: string
  readonly dryRun?: boolean
  /** Called after a namespace was made: a client takes a moment for each request, in which its ServiceAccount appears. */
  readonly pause?: () => void
}

/** Applies every object of a text, server-side; what is refused does not hold up the rest. */
export function applyManifests(api: ApiServer, text: string, options: ApplyManifestsOptions): ManifestResult[] {
  let documents: YamlDocument[]
  try {
    // As kubectl reads them: of a key that comes twice the last counts. It says nothing of it; we do.
    documents = readYaml(text, { tolerant: true })
  } catch (error) {
    return [unreadable({ index: 0, line: 1 }, error instanceof Error ? error.message : String(error))]
  }
  const announced = new Set(documents.map(({ value }) => namespaceNamed(value)))
  return documents.flatMap((document) => {
    const results = withDuplicates(document, applyDocument(api, text, document, options))
    if (!options.dryRun) {
      if (results.some((one) => one.resource === 'namespaces' && one.result === 'created')) options.pause?.()
      return results
    }
    // A dry run makes no namespace, so what goes into one of this text's own cannot be asked about yet.
    return results.map((one) =>
      one.namespace && announced.has(one.namespace) && awaitsNamespace(one)
        ? { ...one, result: 'created', message: undefined, problems: [] }
        : one,
    )
  })
}

/** What came twice is told with the first object of its document. */
function withDuplicates(
  { duplicates = [] }: YamlDocument,
  [first, ...others]: readonly ManifestResult[],
): ManifestResult[] {
  if (!first) return []
  const problems = duplicates.map((message): ManifestProblem => {
    const [, line = '1', words = message] = /^line (\d+): (.*)$/.exec(message) ?? []
    return { line: Number(line), column: 1, endColumn: 1000, message: words, severity: 'warning' }
  })
  return [{ ...first, problems: [...first.problems, ...problems] }, ...others]
}

function namespaceNamed(value: any): string | undefined {
  return value?.kind === 'Namespace' && value.apiVersion === 'v1' ? value.metadata?.name : undefined
}

function awaitsNamespace({ result, message, namespace }: ManifestResult): boolean {
  return result === 'refused' && message === `namespaces "${namespace}" not found`
}

function applyDocument(
  api: ApiServer,
  text: string,
  document: YamlDocument,
  options: ApplyManifestsOptions,
): ManifestResult[] {
  if (document.error) {
    const { line, column, endColumn, message } = document.error
    return [{ ...unreadable(document, message), problems: [{ line, column, endColumn, message, severity: 'error' }] }]
  }
  const value: any = document.value
  if (value === null || value === undefined) return []
  if (typeof value !== 'object' || Array.isArray(value))
    return [unreadable(document, 'This document is no object: a manifest begins with apiVersion and kind.')]
  // A list of one kind (`RoleList`) is taken apart as a `List` is.
  if (typeof value.kind === 'string' && value.kind.endsWith('List') && Array.isArray(value.items)) {
    return value.items.map((item: any, index: number) =>
      applyOne(api, text, document, item, `items[${index}].`, options),
    )
  }
  return [applyOne(api, text, document, value, '', options)]
}

function unreadable({ index, line }: { index: number; line: number }, message: string): ManifestResult {
  return {
    document: index,
    line,
    object: '',
    result: 'refused',
    message,
    problems: [{ line, column: 1, endColumn: 1000, message, severity: 'error' }],
  }
}

function applyOne(
  api: ApiServer,
  text: string,
  document: YamlDocument,
  value: any,
  prefix: string,
  options: ApplyManifestsOptions,
): ManifestResult {
  const at = (field: string, message: string, severity: 'error' | 'warning' = 'error'): ManifestProblem => ({
    ...locate(text, document.index, prefix + field),
    message,
    severity,
  })
  const refuse = (object: string, message: string, problems: readonly ManifestProblem[]): ManifestResult => ({
    document: document.index,
    line: document.line,
    object,
    result: 'refused',
    message,
    problems,
  })
  const unnamed = `${value?.apiVersion ?? ''} ${value?.kind ?? ''}`.trim()
  const known = identify(api, value)
  if ('message' in known) return refuse(unnamed, known.message, [at(known.field, known.message)])
  const { kind } = known
  const name: string = value.metadata?.name ?? ''
  const namespace: string | undefined = kind.namespaced
    ? (value.metadata?.namespace ?? options.namespace ?? 'default')
    : undefined
  const shown = `${value.apiVersion} ${value.kind} ${namespace ? `${namespace}/` : ''}${name}`
  if (!name) {
    const message = value.metadata?.generateName
      ? 'cannot use generate name with apply; give it a metadata.name'
      : 'resource name may not be empty'
    return refuse(shown, message, [at('metadata', message)])
  }
  const resource = storageOf(kind)
  const key = namespace ? `${namespace}/${name}` : name
  const identity = {
    document: document.index,
    line: document.line,
    object: shown,
    resource,
    namespace,
    name,
    ...(kind.support === 'stored' && { storedOnly: true as const }),
  }
  const warnings: string[] = []
  try {
    readStrictly(value, kind, 'Strict', warnings)
    const before = api.etcd.get(resource, key)
    const applied = { ...value, metadata: { ...value.metadata, ...(namespace && { namespace }) } } as KubeObject
    const { user, fieldManager, dryRun } = options
    const after = api.patch(
      resource,
      key,
      { type: 'apply', patch: applied },
      { user, fieldManager, dryRun, force: true, warnings, as: kind },
    )
    const result = !before ? 'created' : sameButManagers(before, after) ? 'unchanged' : 'configured'
    return { ...identity, result, problems: warnings.map((message) => at('', message, 'warning')) }
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    return { ...identity, result: 'refused', message: error.message, problems: problemsOf(error, at) }
  }
}

function sameButManagers(before: KubeObject, after: KubeObject): boolean {
  return (
    before === after ||
    (before.spec === after.spec && before.metadata.resourceVersion === after.metadata.resourceVersion)
  )
}

function identify(api: ApiServer, value: any): { kind: Kind } | { field: string; message: string } {
  if (typeof value !== 'object' || value === null) return { field: '', message: 'Object is no object.' }
  if (typeof value.apiVersion !== 'string' || value.apiVersion === '')
    return { field: '', message: 'apiVersion not set' }
  if (typeof value.kind !== 'string' || value.kind === '') return { field: 'apiVersion', message: 'kind not set' }
  if (value.metadata !== undefined && (typeof value.metadata !== 'object' || value.metadata === null)) {
    return { field: 'metadata', message: 'metadata is no object' }
  }
  const kind = api.kinds.ofObject(value)
  if (kind) return { kind }
  const elsewhere = [
    ...new Set(
      api.kinds
        .versions()
        .filter((one) => one.kind === value.kind)
        .map(apiVersionOf),
    ),
  ]
  const hint = elsewhere.length > 0 ? `; it is served in ${elsewhere.join(', ')}` : '; ensure CRDs are installed first'
  const message = `no matches for kind "${value.kind}" in version "${value.apiVersion}"${hint}`
  return { field: elsewhere.length > 0 ? 'apiVersion' : 'kind', message }
}

/** The server's causes, each where it belongs; strict decoding names its fields in the message. */
function problemsOf(error: StatusError, at: (field: string, message: string) => ManifestProblem): ManifestProblem[] {
  const causes = error.status.details?.causes ?? []
  const fields = causes.filter((cause) => cause.field && cause.field !== '<nil>')
  if (fields.length > 0) return fields.map((cause) => at(cause.field!, `${cause.field}: ${cause.message}`))
  const named = [...error.message.matchAll(/(?:unknown|duplicate) field "([^"]+)"/g)]
  if (named.length > 0) return named.map((match) => at(match[1]!, match[0]))
  const typed = /Go struct field \w+\.([\w.[\]]+) of type/.exec(error.message)
  return [at(typed ? typed[1]! : '', error.message)]
}
