import { isReady } from '../../../kinds/pod/conditions.ts'
import { deepEqual } from '../../../lib/deep-equal.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { Client } from '../../client/client.ts'
import {
  defineController,
  done,
  requeueAfter,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'

const finalizer = 'service.kubernetes.io/load-balancer-cleanup'
/** Addresses for documentation: outside of the cluster, and nobody's. */
const prefix = '203.0.113.'
const lastHost = 254

/** Gives Services of type LoadBalancer an address, as a cloud would. Upstream: k8s.io/cloud-provider, the service controller. */
export const serviceLoadBalancerController = defineController({
  name: 'service-lb',
  component: 'service-controller',
  for: 'services',
  concerns: ({ object, old, type }) =>
    type !== 'DELETED' && (wantsBalancer(object) || hasFinalizer(object) || (old !== undefined && wantsBalancer(old))),
  reconcile,
})

function wantsBalancer({ spec, metadata }: KubeObject): boolean {
  return spec.type === 'LoadBalancer' && !spec.loadBalancerClass && !metadata.deletionTimestamp
}

function hasFinalizer({ metadata }: KubeObject): boolean {
  return metadata.finalizers?.includes(finalizer) ?? false
}

function reconcile(key: string, context: ReconcileContext): Result {
  const { client, memory } = context
  const service = client.get('services', key)
  const wants = service && wantsBalancer(service)
  if (!service || (!wants && !hasFinalizer(service))) {
    memory.delete(key)
    return done
  }
  return wants ? ensure(key, service, context) : remove(key, service, context)
}

/** What the balancer is made from: when it changes, the cloud must hear of it. */
function shapeOf({ spec }: KubeObject): unknown {
  const { ports, loadBalancerIP, loadBalancerSourceRanges, externalTrafficPolicy } = spec
  return { ports, loadBalancerIP, loadBalancerSourceRanges, externalTrafficPolicy }
}

function ensure(key: string, service: KubeObject, context: ReconcileContext): Result {
  const { client, memory } = context
  if (!hasFinalizer(service)) {
    const finalizers = [...(service.metadata.finalizers ?? []), finalizer]
    client.patch('services', key, { type: 'merge', patch: { metadata: { finalizers } } })
  }
  const shape = JSON.stringify(shapeOf(service))
  const known: { what: string; shape: string; due?: number } | undefined = memory.get(key)
  const has = service.status?.loadBalancer?.ingress?.length > 0
  if (known?.what === 'ensured' && known.shape === shape && has) return done
  // After a crash it is only remembered by what is in the status.
  if (!known && has) {
    memory.set(key, { what: 'ensured', shape })
    return done
  }
  if (known?.what !== 'ensuring' || known.shape !== shape) {
    client.events.normal(service, 'EnsuringLoadBalancer', 'Ensuring load balancer')
    if (!client.list('nodes').some(isReady))
      client.events.warning(service, 'UnAvailableLoadBalancer', 'There are no available nodes for LoadBalancer')
  }
  const wait = waitFor(key, 'ensuring', shape, context)
  if (wait > 0) return requeueAfter(wait)
  memory.set(key, { what: 'ensured', shape })
  const ports = (service.spec.ports ?? []).map(({ port, protocol }: any) => ({ port, protocol }))
  const ip = service.status?.loadBalancer?.ingress?.[0]?.ip ?? freeAddress(service, context.api)
  setIngress(key, service, ip ? [{ ip, ipMode: 'VIP' }] : [], client)
  if (ip && ports.length > 0) client.events.normal(service, 'EnsuredLoadBalancer', 'Ensured load balancer')
  if (!ip) {
    const message = 'Error syncing load balancer: failed to ensure load balancer: no free addresses'
    client.events.warning(service, 'SyncLoadBalancerFailed', message)
  }
  return done
}

function remove(key: string, service: KubeObject, context: ReconcileContext): Result {
  const { client, memory } = context
  if (memory.get(key)?.what !== 'removing')
    client.events.normal(service, 'DeletingLoadBalancer', 'Deleting load balancer')
  const wait = waitFor(key, 'removing', '', context)
  if (wait > 0) return requeueAfter(wait)
  memory.delete(key)
  if (!service.metadata.deletionTimestamp) setIngress(key, service, [], client)
  client.events.normal(service, 'DeletedLoadBalancer', 'Deleted load balancer')
  const finalizers = service.metadata.finalizers!.filter((one) => one !== finalizer)
  client.patch('services', key, { type: 'merge', patch: { metadata: { finalizers } } })
  return done
}

/** How long the cloud still takes for what was asked of it; what is new is asked now. */
function waitFor(key: string, what: string, shape: string, { clock, memory, latencies }: ReconcileContext): number {
  const known: { what: string; shape: string; due: number } | undefined = memory.get(key)
  if (known?.what === what && known.shape === shape) return known.due - clock.now()
  memory.set(key, { what, shape, due: clock.now() + latencies.loadBalancer })
  return latencies.loadBalancer
}

function setIngress(key: string, service: KubeObject, ingress: readonly unknown[], client: Client): void {
  if (deepEqual(service.status?.loadBalancer?.ingress ?? [], ingress)) return
  const loadBalancer = { ingress: ingress.length > 0 ? ingress : null }
  client.patch('services', key, { type: 'merge', patch: { status: { loadBalancer } } }, { subresource: 'status' })
}

/** The one asked for, if nobody has it; else the lowest that is free. */
function freeAddress(service: KubeObject, api: ReconcileContext['api']): string | undefined {
  const taken = new Set<string>()
  for (const { status } of api.list('services')) for (const { ip } of status?.loadBalancer?.ingress ?? []) taken.add(ip)
  const asked: string | undefined = service.spec.loadBalancerIP
  if (asked && !taken.has(asked)) return asked
  for (let host = 1; host <= lastHost; host++) if (!taken.has(`${prefix}${host}`)) return `${prefix}${host}`
  return undefined
}
