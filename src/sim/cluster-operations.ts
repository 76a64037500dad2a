import { isFinished } from '../kinds/pod/conditions.ts'
import { StatusError } from '../machinery/errors.ts'
import { keyOf, type ObjectKey } from '../machinery/objects.ts'
import { evictPod } from './apiserver/eviction.ts'
import type { WriteOptions } from './apiserver/request.ts'
import type { Cluster } from './cluster.ts'
import type { ContainerFault } from './kubelet/faults.ts'
import { faultContainer, faultMachine, resizeMachine, type MachineFault } from './machines/faults.ts'

/** Evicts a pod through the API, which asks its budgets. Throws a StatusError where they refuse. */
export function evict({ api }: Cluster, key: ObjectKey, options: WriteOptions): void {
  const slash = key.indexOf('/')
  evictPod(api, key, { metadata: { namespace: key.slice(0, slash), name: key.slice(slash + 1) } }, options)
}

/**
 * Cordons a node and evicts what runs there, asking once for each pod; returns why some stay. Throws when there are pods
 * that nobody would make again. Upstream: kubectl drain --ignore-daemonsets --delete-emptydir-data.
 */
export function drain(cluster: Cluster, node: string, options: WriteOptions): string[] {
  const { api } = cluster
  api.patch('nodes', node, { type: 'merge', patch: { spec: { unschedulable: true } } }, options)
  const pods = api.list('pods').filter((pod) => {
    const { spec, metadata } = pod
    const owner = metadata.ownerReferences?.find((one) => one.controller)
    const stays = owner?.kind === 'DaemonSet' || metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined
    return spec.nodeName === node && !stays && !metadata.deletionTimestamp && !isFinished(pod)
  })
  const alone = pods.filter(({ metadata }) => !metadata.ownerReferences?.some((one) => one.controller))
  if (alone.length > 0) {
    const names = alone.map(keyOf).join(', ')
    throw new Error(`cannot delete Pods that declare no controller (use --force to override): ${names}`)
  }
  const held: string[] = []
  for (const pod of pods) {
    try {
      evict(cluster, keyOf(pod), options)
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      held.push(`${pod.metadata.name}: ${error.message}`)
    }
  }
  return held
}

/** Something befalls a machine, or is over. */
export function breakMachine({ machines }: Cluster, name: string, fault: MachineFault, isOver?: boolean): void {
  faultMachine(machines, name, fault, isOver)
}

/** Something befalls a container of a pod. */
export function breakContainer(
  { api, machines }: Cluster,
  pod: ObjectKey,
  container: string | undefined,
  fault: ContainerFault,
): void {
  faultContainer(machines, api.get('pods', pod).spec.nodeName, pod, container, fault)
}

/** A machine becomes larger or smaller. */
export function resize({ machines }: Cluster, name: string, size: { milliCPU: number; memoryBytes: number }): void {
  resizeMachine(machines, name, size)
}
