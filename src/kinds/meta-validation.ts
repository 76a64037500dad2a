import type { FieldError } from '../machinery/field-errors.ts'
import { isDns1123Label, isDns1123Subdomain } from '../machinery/names.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../machinery/object-meta.ts'

/** Metadata of a namespaced kind whose names are DNS subdomains. */
export function namespacedMeta(object: any): FieldError[] {
  return validateObjectMeta(object.metadata, true, isDns1123Subdomain)
}

/** Metadata of a namespaced kind whose names are DNS labels. */
export function namespacedLabelMeta(object: any): FieldError[] {
  return validateObjectMeta(object.metadata, true, isDns1123Label)
}

/** Metadata of a cluster-scoped kind. */
export function clusterMeta(object: any): FieldError[] {
  return validateObjectMeta(object.metadata, false, isDns1123Subdomain)
}

/** What an update may not change, for kinds without rules of their own. */
export function metaUpdate(object: any, old: any): FieldError[] {
  return validateObjectMetaUpdate(object.metadata, old.metadata)
}
