import { deepEqual } from '../../lib/deep-equal.ts'
import { forbidden, invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { isDns1123Subdomain } from '../../machinery/names.ts'
import { compareQuantities, parseQuantity } from '../../machinery/quantity.ts'
import { validateLabelSelector } from '../../machinery/selectors.ts'
import { ageColumn, column, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'
import { accessModesText, validateAccessModes } from '../persistentvolume/access-modes.ts'
import { claimSpecDiff } from './spec-diff.ts'

export const PersistentVolumeClaim = defineKind({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.PersistentVolumeClaim',
  hasStatus: true,
  applyDefaults(claim) {
    const spec = (claim.spec ??= {})
    spec.volumeMode ??= 'Filesystem'
    spec.resources ??= {}
    if (spec.dataSource && !spec.dataSourceRef) spec.dataSourceRef = { ...spec.dataSource }
  },
  prepareForCreate(claim) {
    claim.status = { phase: 'Pending' }
  },
  validate: (claim) => [...namespacedMeta(claim), ...validateSpec(claim.spec)],
  validateUpdate: (claim, old) => [
    ...metaUpdate(claim, old),
    ...namespacedMeta(claim),
    ...validateSpec(claim.spec),
    ...validateSpecUpdate(claim.spec, old),
  ],
  validateStatusUpdate: metaUpdate,
  columns: [
    nameColumn,
    column('Status', ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? '')), {
      description:
        'status represents the current information/status of a persistent volume claim. Read-only. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#persistentvolumeclaims',
    }),
    column('Volume', ({ spec }) => spec?.volumeName ?? '', {
      description: 'core.v1.PersistentVolumeClaimSpec.volumeName',
    }),
    column('Capacity', ({ spec, status }) => (spec?.volumeName ? (status?.capacity?.storage ?? '0') : ''), {
      description: 'core.v1.PersistentVolumeClaimStatus.capacity',
    }),
    column('Access Modes', ({ spec, status }) => (spec?.volumeName ? accessModesText(status?.accessModes) : ''), {
      description: 'core.v1.PersistentVolumeClaimStatus.accessModes',
    }),
    column('StorageClass', ({ spec }) => spec?.storageClassName ?? '', { description: 'StorageClass of the pvc' }),
    column('VolumeAttributesClass', ({ spec }) => spec?.volumeAttributesClassName || '<unset>', {
      description: 'core.v1.PersistentVolumeClaimSpec.volumeAttributesClassName',
    }),
    ageColumn,
    column('VolumeMode', ({ spec }) => spec?.volumeMode ?? '<unset>', {
      priority: 1,
      description: 'core.v1.PersistentVolumeClaimSpec.volumeMode',
    }),
  ],
  references: ({ spec }) => [
    ...(spec?.volumeName ? [{ type: 'uses' as const, resource: 'persistentvolumes', name: spec.volumeName }] : []),
    ...(spec?.storageClassName
      ? [{ type: 'uses' as const, resource: 'storageclasses.storage.k8s.io', name: spec.storageClassName }]
      : []),
  ],
})

/** Upstream: ValidatePersistentVolumeClaimSpec. */
function validateSpec(spec: any): FieldError[] {
  const errors = validateAccessModes(spec.accessModes, 'spec.accessModes')
  errors.push(...validateLabelSelector(spec.selector, 'spec.selector'))
  const storage = spec.resources?.requests?.storage
  if (storage === undefined) errors.push(required('spec.resources[storage]'))
  else if ((parseQuantity(storage)?.nano ?? 0n) <= 0n)
    errors.push(invalid('spec.resources[storage]', storage, 'must be greater than zero'))
  if (spec.storageClassName)
    for (const message of isDns1123Subdomain(spec.storageClassName))
      errors.push(invalid('spec.storageClassName', spec.storageClassName, message))
  if (spec.volumeMode !== undefined && !['Block', 'Filesystem'].includes(spec.volumeMode))
    errors.push(notSupported('spec.volumeMode', spec.volumeMode, ['Block', 'Filesystem']))
  return errors
}

/** Upstream: ValidatePersistentVolumeClaimUpdate. */
function validateSpecUpdate(spec: any, old: any): FieldError[] {
  const before = old.spec
  const errors: FieldError[] = []
  const masked = { ...spec }
  // The binder fills in the volume, and a default class may come later.
  if (!before.volumeName) masked.volumeName = before.volumeName
  if (before.storageClassName === undefined) masked.storageClassName = before.storageClassName
  const isBound = old.status?.phase === 'Bound'
  if (isBound) {
    masked.resources = before.resources
    masked.volumeAttributesClassName = before.volumeAttributesClassName
  }
  for (const name of Object.keys(masked)) if (masked[name] === undefined) delete masked[name]
  if (!deepEqual(masked, before))
    errors.push(
      forbidden(
        'spec',
        `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${claimSpecDiff(before, masked)}`,
      ),
    )
  const [size, sizeBefore] = [spec.resources?.requests?.storage ?? '0', before.resources?.requests?.storage ?? '0']
  const status = old.status?.capacity?.storage ?? '0'
  if (isBound && compareQuantities(size, sizeBefore) < 0 && compareQuantities(size, status) <= 0)
    errors.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'))
  return errors
}
