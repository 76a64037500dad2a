import type { JsonSchema } from '../../machinery/structural/json-schema.ts'
import type { KubeObject } from '../../machinery/objects.ts'

export interface CrdNames {
  readonly plural: string
  readonly singular?: string
  readonly kind: string
  readonly listKind?: string
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
}

export interface CrdColumn {
  readonly name: string
  readonly type: string
  readonly format?: string
  readonly description?: string
  readonly priority?: number
  readonly jsonPath: string
}

export interface CrdScale {
  readonly specReplicasPath: string
  readonly statusReplicasPath: string
  readonly labelSelectorPath?: string
}

export interface CrdVersion {
  readonly name: string
  readonly served: boolean
  readonly storage: boolean
  readonly deprecated?: boolean
  readonly deprecationWarning?: string
  readonly schema?: { readonly openAPIV3Schema?: JsonSchema }
  readonly subresources?: { readonly status?: object; readonly scale?: CrdScale }
  readonly additionalPrinterColumns?: readonly CrdColumn[]
  readonly selectableFields?: readonly { readonly jsonPath: string }[]
}

export interface CrdSpec {
  readonly group: string
  readonly scope: string
  readonly names: CrdNames
  readonly versions: readonly CrdVersion[]
  readonly conversion?: { readonly strategy?: string; readonly webhook?: any }
  readonly preserveUnknownFields?: boolean
}

export interface CrdCondition {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string | null
}

export interface CrdStatus {
  readonly conditions: readonly CrdCondition[] | null
  readonly acceptedNames: CrdNames
  readonly storedVersions: readonly string[]
}

export interface CustomResourceDefinition extends KubeObject {
  readonly spec: CrdSpec
  readonly status: CrdStatus
}

/** How the store files them. */
export const crdResource = 'customresourcedefinitions.apiextensions.k8s.io'
/** Keeps a definition until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io'

/** Is a condition of a definition true? */
export function isCrdConditionTrue(crd: CustomResourceDefinition, type: string): boolean {
  return crd.status?.conditions?.some((one) => one.type === type && one.status === 'True') ?? false
}

/** The conditions with one set; its time changes with its status only. Upstream: apihelpers.SetCRDCondition. */
export function withCrdCondition(
  conditions: readonly CrdCondition[] | null | undefined,
  condition: Omit<CrdCondition, 'lastTransitionTime'>,
  now: string,
): CrdCondition[] {
  const all = [...(conditions ?? [])]
  const index = all.findIndex((one) => one.type === condition.type)
  const before = all[index]
  const lastTransitionTime = before?.status === condition.status ? (before.lastTransitionTime ?? now) : now
  const { message, reason, status, type } = condition
  const next: CrdCondition = { lastTransitionTime, message: message ?? '', reason: reason ?? '', status, type }
  if (index < 0) all.push(next)
  else all[index] = next
  return all
}
