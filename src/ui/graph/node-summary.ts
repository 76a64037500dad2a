import type { MachineState } from '../../bridge/protocol.ts'
import { parseTime } from '../../lib/time.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { parseQuantity } from '../../machinery/quantity.ts'
import type { IconName } from '../design/Icon.tsx'
import type { Tone } from './pod-states.ts'
import type { Amounts, PodView } from './pod-view.ts'

/** One capacity bar: the track is what the node can give, the rest are parts of it. */
export interface Capacity {
  readonly allocatable: number
  readonly requested: number
  readonly used: number
  readonly limits: number
}

export interface NodeBadge {
  /** What it says, in Kubernetes' word; also the key of its text. */
  readonly word:
    | 'Unplugged'
    | 'Off'
    | 'Crashed'
    | 'SlowNetwork'
    | 'NotReady'
    | 'MemoryPressure'
    | 'DiskPressure'
    | 'PIDPressure'
    | 'Cordoned'
  readonly tone: Tone
  readonly icon: IconName
}

export interface NodeSummary {
  readonly cpu: Capacity
  readonly memory: Capacity
  readonly badge: NodeBadge | undefined
  /** The kubelet says all is well. */
  readonly ready: boolean
  /** Nobody hears from it: what is shown is what it last said. */
  readonly lost: boolean
  /** Its machine is cut off or dark: the card is drawn faded. */
  readonly off: boolean
  readonly cordoned: boolean
  /** Since when it is ready, or is not, ms since the epoch; NaN if it never said. */
  readonly sinceMs: number
  readonly taints: readonly string[]
  readonly role: string
}

const none: Amounts = { milliCPU: 0, memoryBytes: 0 }

/** All a node's card shows, from the Node, its machine and its pods. */
export function nodeSummary(
  node: KubeObject | undefined,
  machine: MachineState | undefined,
  pods: readonly PodView[],
): NodeSummary {
  const requested = sum(pods, 'requests')
  const limits = sum(pods, 'limits')
  const allocatable = node?.status?.allocatable ?? {}
  const powered = machine?.powered ?? true
  const used = powered && machine ? { milliCPU: machine.usedMilliCPU, memoryBytes: machine.usedMemoryBytes } : none
  const ready = condition(node, 'Ready')
  return {
    cpu: {
      allocatable: parseQuantity(allocatable.cpu ?? '0')?.milli || machine?.milliCPU || 0,
      requested: requested.milliCPU,
      used: used.milliCPU,
      limits: limits.milliCPU,
    },
    memory: {
      allocatable: parseQuantity(allocatable.memory ?? '0')?.value || machine?.memoryBytes || 0,
      requested: requested.memoryBytes,
      used: used.memoryBytes,
      limits: limits.memoryBytes,
    },
    badge: badgeOf(node, machine),
    ready: ready?.status === 'True',
    lost: isLost(node),
    off: machine ? !machine.plugged || !machine.powered : false,
    cordoned: node?.spec?.unschedulable === true,
    sinceMs: parseTime(ready?.lastTransitionTime),
    taints: (node?.spec?.taints ?? [])
      .filter((taint: any) => !taint.key.startsWith('node.kubernetes.io/'))
      .map((taint: any) => (taint.value ? `${taint.key}=${taint.value}` : taint.key)),
    role: roleOf(node),
  }
}

/** Has the node lifecycle controller given up hearing from it? */
export function isLost(node: KubeObject | undefined): boolean {
  return condition(node, 'Ready')?.status === 'Unknown'
}

function condition(node: KubeObject | undefined, type: string): any {
  return node?.status?.conditions?.find((c: any) => c.type === type)
}

function sum(pods: readonly PodView[], field: 'requests' | 'limits'): Amounts {
  let milliCPU = 0
  let memoryBytes = 0
  for (const pod of pods) {
    if (pod.ghost || pod.status === 'Completed' || pod.status === 'Error') continue
    milliCPU += pod[field].milliCPU
    memoryBytes += pod[field].memoryBytes
  }
  return { milliCPU, memoryBytes }
}

/** What a node's card says beside its name, when there is something to say. */
export function badgeOf(node: KubeObject | undefined, machine: MachineState | undefined): NodeBadge | undefined {
  if (machine && !machine.powered) return { word: 'Off', tone: 'mute', icon: 'ui-power' }
  if (machine?.faults.includes('crash')) return { word: 'Crashed', tone: 'fail', icon: 's-crash' }
  const ready = condition(node, 'Ready')
  const unplugged = machine && !machine.plugged
  const notReady = node && ready?.status !== 'True'
  // Unplugged is what you did; NotReady is what the cluster has found out.
  if (unplugged) return { word: notReady ? 'NotReady' : 'Unplugged', tone: 'warn', icon: 'ui-unplug' }
  if (notReady) return { word: 'NotReady', tone: 'warn', icon: 's-notready' }
  for (const word of ['MemoryPressure', 'DiskPressure', 'PIDPressure'] as const) {
    if (condition(node, word)?.status === 'True') return { word, tone: 'warn', icon: 'ui-pressure' }
  }
  if (machine?.faults.includes('slowNetwork')) return { word: 'SlowNetwork', tone: 'warn', icon: 'ui-warn' }
  if (node?.spec?.unschedulable) return { word: 'Cordoned', tone: 'wait', icon: 'ui-cordon' }
  return undefined
}

const rolePrefix = 'node-role.kubernetes.io/'

function roleOf(node: KubeObject | undefined): string {
  const roles = Object.keys(node?.metadata.labels ?? {}).filter((label) => label.startsWith(rolePrefix))
  return roles.map((label) => label.slice(rolePrefix.length)).join(',') || 'worker'
}

/** `1.65` of cores. */
export function formatCores(milliCPU: number): string {
  return String(Math.round(milliCPU / 10) / 100)
}

const units: readonly [text: string, bytes: number][] = [
  ['Ti', 2 ** 40],
  ['Gi', 2 ** 30],
  ['Mi', 2 ** 20],
  ['Ki', 2 ** 10],
]

/** `4.6Gi`: three digits at most. */
export function formatBytes(bytes: number): string {
  const unit = units.find(([, size]) => bytes >= size)
  if (!unit) return `${Math.round(bytes)}`
  const value = bytes / unit[1]
  return `${value >= 100 ? Math.round(value) : Math.round(value * 10) / 10}${unit[0]}`
}
