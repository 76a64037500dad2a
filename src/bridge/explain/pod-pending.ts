import type { Json, KubeObject } from '../../machinery/objects.ts'
import { milliValue, wholeValue } from '../../machinery/quantity.ts'
import { isTolerated, type Taint } from '../../machinery/taints.ts'
import type { DecisionRecord } from '../../sim/scheduler/records.ts'
import type { Edit } from '../../sim/scheduler/what-would-fit/edit.ts'
import { claimQuestion } from './claim.ts'
import { finding, type Candidate, type Finding } from './finding.ts'
import { isReady, type Look, type Root, type Subject } from './look.ts'
import type { Params, Say, Step } from './types.ts'

const waitMs = 60_000

/** A pod that has no node. */
export function podPending(look: Look, subject: Subject): Finding | undefined {
  const { object: pod, key } = subject
  if (pod.spec.nodeName || pod.metadata.deletionTimestamp) return undefined
  const { scheduler } = look.cluster
  const record = scheduler.records.of(key)
  const { schedulingGates: gates = [], schedulerName = 'default-scheduler' } = pod.spec
  const steps = volumeSteps(look, subject)
  const candidates = () => ways(look, subject)
  if (gates.length > 0)
    return finding('wait', 'podGated', { gates: gates.map(({ name }: any) => name).join(', ') }, { steps, candidates })
  const queued = scheduler.queued().find((one) => one.key === key)
  if (!record && !queued) return finding('wait', 'podNotSeen', { scheduler: schedulerName }, { steps })
  if (!record) return finding('wait', 'podQueued', {}, { steps })
  if (record.node) return finding('wait', 'podBinding', { node: record.node }, { steps })
  const message = record.message ?? ''
  if (message.includes('PersistentVolumeClaim') || message.includes('persistentvolumeclaim')) {
    const claims = claimsFinding(look, subject, steps)
    if (claims) return claims
  }
  if (record.nodes.length === 0) return finding('fail', 'podNoNodes', { message }, { steps, candidates })
  return finding(
    'fail',
    'podUnschedulable',
    { count: record.nodes.length },
    { because: becauseOf(look, pod, record), steps, candidates },
  )
}

/** A pod that waits for a claim waits for what the claim waits for. */
function claimsFinding(look: Look, { object: pod }: Subject, steps: readonly Step[]): Finding | undefined {
  const resource = 'persistentvolumeclaims'
  const names: string[] = (pod.spec.volumes ?? []).flatMap((one: any) => one.persistentVolumeClaim?.claimName ?? [])
  const missing = names.find((name) => !look.get(resource, `${pod.metadata.namespace}/${name}`))
  if (missing) return finding('fail', 'podClaimMissing', { name: missing }, { steps })
  for (const name of names) {
    const key = `${pod.metadata.namespace}/${name}`
    const claim = look.get(resource, key)!
    if (claim.status?.phase === 'Bound') continue
    const inner = claimQuestion(look, { resource, key, object: claim })
    // One that waits for this pod in turn is no reason.
    if (!inner || inner.verdict.code.startsWith('claimWaits')) continue
    const because = [
      { code: `verdict.${inner.verdict.code}`, ...(inner.verdict.params && { params: inner.verdict.params }) },
    ]
    return finding(
      'fail',
      'podClaimUnbound',
      { name },
      { because, steps: [...steps, ...inner.steps], candidates: inner.candidates },
    )
  }
  return undefined
}

/** How many nodes refused for which reason, most frequent first. */
function becauseOf(look: Look, pod: KubeObject, { nodes }: Pick<DecisionRecord, 'nodes'>): Say[] {
  const counts = new Map<string, { say: Say; count: number }>()
  for (const { node, reasons = [] } of nodes) {
    for (const reason of reasons) {
      const say = reasonSay(reason, look.get('nodes', node), pod)
      const id = JSON.stringify(say)
      const known = counts.get(id)
      if (known) known.count++
      else counts.set(id, { say, count: 1 })
    }
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count)
    .map(({ say, count }) => ({ code: say.code, params: { ...say.params, count } }))
}

function reasonSay(reason: string, node: KubeObject | undefined, pod: KubeObject): Say {
  const lacks = /^Insufficient (.+)$/.exec(reason)?.[1]
  if (lacks) return { code: 'lacks', params: { resource: lacks === 'cpu' ? 'CPU' : lacks } }
  if (reason.includes('untolerated taint')) {
    // The reason may name no taints, or one of several.
    const taints: readonly Taint[] = node?.spec?.taints ?? []
    const wrong = taints.filter(
      ({ effect, ...taint }) =>
        effect !== 'PreferNoSchedule' && !isTolerated({ effect, ...taint }, pod.spec.tolerations),
    )
    const own = wrong.find(({ key }) => !key.startsWith('node.kubernetes.io/'))
    if (own) return { code: 'reserved', params: { taint: `${own.key}${own.value ? `=${own.value}` : ''}` } }
    if (wrong.some(({ key }) => key.endsWith('/unreachable'))) return { code: 'unreachable' }
    if (wrong.some(({ key }) => key.endsWith('/not-ready'))) return { code: 'notReady' }
    if (wrong.some(({ key }) => key.endsWith('/unschedulable'))) return { code: 'cordoned' }
  }
  if (reason.includes('were unschedulable')) return { code: 'cordoned' }
  if (reason.includes("didn't match Pod's node affinity/selector")) return { code: 'affinity' }
  if (reason.includes('topology spread')) return { code: 'spread' }
  if (reason.includes('pod anti-affinity')) return { code: 'antiAffinity' }
  if (reason === 'Too many pods') return { code: 'full' }
  return { code: 'says', params: { reason } }
}

/** Claims that the scheduler waits for. */
function volumeSteps(look: Look, { object: pod }: Subject): Step[] {
  const { namespace } = pod.metadata
  return (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim: source }: any): Step[] => {
    if (!source) return []
    const key = `${namespace}/${source.claimName}`
    const claim = look.get('persistentvolumeclaims', key)
    const object = { resource: 'persistentvolumeclaims', key }
    if (!claim) return [{ code: 'claimMissing', tone: 'fail', params: { name: source.claimName } }]
    const { phase } = claim.status ?? {}
    if (phase === 'Bound') return []
    return [
      { code: 'claimUnbound', tone: 'wait', params: { name: source.claimName, phase: phase ?? 'Pending' }, object },
    ]
  })
}

function ways(look: Look, subject: Subject): Candidate[] {
  const root = look.root(subject)
  const before = new Set(look.podsOf(root).map(({ metadata }) => metadata.uid))
  const edits: Candidate[] = []
  const nodes: Candidate[] = []
  for (const suggestion of look.cluster.scheduler.whatWouldFit(subject.key)) {
    const added = suggestion.edits.find(({ kind }) => kind === 'addNode')
    if (!added) edits.push(editCandidate(root, suggestion.edits, before))
    else if (suggestion.edits.length === 1) nodes.push(...nodeCandidate(look, subject, added))
  }
  return [...edits, ...machineCandidates(look, subject, before), ...nodes]
}

function editCandidate(root: Root, edits: readonly Edit[], before: ReadonlySet<string>): Candidate {
  const isPod = root.object.kind === 'Pod'
  const first = edits[0]!
  return {
    code: edits.length > 1 ? 'editSeveral' : first.kind,
    params:
      edits.length > 1 ? { count: edits.length, what: edits.map(({ path }) => path).join(', ') } : paramsOf(first),
    object: { resource: root.resource, key: root.key },
    edits: edits.flatMap(({ changes }) =>
      changes.map(({ at, to }) => ({ path: [...root.podSpec, ...at], ...(to !== undefined && { value: to as Json }) })),
    ),
    ...(isPod && { recreate: true as const }),
    withinMs: waitMs,
    solved: (copy) => newlyPlaced(copy, root, before),
  }
}

function paramsOf({ path, from, to }: Edit): Params {
  const taint: any = to
  const text = taint?.effect
    ? `${taint.key}${taint.value ? `=${taint.value}` : ''}`
    : to === undefined
      ? ''
      : textOf(to)
  return {
    path,
    what: path.slice(path.lastIndexOf('.') + 1).replace(/\]$/, ''),
    from: from === undefined ? '' : textOf(from),
    to: text,
  }
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** A pod that was made after the edit has a node: which, and what is left there. */
function newlyPlaced(copy: Look, root: Root, before: ReadonlySet<string>): Say | undefined {
  const pod = copy.podsOf(root).find(({ metadata, spec }) => !before.has(metadata.uid) && spec.nodeName)
  return pod && fitsOn(copy, pod.spec.nodeName)
}

export function fitsOn(copy: Look, node: string): Say {
  const allocatable = copy.get('nodes', node)?.status?.allocatable ?? {}
  let [milliCPU, bytes] = [milliValue(allocatable.cpu), wholeValue(allocatable.memory)]
  for (const { spec, status } of copy.list('pods')) {
    if (spec.nodeName !== node || status?.phase === 'Succeeded' || status?.phase === 'Failed') continue
    for (const { resources } of spec.containers) {
      milliCPU -= milliValue(resources?.requests?.cpu)
      bytes -= wholeValue(resources?.requests?.memory)
    }
  }
  return {
    code: 'fitsOn',
    params: { node, cpu: milliCPU < 1000 ? `${milliCPU}m` : String(milliCPU / 1000), memory: bytes },
  }
}

/** Machines that are there and do not help: unplugged, off, cordoned. */
function machineCandidates(look: Look, subject: Subject, before: ReadonlySet<string>): Candidate[] {
  const root = look.root(subject)
  const waiting = new Set(look.podsOf(root).flatMap(({ metadata, spec }) => (spec.nodeName ? [] : metadata.uid)))
  // Whichever of its like gets the place first: the others are one pod nearer.
  const solved = (copy: Look) => {
    const pod = copy
      .podsOf(root)
      .find(({ metadata, spec }) => spec.nodeName && (waiting.has(metadata.uid) || !before.has(metadata.uid)))
    return pod && fitsOn(copy, pod.spec.nodeName)
  }
  return look.cluster.machines.list().flatMap(({ name, plugged, powered }): Candidate[] => {
    const node = look.get('nodes', name)
    const candidate = { params: { node: name }, object: { resource: 'nodes', key: name }, withinMs: waitMs, solved }
    if (!powered) return [{ ...candidate, code: 'powerOn', action: { type: 'machine', name, change: 'powerOn' } }]
    if (!plugged) return [{ ...candidate, code: 'plug', action: { type: 'machine', name, change: 'plug' } }]
    if (node?.spec?.unschedulable && isReady(node))
      return [{ ...candidate, code: 'uncordon', action: { type: 'cordon', name, cordon: false } }]
    return []
  })
}

/** One more node, like one that is there, unless the pod needs what no machine of ours is given. */
function nodeCandidate(look: Look, subject: Subject, { path, to }: Edit): Candidate[] {
  const machine = look.cluster.machines.get(path)
  const root = look.root(subject)
  if (!machine) return []
  const { allocatable = {}, labels = {} }: any = to ?? {}
  const taken = new Set(look.cluster.machines.list().map(({ name }) => name))
  let number = taken.size + 1
  while (taken.has(`node-${number}`)) number++
  const name = `node-${number}`
  const extra = Object.fromEntries(
    Object.entries(labels as Record<string, string>).filter(([label]) => !/(^|\.)kubernetes\.io\//.test(label)),
  )
  const cpu = `${Math.max(machine.milliCPU, milliValue(allocatable.cpu))}m`
  const memory = String(Math.max(machine.memoryBytes, wholeValue(allocatable.memory)))
  return [
    {
      code: 'addNode',
      params: { node: name, like: path },
      object: subject,
      action: {
        type: 'addMachine',
        machine: {
          name,
          zone: machine.zone,
          cpu,
          memory,
          disk: String(machine.diskBytes),
          pods: machine.maxPods,
          labels: extra,
        },
      },
      withinMs: waitMs,
      solved: (copy) => {
        const pod = copy.podsOf(root).find(({ spec }) => spec.nodeName === name)
        return pod && fitsOn(copy, name)
      },
    },
  ]
}
