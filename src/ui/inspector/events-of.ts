import { useMemo } from 'react'
import { parseTime } from '../../lib/time.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { useObjects } from '../state/cluster-store.ts'

/** The Events about an object, newest first. */
export function useEventsOf(object: KubeObject): readonly KubeObject[] {
  const events = useObjects('events')
  return useMemo(() => eventsOf(events.values(), object), [events, object])
}

/** By uid, so that a namesake's history is not mixed in; the kubelet's events about a node carry its name there. */
export function eventsOf(events: Iterable<KubeObject>, { kind, metadata }: KubeObject): KubeObject[] {
  const about = [...events].filter((event) => {
    const involved = (event as any).involvedObject ?? {}
    if (involved.kind !== kind || involved.name !== metadata.name) return false
    return !involved.uid || involved.uid === metadata.uid || involved.uid === metadata.name
  })
  return about.sort((a, b) => timeOf(b) - timeOf(a))
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
  return [...own, ...others].sort((a, b) => timeOf(b) - timeOf(a))
}

export function useRelatedEvents(object: KubeObject): readonly KubeObject[] {
  const events = useObjects('events')
  return useMemo(() => relatedEvents([...events.values()], object), [events, object])
}

/** When an event happened last. */
export function timeOf(event: any): number {
  return parseTime(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp) || 0
}
