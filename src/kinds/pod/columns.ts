import { parseTime } from '../../lib/time.ts'
import { humanDuration } from '../../machinery/duration.ts'
import { ageColumn, column, nameColumn, orNone } from '../columns.ts'
import type { PrinterColumn } from '../kind.ts'

interface PodCells {
  readonly ready: string
  readonly status: string
  readonly restarts: string
}

/** What `kubectl get pods` shows. Upstream: printers/internalversion printPod. */
export function podCells(pod: any, nowMs: number): PodCells {
  const { spec = {}, status = {}, metadata } = pod
  const isTrue = (type: string) =>
    (status.conditions ?? []).some((one: any) => one.type === type && one.status === 'True')
  let reason: string = status.reason || status.phase || ''
  if ((status.conditions ?? []).some((one: any) => one.type === 'PodScheduled' && one.reason === 'SchedulingGated'))
    reason = 'SchedulingGated'
  const initContainers: any[] = spec.initContainers ?? []
  const initStatuses: any[] = status.initContainerStatuses ?? []
  const sidecars = new Set(initContainers.filter((one) => one.restartPolicy === 'Always').map((one) => one.name))
  let total = (spec.containers?.length ?? 0) + sidecars.size
  if (!spec.containers) total = sidecars.size
  let ready = 0
  let restarts = 0
  let sidecarRestarts = 0
  let last = 0
  let lastSidecar = 0
  let initializing = false
  for (let index = 0; index < initStatuses.length; index++) {
    const container = initStatuses[index]
    restarts += container.restartCount ?? 0
    const finished = parseFinished(container)
    last = Math.max(last, finished)
    const isSidecar = sidecars.has(container.name)
    if (isSidecar) {
      sidecarRestarts += container.restartCount ?? 0
      lastSidecar = Math.max(lastSidecar, finished)
    }
    const { terminated, waiting } = container.state ?? {}
    if (terminated && terminated.exitCode === 0) continue
    if (isSidecar && container.started) {
      if (container.ready) ready++
      continue
    }
    if (terminated) {
      if (terminated.reason) reason = `Init:${terminated.reason}`
      else reason = terminated.signal ? `Init:Signal:${terminated.signal}` : `Init:ExitCode:${terminated.exitCode}`
    } else if (waiting?.reason && waiting.reason !== 'PodInitializing') reason = `Init:${waiting.reason}`
    else reason = `Init:${index}/${initContainers.length}`
    initializing = true
    break
  }
  if (!initializing || isTrue('Initialized')) {
    restarts = sidecarRestarts
    last = lastSidecar
    let hasRunning = false
    const statuses: any[] = status.containerStatuses ?? []
    for (let index = statuses.length - 1; index >= 0; index--) {
      const container = statuses[index]
      restarts += container.restartCount ?? 0
      last = Math.max(last, parseFinished(container))
      const { terminated, waiting, running } = container.state ?? {}
      if (waiting?.reason) reason = waiting.reason
      else if (terminated?.reason) reason = terminated.reason
      else if (terminated)
        reason = terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`
      else if (container.ready && running) {
        hasRunning = true
        ready++
      }
    }
    if (reason === 'Completed' && hasRunning) reason = isTrue('Ready') ? 'Running' : 'NotReady'
  }
  if (metadata.deletionTimestamp && status.reason === 'NodeLost') reason = 'Unknown'
  else if (metadata.deletionTimestamp && status.phase !== 'Succeeded' && status.phase !== 'Failed')
    reason = 'Terminating'
  const ago = restarts > 0 && last > 0 ? ` (${humanDuration(nowMs - last)} ago)` : ''
  return { ready: `${ready}/${total}`, status: reason, restarts: `${restarts}${ago}` }
}

function parseFinished(container: any): number {
  const time: string | undefined = container.lastState?.terminated?.finishedAt
  if (!time) return 0
  return parseTime(time)
}

function readinessGates(pod: any): string {
  const gates: any[] = pod.spec?.readinessGates ?? []
  if (!gates.length) return '<none>'
  const held = gates.filter((gate) =>
    (pod.status?.conditions ?? []).some((one: any) => one.type === gate.conditionType && one.status === 'True'),
  )
  return `${held.length}/${gates.length}`
}

export const podColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Ready', (pod, now) => podCells(pod, now).ready, {
    description: 'The aggregate readiness state of this pod for accepting traffic.',
  }),
  column('Status', (pod, now) => podCells(pod, now).status, {
    description: 'The aggregate status of the containers in this pod.',
  }),
  column('Restarts', (pod, now) => podCells(pod, now).restarts, {
    description:
      'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
  }),
  ageColumn,
  column('IP', (pod) => orNone(pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP), {
    priority: 1,
    description: 'core.v1.PodStatus.podIP',
  }),
  column('Node', (pod) => orNone(pod.spec?.nodeName), { priority: 1, description: 'core.v1.PodSpec.nodeName' }),
  column('Nominated Node', (pod) => orNone(pod.status?.nominatedNodeName), {
    priority: 1,
    description: 'core.v1.PodStatus.nominatedNodeName',
  }),
  column('Readiness Gates', readinessGates, { priority: 1, description: 'core.v1.PodSpec.readinessGates' }),
]
