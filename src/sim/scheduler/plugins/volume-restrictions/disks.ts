/** Disks of the volume plugins that were once built in, and which of them two pods cannot share on a node. */

type Volume = Readonly<Record<string, any>>

/** Would two volumes be the same disk, used in a way that excludes the other? Upstream: isVolumeConflict. */
export function isConflict(a: Volume, b: Volume): boolean {
  const { gcePersistentDisk: gce, awsElasticBlockStore: ebs, iscsi, rbd } = a
  if (gce && b.gcePersistentDisk)
    return gce.pdName === b.gcePersistentDisk.pdName && !(gce.readOnly && b.gcePersistentDisk.readOnly)
  if (ebs && b.awsElasticBlockStore) return ebs.volumeID === b.awsElasticBlockStore.volumeID
  if (iscsi && b.iscsi) return iscsi.iqn === b.iscsi.iqn && !(iscsi.readOnly && b.iscsi.readOnly)
  if (rbd && b.rbd) {
    const monitors: readonly string[] = b.rbd.monitors ?? []
    const shared = (rbd.monitors ?? []).some((one: string) => monitors.includes(one))
    const same = (rbd.pool ?? 'rbd') === (b.rbd.pool ?? 'rbd') && rbd.image === b.rbd.image
    return shared && same && !(rbd.readOnly && b.rbd.readOnly)
  }
  return false
}

/** A pod's volumes that are such disks. */
export function disksOf(volumes: readonly Volume[] | undefined): readonly Volume[] {
  if (!volumes) return none
  const found = volumes.filter((one) => one.gcePersistentDisk || one.awsElasticBlockStore || one.iscsi || one.rbd)
  return found.length > 0 ? found : none
}

const none: readonly Volume[] = []
