import { parseAllDocuments } from 'yaml'
import { sortedByJson } from './paths.ts'
import type { Session } from './session.ts'

/** What the scheduler step remembers through a case. */
export interface SchedulerMemory {
  readonly tied: Map<string, string>
  readonly seenMessages: Set<string>
  hasAddedNodes: boolean
  readonly namespaces: string[]
}

/** Starts a case's memory. */
export function schedulerMemory(): SchedulerMemory {
  return { tied: new Map(), seenMessages: new Set(), hasAddedNodes: false, namespaces: ['demo'] }
}

/** Namespaces that a case makes are looked into as well. */
export function noteNamespaces(memory: SchedulerMemory, step: any): void {
  for (const document of parseAllDocuments(step.create ?? step.apply ?? '')) {
    const object = document.toJSON()
    if (object?.kind === 'Namespace') memory.namespaces.push(object.metadata.name)
  }
}

/** Waits until the scheduler has nothing more to decide, and says what it decided. */
export function schedule(session: Session, step: any, memory: SchedulerMemory): unknown {
  session.settle(step.schedule === true ? 0.8 : step.schedule, 30)
  session.learnAll()
  const pods: any[] = []
  const events: any[] = []
  const { normaliser } = session
  for (const namespace of memory.namespaces) {
    const prefix = namespace === 'demo' ? '' : `${namespace}/`
    for (const pod of session.send('GET', `/api/v1/namespaces/${namespace}/pods`).body?.items ?? []) {
      session.learn(pod)
      pods.push(describe(session, pod, namespace, prefix, memory))
    }
    for (const event of session.send('GET', `/apis/events.k8s.io/v1/namespaces/${namespace}/events`).body?.items ?? []) {
      if (!(event.reportingController ?? '').includes('scheduler') && !step.allEvents) continue
      let { note } = event
      if (memory.hasAddedNodes && event.reason === 'FailedScheduling' && !memory.seenMessages.has(note)) continue
      if (memory.tied.has(`${namespace}/${event.regarding.name}`) && event.reason === 'Scheduled') note = note.replace(/ to .*$/, ' to <any of the tied nodes>')
      events.push({
        regarding: normaliser.text(`${event.regarding.kind} ${prefix}${event.regarding.name}`),
        type: event.type,
        reason: event.reason,
        ...(event.action && { action: event.action }),
        note: normaliser.text(note),
        reportingController: event.reportingController,
        ...(event.related && { related: normaliser.text(`${event.related.kind} ${event.related.name}`) }),
      })
    }
  }
  pods.sort((a, b) => (a.name < b.name ? -1 : 1))
  return { pods, events: sortedByJson([...new Map(events.map((event) => [JSON.stringify(event), event])).values()]) }
}

function describe(session: Session, pod: any, namespace: string, prefix: string, memory: SchedulerMemory): unknown {
  const { normaliser } = session
  const key = `${namespace}/${pod.metadata.name}`
  const scores = session.cluster.scores?.(key)
  const result: any = { name: normaliser.text(prefix + pod.metadata.name) }
  const { nodeName } = pod.spec
  if (nodeName) {
    result.node = nodeName
    const tied = scores ? tiedNodes(scores) : []
    if (tied.length > 1) {
      memory.tied.set(key, nodeName)
      result.anyOf = tied
      delete result.node
    }
  }
  if (pod.status.nominatedNodeName) result.nominatedNodeName = pod.status.nominatedNodeName
  if (pod.spec.priority) result.priority = pod.spec.priority
  if (pod.metadata.deletionTimestamp) result.terminating = true
  const scheduled = pod.status.conditions?.find((one: any) => one.type === 'PodScheduled')
  if (scheduled) {
    if (scheduled.message) memory.seenMessages.add(scheduled.message)
    result.PodScheduled = { status: scheduled.status, ...(scheduled.reason && { reason: scheduled.reason }), ...(scheduled.message && { message: normaliser.text(scheduled.message) }) }
  }
  if (nodeName && scores && Object.keys(scores).length) result.scores = Object.fromEntries(Object.keys(scores).sort().map((node) => [node, scores[node]]))
  const target = pod.status.conditions?.find((one: any) => one.type === 'DisruptionTarget')
  if (target) result.DisruptionTarget = { status: target.status, reason: target.reason, message: normaliser.text(target.message ?? '') }
  return result
}

function tiedNodes(scores: Record<string, { total: number }>): string[] {
  const best = Math.max(...Object.values(scores).map(({ total }) => total))
  return Object.keys(scores).filter((node) => scores[node]!.total === best).sort()
}
