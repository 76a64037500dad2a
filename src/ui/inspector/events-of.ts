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

/** When an event happened last. */
export function timeOf(event: any): number {
  return parseTime(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp) || 0
}
