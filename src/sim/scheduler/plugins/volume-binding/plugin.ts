import { isReservedFor } from '../../../../kinds/persistentvolume/fits.ts'
import type { KubeObject } from '../../../../machinery/objects.ts'
import type { Client } from '../../../client/client.ts'
import { claimNames } from '../../framework/pod-volumes.ts'
import { unresolvable, type Handle, type Plugin, type Status } from '../../framework/types.ts'
import { planFor, reaches, selectedNode } from './matching.ts'

const claims = 'persistentvolumeclaims'
const wrongNode = unresolvable("node(s) didn't match PersistentVolume's node affinity")
const nothingToBind = unresolvable("node(s) didn't find available persistent volumes to bind")
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
  events: [
    'nodes/ADDED',
    'nodes/MODIFIED',
    'persistentvolumeclaims/ADDED',
    'persistentvolumeclaims/MODIFIED',
    'persistentvolumes/ADDED',
    'persistentvolumes/MODIFIED',
    'storageclasses.storage.k8s.io/ADDED',
  ],
  preFilter: (state, { pod }, handle) => {
    const names = claimNames(pod)
    if (names.length === 0) return 'skip'
    const found = readClaims(pod, names, handle)
    if ('code' in found) return found
    state.set(key, found)
    return undefined
  },
  filter: (state, _pod, { node }, { client }) => {
    const { volumes, delayed, missing } = state.get(key) as State
    if (missing) return noVolume
    for (const volume of volumes) if (!reaches(node, volume)) return wrongNode
    return delayed.length > 0 && !planFor(delayed, node, client) ? nothingToBind : undefined
  },
  preBind: ({ pod }, { node }, { client }) => {
    const waiting = claimNames(pod).flatMap((name) => {
      const claim = client.live(claims, `${pod.metadata.namespace}/${name}`)
      return claim && claim.status?.phase !== 'Bound' ? [claim] : []
    })
    if (waiting.length === 0) return undefined
    const delayed = waiting.filter((claim) => waitsForConsumer(claim, client))
    // Another decision was faster: its volume is on the way elsewhere, or it took the last one.
    const plans = planFor(delayed, node, client)
    if (!plans) return 'fail'
    for (const { claim, volume } of plans) {
      if (volume && !reserve(volume.metadata.name, claim, client)) return 'fail'
      if (volume) continue
      if (!claim.metadata.annotations?.[selectedNode]) selectNode(claim, node, client)
    }
    return 'wait'
  },
}

/** Promises a volume to a claim, if nobody else was faster; the controller binds them. */
function reserve(volumeName: string, claim: KubeObject, client: Client): boolean {
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
