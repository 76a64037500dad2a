import type { PodEvent } from './pod-index.ts'
import { podLooks } from './pod-states.ts'

/** Something worth saying aloud: a key under news and what fills it in. */
export interface NewsItem {
  readonly key: 'evicted' | 'failed' | 'running' | 'pending' | 'nodeState'
  readonly values: Readonly<Record<string, string>>
}

/** The important part of what happened to pods: evictions from lost nodes, and troubles that begin. */
export function newsOf(events: readonly PodEvent[], isLost: (node: string) => boolean): NewsItem[] {
  const items: NewsItem[] = []
  for (const { type, pod, before } of events) {
    const values = { pod: pod.name, node: pod.node ?? '', state: pod.status, reason: pod.waitsFor }
    if (pod.waitsFor && type !== 'gone' && before?.waitsFor !== pod.waitsFor) items.push({ key: 'pending', values })
    if (type !== 'changed' || before?.state === pod.state) continue
    if (pod.state === 'Terminating' && pod.node && isLost(pod.node)) items.push({ key: 'evicted', values })
    else if (podLooks[pod.state].urgency === 3 && podLooks[before!.state].urgency !== 3)
      items.push({ key: 'failed', values })
    else if (pod.state === 'Running' && before && podLooks[before.state].urgency >= 2)
      items.push({ key: 'running', values })
  }
  return items
}
