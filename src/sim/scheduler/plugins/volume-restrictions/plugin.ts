import { claimNames } from '../../framework/pod-volumes.ts'
import type { PodInfo } from '../../framework/pod-info.ts'
import { unresolvable, unschedulable, type Handle, type Plugin } from '../../framework/types.ts'

const key = 'VolumeRestrictions'
const inUse = unschedulable(
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
)

interface State {
  /** Claims that one pod alone may use. */
  readonly claims: ReadonlySet<string>
  /** Uses of them by pods that have a node. */
  readonly uses: number
}

/** A claim of mode ReadWriteOncePod is one pod's in the whole cluster. Upstream: volumerestrictions. */
export const volumeRestrictions: Plugin = {
  name: key,
  events: ['pods/DELETED', 'persistentvolumeclaims/ADDED', 'persistentvolumeclaims/MODIFIED'],
  preFilter: (state, info, handle) => {
    const names = claimNames(info.pod)
    if (names.length === 0) return 'skip'
    const claims = new Set<string>()
    for (const name of names) {
      const claim = handle.client.get('persistentvolumeclaims', `${info.pod.metadata.namespace}/${name}`)
      if (!claim) return unresolvable(`persistentvolumeclaim "${name}" not found`)
      if (claim.spec.accessModes?.includes('ReadWriteOncePod')) claims.add(name)
    }
    if (claims.size === 0) return 'skip'
    state.set(key, { claims, uses: countUses(claims, info, handle) } satisfies State)
    return undefined
  },
  podChanged: (state, pod, other, _node, sign) => {
    const found = state.get(key) as State | undefined
    // A new value: the state that this one was copied from keeps its own.
    if (found) state.set(key, { ...found, uses: found.uses + sign * usesOf(found.claims, pod, other) })
  },
  filter: (state) => ((state.get(key) as State).uses > 0 ? inUse : undefined),
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
