import type { KubeObject } from '../../../../machinery/objects.ts'
import { isSame, type Hint } from '../../framework/hints.ts'
import { askedBy, type PodInfo } from '../../framework/pod-info.ts'
import type { Handle } from '../../framework/types.ts'
import { matchesTerm } from './terms.ts'

/** A pod that it wants to be near came, or one that kept it away left. Upstream: isSchedulableAfterPodChange. */
export const podHint: Hint = (pod, { type, object, old }, handle) => {
  if (isSame(pod.pod, object)) return true
  if (type === 'DELETED') return keepsAway(pod, object, handle)
  if (type === 'ADDED' || !old) return isWanted(pod, object, handle)
  const nowWanted = isWanted(pod, object, handle) && !isWanted(pod, old, handle)
  return nowWanted || (keepsAway(pod, old, handle) && !keepsAway(pod, object, handle))
}

function isWanted({ pod, requiredAffinity: terms }: PodInfo, other: KubeObject, handle: Handle): boolean {
  return terms.length > 0 && terms.every((term) => matchesTerm(term, pod, other, handle))
}

/** One of the two does not want the other. */
function keepsAway({ pod, requiredAntiAffinity }: PodInfo, other: KubeObject, handle: Handle): boolean {
  return (
    requiredAntiAffinity.some((term) => matchesTerm(term, pod, other, handle)) ||
    askedBy(other).requiredAntiAffinity.some((term) => matchesTerm(term, other, pod, handle))
  )
}

/**
 * A node is in another domain than it was. Upstream: isSchedulableAfterNodeChange; a pod without terms of its own, which
 * only others keep away, is woken here by any node that is new or has new labels.
 */
export const nodeHint: Hint = ({ requiredAffinity, requiredAntiAffinity }, { object, old }) => {
  const { labels = {} } = object.metadata
  const before = old?.metadata.labels ?? {}
  if (requiredAffinity.length + requiredAntiAffinity.length === 0) return true
  for (const { topologyKey: key } of requiredAffinity)
    if (labels[key] !== undefined && (!old || labels[key] !== before[key])) return true
  for (const { topologyKey: key } of requiredAntiAffinity) if (!old || labels[key] !== before[key]) return true
  return false
}
