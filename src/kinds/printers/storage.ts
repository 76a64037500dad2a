import { ageColumn, column, nameColumn } from '../columns.ts'
import type { PrinterColumn } from '../kind.ts'

const text = (name: string, description: string, cell: PrinterColumn['cell']) => column(name, cell, { description })
const flag = (name: string, description: string, cell: PrinterColumn['cell']) =>
  column(name, cell, { type: 'boolean', description })

const defaultClass = 'storageclass.kubernetes.io/is-default-class'

/** Upstream: resourceClaimState. */
function claimState({ metadata, status }: { metadata: { deletionTimestamp?: string }; status?: any }): string {
  const deleted = metadata.deletionTimestamp !== undefined
  if (!status?.allocation) return deleted ? 'deleted' : 'pending'
  const states = [...(deleted ? ['deleted'] : []), 'allocated', ...(status.reservedFor?.length ? ['reserved'] : [])]
  return states.join(',')
}

/** Columns of storage and devices. Upstream: printers/internalversion. */
export const storagePrinters: Readonly<Record<string, readonly PrinterColumn[]>> = {
  'csidrivers.storage.k8s.io': [
    nameColumn,
    flag('AttachRequired', 'storage.v1.CSIDriverSpec.attachRequired', ({ spec }) => spec?.attachRequired ?? true),
    flag('PodInfoOnMount', 'storage.v1.CSIDriverSpec.podInfoOnMount', ({ spec }) => spec?.podInfoOnMount ?? false),
    flag('StorageCapacity', 'storage.v1.CSIDriverSpec.storageCapacity', ({ spec }) => spec?.storageCapacity ?? false),
    text('TokenRequests', 'storage.v1.CSIDriverSpec.tokenRequests', ({ spec }) =>
      spec?.tokenRequests?.length ? spec.tokenRequests.map(({ audience }: any) => audience).join(',') : '<unset>',
    ),
    flag(
      'RequiresRepublish',
      'storage.v1.CSIDriverSpec.requiresRepublish',
      ({ spec }) => spec?.requiresRepublish ?? false,
    ),
    text('Modes', 'storage.v1.CSIDriverSpec.volumeLifecycleModes', ({ spec }) =>
      spec?.volumeLifecycleModes?.length ? spec.volumeLifecycleModes.join(',') : '<none>',
    ),
    ageColumn,
  ],
  'csinodes.storage.k8s.io': [
    nameColumn,
    column('Drivers', ({ spec }) => spec?.drivers?.length ?? 0, {
      type: 'integer',
      description: 'Drivers indicates the number of CSI drivers registered on the node',
    }),
    ageColumn,
  ],
  'csistoragecapacities.storage.k8s.io': [
    nameColumn,
    text(
      'StorageClassName',
      'storage.v1.CSIStorageCapacity.storageClassName',
      (object: any) => object.storageClassName ?? '',
    ),
    text('Capacity', 'storage.v1.CSIStorageCapacity.capacity', (object: any) => object.capacity ?? '<unset>'),
  ],
  'volumeattachments.storage.k8s.io': [
    nameColumn,
    column('Attacher', ({ spec }) => spec?.attacher ?? '', {
      format: 'name',
      description: 'storage.v1.VolumeAttachmentSpec.attacher',
    }),
    text(
      'PV',
      'storage.v1.VolumeAttachmentSource.persistentVolumeName',
      ({ spec }) => spec?.source?.persistentVolumeName ?? '',
    ),
    text('Node', 'storage.v1.VolumeAttachmentSpec.nodeName', ({ spec }) => spec?.nodeName ?? ''),
    flag('Attached', 'storage.v1.VolumeAttachmentStatus.attached', ({ status }) => status?.attached ?? false),
    ageColumn,
  ],
  'volumeattributesclasses.storage.k8s.io': [
    column(
      'Name',
      ({ metadata }) => `${metadata.name}${metadata.annotations?.[defaultClass] === 'true' ? ' (default)' : ''}`,
      {
        format: 'name',
        description: 'meta.v1.ObjectMeta.name',
      },
    ),
    text('DriverName', 'storage.v1.VolumeAttributesClass.driverName', (object: any) => object.driverName ?? ''),
    ageColumn,
  ],
  'resourceclaims.resource.k8s.io': [
    nameColumn,
    text('State', 'A summary of the current state (allocated, pending, reserved, etc.).', claimState),
    ageColumn,
  ],
  'resourceslices.resource.k8s.io': [
    nameColumn,
    text('Node', 'resource.v1.ResourceSliceSpec.nodeName', ({ spec }) => spec?.nodeName ?? ''),
    text('Driver', 'resource.v1.ResourceSliceSpec.driver', ({ spec }) => spec?.driver ?? ''),
    text('Pool', 'resource.v1.ResourcePool.name', ({ spec }) => spec?.pool?.name ?? ''),
    ageColumn,
  ],
}
