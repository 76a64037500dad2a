import type { KubeObject } from '../../../../machinery/objects.ts'
import { compareQuantities } from '../../../../machinery/quantity.ts'
import { matchesLabelSelector } from '../../../../machinery/selectors.ts'
import type { Client } from '../../../client/client.ts'

/**
 * Has a driver that publishes its capacity enough left where the node is? Others are taken to have. Upstream:
 * volumebinding, hasEnoughCapacity.
 */
export function hasCapacity(claim: KubeObject, node: KubeObject, client: Client): boolean {
  const className: string = claim.spec.storageClassName
  const storageClass: any = client.get('storageclasses.storage.k8s.io', className)
  const driver = client.get('csidrivers.storage.k8s.io', storageClass?.provisioner ?? '')
  if (!driver?.spec?.storageCapacity) return true
  const size: string = claim.spec.resources?.requests?.storage ?? '0'
  return client.list('csistoragecapacities.storage.k8s.io').some((one: any) => {
    if (one.storageClassName !== className || !one.nodeTopology) return false
    // The largest volume counts where it is said: what is left may be in pieces.
    const room: string | undefined = one.maximumVolumeSize ?? one.capacity
    if (room === undefined || compareQuantities(room, size) < 0) return false
    return matchesLabelSelector(one.nodeTopology, node.metadata.labels ?? {})
  })
}
