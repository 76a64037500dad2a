import { ownClaim } from '../../framework/hints.ts'
import { claimNames } from '../../framework/pod-volumes.ts'
import { disksOf, isConflict } from './disks.ts'
import type { PodInfo } from '../../framework/pod-info.ts'
import { unresolvable, unschedulable, type Handle, type Plugin } from '../../framework/types.ts'

const key = 'VolumeRestrictions'
const inUse = unschedulable(
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
)

const noDisk = unschedulable('node(s) had no available disk')

interface State {
  /** Its own disks of the kinds that know no sharing. */
  readonly disks: ReturnType<typeof disksOf>
  /** Claims that one pod alone may use. */
  readonly claims: ReadonlySet<string>
  /** Uses of them by pods that have a node. */
  readonly uses: number
}

/** Some disks are one pod's on a node; a claim of mode ReadWriteOncePod is one pod's in the whole cluster. Upstream: volumerestrictions. */
export const volumeRestrictions: Plugin = {
  name: key,
  events: {
    'pods/DELETED': ({ pod }, { object }) => {
      const left = disksOf(object.spec.volumes)
      if (disksOf(pod.spec.volumes).some((one) => left.some((other) => isConflict(one, other)))) return true
      if (pod.metadata.namespace !== object.metadata.namespace) return false
      const names = claimNames(object)
      return claimNames(pod).some((name) => names.includes(name))
    },
    'persistentvolumeclaims/ADDED': ownClaim,
    'persistentvolumeclaims/MODIFIED': ownClaim,
  },
  preFilter: (state, info, handle) => {
    const names = claimNames(info.pod)
    const disks = disksOf(info.pod.spec.volumes)
    if (names.length === 0 && disks.length === 0) return 'skip'
    const claims = new Set<string>()
    for (const name of names) {
      const claim = handle.client.get('persistentvolumeclaims', `${info.pod.metadata.namespace}/${name}`)
      if (!claim) return unresolvable(`persistentvolumeclaim "${name}" not found`)
      if (claim.spec.accessModes?.includes('ReadWriteOncePod')) claims.add(name)
    }
    if (claims.size === 0 && disks.length === 0) return 'skip'
    const uses = claims.size > 0 ? countUses(claims, info, handle) : 0
    state.set(key, { disks, claims, uses } satisfies State)
    return undefined
  },
  podChanged: (state, pod, other, _node, sign) => {
    const found = state.get(key) as State | undefined
    // A new value: the state that this one was copied from keeps its own.
    if (found) state.set(key, { ...found, uses: found.uses + sign * usesOf(found.claims, pod, other) })
  },
  filter: (state, _pod, node) => {
    const { disks, uses } = state.get(key) as State
    if (disks.length > 0)
      for (const { pod } of node.pods.values())
        for (const other of disksOf(pod.spec.volumes)) if (disks.some((one) => isConflict(one, other))) return noDisk
    return uses > 0 ? inUse : undefined
  },
}

function countUses(claims: ReadonlySet<string>, pod: PodInfo, handle: Handle): number {
  let uses = 0
  for (const node of handle.nodes()) for (const other of node.pods.values()) uses += usesOf(claims, pod, other)
  return uses
}

function usesOf(claims: ReadonlySet<string>, { pod }: PodInfo, { pod: other }: PodInfo): number {
  if (pod.metadata.namespace !== other.metadata.namespace) return 0
  return claimNames(other).filter((name) => claims.has(name)).length
}
