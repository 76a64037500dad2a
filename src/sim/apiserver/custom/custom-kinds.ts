import { deepCopy } from '../../../lib/freeze.ts'
import { nameColumn } from '../../../kinds/columns.ts'
import { defineKind, type Kind, type KindView } from '../../../kinds/kind.ts'
import {
  isCrdConditionTrue,
  type CrdNames,
  type CrdVersion,
  type CustomResourceDefinition,
} from '../../../kinds/customresourcedefinition/types.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { applyDefaults } from '../../../machinery/structural/defaults.ts'
import { decodeCustom } from '../../../machinery/structural/decode.ts'
import { customDefinition } from '../../../machinery/structural/definition.ts'
import type { JsonSchema } from '../../../machinery/structural/json-schema.ts'
import { printerColumns } from './printer-columns.ts'
import { customScale } from './scale.ts'
import { customSelectableFields } from './selectable-fields.ts'
import { validateCustomCreate, validateCustomUpdate } from './validation.ts'

/** What one definition adds: the kinds to serve, best version first, and the one that objects are stored in. */
export interface CustomKinds {
  readonly served: readonly Kind[]
  readonly stored: Kind
}

const none: JsonSchema = {}
const known = new WeakMap<object, CustomKinds>()

/** The kinds of a definition whose names are accepted; undefined while it is not established. */
export function customKindsOf(crd: CustomResourceDefinition): CustomKinds | undefined {
  if (!isCrdConditionTrue(crd, 'Established')) return undefined
  // A definition in the store is frozen: what follows from it is worked out once.
  let kinds = known.get(crd)
  if (!kinds) known.set(crd, (kinds = build(crd)))
  return kinds
}

function build(crd: CustomResourceDefinition): CustomKinds {
  const versions = [...crd.spec.versions].sort((a, b) => compareVersions(a.name, b.name))
  const stored = versions.find(({ storage }) => storage) ?? versions[0]!
  const isGoing = crd.metadata.deletionTimestamp !== undefined
  const kinds = new Map(versions.map((version) => [version, kindOf(crd, version, version === stored, isGoing)]))
  return {
    served: versions.filter(({ served }) => served).map((version) => kinds.get(version)!),
    stored: kinds.get(stored)!,
  }
}

function kindOf(crd: CustomResourceDefinition, version: CrdVersion, isStored: boolean, isGoing: boolean): Kind {
  const { group, scope } = crd.spec
  const names: CrdNames = crd.status.acceptedNames
  const schema = version.schema?.openAPIV3Schema ?? none
  const hasStatus = version.subresources?.status !== undefined
  const scale = version.subresources?.scale
  const namespaced = scope === 'Namespaced'
  const selectableFields = customSelectableFields(version)
  return defineKind({
    group,
    version: version.name,
    kind: names.kind,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced,
    schema: customDefinition(names.kind, schema),
    support: 'stored',
    custom: true,
    hasGeneration: true,
    changesGeneration: (object, old) => changes(object, old, hasStatus),
    hasStatus,
    subresources: [...(hasStatus ? ['status'] : []), ...(scale ? ['scale'] : [])],
    applyDefaults: (object) => applyDefaults(schema, object),
    ...(hasStatus && { prepareForCreate: withoutStatus }),
    validate: (object) => validateCustomCreate(schema, namespaced, object, isGoing),
    validateUpdate: (object, old) => validateCustomUpdate(schema, namespaced, object, old),
    validateStatusUpdate: (object, old) => validateCustomUpdate(schema, namespaced, object, old),
    columns: [nameColumn, ...printerColumns(version.additionalPrinterColumns)],
    ...(scale && { scale: customScale(scale) }),
    ...(selectableFields && { selectableFields }),
    ...(version.deprecated && { deprecation: deprecationOf(crd, version) }),
    // What an earlier storage version left behind is converted as well.
    ...((!isStored || crd.status.storedVersions.length > 1) && { view: viewOf(crd, version, schema) }),
  })
}

/** Everything counts but metadata, and but the status where that is written on its own. */
function changes(object: Record<string, unknown>, old: KubeObject, hasStatus: boolean): boolean {
  const before = old as unknown as Record<string, unknown>
  for (const name of new Set([...Object.keys(object), ...Object.keys(before)])) {
    if (name === 'metadata' || (hasStatus && name === 'status')) continue
    if (object[name] !== before[name]) return true
  }
  return false
}

function withoutStatus(object: Record<string, unknown>): void {
  delete object.status
}

function deprecationOf({ spec }: CustomResourceDefinition, version: CrdVersion): string {
  return version.deprecationWarning ?? `${spec.group}/${version.name} ${spec.names.kind} is deprecated`
}

/** Strategy None: only the apiVersion differs between versions; each prunes and defaults by its own schema. */
function viewOf(crd: CustomResourceDefinition, version: CrdVersion, schema: JsonSchema): KindView {
  const { group, versions } = crd.spec
  const apiVersion = `${group}/${version.name}`
  const stored = `${group}/${versions.find(({ storage }) => storage)?.name ?? version.name}`
  const converted = new WeakMap<KubeObject, KubeObject>()
  return {
    resource: `${crd.status.acceptedNames.plural}.${group}`,
    fromStored(object) {
      if (object.apiVersion === apiVersion) return object
      let result = converted.get(object)
      if (!result) {
        result = { ...decodeCustom(schema, object).object, apiVersion, metadata: object.metadata } as KubeObject
        converted.set(object, result)
      }
      return result
    },
    toStored: (object) => ({ ...deepCopy(object), apiVersion: stored }),
  }
}

const versionName = /^v([1-9]\d{0,8})(?:(alpha|beta)([1-9]\d{0,8}))?$/
const stages = ['alpha', 'beta', undefined]

/** v2, v1, v1beta2, v1alpha1, then anything else by name. Upstream: version.CompareKubeAwareVersionStrings. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [versionName.exec(a), versionName.exec(b)]
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : a > b ? 1 : 0
  return (
    stages.indexOf(right[2]) - stages.indexOf(left[2]) ||
    Number(right[1]) - Number(left[1]) ||
    Number(right[3] ?? 0) - Number(left[3] ?? 0)
  )
}
