import type { FieldError } from '../machinery/field-errors.ts'
import type { KubeObject } from '../machinery/objects.ts'
import type { SchemaRef } from '../machinery/schema/schema.ts'

/** How one object points at another; the graph's edges, `describe` and garbage collection follow from it. */
export interface Reference {
  readonly type: 'owner' | 'selector' | 'route' | 'mount' | 'uses'
  /** Group-qualified plural: `pods`, `deployments.apps`. */
  readonly resource: string
  readonly namespace?: string
  /** A reference by name … */
  readonly name?: string
  /** … or by label selector (matchLabels form). */
  readonly labels?: Readonly<Record<string, string>>
}

/** A column as `kubectl get` prints it. */
export interface PrinterColumn {
  readonly name: string
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  readonly format?: string
  readonly description: string
  /** 0 is always shown, 1 with `-o wide`. */
  readonly priority: number
  /** `nowMs` is the virtual time in milliseconds since the epoch. */
  cell(object: KubeObject, nowMs: number): string | number | boolean | null
}

export interface KindView {
  /** Where the objects are stored: `events`. */
  readonly resource: string
  fromStored(object: KubeObject): KubeObject
  toStored(object: any): any
}

/** Who makes a request, for the kinds that record it. */
export interface Requestor {
  readonly name: string
  readonly groups: readonly string[]
  readonly uid?: string
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/** What `/scale` shows and changes of an object. */
export interface ScaleAccess {
  read(object: KubeObject): { readonly replicas: number; readonly statusReplicas: number; readonly selector: string }
  /** The same object with another size; its argument is not changed. */
  withReplicas(object: KubeObject, replicas: number): KubeObject
}

/** How a subresource that is written as the whole object changes it: `resize`, `approval`. */
export interface SubresourceUpdate {
  /** `old` with what this subresource may change, taken from `body`; neither is changed. `now` is a metav1.Time. */
  take(body: any, old: any, now: string): any
  validate(object: any, old: KubeObject): FieldError[]
}

/** Everything every part of the system needs to know of a kind, declared once in kinds/<kind>/kind.ts. */
export interface Kind {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  /** Name of its schema definition, e.g. `io.k8s.api.core.v1.Pod`; a custom kind brings its own. */
  readonly schema: SchemaRef
  /** full: something acts on it; stored: stored, defaulted and validated only. */
  readonly support: 'full' | 'stored'
  /** Does metadata.generation count changes of its spec? */
  readonly hasGeneration: boolean
  /** What counts as a new generation, where it is not just the spec. Equal parts of both objects are the same reference. */
  changesGeneration?(object: any, old: KubeObject): boolean
  /** What may be done with it, where it is not all that a custom resource can do. */
  readonly verbs?: readonly string[]
  /** Made by a CustomResourceDefinition. */
  readonly custom?: boolean
  /** Said with every request of a version that is on its way out. */
  readonly deprecation?: string
  /** Is `status` a subresource of its own? */
  readonly hasStatus: boolean
  readonly subresources: readonly string[]
  /** Fills in defaults; may change its argument (a private copy, never a stored object). */
  applyDefaults?(object: any): void
  /** Clears what clients may not set on create (usually status) and computes what the server sets. */
  prepareForCreate?(object: any, user?: Requestor): void
  /** `now` is the present as a metav1.Time. */
  prepareForUpdate?(object: any, old: KubeObject, now: string): void
  /** The object as a deletion finds it, with the finalizers and the status that being deleted gives it. */
  prepareForDelete?(object: KubeObject, now: string): KubeObject
  /** All problems, with Kubernetes' own paths, types and messages. */
  validate?(object: any): FieldError[]
  validateUpdate?(object: any, old: KubeObject): FieldError[]
  /** Texts for Warning headers: legal, but hardly meant. */
  warnings?(object: KubeObject): string[]
  /** Validation of an update through the status subresource. */
  validateStatusUpdate?(object: any, old: KubeObject): FieldError[]
  readonly scale?: ScaleAccess
  readonly subresourceUpdates?: Readonly<Record<string, SubresourceUpdate | undefined>>
  readonly columns?: readonly PrinterColumn[]
  references?(object: KubeObject): Reference[]
  /** Served from another resource's storage, converted on the way: events.k8s.io from events. */
  readonly view?: KindView
  /** Field selectors beyond metadata.name and metadata.namespace: field → value. */
  selectableFields?(object: KubeObject): Record<string, string>
}

/** Group-qualified plural: `pods`, `deployments.apps`. It names a resource everywhere in the project. */
export function resourceOf(kind: Pick<Kind, 'group' | 'plural'>): string {
  return kind.group ? `${kind.plural}.${kind.group}` : kind.plural
}

/** Where a kind's objects are stored: its own resource, or the one it is a view of. */
export function storageOf(kind: Pick<Kind, 'group' | 'plural' | 'view'>): string {
  return kind.view?.resource ?? resourceOf(kind)
}

export function apiVersionOf(kind: Pick<Kind, 'group' | 'version'>): string {
  return kind.group ? `${kind.group}/${kind.version}` : kind.version
}

/** Fills in what most kinds share. */
export function defineKind(
  kind: Pick<Kind, 'group' | 'version' | 'kind' | 'plural' | 'namespaced' | 'schema'> & Partial<Kind>,
): Kind {
  return {
    singular: kind.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    support: 'full',
    hasGeneration: false,
    hasStatus: false,
    subresources: kind.hasStatus ? ['status'] : [],
    ...kind,
  }
}
