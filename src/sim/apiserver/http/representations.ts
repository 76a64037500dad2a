import { ageColumn, column, createdAtColumn, nameColumn } from '../../../kinds/columns.ts'
import { apiVersionOf, type PrinterColumn } from '../../../kinds/kind.ts'
import { badRequest, StatusError } from '../../../machinery/errors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { tableOf, type IncludeObject } from '../../../machinery/table.ts'
import type { ResourcePath } from '../http-path.ts'
import { internalPackage } from './body-type.ts'
import { PlainList } from './json-text.ts'
import type { Query } from './messages.ts'
import type { Representation } from './negotiation.ts'

/** How the answers to one request are shown: as they are, as a Table, or their metadata alone. */
export interface Presentation {
  readonly form: Representation
  readonly includeObject: IncludeObject
}

export interface ListMetadata {
  readonly resourceVersion?: string
  readonly continue?: string
  readonly remainingItemCount?: number
}

/** Reads what a Table's rows are to hold; 400 for anything unknown. */
export function presentationOf(form: Representation, query: Query): Presentation {
  const asked = query.get('includeObject')
  if (form.as?.kind === 'Table' && !['', 'None', 'Metadata', 'Object'].includes(asked))
    throw badRequest(
      `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(asked)}: must be 'Metadata', 'Object', 'None', or empty`,
    )
  return { form, includeObject: (asked || 'Metadata') as IncludeObject }
}

const refused = (message: string) => new StatusError(406, 'NotAcceptable', message)

/** Refuses what cannot be shown as asked for: the metadata of one object for a list, or the other way round. */
export function checkPresentable({ form }: Presentation, { kind }: ResourcePath, isList: boolean): void {
  const goType = `*${internalPackage(kind)}.${kind.kind}${isList ? 'List' : ''}`
  if (form.as?.kind === 'PartialObjectMetadata' && isList)
    throw refused(`you requested PartialObjectMetadata, but the requested object is a list (${goType})`)
  if (form.as?.kind === 'PartialObjectMetadataList' && !isList)
    throw refused(`you requested PartialObjectMetadataList, but the requested object is not a list (${goType})`)
}

/** An object's metadata alone. */
export function partialMetadata(object: KubeObject, version: string): unknown {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata }
}

/** One object as it was asked for. A Status stays what it is. */
export function presentObject(
  object: any,
  at: ResourcePath,
  { form, includeObject }: Presentation,
  nowMs: number,
): unknown {
  if (!form.as || object.kind === 'Status') return object
  const { version } = form.as
  if (form.as.kind !== 'Table') return partialMetadata(object, version)
  const metadata = { resourceVersion: object.metadata?.resourceVersion }
  return tableOf(columnsOf(at), [object], { nowMs, includeObject, version, metadata })
}

/** A list as it was asked for. */
export function presentList(
  objects: readonly KubeObject[],
  metadata: ListMetadata,
  at: ResourcePath,
  { form, includeObject }: Presentation,
  nowMs: number,
): unknown {
  const { kind } = at
  if (!form.as) {
    const type = { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind) }
    return new PlainList(type, metadata, objects, kind.custom === true)
  }
  const { version } = form.as
  if (form.as.kind === 'Table') return tableOf(columnsOf(at), objects, { nowMs, includeObject, version, metadata })
  const items = objects.map((object) => partialMetadata(object, version))
  return { kind: 'PartialObjectMetadataList', apiVersion: `meta.k8s.io/${version}`, metadata, items }
}

const scaleColumns: readonly PrinterColumn[] = [
  { ...nameColumn, format: '' },
  column('Desired', ({ spec }) => spec?.replicas ?? 0, {
    type: 'integer',
    description: 'autoscaling.v1.ScaleSpec.replicas',
  }),
  column('Available', ({ status }) => status?.replicas ?? 0, {
    type: 'integer',
    description: 'autoscaling.v1.ScaleStatus.replicas',
  }),
  ageColumn,
]

/** The columns of what a path answers. */
export function columnsOf({ kind, subresource }: Pick<ResourcePath, 'kind' | 'subresource'>): readonly PrinterColumn[] {
  if (subresource === 'scale') return scaleColumns
  return kind.columns ?? [nameColumn, createdAtColumn]
}
