import type { Cluster } from '../sim/cluster.ts'
import type { Machine } from '../sim/machines/machine.ts'
import type { CauseRecord } from '../sim/apiserver/cause-log.ts'
import { splitKey } from '../machinery/objects.ts'
import type { Answers, CauseLink, ControlPlaneStatus, MachineState, Request } from './protocol.ts'

/** The machines as the page shows them. */
export function machinesOf({ machines }: Cluster): MachineState[] {
  return machines.list().map((machine) => {
    const usage = machines.kubelet(machine.name)?.usage()
    const { name, zone, milliCPU, memoryBytes, diskBytes, maxPods, plugged, powered } = machine
    return {
      name,
      zone,
      milliCPU,
      memoryBytes,
      diskBytes,
      maxPods,
      plugged,
      powered,
      usedMilliCPU: usage?.milliCPU ?? 0,
      usedMemoryBytes: (usage?.memoryBytes ?? 0) + (machine.taken?.memoryBytes ?? 0),
      images: Object.keys(machine.images),
      faults: faultsOf(machine),
    }
  })
}

function faultsOf({ crashed, taken, lagMs }: Machine): MachineState['faults'] {
  const found: MachineState['faults'][number][] = []
  if (crashed) found.push('crash')
  if (taken?.diskBytes) found.push('fillDisk')
  if (taken?.memoryBytes) found.push('fillMemory')
  if (lagMs) found.push('slowNetwork')
  return found
}

export function controlPlaneOf(cluster: Cluster): ControlPlaneStatus {
  const { api, scheduler, controllers, garbageCollector } = cluster
  const all = [...controllers, garbageCollector]
  return {
    revision: api.etcd.revision,
    requests: api.requests,
    queue: scheduler.queued().map(({ key, state }) => ({ pod: key, state })),
    scheduled: scheduler.scheduled,
    stopped: cluster.stoppedParts(),
    controllers: Object.fromEntries(all.map(({ name, depth, reconciles }) => [name, { depth, reconciles }])),
  }
}

/** How an object came to be as it is: its own last writes, then what led to them. Newest first. */
export function whyOf({ api }: Cluster, resource: string, namespace: string | undefined, name: string): Answers['why'] {
  const own = api.causes.of(resource, namespace ? `${namespace}/${name}` : name)
  if (own.length === 0) return { chain: [] }
  const records = new Map<number, CauseRecord>()
  for (const record of own.slice(0, 12)) records.set(record.revision, record)
  const created = own.find((record) => record.verb === 'create') ?? own[own.length - 1]!
  for (const start of [own[0]!, created])
    for (const record of api.causes.chain(start.revision)) records.set(record.revision, record)
  const chain = [...records.values()].sort((a, b) => b.revision - a.revision)
  return { chain: chain.map(linkOf) }
}

function linkOf({ revision, at, actor, verb, resource, key, details }: CauseRecord): CauseLink {
  return { revision, at, actor, verb, resource, ...splitKey(key), ...(details && { details }) }
}

export function schedulingOf({ scheduler }: Cluster, pod: string): Answers['scheduling'] {
  return { record: scheduler.records.of(pod) ?? null }
}

export function logsOf(
  { api }: Cluster,
  { namespace, pod: name, container, previous = false, skip = 0 }: Extract<Request, { type: 'logs' }>,
): Answers['logs'] {
  const pod = api.etcd.get('pods', `${namespace}/${name}`)
  if (!pod) return { lines: [], message: `pods "${name}" not found` }
  if (!pod.spec.nodeName) return { lines: [], message: `pod ${name} does not have a host assigned` }
  try {
    const lines = api.podLogs?.(pod, container ?? pod.spec.containers[0].name, previous) ?? []
    if (typeof lines === 'string') return { lines: [], message: lines }
    // A log that is shorter than what is known of it is another one.
    const from = skip <= lines.length ? skip : 0
    return { from, lines: from > 0 ? lines.slice(from) : lines }
  } catch (error) {
    return { lines: [], message: error instanceof Error ? error.message : String(error) }
  }
}
