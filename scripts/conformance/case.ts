import { firstDifference, permutations, renameNodes } from './compare.ts'
import { optionsOf, type OpenCluster } from './cluster.ts'
import type { KubectlRunner } from './kubectl.ts'
import { sortedByJson } from './paths.ts'
import { Session } from './session.ts'
import { request, snapshot, substitute, writeDocuments } from './steps.ts'
import { events, evict, passes, setPods, waitFor, WatchLog } from './steps-controllers.ts'
import { leaseWatch, nodeTimeline, timeline, timelinePair, type TimelineMemory } from './steps-kubelet.ts'
import { noteNamespaces, schedule, schedulerMemory, type SchedulerMemory } from './steps-scheduler.ts'

export interface CaseOutcome {
  readonly name: string
  /** 0-based step of the first difference; -1 when the case could not even start. */
  readonly step?: number
  readonly difference?: string
  readonly skippedSteps: number
}

interface StepPair {
  readonly expected: unknown
  actual: unknown
  readonly isSorted: boolean
}

interface Memory {
  log: WatchLog | undefined
  readonly scheduler: SchedulerMemory
  readonly timeline: TimelineMemory
}

/** Runs one case in a fresh cluster and says where it first differs. */
export async function runCase(definition: any, open: OpenCluster, kubectl: KubectlRunner | undefined): Promise<CaseOutcome> {
  const { name, area } = definition
  const session = new Session(open(optionsOf(area)), area, JSON.stringify(definition))
  session.prepare(definition)
  const memory: Memory = { log: undefined, scheduler: schedulerMemory(), timeline: { zero: undefined, shown: session.started } }
  const pairs: StepPair[][] = []
  let skippedSteps = 0
  for (const [index, step] of definition.steps.entries()) {
    try {
      session.learnAll()
      const { actual, skipped, isSorted } = await runStep(session, definition, step, memory, kubectl)
      if (skipped) skippedSteps++
      pairs.push(pairsOf(step, actual, isSorted))
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 3).join(' | ') : String(error)
      return { name, step: index, difference: `the step failed: ${text}`, skippedSteps }
    }
    const direct = differenceOf(pairs.at(-1)!, new Map())
    if (direct && !renamingFor(definition, pairs)) return { name, step: index, difference: direct, skippedSteps }
  }
  return { name, skippedSteps }
}

export interface KubectlOutcome {
  readonly passed: number
  readonly failures: readonly { readonly name: string; readonly step: number; readonly difference: string }[]
}

/** Runs a whole case and compares each of its kubectl steps by itself, whatever the steps between gave. */
export async function runKubectlSteps(definition: any, open: OpenCluster, kubectl: KubectlRunner): Promise<KubectlOutcome> {
  const session = new Session(open(optionsOf(definition.area)), definition.area, JSON.stringify(definition))
  session.prepare(definition)
  const memory: Memory = { log: undefined, scheduler: schedulerMemory(), timeline: { zero: undefined, shown: session.started } }
  const failures: { name: string; step: number; difference: string }[] = []
  let passed = 0
  for (const [index, step] of definition.steps.entries()) {
    const speaks = step.kubectl !== undefined
    let difference: string | undefined
    try {
      session.learnAll()
      const { actual, isSorted } = await runStep(session, definition, step, memory, kubectl)
      const pairs = pairsOf(step, actual, isSorted)
      difference = renamingFor(definition, [pairs]) ? undefined : differenceOf(pairs, new Map())
      if (difference?.startsWith('exit: ')) difference += ` (${(actual.result as { stderr?: string }).stderr ?? ''})`
    } catch (error) {
      difference = `the step failed: ${error instanceof Error ? error.message : String(error)}`
    }
    if (!speaks) continue
    if (difference === undefined) passed++
    else failures.push({ name: definition.name, step: index, difference })
  }
  return { passed, failures }
}

function pairsOf(step: any, actual: { results?: unknown; result?: unknown }, isSorted: boolean): StepPair[] {
  const pairs: StepPair[] = []
  if (step.results !== undefined && actual.results !== undefined) pairs.push({ expected: step.results, actual: actual.results, isSorted: false })
  if (step.result !== undefined && actual.result !== undefined) {
    if (step.timeline) pairs.push({ ...timelinePair(step.result, actual.result), isSorted: false })
    else if (step.schedule) pairs.push({ expected: withoutZeroScores(step.result), actual: withoutZeroScores(actual.result), isSorted: false })
    else if (step.nodeTimeline || step.leaseWatch) pairs.push({ expected: withoutMoments(step.result), actual: withoutMoments(actual.result), isSorted: false })
    else if (/get events .*involvedObject\.kind=Node/.test(step.kubectl ?? '')) pairs.push({ ...beginningOf(step.result, actual.result), isSorted: false })
    else if (isPreviousLog(step)) pairs.push({ ...previousLogPair(step.result, actual.result), isSorted: false })
    else if (step.snapshot) pairs.push({ expected: withoutUnlimited(step.result), actual: withoutUnlimited(actual.result), isSorted })
    else pairs.push({ expected: step.result, actual: actual.result, isSorted })
  }
  return pairs
}

function differenceOf(pairs: readonly StepPair[], names: ReadonlyMap<string, string>): string | undefined {
  for (const { expected, actual, isSorted } of pairs) {
    const renamed = renameNodes(plain(actual), names)
    const found = isSorted ? firstDifference(resorted(expected), resorted(renamed)) : firstDifference(expected, renamed)
    if (found) return found
  }
  return undefined
}

/** Times are indicative; renewals come every ten seconds and up to 4 % later. */
function withoutMoments(result: any): unknown {
  const { snapshots, renewals } = result
  return {
    ...(snapshots && { snapshots: snapshots.map(({ t: _t, ...state }: any) => state) }),
    ...(renewals && { renewals: renewals.map(({ secondsSincePreviousRenewal: seconds }: any) => (seconds === 10.5 ? 10 : seconds)) }),
  }
}

/** What version 1 of control groups says where there is no limit: of a pod that is over, its group may be gone before it is read. */
function withoutUnlimited(result: any): unknown {
  const pods = result['v1/pods']
  if (!Array.isArray(pods)) return result
  const shown = (original: any) => {
    const pod = withoutHashes(original)
    const { phase, resources } = pod.status ?? {}
    if ((phase !== 'Failed' && phase !== 'Succeeded') || resources?.limits?.memory !== '9007199254740988Ki') return pod
    const { memory: _unlimited, ...limits } = resources.limits
    const { limits: _limits, ...others } = resources
    return { ...pod, status: { ...pod.status, resources: { ...others, ...(Object.keys(limits).length > 0 && { limits }) } } }
  }
  return { ...result, 'v1/pods': pods.map(shown) }
}

/** The hash of a static pod is of a Go struct's dump and of its file's path. */
function withoutHashes(pod: any): any {
  const { annotations } = pod.metadata ?? {}
  if (!annotations?.['kubernetes.io/config.hash']) return pod
  const hidden = Object.fromEntries(Object.entries(annotations).map(([key, value]) => [key, /\/config\.(hash|mirror)$/.test(key) ? '<hash>' : value]))
  return { ...pod, metadata: { ...pod.metadata, annotations: hidden } }
}

/** Of the events of a node that had been through a lot, those that any node begins with. */
function beginningOf(expected: any, actual: any): { expected: unknown; actual: unknown } {
  const lines = (text = '') => text.split('\n').filter(Boolean)
  return { expected: lines(expected.stdout).slice(0, Math.max(7, lines(actual.stdout).length)), actual: lines(actual.stdout) }
}

const collected = 'unable to retrieve container logs for '

function isPreviousLog({ kubectl }: any): boolean {
  return kubectl !== undefined && /^logs (.* )?(-p|--previous)( |$)/.test(kubectl)
}

/** The container before may have been collected already, log and all. */
function previousLogPair(expected: any, actual: any): { expected: unknown; actual: unknown } {
  const isGone = [expected, actual].some(({ stdout = '' }) => stdout.startsWith(collected))
  const shown = ({ exit, stdout }: any) => ({ exit, stdout: isGone ? collected : stdout })
  return isGone ? { expected: shown(expected), actual: shown(actual) } : { expected, actual }
}

/** A plugin that is not listed scored 0 or was skipped. */
function withoutZeroScores(result: any): unknown {
  const withoutZeros = (plugins: Record<string, number>) => Object.fromEntries(Object.entries(plugins).filter(([, score]) => score !== 0))
  const shown = ({ scores, ...pod }: any) => {
    if (!scores) return pod
    return { ...pod, scores: Object.fromEntries(Object.entries<any>(scores).map(([node, { total, plugins }]) => [node, { total, plugins: withoutZeros(plugins) }])) }
  }
  return { ...result, pods: result.pods.map(shown) }
}

/** Undefined fields are none, as in the recorded JSON. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}

function resorted(value: any): any {
  if (Array.isArray(value)) return sortedByJson(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries<any>(value).map(([key, item]) => [key, Array.isArray(item) ? sortedByJson(item) : item]))
}

/** Is there one renaming of nodes under which all steps so far are as recorded? */
function renamingFor(definition: any, steps: readonly (readonly StepPair[])[]): boolean {
  const names: string[] = [...(definition.nodes ?? []), ...definition.steps.flatMap((step: any) => [...(step.addnodes ?? []), ...(step.addNodes ?? [])])].map((node: any) => node.name)
  if (names.length < 2 || names.length > 6) return false
  for (const order of permutations(names)) {
    const renaming = new Map(names.map((name, index) => [name, order[index]!]).filter(([from, to]) => from !== to) as [string, string][])
    if (renaming.size > 0 && steps.every((pairs) => differenceOf(pairs, renaming) === undefined)) return true
  }
  return false
}

type StepActual = { actual: { results?: unknown; result?: unknown }; skipped: boolean; isSorted: boolean }

/** The keys of one step, in the order the recorder ran them. */
async function runStep(session: Session, definition: any, step: any, memory: Memory, kubectl: KubectlRunner | undefined): Promise<StepActual> {
  const actual: { results?: unknown; result?: unknown } = {}
  let isSorted = false
  if (step.watch) memory.log = new WatchLog(session, step.watch)
  if (step.create !== undefined || step.apply !== undefined) {
    memory.timeline.zero ??= session.cluster.now()
    noteNamespaces(memory.scheduler, step)
    actual.results = writeDocuments(session, step)
  }
  if (step.request) actual.result = request(session, step)
  if (step.heartbeat) session.kubelet.heartbeat(step.heartbeat)
  if (step.addnodes) session.addNodes(step.addnodes)
  if (step.setpods) actual.result = setPods(session, step.setpods)
  if (step.evict) actual.result = evict(session, step.evict)
  if (step.settle) session.settle(step.settle === true ? 2 : step.settle, step.max ?? 60)
  if (step.staticPod) {
    memory.timeline.zero ??= session.cluster.now()
    if (!session.cluster.staticPod) throw new Error('this cluster has no static pods')
    session.cluster.staticPod('node-1', step.staticPod.file, substitute(session, step.staticPod.manifest))
  }
  if (step.staticPodRemove) session.cluster.staticPod?.('node-1', step.staticPodRemove, undefined)
  if (step.timeline) actual.result = timeline(session, step, memory.timeline)
  if (step.kubeletProcess) {
    if (!session.cluster.kubeletProcess) throw new Error("this cluster's kubelet processes cannot be stopped")
    session.cluster.kubeletProcess('node-1', step.kubeletProcess)
  }
  if (step.nodeTimeline) actual.result = nodeTimeline(session, step.nodeTimeline, memory.timeline)
  if (step.leaseWatch) actual.result = leaseWatch(session, step.leaseWatch)
  if (step.sleep) session.advance(step.sleep * 1000)
  if (step.waitfor) actual.result = waitFor(session, step.waitfor)
  if (step.kubelet !== undefined) setKubelet(session, step.kubelet)
  if (step.passes) {
    actual.result = passes(session, step.passes)
    isSorted = false
  }
  if (step.addNodes) {
    memory.scheduler.hasAddedNodes = true
    session.addNodes(step.addNodes)
  }
  for (const [pod, status] of Object.entries(step.status ?? {}))
    session.send('PATCH', `/api/v1/namespaces/demo/pods/${pod}/status`, { contentType: 'application/merge-patch+json', body: { status } })
  if (step.schedule) actual.result = comparableSchedule(schedule(session, step, memory.scheduler), step.result)
  if (step.kubectl !== undefined || step.snapshot) session.learnAll()
  let skipped = false
  if (step.kubectl !== undefined) {
    if (kubectl) actual.result = await kubectl.run(session, step)
    else skipped = true
  }
  if (step.events) actual.result = events(session, step, (definition.nodes ?? []).length > 0)
  if (step.watchlog !== undefined && memory.log) {
    actual.result = memory.log.end(session, step.watchlog === true ? {} : step.watchlog)
    memory.log = undefined
  }
  if (step.snapshot) {
    actual.result = snapshot(session, step)
    isSorted = true
  }
  return { actual, skipped, isSorted: isSorted || Boolean(step.events?.sorted) || step.watchlog?.by === 'object' }
}

function setKubelet(session: Session, mode: string): void {
  if (mode === 'once') {
    session.kubelet.setMode('off')
    session.advance(200)
    session.kubelet.pass('auto')
    return
  }
  session.kubelet.setMode(mode)
  if (mode !== 'auto') session.advance(250)
}

/** Where the recorder saw several nodes tied, any of them is right. */
function comparableSchedule(actual: any, expected: any): unknown {
  for (const pod of actual.pods) {
    const recorded = expected?.pods?.find((one: any) => one.name === pod.name)
    if (!recorded) continue
    if (recorded.anyOf && pod.node && recorded.anyOf.includes(pod.node)) {
      pod.anyOf = recorded.anyOf
      delete pod.node
    }
    // One feasible node needs no scores, and a cluster need not keep them.
    if (!recorded.scores) delete pod.scores
  }
  return actual
}
