import { parseTime } from '../../lib/time.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { ClusterState } from '../state/cluster-store.ts'
import { useSlowly } from './use-slowly.ts'

/** The Events about an object, newest first. */
export function useEventsOf(object: KubeObject): readonly KubeObject[] {
  return useSlowly(`own ${object.kind} ${object.metadata.uid}`, 'events', (state) => eventsOf(allOf(state), object))
}

/** The same, with those about what it makes. */
export function useRelatedEvents(object: KubeObject): readonly KubeObject[] {
  return useSlowly(`all ${object.kind} ${object.metadata.uid}`, 'events', (state) =>
    relatedEvents(allOf(state), object),
  )
}

function allOf({ resources }: ClusterState): readonly KubeObject[] {
  return [...(resources.events?.byKey.values() ?? [])]
}

/** By uid, so that a namesake's history is not mixed in; the kubelet's events about a node carry its name there. */
export function eventsOf(events: Iterable<KubeObject>, { kind, metadata }: KubeObject): KubeObject[] {
  const about = [...events].filter((event) => {
    const involved = (event as any).involvedObject ?? {}
    if (involved.kind !== kind || involved.name !== metadata.name) return false
    return !involved.uid || involved.uid === metadata.uid || involved.uid === metadata.name
  })
  return about.sort(newestFirst)
}

/** What the objects are called that a workload makes, and that they make in turn; they may be gone. */
const made: Readonly<Record<string, string>> = {
  Deployment: '-[a-z0-9]{6,10}(-[a-z0-9]{5})?',
  ReplicaSet: '-[a-z0-9]{5}',
  ReplicationController: '-[a-z0-9]{5}',
  DaemonSet: '-[a-z0-9]{5}',
  StatefulSet: '-\\d+',
  Job: '(-\\d+)?-[a-z0-9]{5}',
  CronJob: '-\\d{8}(-[a-z0-9]{5})?',
}
const madeKinds = new Set(['Pod', 'ReplicaSet', 'Job'])

/** Events about an object and about what it makes, newest first. */
export function relatedEvents(events: Iterable<KubeObject>, object: KubeObject): KubeObject[] {
  const own = eventsOf(events, object)
  if (!Object.hasOwn(made, object.kind)) return own
  const { name, namespace } = object.metadata
  const pattern = new RegExp(`^${made[object.kind]}$`)
  const others = [...events].filter((event) => {
    const involved = (event as any).involvedObject ?? {}
    return (
      involved.namespace === namespace &&
      madeKinds.has(involved.kind) &&
      involved.name?.startsWith(name) &&
      pattern.test(involved.name.slice(name.length))
    )
  })
  return [...own, ...others].sort(newestFirst)
}

/** When an event happened last. */
export function timeOf(event: any): number {
  return parseTime(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp) || 0
}

/** Times are whole seconds; what was written later in the same one comes first. */
function newestFirst(a: KubeObject, b: KubeObject): number {
  return timeOf(b) - timeOf(a) || Number(b.metadata.resourceVersion) - Number(a.metadata.resourceVersion)
}
