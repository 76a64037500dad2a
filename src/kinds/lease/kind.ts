import { invalid, type FieldError } from '../../machinery/field-errors.ts'
import { ageColumn, column, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'

export const Lease = defineKind({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  schema: 'io.k8s.api.coordination.v1.Lease',
  validate: (lease) => [...namespacedMeta(lease), ...validateSpec(lease.spec ?? {})],
  validateUpdate: (lease, old) => [
    ...metaUpdate(lease, old),
    ...namespacedMeta(lease),
    ...validateSpec(lease.spec ?? {}),
  ],
  columns: [
    nameColumn,
    column('Holder', ({ spec }) => spec?.holderIdentity ?? '', {
      description: 'coordination.v1.LeaseSpec.holderIdentity',
    }),
    ageColumn,
  ],
})

function validateSpec(spec: any): FieldError[] {
  const errors: FieldError[] = []
  if (spec.leaseDurationSeconds !== undefined && spec.leaseDurationSeconds <= 0)
    errors.push(invalid('spec.leaseDurationSeconds', spec.leaseDurationSeconds, 'must be greater than 0'))
  if (spec.leaseTransitions !== undefined && spec.leaseTransitions < 0)
    errors.push(invalid('spec.leaseTransitions', spec.leaseTransitions, 'must be greater than or equal to 0'))
  return errors
}
