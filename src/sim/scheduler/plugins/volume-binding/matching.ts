import { fits, isReservedFor } from '../../../../kinds/persistentvolume/fits.ts'
import { keyOf, type KubeObject } from '../../../../machinery/objects.ts'
import { compareQuantities } from '../../../../machinery/quantity.ts'
import type { Client } from '../../../client/client.ts'
import { matchesTerms } from '../../framework/node-selector.ts'
import type { Handle } from '../../framework/types.ts'

/** Which node a claim was told to be provisioned for. */
export const selectedNode = 'volume.kubernetes.io/selected-node'

const noProvisioner = 'kubernetes.io/no-provisioner'

/** What becomes of a claim on a node: it gets this volume, or one that is made for it. */
export interface Plan {
  readonly claim: KubeObject
  readonly volume?: KubeObject
}

/** Can a node reach a volume? */
export function reaches(node: KubeObject, volume: KubeObject): boolean {
  const required = volume.spec.nodeAffinity?.required
  return !required || matchesTerms(required.nodeSelectorTerms ?? [], node)
}

/**
 * Plans for claims that wait for their node: volumes that are there, the smallest first, or ones to be made. Undefined
 * when the node can serve one of them with neither. Upstream: volumebinding, FindPodVolumes.
 */
export function planFor(
  claims: readonly KubeObject[],
  node: KubeObject,
  client: Client,
  assumed: Handle['assumedVolumes'],
): readonly Plan[] | undefined {
  const taken = new Set<string>()
  const plans: Plan[] = []
  for (const claim of [...claims].sort(bySize)) {
    const selected = claim.metadata.annotations?.[selectedNode]
    if (selected && selected !== node.metadata.name) return undefined
    const volume = selected ? undefined : findVolume(claim, node, taken, client, assumed)
    if (volume) {
      taken.add(volume.metadata.name)
      plans.push({ claim, volume })
    } else if (canProvision(claim, node, client)) {
      plans.push({ claim })
    } else {
      return undefined
    }
  }
  return plans
}

function findVolume(
  claim: KubeObject,
  node: KubeObject,
  taken: ReadonlySet<string>,
  client: Client,
  assumed: Handle['assumedVolumes'],
): KubeObject | undefined {
  let best: KubeObject | undefined
  for (const volume of client.cache('persistentvolumes').list()) {
    if (volume.metadata.deletionTimestamp || taken.has(volume.metadata.name) || !reaches(node, volume)) continue
    const promised = assumed.get(volume.metadata.name)
    if (promised && promised.claim !== keyOf(claim)) continue
    if (promised) return volume
    if (volume.spec.claimRef) {
      if (isReservedFor(volume, claim)) return volume
      continue
    }
    if (!fits(claim, volume)) continue
    if (!best || compareQuantities(volume.spec.capacity.storage, best.spec.capacity.storage) < 0) best = volume
  }
  return best
}

function canProvision(claim: KubeObject, node: KubeObject, client: Client): boolean {
  const storageClass: any = client.get('storageclasses.storage.k8s.io', claim.spec.storageClassName)
  if (!storageClass?.provisioner || storageClass.provisioner === noProvisioner) return false
  const topologies: readonly any[] = storageClass.allowedTopologies ?? []
  const labels = node.metadata.labels ?? {}
  return (
    topologies.length === 0 ||
    topologies.some(({ matchLabelExpressions = [] }) =>
      matchLabelExpressions.every((one: any) => one.values.includes(labels[one.key])),
    )
  )
}

function bySize(a: KubeObject, b: KubeObject): number {
  const size = ({ spec }: KubeObject): string => spec.resources?.requests?.storage ?? '0'
  return compareQuantities(size(a), size(b)) || (a.metadata.name < b.metadata.name ? -1 : 1)
}
