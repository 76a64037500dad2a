import type { KubeObject } from '../../../../machinery/objects.ts'
import { always, ownClaim } from '../../framework/hints.ts'
import { claimNames } from '../../framework/pod-volumes.ts'
import { unschedulable, type Handle, type Plugin } from '../../framework/types.ts'

const exceeded = unschedulable('node(s) exceed max volume count')

/** A node takes as many volumes of a CSI driver as its CSINode says. Upstream: nodevolumelimits. */
export const nodeVolumeLimits: Plugin = {
  name: 'NodeVolumeLimits',
  events: {
    'nodes/ADDED': always,
    'pods/DELETED': (_pod, { object }) => claimNames(object).length > 0,
    'csinodes.storage.k8s.io/ADDED': always,
    'csinodes.storage.k8s.io/MODIFIED': (_pod, { object, old }) =>
      countsOf(object).some(([name, count]) => {
        const before = old && countsOf(old).find(([other]) => other === name)?.[1]
        return before !== undefined && count > before
      }),
    'persistentvolumeclaims/ADDED': ownClaim,
  },
  preFilter: (_state, { pod }) => (claimNames(pod).length === 0 ? 'skip' : undefined),
  filter: (_state, { pod }, node, handle) => {
    const csiNode = handle.client.get('csinodes.storage.k8s.io', node.name)
    const limits = new Map(csiNode ? countsOf(csiNode) : [])
    if (limits.size === 0) return undefined
    const wanted = driversByVolume(pod, handle)
    if (wanted.size === 0) return undefined
    const attached = new Map<string, string>()
    for (const { pod: other } of node.pods.values())
      for (const [volume, driver] of driversByVolume(other, handle)) attached.set(volume, driver)
    const counts = new Map<string, number>()
    for (const driver of attached.values()) counts.set(driver, (counts.get(driver) ?? 0) + 1)
    const added = new Set<string>()
    for (const [volume, driver] of wanted) {
      if (attached.has(volume)) continue
      counts.set(driver, (counts.get(driver) ?? 0) + 1)
      added.add(driver)
    }
    for (const driver of added) if (counts.get(driver)! > (limits.get(driver) ?? Infinity)) return exceeded
    return undefined
  },
}

/** How many volumes of which driver a CSINode takes; drivers that say nothing take any number. */
function countsOf({ spec }: KubeObject): [driver: string, count: number][] {
  const drivers: readonly any[] = spec?.drivers ?? []
  return drivers.flatMap(({ name, allocatable }): [string, number][] =>
    allocatable?.count === undefined ? [] : [[name, allocatable.count]],
  )
}

/** The drivers of a pod's volumes; those that are yet to be made count as their class's. */
function driversByVolume(pod: KubeObject, { client }: Handle): Map<string, string> {
  const drivers = new Map<string, string>()
  for (const name of claimNames(pod)) {
    const key = `${pod.metadata.namespace}/${name}`
    const claim = client.get('persistentvolumeclaims', key)
    if (!claim) continue
    const { volumeName, storageClassName } = claim.spec
    if (volumeName) {
      const csi = client.get('persistentvolumes', volumeName)?.spec.csi
      if (csi) drivers.set(`${csi.driver}/${csi.volumeHandle}`, csi.driver)
    } else if (storageClassName) {
      const provisioner = (client.get('storageclasses.storage.k8s.io', storageClassName) as any)?.provisioner
      if (provisioner) drivers.set(`${provisioner}/claim ${key}`, provisioner)
    }
  }
  return drivers
}
