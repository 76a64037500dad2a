import { sortedByJson } from './paths.ts'
import type { Session } from './session.ts'

const round = (ms: number) => Math.round(ms / 500) / 2

/** What a case on a real node remembers: when it began, and how much of the history it has shown. */
export interface TimelineMemory {
  zero: number | undefined
  shown: number
}

function withoutTimes(state: any): unknown {
  return Object.fromEntries(Object.entries<any>(state ?? {}).map(([key, { startedAt: _s, finishedAt: _f, containerID: _c, ...rest }]) => [key, rest]))
}

function container(status: any): unknown {
  const { name, state, lastState, ready, started, restartCount } = status
  return { name, state: withoutTimes(state), ...(lastState && Object.keys(lastState).length > 0 && { lastState: withoutTimes(lastState) }), ready, started, restartCount }
}

/** A pod as timelines show it. */
function projection(pod: any): any {
  const { metadata, spec, status = {} } = pod
  const result: any = { pod: metadata.name }
  if (metadata.deletionTimestamp) result.deleting = { gracePeriodSeconds: metadata.deletionGracePeriodSeconds }
  if (spec.nodeName) result.node = spec.nodeName
  result.phase = status.phase
  for (const key of ['reason', 'message', 'podIP']) if (status[key]) result[key] = status[key]
  if (status.conditions) result.conditions = status.conditions.map(({ type, status: value, reason, message }: any) => ({ type, status: value, ...(reason && { reason }), ...(message && { message }) }))
  for (const [to, from] of [['init', 'initContainerStatuses'], ['containers', 'containerStatuses'], ['ephemeral', 'ephemeralContainerStatuses']] as const) if (status[from]) result[to] = status[from].map(container)
  return result
}

/** Waits, then tells each distinct pod status since the last timeline and all events so far. */
export function timeline(session: Session, step: any, memory: TimelineMemory): unknown {
  session.advance(step.timeline.seconds * 1000)
  session.drain()
  const zero = memory.zero ?? session.cluster.now()
  const last = new Map<string, string>()
  const snapshots: unknown[] = []
  const events = new Map<string, { first: number; last: number; row: any }>()
  session.history.forEach(({ change, at }, index) => {
    if (index < session.started || change.object.metadata.namespace !== 'demo') return
    const t = round(at - zero)
    const { uid } = change.object.metadata
    if (change.resource === 'events' && change.type !== 'DELETED') {
      const { involvedObject, type, reason, message, count, series, source, reportingComponent } = change.object
      const row = {
        object: `${involvedObject.kind}/${involvedObject.name}`,
        ...(involvedObject.fieldPath && { fieldPath: involvedObject.fieldPath }),
        type,
        reason,
        message,
        count: series?.count || count || 1,
        from: source?.component || reportingComponent,
      }
      const known = events.get(uid)
      events.set(uid, { first: known?.first ?? t, last: t, row })
    }
    if (change.resource !== 'pods') return
    if (change.type === 'DELETED') {
      if (index >= memory.shown) snapshots.push(session.normaliser.value({ t, pod: change.object.metadata.name, event: 'DELETED' }))
      return
    }
    const shown = projection(change.object)
    const text = JSON.stringify(shown)
    if (last.get(uid) === text) return
    last.set(uid, text)
    if (index >= memory.shown) snapshots.push(session.normaliser.value({ t, ...(change.type === 'ADDED' && { event: 'ADDED' }), ...shown }))
  })
  memory.shown = session.history.length
  const rows = [...events.values()].sort((a, b) => a.first - b.first)
  return { snapshots, events: rows.map(({ first, last: lastAt, row }) => session.normaliser.value({ t: first, ...row, ...(row.count > 1 && { lastT: lastAt }) })) }
}

/** Distinct states of a node over some time. */
export function nodeTimeline(session: Session, { name, seconds }: any, memory: TimelineMemory): unknown {
  const end = session.cluster.now() + seconds * 1000
  const snapshots: unknown[] = []
  let last = ''
  while (session.cluster.now() < end) {
    const node = session.send('GET', `/api/v1/nodes/${name}`).body
    const state = {
      conditions: (node.status?.conditions ?? []).map(({ type, status, reason, message }: any) => ({ type, status, reason, message })),
      ...(node.spec?.taints && { taints: node.spec.taints.map(({ timeAdded: _t, ...taint }: any) => taint) }),
      ...(node.spec?.unschedulable && { unschedulable: true }),
    }
    const text = JSON.stringify(state)
    if (text !== last) snapshots.push({ t: round(session.cluster.now() - (memory.zero ?? session.cluster.now())), ...session.normaliser.value(state) })
    last = text
    session.advance(250)
  }
  return { snapshots }
}

/** Seconds between renewals of a node's lease. */
export function leaseWatch(session: Session, { name, seconds }: any): unknown {
  const end = session.cluster.now() + seconds * 1000
  const renewals: unknown[] = []
  let last = ''
  while (session.cluster.now() < end) {
    const renewed = session.send('GET', `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`).body?.spec?.renewTime
    if (renewed !== last) {
      if (last) renewals.push({ secondsSincePreviousRenewal: round(Date.parse(`${renewed.slice(0, 23)}Z`) - Date.parse(`${last.slice(0, 23)}Z`)) })
      last = renewed ?? ''
    }
    session.advance(250)
  }
  return { renewals }
}

/**
 * A timeline as far as it is a fact: per pod the order of its states, without times and without the states that may
 * or may not be seen; events by their first arrival.
 */
export function comparableTimeline(result: any): unknown {
  const byPod = new Map<string, any[]>()
  for (const { t, ...state } of result.snapshots ?? []) {
    const list = byPod.get(state.pod) ?? []
    byPod.set(state.pod, list)
    if (isCrashLoopWait(state)) continue
    const before = list.at(-1)
    // What lives under half a second may be missed.
    if (before && !before.state.event && t - before.t < 0.5 && !state.event) list.pop()
    list.push({ t, state })
  }
  const pods = sortedByJson([...byPod].map(([pod, list]) => ({ pod, states: list.map(({ state }) => state) })))
  const events = (result.events ?? []).map(({ t: _t, lastT: _l, ...event }: any) => event)
  return { pods, events }
}

function isCrashLoopWait(state: any): boolean {
  return [...(state.init ?? []), ...(state.containers ?? [])].some((one: any) => one.state?.waiting?.reason === 'CrashLoopBackOff')
}
