import { bytesQuantity, milliQuantity } from '../../machinery/quantity.ts'
import type { KubeletEnvironment } from './environment.ts'
import { imageIdOf } from './container-status.ts'
import { addressOf, podCidrOf, type Machine } from '../machines/machine.ts'

const mebibyte = 1024 * 1024
/** What the kubelet keeps back for itself: evictionHard memory.available. */
export const reservedMemory = 100 * mebibyte

/** The Node that a kubelet registers. */
export function nodeObject(machine: Machine): unknown {
  const { name, labels, taints, zone } = machine
  return {
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...(zone && { 'topology.kubernetes.io/region': regionOf(zone), 'topology.kubernetes.io/zone': zone }),
        ...labels,
      },
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    },
    spec: {
      ...(machine.podCIDR !== false && { podCIDR: podCidrOf(machine), podCIDRs: [podCidrOf(machine)] }),
      ...(taints.length > 0 && { taints: taints.map((taint) => ({ ...taint })) }),
    },
  }
}

/** `eu-west-1a` lies in `eu-west-1`. */
function regionOf(zone: string): string {
  return /\d[a-z]$/.test(zone) ? zone.slice(0, -1) : zone
}

/** Everything of a Node's status but its conditions. */
export function nodeStatus(machine: Machine): Record<string, unknown> {
  const capacity = {
    cpu: milliQuantity(machine.milliCPU),
    'ephemeral-storage': bytesQuantity(machine.diskBytes),
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: bytesQuantity(machine.memoryBytes),
    pods: String(machine.maxPods),
  }
  return {
    addresses: [
      { type: 'InternalIP', address: addressOf(machine) },
      { type: 'Hostname', address: machine.name },
    ],
    capacity,
    allocatable: { ...capacity, memory: bytesQuantity(Math.max(0, machine.memoryBytes - reservedMemory)) },
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      machineID: machineId(machine.index),
      systemUUID: machineId(machine.index),
      bootID: machineId(machine.index),
      kernelVersion: '6.12.0',
      osImage: 'Debian GNU/Linux 13 (trixie)',
      containerRuntimeVersion: 'containerd://2.1.9',
      kubeletVersion: 'v1.36.2',
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: 'amd64',
      ...machine.nodeInfo,
    },
    declaredFeatures: [
      'ExtendWebSocketsToKubelet',
      'InPlacePodLevelResourcesVerticalScaling',
      'InPlacePodVerticalScalingInitContainers',
      'RestartAllContainersOnContainerExits',
    ],
    features: { supplementalGroupsPolicy: true },
    runtimeHandlers: ['', 'runc'].map((name) => ({
      features: { recursiveReadOnlyMounts: true, userNamespaces: true },
      name,
    })),
    images: imagesOf(machine),
  }
}

/** Largest first, at most 50. Upstream: nodeStatusMaxImages. */
export function imagesOf(machine: Machine, most = 50): { names: string[]; sizeBytes: number }[] {
  const byId = new Map<string, { names: string[]; sizeBytes: number }>()
  for (const [tag, sizeBytes] of Object.entries(machine.images)) {
    // What the registry does not know was put there by hand, and has no digest.
    const isKnown = !machine.registry?.images || Object.hasOwn(machine.registry.images, tag)
    const id = isKnown ? imageIdOf(tag, machine) : tag
    const image = byId.get(id)
    if (image) image.names.push(tag)
    else byId.set(id, { names: isKnown ? [id, tag] : [tag], sizeBytes })
  }
  const list = [...byId.values()]
  for (const { names } of list)
    names.sort((a, b) => Number(b.includes('@')) - Number(a.includes('@')) || (a < b ? -1 : 1))
  return list.sort((a, b) => b.sizeBytes - a.sizeBytes || (a.names[0]! < b.names[0]! ? -1 : 1)).slice(0, most)
}

function machineId(index: number): string {
  return (index + 1).toString(16).padStart(32, '0')
}

/** What a node has too little of. */
export function pressures({ state }: Pick<KubeletEnvironment, 'state'>): string[] {
  const { pressureSince, diskPressureSince } = state
  return [
    ...(pressureSince === undefined ? [] : ['MemoryPressure']),
    ...(diskPressureSince === undefined ? [] : ['DiskPressure']),
  ]
}

/** The four conditions of a kubelet, in its order. */
export function nodeConditions(
  ready: { readonly status: 'True' | 'False'; readonly reason: string; readonly message: string },
  { isLow, isFull }: { readonly isLow: boolean; readonly isFull: boolean },
  now: string,
  before: readonly any[] | undefined,
): unknown[] {
  const wanted = [
    {
      type: 'MemoryPressure',
      status: isLow ? 'True' : 'False',
      reason: isLow ? 'KubeletHasInsufficientMemory' : 'KubeletHasSufficientMemory',
      message: `kubelet has ${isLow ? 'insufficient' : 'sufficient'} memory available`,
    },
    {
      type: 'DiskPressure',
      status: isFull ? 'True' : 'False',
      reason: isFull ? 'KubeletHasDiskPressure' : 'KubeletHasNoDiskPressure',
      message: `kubelet has ${isFull ? '' : 'no '}disk pressure`,
    },
    {
      type: 'PIDPressure',
      status: 'False',
      reason: 'KubeletHasSufficientPID',
      message: 'kubelet has sufficient PID available',
    },
    { type: 'Ready', ...ready },
  ]
  const own = wanted.map(({ type, status, reason, message }) => {
    const old = before?.find((one) => one.type === type)
    const lastTransitionTime = old && old.status === status ? old.lastTransitionTime : now
    return { type, status, lastHeartbeatTime: now, lastTransitionTime, reason, message }
  })
  const others = (before ?? []).filter((one) => !wanted.some(({ type }) => type === one.type))
  return [...own, ...others]
}
