import { deepEqual } from '../../lib/deep-equal.ts'
import type { CrdSpec, CrdVersion } from './types.ts'

export type Hoisted = 'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields'

/**
 * Upstream validates its internal form, in which what all versions share stands once at the top: that is where its
 * errors point.
 */
export function hoisted(spec: CrdSpec, field: Hoisted): boolean {
  const [first, ...rest] = spec.versions ?? []
  return first !== undefined && rest.every((version) => deepEqual(version[field], first[field]))
}

/** Where errors of a part of a version point. */
export function partPath(spec: CrdSpec, index: number, part: Hoisted): string {
  if (!hoisted(spec, part)) return `spec.versions[${index}].${part}`
  return `spec.${part === 'schema' ? 'validation' : part}`
}

/** The versions whose part is to be looked at: one for all where they share it. */
export function versionsWith(spec: CrdSpec, field: Hoisted): [number, CrdVersion][] {
  const all = [...(spec.versions ?? []).entries()]
  return hoisted(spec, field) ? all.slice(0, 1) : all
}

/** The versions as error messages show them: upstream's internal form, with Go's field names. */
export function versionsText(spec: CrdSpec): string {
  const part = (version: CrdVersion, field: Hoisted) => (hoisted(spec, field) ? null : (version[field] ?? null))
  return JSON.stringify(
    spec.versions.map((version) => ({
      Name: version.name,
      Served: version.served,
      Storage: version.storage,
      Deprecated: version.deprecated ?? false,
      DeprecationWarning: version.deprecationWarning ?? null,
      Schema: part(version, 'schema'),
      Subresources: part(version, 'subresources'),
      AdditionalPrinterColumns: part(version, 'additionalPrinterColumns'),
      SelectableFields: part(version, 'selectableFields'),
    })),
  )
}
