import type { Kind } from '../../kinds/kind.ts'
import type { Mutable } from '../../lib/freeze.ts'
import type { KubeObject } from '../../machinery/objects.ts'

/** Who asks. */
export interface Identity {
  readonly name: string
  readonly uid?: string
  readonly groups: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/** The cluster's own components speak as themselves and are trusted, as members of system:masters. */
export function componentIdentity(name: string): Identity {
  return { name: `system:${name}`, groups: ['system:masters', 'system:authenticated'] }
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'

/** One request on its way through the stages. */
export interface RequestContext {
  readonly verb: Verb
  readonly kind: Kind
  /** Group-qualified plural, `deployments.apps`. */
  readonly resource: string
  readonly namespace: string | undefined
  readonly name: string
  readonly subresource: string
  readonly user: Identity
  readonly fieldManager: string
  readonly dryRun: boolean
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore'
  /** What strict reading found in the text of a patch. */
  readonly patchErrors: readonly string[]
  /** Texts for Warning headers. */
  readonly warnings: string[]
}

/** An object on its way into the store: private to the request, free to change. */
export type Draft = Mutable<KubeObject>

export interface WriteOptions {
  readonly user?: Identity
  readonly fieldManager?: string
  readonly dryRun?: boolean
  /** What becomes of fields that the schema does not know. */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore'
  readonly warnings?: string[]
  /** The kind in the version that the request speaks, where that is not the one objects are stored in. */
  readonly as?: Kind
  /** The caller has passed the authorizer already, for a request that this one is a part of. */
  readonly authorized?: boolean
}

export interface CreateOptions extends WriteOptions {
  readonly namespace?: string | undefined
  /** The body brings its managedFields, which are known to be right. */
  readonly managedFieldsKnown?: boolean
  /** The body was made for this request and nobody else holds it: it need not be copied. */
  readonly bodyIsOurs?: boolean
}

export interface UpdateOptions extends WriteOptions {
  /** What strict reading found in the text of a patch. */
  readonly patchErrors?: readonly string[]
  readonly subresource?: string
}

export interface DeleteOptions extends WriteOptions {
  readonly gracePeriodSeconds?: number
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan'
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
}
