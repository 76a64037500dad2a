import { isFinished, isReady } from '../../kinds/pod/conditions.ts'
import { matchesLabels } from '../../machinery/selectors.ts'
import { keyOf, type KubeObject, type ObjectKey } from '../../machinery/objects.ts'
import { deepEqual } from '../../lib/deep-equal.ts'
import type { Client } from '../client/client.ts'

/** Says when endpoints changed last: what the programming of a network is measured from. */
export const triggerTimeAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time'
export const headlessLabel = 'service.kubernetes.io/headless'

/** Keys of the Services whose endpoints a change of a pod concerns. */
export function servicesOfPod(pod: KubeObject, client: Client, old: KubeObject | undefined): ObjectKey[] {
  if (old && !endpointChanged(pod, old)) return []
  const cache = client.cache('services')
  cache.addIndex('namespace', (service) => [service.metadata.namespace ?? ''])
  const keys: ObjectKey[] = []
  for (const service of cache.byIndex('namespace', pod.metadata.namespace ?? ''))
    if (selects(service, pod) || (old && selects(service, old))) keys.push(keyOf(service))
  return keys
}

function selects(service: KubeObject, pod: KubeObject): boolean {
  const { selector } = service.spec
  if (!selector) return false
  return matchesLabels(selector, pod.metadata.labels ?? {})
}

function endpointChanged(pod: KubeObject, old: KubeObject): boolean {
  return (
    pod.status?.podIP !== old.status?.podIP ||
    pod.spec.nodeName !== old.spec.nodeName ||
    isReady(pod) !== isReady(old) ||
    isFinished(pod) !== isFinished(old) ||
    pod.metadata.deletionTimestamp !== old.metadata.deletionTimestamp ||
    !deepEqual(pod.metadata.labels, old.metadata.labels)
  )
}

/** The pods that a Service selects, oldest first. */
export function podsOfService(service: KubeObject, client: Client): KubeObject[] {
  const pods = client.cache('pods').byIndex('namespace', service.metadata.namespace ?? '')
  return pods.filter((pod) => selects(service, pod))
}

/** Does it have pods at its back that a controller looks for? */
export function isSelecting({ spec }: KubeObject): boolean {
  return spec.selector != null && spec.type !== 'ExternalName'
}

/** Does a pod have a place among endpoints? Upstream: ShouldPodBeInEndpoints. */
export function isEndpoint(pod: KubeObject, includeTerminating: boolean): boolean {
  if (isFinished(pod) || !pod.status?.podIP) return false
  return includeTerminating || !pod.metadata.deletionTimestamp
}

/** Has the Service an address of its own? Upstream: helper.IsServiceIPSet. */
export function hasClusterIp({ spec }: KubeObject): boolean {
  return !!spec.clusterIP && spec.clusterIP !== 'None'
}

/** The name that a pod has under its Service, if it has one. */
export function hostnameOf(pod: KubeObject, service: KubeObject): string | undefined {
  return pod.spec.subdomain === service.metadata.name ? pod.spec.hostname || undefined : undefined
}

/** The number a Service's port leads to on a pod; undefined when the pod has no port of that name. Upstream: FindPort. */
export function targetPortOf(pod: KubeObject, { targetPort, port, protocol }: any): number | undefined {
  if (typeof targetPort !== 'string') return targetPort || port
  const sidecars = (pod.spec.initContainers ?? []).filter((one: any) => one.restartPolicy === 'Always')
  for (const container of [...pod.spec.containers, ...sidecars])
    for (const one of container.ports ?? [])
      if (one.name === targetPort && (one.protocol ?? 'TCP') === (protocol ?? 'TCP')) return one.containerPort
  return undefined
}
