import type { KubeObject } from './objects.ts'
import columnDocs from './schema/generated/column-docs.json'

const docs: Readonly<Record<string, string>> = columnDocs

/** What a table needs to know of a column; kinds/kind.ts declares it. One without a name is printed unannounced. */
interface TableColumn {
  readonly name: string
  readonly type: string
  readonly format?: string
  /** A text, or the name of the field whose documentation it is. */
  readonly description: string
  readonly priority: number
  cell(object: KubeObject, nowMs: number): string | number | boolean | null
}

type TableVersion = 'v1' | 'v1beta1'

export type IncludeObject = 'None' | 'Metadata' | 'Object'

export interface TableRow {
  readonly cells: readonly (string | number | boolean | null)[]
  readonly conditions?: readonly {
    readonly type: string
    readonly status: string
    readonly reason: string
    readonly message: string
  }[]
  readonly object: unknown
}

export interface Table {
  readonly kind: 'Table'
  readonly apiVersion: `meta.k8s.io/${TableVersion}`
  readonly metadata: {
    readonly resourceVersion?: string
    readonly continue?: string
    readonly remainingItemCount?: number
  }
  /** Null in a watch, after its first event. */
  readonly columnDefinitions: readonly Omit<TableColumn, 'cell'>[] | null
  readonly rows: readonly TableRow[]
}

/**
 * Objects as `kubectl get` prints them. `nowMs` is virtual time in milliseconds since the epoch.
 * Upstream: printers/internalversion, and endpoints/handlers/response.go for what a row holds.
 */
export function tableOf(
  columns: readonly TableColumn[],
  objects: readonly KubeObject[],
  options: {
    readonly nowMs: number
    readonly includeObject?: IncludeObject
    readonly metadata?: Table['metadata']
    readonly version?: TableVersion
    readonly withoutColumns?: boolean
  },
): Table {
  const { version = 'v1', includeObject = 'Metadata' } = options
  const columnDefinitions = columns
    .filter(({ name }) => name !== '')
    .map(({ name, type, format = '', description, priority }) => ({
      name,
      type,
      format,
      description: docs[description] ?? description,
      priority,
    }))
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata: options.metadata ?? {},
    columnDefinitions: options.withoutColumns ? null : columnDefinitions,
    rows: objects.map((object) => rowOf(columns, object, options.nowMs, includeObject, version)),
  }
}

/** One row; finished pods carry a condition so that clients can grey them out. */
function rowOf(
  columns: readonly TableColumn[],
  object: KubeObject,
  nowMs: number,
  includeObject: IncludeObject,
  version: TableVersion,
): TableRow {
  const cells = columns.map((column) => column.cell(object, nowMs))
  const conditions = completion(object)
  return { cells, ...(conditions && { conditions }), object: rowObject(object, includeObject, version) }
}

function rowObject(object: KubeObject, includeObject: IncludeObject, version: TableVersion): unknown {
  if (includeObject === 'None') return null
  if (includeObject === 'Object') return object
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata }
}

function completion(object: KubeObject): TableRow['conditions'] {
  if (object.kind !== 'Pod') return undefined
  const phase: unknown = object.status?.phase
  if (phase === 'Succeeded')
    return [{ type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' }]
  if (phase === 'Failed') return [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }]
  return undefined
}
