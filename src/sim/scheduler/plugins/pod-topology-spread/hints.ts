import type { KubeObject } from '../../../../machinery/objects.ts'
import { matchesLabelSelector } from '../../../../machinery/selectors.ts'
import { isSame, type Hint } from '../../framework/hints.ts'
import { constraintsOf } from './constraints.ts'

/** A pod that counts came, went or changed its labels. Upstream: isSchedulableAfterPodChange. */
export const podHint: Hint = ({ pod }, { type, object, old }) => {
  if (isSame(pod, object)) return true
  if (pod.metadata.namespace !== object.metadata.namespace) return false
  const constraints = constraintsOf(pod, 'DoNotSchedule')
  const counts = (other: KubeObject) =>
    constraints.some(({ labelSelector }) => matchesLabelSelector(labelSelector, other.metadata.labels ?? {}))
  return type === 'MODIFIED' && old ? counts(object) !== counts(old) : counts(object)
}

/** A domain may have come, gone or grown. Upstream: isSchedulableAfterNodeChange. */
export const nodeHint: Hint = ({ pod }, { object, old }) => {
  const keys: readonly string[] = constraintsOf(pod, 'DoNotSchedule').map(({ topologyKey }) => topologyKey)
  const at = (node: KubeObject) => keys.map((key) => node.metadata.labels?.[key])
  const now = at(object)
  const matches = (values: readonly unknown[]) => values.every((value) => value !== undefined)
  if (!old || object === old) return matches(now)
  const before = at(old)
  if (!matches(now) && !matches(before)) return false
  return now.some((value, index) => value !== before[index])
}
