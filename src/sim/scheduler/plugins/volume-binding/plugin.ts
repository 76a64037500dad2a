import { isReservedFor } from '../../../../kinds/persistentvolume/fits.ts'
import { keyOf, type KubeObject } from '../../../../machinery/objects.ts'
import type { Client } from '../../../client/client.ts'
import { always, volumeEvents } from '../../framework/hints.ts'
import { claimNames } from '../../framework/pod-volumes.ts'
import { unresolvable, type Handle, type Plugin, type Status } from '../../framework/types.ts'
import { hasCapacity } from './capacity.ts'
import { planFor, reaches, selectedNode } from './matching.ts'

const claims = 'persistentvolumeclaims'
const wrongNode = unresolvable("node(s) didn't match PersistentVolume's node affinity")
const nothingToBind = unresolvable("node(s) didn't find available persistent volumes to bind")
const notEnoughSpace = unresolvable('node(s) did not have enough free storage')
const taken: Status = { code: 'error', reasons: ['binding volumes: the chosen volume was taken'] }
const noVolume = unresolvable('node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)')
const boundByController = 'pv.kubernetes.io/bound-by-controller'
const key = 'VolumeBinding'

interface State {
  readonly volumes: readonly KubeObject[]
  /** Claims that wait for the pod's node. */
  readonly delayed: readonly KubeObject[]
  /** A volume that a claim is bound to is not there. */
  readonly missing: boolean
}

/** Bound volumes must reach the node; claims that wait for a consumer are told of the node, and waited for. */
export const volumeBinding: Plugin = {
  name: 'VolumeBinding',
  events: {
    ...volumeEvents,
    'csidrivers.storage.k8s.io/MODIFIED': always,
    'csistoragecapacities.storage.k8s.io/ADDED': always,
    'csistoragecapacities.storage.k8s.io/MODIFIED': always,
  },
  preFilter: (state, { pod }, handle) => {
    const names = claimNames(pod)
    if (names.length === 0) return 'skip'
    const found = readClaims(pod, names, handle)
    if ('code' in found) return found
    state.set(key, found)
    return undefined
  },
  filter: (state, _pod, { node }, { client, assumedVolumes }) => {
    const { volumes, delayed, missing } = state.get(key) as State
    if (missing) return noVolume
    for (const volume of volumes) if (!reaches(node, volume)) return wrongNode
    if (delayed.length === 0) return undefined
    const plans = planFor(delayed, node, client, assumedVolumes)
    if (!plans) return nothingToBind
    return plans.every(({ claim, volume }) => volume || hasCapacity(claim, node, client)) ? undefined : notEnoughSpace
  },
  reserve: ({ pod, key: podKey }, { node }, { client, assumedVolumes }) => {
    const delayed = claimNames(pod).flatMap((name) => {
      const claim = client.get(claims, `${pod.metadata.namespace}/${name}`)
      return claim && claim.status?.phase !== 'Bound' && waitsForConsumer(claim, client) ? [claim] : []
    })
    if (delayed.length === 0) return undefined
    const plans = planFor(delayed, node, client, assumedVolumes)
    if (!plans) return nothingToBind
    for (const { claim, volume } of plans)
      if (volume) assumedVolumes.set(volume.metadata.name, { claim: keyOf(claim), pod: podKey })
    return undefined
  },
  unreserve: ({ key: podKey }, { assumedVolumes }) => {
    for (const [volume, { pod }] of assumedVolumes) if (pod === podKey) assumedVolumes.delete(volume)
  },
  preBind: ({ pod }, { node }, { client, assumedVolumes }) => {
    const waiting = claimNames(pod).flatMap((name) => {
      const claim = client.live(claims, `${pod.metadata.namespace}/${name}`)
      return claim && claim.status?.phase !== 'Bound' ? [claim] : []
    })
    if (waiting.length === 0) return undefined
    const delayed = waiting.filter((claim) => waitsForConsumer(claim, client))
    // Somebody else was faster: a volume is on the way elsewhere, or the last one was taken.
    const plans = planFor(delayed, node, client, assumedVolumes)
    if (!plans) return taken
    for (const { claim, volume } of plans) {
      if (volume && !promise(volume.metadata.name, claim, client)) return taken
      if (volume) continue
      if (!claim.metadata.annotations?.[selectedNode]) selectNode(claim, node, client)
    }
    return 'wait'
  },
}

/** Promises a volume to a claim, if nobody else was faster; the controller binds them. */
function promise(volumeName: string, claim: KubeObject, client: Client): boolean {
  const volume = client.live('persistentvolumes', volumeName)
  if (!volume || (volume.spec.claimRef && !isReservedFor(volume, claim))) return false
  if (volume.spec.claimRef?.uid) return true
  const { name, namespace, uid, resourceVersion } = claim.metadata
  const chosenByUs = !volume.spec.claimRef
  const claimRef = { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion }
  const annotations = { ...volume.metadata.annotations, ...(chosenByUs && { [boundByController]: 'yes' }) }
  const reserved = { ...volume, metadata: { ...volume.metadata, annotations }, spec: { ...volume.spec, claimRef } }
  client.update('persistentvolumes', reserved)
  return true
}

/** Asks for a volume that the node can reach. */
function selectNode(claim: KubeObject, node: KubeObject, client: Client): void {
  const annotations = { ...claim.metadata.annotations, [selectedNode]: node.metadata.name }
  client.update(claims, { ...claim, metadata: { ...claim.metadata, annotations } })
}

function readClaims(pod: KubeObject, names: readonly string[], { client }: Handle): State | Status {
  const volumes: KubeObject[] = []
  const delayed: KubeObject[] = []
  let missing = false
  for (const name of names) {
    const claim = client.get(claims, `${pod.metadata.namespace}/${name}`)
    if (!claim) return unresolvable(`persistentvolumeclaim "${name}" not found`)
    if (claim.metadata.deletionTimestamp) return unresolvable(`persistentvolumeclaim "${name}" is being deleted`)
    if (claim.status?.phase === 'Lost')
      return unresolvable(
        `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName}"`,
      )
    if (claim.spec.volumeName && claim.metadata.annotations?.['pv.kubernetes.io/bind-completed']) {
      const volume = client.get('persistentvolumes', claim.spec.volumeName)
      if (volume) volumes.push(volume)
      else missing = true
    } else if (waitsForConsumer(claim, client)) delayed.push(claim)
    else return unresolvable('pod has unbound immediate PersistentVolumeClaims')
  }
  return { volumes, delayed, missing }
}

/** One that names its volume is bound at once, whatever its class says. */
function waitsForConsumer({ spec }: KubeObject, client: Client): boolean {
  if (spec.volumeName) return false
  const storageClass = spec.storageClassName && client.get('storageclasses.storage.k8s.io', spec.storageClassName)
  return storageClass ? (storageClass as any).volumeBindingMode === 'WaitForFirstConsumer' : false
}
