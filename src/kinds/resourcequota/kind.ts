import { ageColumn, column, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'
import { validateQuantities, validateQuotaSpec, validateScopesUnchanged } from './validation.ts'

const validate = (quota: any) => [...namespacedMeta(quota), ...validateQuotaSpec(quota.spec ?? {})]

export const ResourceQuota = defineKind({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  shortNames: ['quota'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.ResourceQuota',
  hasStatus: true,
  prepareForCreate(quota) {
    quota.status = {}
  },
  validate,
  validateUpdate: (quota, old) => [
    ...validate(quota),
    ...metaUpdate(quota, old),
    ...validateScopesUnchanged(quota.spec ?? {}, old.spec ?? {}),
  ],
  validateStatusUpdate: (quota, old) => [
    ...metaUpdate(quota, old),
    ...validateQuantities(quota.status?.hard ?? {}, 'status.hard'),
    ...validateQuantities(quota.status?.used ?? {}, 'status.used'),
  ],
  columns: [
    nameColumn,
    column('Request', (quota) => amounts(quota, false), {
      description: 'Request represents a minimum amount of cpu/memory that a container may consume.',
    }),
    column('Limit', (quota) => amounts(quota, true), {
      description:
        'Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.',
    }),
    ageColumn,
  ],
})

/** `pods: 1/4, requests.cpu: 0/2` of the limits, or of all else. */
function amounts({ spec, status }: { spec?: any; status?: any }, limits: boolean): string {
  const hard: Record<string, string> = status?.hard ?? spec?.hard ?? {}
  return Object.keys(hard)
    .filter((name) => name.startsWith('limits') === limits)
    .sort()
    .map((name) => `${name}: ${status?.used?.[name] ?? '0'}/${hard[name]}`)
    .join(', ')
}
