import type { ClusterState } from '../state/cluster-store.ts'
import { livePods } from '../graph/live-pods.ts'
import { podLooks } from '../graph/pod-states.ts'
import type { PodView } from '../graph/pod-view.ts'

/** Something a person would point at first. */
export interface StandOut {
  readonly key: 'nodeLost' | 'failing' | 'waiting' | 'notReady'
  readonly name: string
  readonly count: number
  readonly more: string
  readonly resource: string
  readonly objectKey: string
}

const mostShown = 6

/** Nodes that are not ready, and workloads whose pods fail or wait: worst first, one line a workload. */
export function standOuts(state: ClusterState): StandOut[] {
  const found: StandOut[] = []
  for (const [name, node] of state.resources.nodes?.byKey ?? []) {
    const ready = node.status?.conditions?.find((c: any) => c.type === 'Ready')
    if (ready?.status === 'True') continue
    found.push({ key: 'nodeLost', name, count: 1, more: ready?.message ?? '', resource: 'nodes', objectKey: name })
  }
  const groups = new Map<string, StandOut>()
  for (const pod of livePods.all()) {
    const key = troubleOf(pod)
    if (!key) continue
    const group = `${key} ${pod.namespace} ${pod.label}`
    const before = groups.get(group)
    groups.set(
      group,
      before
        ? { ...before, count: before.count + 1 }
        : {
            key,
            name: pod.label,
            count: 1,
            more: `${pod.namespace}, ${pod.status === 'Running' ? pod.state : pod.status}`,
            resource: 'pods',
            objectKey: pod.key,
          },
    )
  }
  const rank = { nodeLost: 0, failing: 1, waiting: 2, notReady: 3 }
  return [...found, ...groups.values()].sort((a, b) => rank[a.key] - rank[b.key]).slice(0, mostShown)
}

function troubleOf(pod: PodView): StandOut['key'] | undefined {
  if (podLooks[pod.state].urgency === 3) return 'failing'
  if (pod.state === 'Pending') return 'waiting'
  return pod.state === 'NotReady' ? 'notReady' : undefined
}
