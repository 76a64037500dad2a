import type { KubeObject } from '../../machinery/objects.ts'
import { finding, type Candidate, type Finding, type Question } from './finding.ts'
import { conditionOf, isReady, refOf, type Look, type Subject } from './look.ts'
import { rollBack } from './pod-candidates.ts'
import { podQuestion } from './pod.ts'
import { eventSteps } from './pod-waiting.ts'
import type { Step } from './types.ts'

/** A Deployment, ReplicaSet, StatefulSet or DaemonSet: has it all pods it wants, and what keeps it from that? */
export const workloadQuestion: Question = (look, subject) => {
  const { object } = subject
  const { spec, status = {}, metadata } = object
  const isDaemon = object.kind === 'DaemonSet'
  const wanted = isDaemon ? (status.desiredNumberScheduled ?? 0) : (spec.replicas ?? 1)
  const ready = isDaemon ? (status.numberReady ?? 0) : (status.readyReplicas ?? 0)
  const updated = isDaemon
    ? status.updatedNumberScheduled
    : object.kind === 'ReplicaSet'
      ? wanted
      : status.updatedReplicas
  const pods = look.podsOf(subject)
  const troubled = pods.filter((pod) => !isReady(pod) && pod.status?.phase !== 'Succeeded')
  if (spec.paused) return finding('wait', 'paused', { ready, wanted }, { candidates: () => [resume(look, subject)] })
  const refused = refusal(look, subject)
  if (refused) return refused
  const isThere = status.observedGeneration === undefined || status.observedGeneration === metadata.generation
  if (ready >= wanted && (updated ?? 0) >= wanted && isThere) {
    const code = wanted > 0 ? 'workloadFine' : isDaemon ? 'daemonNowhere' : 'workloadZero'
    return finding('ok', code, { count: wanted })
  }
  const [worst, inner] = worstPod(look, troubled)
  const stuck = conditionOf(object, 'Progressing')?.reason === 'ProgressDeadlineExceeded'
  if (!worst || !inner)
    return finding(
      'wait',
      'workloadProgressing',
      { ready, wanted },
      { steps: eventSteps(look, subject, 'FailedCreate') },
    )
  const steps: Step[] = [
    ...(stuck
      ? [{ code: 'deadline', tone: 'fail' as const, params: { seconds: spec.progressDeadlineSeconds ?? 600 } }]
      : []),
    { code: 'worstPod', tone: inner.verdict.tone, params: { name: worst.metadata.name }, object: refOf('pods', worst) },
    ...inner.steps,
  ]
  const because = [{ code: `verdict.${inner.verdict.code}`, params: inner.verdict.params }, ...inner.verdict.because]
  const candidates = inner.candidates
  if (
    object.kind === 'StatefulSet' &&
    (spec.podManagementPolicy ?? 'OrderedReady') === 'OrderedReady' &&
    inner.verdict.tone !== 'ok'
  ) {
    const ordinal = worst.metadata.name.slice(metadata.name.length + 1)
    return finding(
      inner.verdict.tone,
      'ordinalBlocks',
      { name: worst.metadata.name, ordinal, ready, wanted },
      { because, steps, candidates },
    )
  }
  if (inner.verdict.tone === 'wait' && !stuck && inner.verdict.code !== 'podGated')
    return finding('wait', 'workloadProgressing', { ready, wanted }, { because, steps, candidates })
  const code = stuck ? 'rolloutStuck' : (updated ?? wanted) < wanted && ready > 0 ? 'rolloutBlocked' : 'workloadShort'
  return finding('fail', code, { ready, wanted, updated: updated ?? 0 }, { because, steps, candidates })
}

/** The pod that has most to say, and what it says. */
function worstPod(look: Look, pods: readonly KubeObject[]): [KubeObject, Finding] | [] {
  const rank = { fail: 0, warn: 1, wait: 2, ok: 3 }
  let best: [KubeObject, Finding] | undefined
  // The newest tell of what is being rolled out; a few stand for all.
  const newest = [...pods].sort((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp))
  for (const pod of newest.slice(0, 20)) {
    const found = podQuestion(look, { object: pod, ...refOf('pods', pod) })
    if (found && (!best || rank[found.verdict.tone] < rank[best[1].verdict.tone])) best = [pod, found]
  }
  return best ?? []
}

function resume(look: Look, { object, resource, key }: Subject): Candidate {
  const begun = look.now
  return {
    code: 'resume',
    object: { resource, key },
    edits: [{ path: ['spec', 'paused'] }],
    withinMs: 90_000,
    solved: (copy) => {
      const { spec, status } = copy.get(resource, key) ?? {}
      const all = spec?.replicas ?? 1
      const isDone = !spec?.paused && status?.updatedReplicas === all && status?.readyReplicas === all
      return isDone
        ? { code: 'rolledOut', params: { count: object.spec.replicas ?? 1, ms: copy.now - begun } }
        : undefined
    },
  }
}

/** What creates pods is refused by the API server: a quota, a limit, a missing service account, an admission. */
export function refusal(look: Look, subject: Subject): Finding | undefined {
  const { object } = subject
  const sources = [
    subject,
    ...look.owned(object, 'replicasets.apps').map((one) => ({ object: one, ...refOf('replicasets.apps', one) })),
  ]
  for (const source of sources) {
    const failure = conditionOf(source.object, 'ReplicaFailure')
    const [event] = look.events(source.object, 'FailedCreate')
    const isDeployment = source.object.kind === 'Deployment' || source.object.kind === 'ReplicaSet'
    const message: string | undefined =
      failure?.status === 'True'
        ? failure.message
        : !isDeployment && event && look.now - look.eventAt(event) < 120_000 && isShort(source.object)
          ? event.message
          : undefined
    if (!message) continue
    const steps: Step[] = [
      { code: 'serverSays', tone: 'fail', params: { message }, ...(event && { at: look.eventAt(event) }) },
    ]
    const quota = /exceeded quota: ([^,]+), requested: (.+?), used: (.+?), limited: (.+)$/.exec(message)
    if (!quota)
      return finding('fail', 'podsRefused', { message }, { steps, candidates: () => [rollBack(look, subject)] })
    const [, name = '', , , limited = ''] = quota
    const key = `${object.metadata.namespace}/${name}`
    return finding(
      'fail',
      'quotaRefuses',
      { quota: name, limited },
      {
        steps: [
          {
            code: 'quota',
            tone: 'fail',
            params: { name, used: quota[3]!, limited },
            object: { resource: 'resourcequotas', key },
          },
          ...steps,
        ],
        candidates: () => quotaCandidates(look, subject, key, limited),
      },
    )
  }
  return undefined
}

function isShort({ kind, spec, status }: KubeObject): boolean {
  if (kind === 'Job') return !status?.active
  return kind === 'DaemonSet'
    ? (status?.currentNumberScheduled ?? 0) < (status?.desiredNumberScheduled ?? 0)
    : (status?.replicas ?? status?.currentReplicas ?? 0) < (spec?.replicas ?? 1)
}

/** The quota raised to hold all replicas, four times as much at most. */
function quotaCandidates(look: Look, subject: Subject, key: string, limited: string): Candidate[] {
  const quota = look.get('resourcequotas', key)
  if (!quota) return []
  const before = readyOf(subject.object)
  const edits = limited.split(',').flatMap((part) => {
    const [name = '', value = ''] = part.split('=')
    const [, amount, unit = ''] = /^([\d.]+)(.*)$/.exec(value) ?? []
    return amount === undefined ? [] : [{ path: ['spec', 'hard', name], value: `${Number(amount) * 4}${unit}` }]
  })
  if (edits.length === 0) return []
  return [
    {
      code: 'raiseQuota',
      params: { name: quota.metadata.name, to: edits.map(({ path, value }) => `${path.at(-1)} ${value}`).join(', ') },
      object: { resource: 'resourcequotas', key },
      edits,
      // A set that was refused tries again after a while only.
      withinMs: 240_000,
      solved: (copy) => {
        const now = copy.get(subject.resource, subject.key)
        const ready = now ? readyOf(now) : 0
        return ready > before ? { code: 'ready', params: { ready, wanted: now?.spec.replicas ?? ready } } : undefined
      },
    },
  ]
}

const readyOf = ({ status }: KubeObject): number => status?.readyReplicas ?? status?.numberReady ?? 0
