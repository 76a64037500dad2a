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

/** States per pod, and events, as far as they are facts. */
interface Facts {
  readonly pods: readonly { readonly pod: string; readonly states: readonly ShownState[] }[]
  readonly events: readonly unknown[]
}

interface ShownState {
  readonly state: any
  /** It may be seen or missed: it lived under half a second, or is the wait before a restart. */
  readonly optional: boolean
}

/**
 * A timeline as far as it is a fact: per pod the order of its states, without times and without the states that may
 * or may not be seen; per object its events by their first arrival. The recorded one says which states are facts.
 */
export function timelinePair(recorded: any, actual: any): { expected: unknown; actual: unknown } {
  const [left, right] = [factsOf(recorded), factsOf(actual)]
  const pods = left.pods.map(({ pod, states }) => ({ pod, ...aligned(states, right.pods.find((one) => one.pod === pod)?.states ?? []) }))
  const others = right.pods.filter(({ pod }) => !left.pods.some((one) => one.pod === pod))
  return {
    expected: { pods: pods.map(({ pod, expected }) => ({ pod, states: expected })), events: left.events },
    actual: { pods: [...pods.map(({ pod, actual: states }) => ({ pod, states })), ...others.map(({ pod, states }) => ({ pod, states: states.map(({ state }) => state) }))], events: right.events },
  }
}

function factsOf(result: any): Facts {
  const byPod = new Map<string, any[]>()
  for (const state of result.snapshots ?? []) byPod.set(state.pod, [...(byPod.get(state.pod) ?? []), state])
  const pods = [...byPod].map(([pod, list]) => ({
    pod,
    states: list.map(({ t, ...state }, index) => {
      const isShort = index + 1 < list.length && list[index + 1].t - t < 0.5
      return { state, optional: isCrashLoopWait(state) || (isShort && !state.event) }
    }),
  }))
  const events = inOrderThatCounts(result.events ?? []).map(({ t: _t, lastT: _l, ...event }: any) => event)
  return { pods: pods.sort((a, b) => (a.pod < b.pod ? -1 : 1)), events }
}

/** Of what happens to several containers or objects at once, the order is not a fact. */
function inOrderThatCounts(events: readonly any[]): unknown[] {
  const byObject = [...events.map((event, index) => ({ event, index }))].sort((a, b) => (a.event.object < b.event.object ? -1 : a.event.object > b.event.object ? 1 : a.index - b.index)).map(({ event }) => event)
  const sorted: any[] = []
  for (const event of byObject) {
    let at = sorted.length
    // Two containers that start together, and what a probe finds in one of them, are told in any order.
    const isOfOneTime = (one: any) =>
      one.object === event.object && (one.reason === event.reason ? one.reason === 'Killing' : Math.abs(one.t - event.t) <= 0.5) && Boolean(one.fieldPath && event.fieldPath)
    while (at > 0 && isOfOneTime(sorted[at - 1]) && (event.fieldPath ?? '') < (sorted[at - 1].fieldPath ?? '')) at--
    sorted.splice(at, 0, event)
  }
  return sorted
}

/** Two lists of states, without the optional ones that only one of them has. */
function aligned(left: readonly ShownState[], right: readonly ShownState[]): { expected: unknown[]; actual: unknown[] } {
  const texts = (list: readonly ShownState[]) => list.map(({ state }) => JSON.stringify(sortedKeys(state)))
  const [a, b] = [texts(left), texts(right)]
  // reach[i][j]: how the rest can be matched from there, as the step to take; undefined when it cannot.
  const reach: (string | undefined)[][] = Array.from({ length: a.length + 1 }, () => [])
  for (let i = a.length; i >= 0; i--)
    for (let j = b.length; j >= 0; j--) {
      if (i === a.length && j === b.length) reach[i]![j] = 'end'
      else if (i < a.length && j < b.length && a[i] === b[j] && reach[i + 1]![j + 1]) reach[i]![j] = 'both'
      else if (i < a.length && left[i]!.optional && reach[i + 1]![j]) reach[i]![j] = 'left'
      else if (j < b.length && right[j]!.optional && reach[i]![j + 1]) reach[i]![j] = 'right'
    }
  if (reach[0]![0]) return { expected: [], actual: [] }
  // They do not match: what is shown is the first difference of a plain walk.
  const expected: unknown[] = []
  const actual: unknown[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const isSame = i < a.length && a[i] === b[j]
    if (!isSame && i < a.length && left[i]!.optional) i++
    else if (!isSame && j < b.length && right[j]!.optional) j++
    else {
      if (i < a.length) expected.push(left[i++]!.state)
      if (j < b.length) actual.push(right[j++]!.state)
    }
  }
  return { expected, actual }
}

function sortedKeys(value: any): any {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sortedKeys(value[key])]))
}

function isCrashLoopWait(state: any): boolean {
  return [...(state.init ?? []), ...(state.containers ?? [])].some((one: any) => one.state?.waiting?.reason === 'CrashLoopBackOff')
}
