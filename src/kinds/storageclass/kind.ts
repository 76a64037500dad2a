import { deepEqual } from '../../lib/deep-equal.ts'
import { forbidden, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { ageColumn, column, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { clusterMeta, metaUpdate } from '../meta-validation.ts'
import { immutable } from '../workload/validation.ts'

const defaultAnnotation = 'storageclass.kubernetes.io/is-default-class'

export const StorageClass = defineKind({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  shortNames: ['sc'],
  namespaced: false,
  schema: 'io.k8s.api.storage.v1.StorageClass',
  applyDefaults(storageClass) {
    storageClass.reclaimPolicy ??= 'Delete'
    storageClass.volumeBindingMode ??= 'Immediate'
  },
  validate: (storageClass) => [...clusterMeta(storageClass), ...validateClass(storageClass)],
  validateUpdate(storageClass, old: any) {
    const errors = [...metaUpdate(storageClass, old), ...clusterMeta(storageClass)]
    if (!deepEqual(storageClass.parameters ?? {}, old.parameters ?? {}))
      errors.push(forbidden('parameters', 'updates to parameters are forbidden.'))
    errors.push(...immutable(storageClass.provisioner, old.provisioner, 'provisioner'))
    if (storageClass.reclaimPolicy !== old.reclaimPolicy)
      errors.push(forbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.'))
    return [...errors, ...immutable(storageClass.volumeBindingMode, old.volumeBindingMode, 'volumeBindingMode')]
  },
  columns: [
    {
      ...nameColumn,
      cell: (object) =>
        object.metadata.annotations?.[defaultAnnotation] === 'true'
          ? `${object.metadata.name} (default)`
          : object.metadata.name,
    },
    column('Provisioner', (object: any) => object.provisioner ?? '', {
      description: 'storage.v1.StorageClass.provisioner',
    }),
    column('ReclaimPolicy', (object: any) => object.reclaimPolicy ?? 'Delete', {
      description: 'storage.v1.StorageClass.reclaimPolicy',
    }),
    column('VolumeBindingMode', (object: any) => object.volumeBindingMode ?? 'Immediate', {
      description: 'storage.v1.StorageClass.volumeBindingMode',
    }),
    column('AllowVolumeExpansion', (object: any) => object.allowVolumeExpansion ?? false, {
      description: 'storage.v1.StorageClass.allowVolumeExpansion',
    }),
    ageColumn,
  ],
})

function validateClass(storageClass: any): FieldError[] {
  const errors: FieldError[] = []
  if (!storageClass.provisioner) errors.push(required('provisioner'))
  if (!['Delete', 'Retain', 'Recycle'].includes(storageClass.reclaimPolicy))
    errors.push(notSupported('reclaimPolicy', storageClass.reclaimPolicy, ['Delete', 'Retain']))
  if (!['Immediate', 'WaitForFirstConsumer'].includes(storageClass.volumeBindingMode))
    errors.push(
      notSupported('volumeBindingMode', storageClass.volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']),
    )
  return errors
}
