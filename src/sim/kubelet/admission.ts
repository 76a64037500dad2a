import { qosClassOf } from '../../kinds/pod/qos.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { isTolerated } from '../../machinery/taints.ts'
import { askedBy, type Resources } from '../scheduler/framework/pod-info.ts'
import { matchesNodeAffinity } from '../scheduler/framework/node-selector.ts'
import { reservedMemory } from './node-object.ts'
import type { KubeletEnvironment } from './environment.ts'
import { isCritical } from './eviction.ts'
import { pressures } from './node-object.ts'

interface Refusal {
  readonly reason: string
  readonly message: string
}

/** Why a node does not take a pod that was bound to it. Upstream: the predicate admit handler. */
export function refusalOf(environment: KubeletEnvironment, pod: KubeObject): Refusal | undefined {
  const { state, client, name, machine } = environment
  // Upstream: the eviction manager's Admit.
  const pressed = pressures(environment)
  const onlyMemory = pressed.length === 1 && pressed[0] === 'MemoryPressure'
  const isTaken = onlyMemory && (qosClassOf(pod) !== 'BestEffort' || isTolerated(memoryTaint, pod.spec.tolerations))
  if (pressed.length > 0 && !isTaken && !isCritical(pod))
    return { reason: 'Evicted', message: `The node had condition: [${pressed.join(' ')}]. ` }
  const others = state.pods.filter(({ uid, stage }) => uid !== pod.metadata.uid && stage !== 'terminated')
  const lacking = insufficient(
    machine(),
    pod,
    others.map((one) => one.pod),
  )
  if (lacking) return lacking
  const failed = (predicate: string, why: string): Refusal => ({
    reason: predicate,
    message: `Predicate ${predicate} failed: ${why}`,
  })
  const { nodeSelector, affinity, tolerations } = pod.spec
  const node = client.live('nodes', name)
  if (node && (nodeSelector || affinity?.nodeAffinity) && !matchesNodeAffinity(pod, node))
    return failed('NodeAffinity', "node(s) didn't match Pod's node affinity/selector")
  const { hostPorts } = askedBy(pod)
  const taken = hostPorts.length > 0 ? others.flatMap((one) => askedBy(one.pod).hostPorts) : []
  const clashes = hostPorts.some(({ ip, port, protocol }) =>
    taken.some(
      (one) =>
        one.port === port && one.protocol === protocol && (one.ip === ip || one.ip === '0.0.0.0' || ip === '0.0.0.0'),
    ),
  )
  if (clashes) return failed('NodePorts', "node(s) didn't have free ports for the requested pod ports")
  const bad = (node?.spec.taints ?? []).find(
    (taint: any) => taint.effect === 'NoExecute' && !isTolerated(taint, tolerations),
  )
  return bad && failed('TaintToleration', `node(s) had untolerated taint(s)`)
}

const memoryTaint = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' }

function insufficient(
  machine: { milliCPU: number; memoryBytes: number; diskBytes: number; maxPods: number },
  pod: KubeObject,
  others: readonly KubeObject[],
): Refusal | undefined {
  const { requests } = askedBy(pod)
  const out = (name: string, requested: number, used: number, capacity: number): Refusal | undefined =>
    requested > 0 && requested + used > capacity
      ? {
          reason: `OutOf${name}`,
          message: `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
        }
      : undefined
  const used = (of: (one: Resources) => number) => others.reduce((sum, one) => sum + of(askedBy(one).requests), 0)
  return (
    out('pods', 1, others.length, machine.maxPods) ??
    (requests.milliCPU > 0
      ? out(
          'cpu',
          requests.milliCPU,
          used((one) => one.milliCPU),
          machine.milliCPU,
        )
      : undefined) ??
    (requests.memory > 0
      ? out(
          'memory',
          requests.memory,
          used((one) => one.memory),
          Math.max(0, machine.memoryBytes - reservedMemory),
        )
      : undefined) ??
    (requests.ephemeralStorage > 0
      ? out(
          'ephemeral-storage',
          requests.ephemeralStorage,
          used((one) => one.ephemeralStorage),
          machine.diskBytes,
        )
      : undefined)
  )
}

/** Says that the node does not take a pod. Upstream: rejectPod. */
export function reject({ client }: KubeletEnvironment, pod: KubeObject, { reason, message }: Refusal): void {
  client.events.warning(pod, reason, message)
  const { qosClass, startTime = client.timestamp(), conditions } = pod.status ?? {}
  const status = {
    ...(conditions && { conditions }),
    observedGeneration: pod.metadata.generation,
    phase: 'Failed',
    reason,
    message: `Pod was rejected: ${message}`,
    startTime,
    qosClass,
  }
  client.updateStatus('pods', { ...pod, status })
}
