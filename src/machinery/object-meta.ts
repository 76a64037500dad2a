import { forbidden, invalid, required, tooLong, type FieldError } from './field-errors.ts'
import { isLabelValue, isQualifiedName } from './names.ts'

type Messages = readonly string[]
const standardFinalizers = new Set([
  'kubernetes',
  'orphan',
  'foregroundDeletion',
  'storage',
  'metadata.kubernetes.io/orphan',
])
const annotationsLimit = 262_144

/** What every kind's metadata has to be. Upstream: apimachinery/pkg/api/validation/objectmeta.go. */
export function validateObjectMeta(
  meta: any,
  namespaced: boolean,
  validateName: (name: string) => Messages,
  field = 'metadata',
): FieldError[] {
  const errors: FieldError[] = []
  if (meta.generateName && !meta.name) {
    // A generated name gets a suffix, so a trailing dash is fine.
    for (const message of validateName(maskTrailingDash(meta.generateName)))
      errors.push(invalid(`${field}.generateName`, meta.generateName, message))
  }
  if (!meta.name) errors.push(required(`${field}.name`, 'name or generateName is required'))
  else for (const message of validateName(meta.name)) errors.push(invalid(`${field}.name`, meta.name, message))
  if (namespaced) {
    if (!meta.namespace) errors.push(required(`${field}.namespace`))
  } else if (meta.namespace) errors.push(forbidden(`${field}.namespace`, 'not allowed on this type'))
  if (meta.labels) errors.push(...validateLabels(meta.labels, `${field}.labels`))
  if (meta.annotations) errors.push(...validateAnnotations(meta.annotations, `${field}.annotations`))
  if (meta.ownerReferences) errors.push(...validateOwnerReferences(meta.ownerReferences, `${field}.ownerReferences`))
  if (meta.finalizers) errors.push(...validateFinalizers(meta.finalizers, `${field}.finalizers`))
  return errors
}

function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name
}

/** Labels: qualified names to label values. */
export function validateLabels(labels: Readonly<Record<string, string>>, field: string): FieldError[] {
  const errors: FieldError[] = []
  for (const key in labels) {
    for (const message of isQualifiedName(key)) errors.push(invalid(field, key, message))
    for (const message of isLabelValue(labels[key]!)) errors.push(invalid(field, labels[key], message))
  }
  return errors
}

/** Annotations: keys as label keys of any case, values of any content, bounded in sum. */
export function validateAnnotations(annotations: Readonly<Record<string, string>>, field: string): FieldError[] {
  const errors: FieldError[] = []
  let size = 0
  for (const key in annotations) {
    for (const message of isQualifiedName(key.toLowerCase())) errors.push(invalid(field, key, message))
    size += key.length + annotations[key]!.length
  }
  if (size > annotationsLimit) errors.push(tooLong(field, annotationsLimit))
  return errors
}

function validateOwnerReferences(references: readonly any[], field: string): FieldError[] {
  const errors: FieldError[] = []
  let controller = ''
  for (const [index, reference] of references.entries()) {
    const at = `${field}[${index}]`
    if (!reference.apiVersion)
      errors.push(invalid(`${at}.apiVersion`, reference.apiVersion ?? '', 'version must not be empty'))
    if (!reference.kind) errors.push(invalid(`${at}.kind`, reference.kind ?? '', 'must not be empty'))
    if (!reference.name) errors.push(invalid(`${at}.name`, reference.name ?? '', 'must not be empty'))
    if (!reference.uid) errors.push(invalid(`${at}.uid`, reference.uid ?? '', 'must not be empty'))
    if (reference.apiVersion === 'v1' && reference.kind === 'Event')
      errors.push(invalid(at, reference, '/v1, Kind=Event is disallowed from being an owner'))
    if (!reference.controller) continue
    const name = `${reference.kind ?? ''}/${reference.name ?? ''}`
    if (controller)
      errors.push(
        invalid(
          field,
          references,
          `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`,
        ),
      )
    else controller = name
  }
  return errors
}

function validateFinalizers(finalizers: readonly string[], field: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [index, name] of finalizers.entries()) {
    for (const message of isQualifiedName(name)) errors.push(invalid(`${field}[${index}]`, name, message))
    if (!name.includes('/') && !standardFinalizers.has(name))
      errors.push(
        invalid(`${field}[${index}]`, name, 'name is neither a standard finalizer name nor is it fully qualified'),
      )
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion'))
    errors.push(invalid(field, finalizers, 'finalizers "foregroundDeletion" and "orphan" cannot both be set'))
  return errors
}

/** What an update may not change in metadata. Upstream: ValidateObjectMetaUpdate. */
export function validateObjectMetaUpdate(meta: any, old: any, field = 'metadata'): FieldError[] {
  const errors: FieldError[] = []
  for (const name of [
    'name',
    'namespace',
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ] as const)
    if ((meta[name] ?? undefined) !== (old[name] ?? undefined) && !(name === 'uid' && !meta.uid))
      errors.push(invalid(`${field}.${name}`, meta[name] ?? null, 'field is immutable'))
  if (old.deletionTimestamp) {
    const added = (meta.finalizers ?? []).filter((name: string) => !(old.finalizers ?? []).includes(name))
    if (added.length)
      errors.push(
        forbidden(
          `${field}.finalizers`,
          `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((name: string) => JSON.stringify(name)).join(', ')}}`,
        ),
      )
  }
  return errors
}
