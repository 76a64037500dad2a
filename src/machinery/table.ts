import type { KubeObject } from './objects.ts'

/** What a table needs to know of a column; kinds/kind.ts declares it. */
interface TableColumn {
  readonly name: string
  readonly type: string
  readonly format?: string
  readonly description: string
  readonly priority: number
  cell(object: KubeObject, nowMs: number): string | number | boolean | null
}

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
  readonly apiVersion: 'meta.k8s.io/v1'
  readonly metadata: {
    readonly resourceVersion?: string
    readonly continue?: string
    readonly remainingItemCount?: number
  }
  readonly columnDefinitions?: readonly Omit<TableColumn, 'cell'>[]
  readonly rows: readonly TableRow[]
}

/**
 * Objects as `kubectl get` prints them. `describe` gives a column's documentation; the default is its own text.
 * Upstream: printers.TablePrinter. `nowMs` is virtual time in milliseconds since the epoch.
 */
export function tableOf(
  columns: readonly TableColumn[],
  objects: readonly KubeObject[],
  options: {
    readonly nowMs: number
    readonly includeObject?: IncludeObject
    readonly metadata?: Table['metadata']
    describe?(description: string): string
  },
): Table {
  const describe = options.describe ?? ((text: string) => text)
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: options.metadata ?? {},
    columnDefinitions: columns.map(({ name, type, format = '', description, priority }) => ({
      name,
      type,
      format,
      description: describe(description),
      priority,
    })),
    rows: objects.map((object) => rowOf(columns, object, options.nowMs, options.includeObject ?? 'Metadata')),
  }
}

/** One row; finished pods carry a condition so that clients can grey them out. */
export function rowOf(
  columns: readonly TableColumn[],
  object: KubeObject,
  nowMs: number,
  includeObject: IncludeObject,
): TableRow {
  const cells = columns.map((column) => column.cell(object, nowMs))
  const conditions = completion(object)
  return { cells, ...(conditions && { conditions }), object: rowObject(object, includeObject) }
}

function rowObject(object: KubeObject, includeObject: IncludeObject): unknown {
  if (includeObject === 'None') return null
  if (includeObject === 'Object') return object
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata }
}

function completion(object: KubeObject): TableRow['conditions'] {
  if (object.kind !== 'Pod') return undefined
  const phase: unknown = object.status?.phase
  if (phase === 'Succeeded')
    return [{ type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' }]
  if (phase === 'Failed') return [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }]
  return undefined
}
