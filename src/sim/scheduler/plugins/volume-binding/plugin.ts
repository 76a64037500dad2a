import type { KubeObject } from '../../../../machinery/objects.ts'
import { matchesTerms } from '../../framework/node-selector.ts'
import { unresolvable, type Handle, type Plugin, type Status } from '../../framework/types.ts'

const claims = 'persistentvolumeclaims'
const wrongNode = unresolvable("node(s) didn't match PersistentVolume's node affinity")
const selectedNode = 'volume.kubernetes.io/selected-node'
const key = 'VolumeBinding'

interface State {
  readonly volumes: readonly KubeObject[]
  /** Claims that wait for the pod's node. */
  readonly delayed: readonly KubeObject[]
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
  filter: (state, _pod, { node }) => {
    const { volumes, delayed } = state.get(key) as State
    for (const volume of volumes) {
      const required = volume.spec.nodeAffinity?.required
      if (required && !matchesTerms(required.nodeSelectorTerms ?? [], node)) return wrongNode
    }
    for (const claim of delayed) {
      const chosen = claim.metadata.annotations?.[selectedNode]
      if (chosen && chosen !== node.metadata.name) return wrongNode
    }
    return undefined
  },
  preBind: ({ pod }, node, { client }) => {
    let waits = false
    for (const name of claimNames(pod)) {
      const claim = client.live(claims, `${pod.metadata.namespace}/${name}`)
      if (!claim || claim.status?.phase === 'Bound') continue
      waits = true
      const selected = claim.metadata.annotations?.[selectedNode]
      if (selected === node.name) continue
      // Another decision was faster, and its volume may be on the way.
      if (selected) return 'fail'
      const annotations = { ...claim.metadata.annotations, [selectedNode]: node.name }
      client.update(claims, { ...claim, metadata: { ...claim.metadata, annotations } })
    }
    return waits ? 'wait' : undefined
  },
}

function readClaims(pod: KubeObject, names: readonly string[], { client }: Handle): State | Status {
  const volumes: KubeObject[] = []
  const delayed: KubeObject[] = []
  for (const name of names) {
    const claim = client.get(claims, `${pod.metadata.namespace}/${name}`)
    if (!claim) return unresolvable(`persistentvolumeclaim "${name}" not found`)
    if (claim.metadata.deletionTimestamp) return unresolvable(`persistentvolumeclaim "${name}" is being deleted`)
    if (claim.status?.phase === 'Lost')
      return unresolvable(
        `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName}"`,
      )
    const volume = claim.spec.volumeName ? client.get('persistentvolumes', claim.spec.volumeName) : undefined
    if (claim.metadata.annotations?.['pv.kubernetes.io/bind-completed'] && volume) volumes.push(volume)
    else if (waitsForConsumer(claim, client)) delayed.push(claim)
    else return unresolvable('pod has unbound immediate PersistentVolumeClaims')
  }
  return { volumes, delayed }
}

function waitsForConsumer(claim: KubeObject, client: Handle['client']): boolean {
  const storageClass =
    claim.spec.storageClassName && client.get('storageclasses.storage.k8s.io', claim.spec.storageClassName)
  return storageClass ? (storageClass as any).volumeBindingMode === 'WaitForFirstConsumer' : false
}

function claimNames(pod: KubeObject): string[] {
  const names: string[] = []
  for (const volume of pod.spec.volumes ?? []) {
    if (volume.persistentVolumeClaim) names.push(volume.persistentVolumeClaim.claimName)
    else if (volume.ephemeral) names.push(`${pod.metadata.name}-${volume.name}`)
  }
  return names
}
