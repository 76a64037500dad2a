import type { Change } from '../client/cache.ts'
import { podInfoOf } from './framework/pod-info.ts'
import type { ClusterEvent, Handle, Plugin } from './framework/types.ts'
import type { QueuedPod } from './queue.ts'

/** May a change make a waiting pod schedulable, by the hints of the plugins that refused it? */
export function mayHelp(
  entry: QueuedPod,
  event: ClusterEvent,
  change: Change,
  plugins: readonly Plugin[],
  handle: Handle,
): boolean {
  if (entry.plugins.length === 0) return true
  for (const plugin of plugins) {
    const hint = entry.plugins.includes(plugin.name) ? plugin.events?.[event] : undefined
    if (!hint) continue
    const pod = handle.client.get('pods', entry.key)
    if (pod && hint(podInfoOf(pod), change, handle)) return true
  }
  return false
}

/** What pods that these plugins refused wait for. */
export function eventsOf(plugins: readonly Plugin[], names: readonly string[]): ClusterEvent[] {
  const refusing = plugins.filter(({ name }) => names.includes(name))
  return [...new Set(refusing.flatMap(({ events }) => Object.keys(events ?? {}) as ClusterEvent[]))]
}
