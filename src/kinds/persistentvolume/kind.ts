import { deepEqual } from '../../lib/deep-equal.ts'
import { forbidden, invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { isDns1123Subdomain } from '../../machinery/names.ts'
import { parseQuantity } from '../../machinery/quantity.ts'
import { ageColumn, column, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { clusterMeta, metaUpdate } from '../meta-validation.ts'
import { immutable } from '../workload/validation.ts'
import { accessModesText, validateAccessModes } from './access-modes.ts'

const sources = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'azureFile',
  'flexVolume',
  'vsphereVolume',
  'azureDisk',
  'photonPersistentDisk',
  'portworxVolume',
  'scaleIO',
  'local',
  'storageos',
  'csi',
]

export const PersistentVolume = defineKind({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  namespaced: false,
  schema: 'io.k8s.api.core.v1.PersistentVolume',
  hasStatus: true,
  applyDefaults(volume) {
    const spec = (volume.spec ??= {})
    spec.persistentVolumeReclaimPolicy ??= 'Retain'
    spec.volumeMode ??= 'Filesystem'
    if (spec.hostPath) spec.hostPath.type ??= ''
    if (spec.iscsi) spec.iscsi.iscsiInterface ??= 'default'
  },
  prepareForCreate(volume) {
    volume.status = { phase: 'Pending', lastPhaseTransitionTime: volume.metadata.creationTimestamp }
  },
  prepareForUpdate(volume, old, now) {
    const { status } = volume
    if (!status || status.phase === old.status?.phase) return
    if (status.lastPhaseTransitionTime === old.status?.lastPhaseTransitionTime)
      volume.status = { ...status, lastPhaseTransitionTime: now }
  },
  validate: (volume) => [...clusterMeta(volume), ...validateSpec(volume.spec)],
  validateUpdate(volume, old) {
    const errors = [...metaUpdate(volume, old), ...clusterMeta(volume), ...validateSpec(volume.spec)]
    const sourceOf = (spec: any) =>
      Object.fromEntries(sources.filter((name) => spec[name] !== undefined).map((name) => [name, spec[name]]))
    if (!deepEqual(sourceOf(volume.spec), sourceOf(old.spec)))
      errors.push(forbidden('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation'))
    errors.push(...immutable(volume.spec.volumeMode, old.spec.volumeMode, 'spec.volumeMode'))
    if (old.spec.nodeAffinity && !deepEqual(volume.spec.nodeAffinity, old.spec.nodeAffinity))
      errors.push(...immutable(volume.spec.nodeAffinity, old.spec.nodeAffinity, 'spec.nodeAffinity'))
    return errors
  },
  validateStatusUpdate: metaUpdate,
  columns: [
    nameColumn,
    column('Capacity', ({ spec }) => spec?.capacity?.storage ?? '', {
      description: 'core.v1.PersistentVolumeSpec.capacity',
    }),
    column('Access Modes', ({ spec }) => accessModesText(spec?.accessModes), {
      description: 'core.v1.PersistentVolumeSpec.accessModes',
    }),
    column('Reclaim Policy', ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? '', {
      description: 'core.v1.PersistentVolumeSpec.persistentVolumeReclaimPolicy',
    }),
    column('Status', ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? '')), {
      description:
        'status represents the current information/status for the persistent volume. Populated by the system. Read-only. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#persistent-volumes',
    }),
    column(
      'Claim',
      ({ spec }) => (spec?.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : ''),
      {
        description:
          'claimRef is part of a bi-directional binding between PersistentVolume and PersistentVolumeClaim. Expected to be non-nil when bound. claim.VolumeName is the authoritative bind between PV and PVC. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#binding',
      },
    ),
    column('StorageClass', ({ spec }) => spec?.storageClassName ?? '', { description: 'StorageClass of the pv' }),
    column('VolumeAttributesClass', ({ spec }) => spec?.volumeAttributesClassName || '<unset>', {
      description: 'core.v1.PersistentVolumeSpec.volumeAttributesClassName',
    }),
    column('Reason', ({ status }) => status?.reason ?? '', { description: 'core.v1.PersistentVolumeStatus.reason' }),
    ageColumn,
    column('VolumeMode', ({ spec }) => spec?.volumeMode ?? '<unset>', {
      priority: 1,
      description: 'core.v1.PersistentVolumeSpec.volumeMode',
    }),
  ],
  references({ spec }) {
    const claim = spec?.claimRef
    const storageClass = spec?.storageClassName
    return [
      ...(claim?.name
        ? [{ type: 'uses' as const, resource: 'persistentvolumeclaims', namespace: claim.namespace, name: claim.name }]
        : []),
      ...(storageClass
        ? [{ type: 'uses' as const, resource: 'storageclasses.storage.k8s.io', name: storageClass }]
        : []),
    ]
  },
})

/** Upstream: ValidatePersistentVolumeSpec. */
function validateSpec(spec: any): FieldError[] {
  const errors = validateAccessModes(spec.accessModes, 'spec.accessModes')
  const capacity = spec.capacity ?? {}
  if (!Object.keys(capacity).length) errors.push(required('spec.capacity'))
  else if (!capacity.storage || Object.keys(capacity).length > 1)
    errors.push(notSupported('spec.capacity', capacity, ['storage']))
  for (const name in capacity)
    if ((parseQuantity(capacity[name])?.nano ?? 0n) <= 0n)
      errors.push(invalid(`spec.capacity[${name}]`, capacity[name], 'must be greater than zero'))
  if (!['Delete', 'Recycle', 'Retain'].includes(spec.persistentVolumeReclaimPolicy))
    errors.push(
      notSupported('spec.persistentVolumeReclaimPolicy', spec.persistentVolumeReclaimPolicy, [
        'Delete',
        'Recycle',
        'Retain',
      ]),
    )
  const given = sources.filter((name) => spec[name] !== undefined)
  for (const name of given.slice(1)) errors.push(forbidden(`spec.${name}`, 'may not specify more than 1 volume type'))
  if (spec.hostPath && !spec.hostPath.path) errors.push(required('spec.hostPath.path'))
  if (spec.local && !spec.nodeAffinity?.required)
    errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'))
  if (!given.length) errors.push(required('spec', 'must specify a volume type'))
  if (spec.storageClassName)
    for (const message of isDns1123Subdomain(spec.storageClassName))
      errors.push(invalid('spec.storageClassName', spec.storageClassName, message))
  if (spec.volumeMode !== undefined && !['Block', 'Filesystem'].includes(spec.volumeMode))
    errors.push(notSupported('spec.volumeMode', spec.volumeMode, ['Block', 'Filesystem']))
  return errors
}
