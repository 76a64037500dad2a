/** Shapes every kind shares. Objects in the store are frozen; share references, never clone to read. */

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}

export interface ManagedFieldsEntry {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly time?: string
  readonly fieldsType: 'FieldsV1'
  readonly fieldsV1: FieldsV1
  readonly subresource?: string
}

/** `{"f:spec": {"f:replicas": {}}}`, the FieldsV1 trie. */
export interface FieldsV1 {
  readonly [path: string]: FieldsV1
}

export interface ObjectMeta {
  readonly name: string
  readonly generateName?: string
  readonly namespace?: string
  readonly uid: string
  readonly resourceVersion: string
  readonly generation?: number
  readonly creationTimestamp: string
  readonly deletionTimestamp?: string
  readonly deletionGracePeriodSeconds?: number
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly ownerReferences?: readonly OwnerReference[]
  readonly finalizers?: readonly string[]
  readonly managedFields?: readonly ManagedFieldsEntry[]
}

/** What the API stores: any kind. Kinds with a model of their own extend it (kinds/<kind>/types.ts). */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: ObjectMeta
  // Free-form beyond the metadata: kinds narrow these.
  readonly spec?: any
  readonly status?: any
}

/** `namespace/name`, or just `name` for a cluster-scoped object. */
export type ObjectKey = string

export function keyOf(object: {
  readonly metadata: { readonly name: string; readonly namespace?: string }
}): ObjectKey {
  const { namespace, name } = object.metadata
  return namespace ? `${namespace}/${name}` : name
}

/** Splits a key; `namespace` is undefined for a cluster-scoped one. */
export function splitKey(key: ObjectKey): { namespace: string | undefined; name: string } {
  const slash = key.indexOf('/')
  return slash < 0
    ? { namespace: undefined, name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}
