import type { KubeObject } from '../../../../machinery/objects.ts'
import { matchesLabels, type LabelSelector } from '../../../../machinery/selectors.ts'
import type { Handle } from '../../framework/types.ts'

/** What spreads pods that say nothing of it. Upstream: systemDefaultConstraints. */
export const systemDefaults = [
  { topologyKey: 'kubernetes.io/hostname', maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5 },
] as const

const owners: Readonly<Record<string, string>> = {
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
  ReplicationController: 'replicationcontrollers',
}

/** Which pods belong together: those of the Services and the owner that select this one. Upstream: helper.DefaultSelector. */
export function defaultSelector(pod: KubeObject, { client }: Handle): LabelSelector | undefined {
  const { namespace = '', labels = {}, ownerReferences } = pod.metadata
  const matchLabels: Record<string, string> = {}
  const services = client.cache('services')
  services.addIndex('namespace', (service) => [service.metadata.namespace ?? ''])
  for (const service of services.byIndex('namespace', namespace)) {
    if (matchesLabels(service.spec.selector, labels)) Object.assign(matchLabels, service.spec.selector)
  }
  const owner = ownerReferences?.find((one) => one.controller)
  const resource = owner && owners[owner.kind]
  const selector = resource ? client.get(resource, `${namespace}/${owner.name}`)?.spec.selector : undefined
  const plain = owner?.kind === 'ReplicationController'
  Object.assign(matchLabels, plain ? selector : selector?.matchLabels)
  if (Object.keys(matchLabels).length === 0) return undefined
  const matchExpressions = plain ? undefined : selector?.matchExpressions
  return matchExpressions ? { matchLabels, matchExpressions } : { matchLabels }
}
