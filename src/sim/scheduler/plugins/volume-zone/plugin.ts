import type { KubeObject } from '../../../../machinery/objects.ts'
import { volumeEvents } from '../../framework/hints.ts'
import { claimNames } from '../../framework/pod-volumes.ts'
import { unresolvable, type Handle, type Plugin } from '../../framework/types.ts'

const key = 'VolumeZone'
const elsewhere = unresolvable('node(s) had no available volume zone')

/** Labels of volumes and nodes that say where they are; the old ones mean the same as the new. */
const modern: Readonly<Record<string, string>> = {
  'topology.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region': 'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
}
const names = Object.keys(modern)

type Place = readonly [label: string, values: ReadonlySet<string>]

/** A bound volume with a zone or a region is reached from there alone. Upstream: volumezone. */
export const volumeZone: Plugin = {
  name: key,
  events: volumeEvents,
  preFilter: (state, { pod }, handle) => {
    const places = placesOf(pod, handle)
    if (places.length === 0) return 'skip'
    state.set(key, places)
    return undefined
  },
  filter: (state, _pod, { labels }) => {
    // A node that is nowhere can reach everything.
    if (!names.some((name) => labels[name] !== undefined)) return undefined
    for (const [label, values] of state.get(key) as readonly Place[]) {
      const value = labels[label] ?? labels[modern[label]!]
      if (value === undefined || !values.has(value)) return elsewhere
    }
    return undefined
  },
}

function placesOf(pod: KubeObject, { client }: Handle): readonly Place[] {
  const places: Place[] = []
  for (const name of claimNames(pod)) {
    const claim = client.get('persistentvolumeclaims', `${pod.metadata.namespace}/${name}`)
    const volume = claim?.spec.volumeName ? client.get('persistentvolumes', claim.spec.volumeName) : undefined
    const labels = volume?.metadata.labels
    if (!labels) continue
    for (const label of names)
      // Several zones are written as a__b.
      if (Object.hasOwn(labels, label)) places.push([label, new Set(labels[label]!.split('__'))])
  }
  return places
}
