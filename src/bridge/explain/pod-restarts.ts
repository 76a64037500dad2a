import { wholeValue } from '../../machinery/quantity.ts'
import { finding, type Candidate, type Finding } from './finding.ts'
import type { Look, Subject } from './look.ts'
import { containersOf, podEdit, rollBack, type ContainerPlace } from './pod-candidates.ts'
import { probeCandidates } from './pod-ready.ts'
import { eventSteps } from './pod-waiting.ts'
import type { Step } from './types.ts'

const lastLines = 6
/** A restart longer ago than this is history. */
const recentMs = 600_000

/** A pod whose containers end and are started again, or that has failed. */
export function podRestarts(look: Look, subject: Subject): Finding | undefined {
  const { object: pod } = subject
  if (pod.status?.phase === 'Failed') return podFailed(look, subject)
  const places = containersOf(pod)
  const crashing = places.find(({ status }) =>
    /^(CrashLoopBackOff|RunContainerError|PostStartHookError)$/.test(status?.state?.waiting?.reason),
  )
  const ended = places.find(({ status }) => status?.state?.terminated && status.state.terminated.exitCode !== 0)
  const recent = places.find(
    ({ status }) => status?.restartCount > 0 && look.since(status.lastState?.terminated?.finishedAt) < recentMs,
  )
  const place =
    crashing ?? ended ?? (pod.status?.phase === 'Running' || pod.status?.phase === 'Pending' ? recent : undefined)
  return place && restartFinding(look, subject, place, Boolean(crashing ?? ended))
}

function restartFinding(look: Look, subject: Subject, place: ContainerPlace, isDown: boolean): Finding {
  const { spec, status } = place
  const end = status.state?.terminated ?? status.lastState?.terminated ?? {}
  const { exitCode = 0, reason = 'Error', finishedAt } = end
  const params = { container: spec.name, exitCode, reason, count: status.restartCount }
  const killed = look
    .events(subject.object, 'Killing')
    .find(({ message }) => message.includes(`Container ${spec.name} failed`))
  const probe = /failed (\w+) probe/.exec(killed?.message ?? '')?.[1]
  const steps: (Step | false)[] = [
    { code: 'ended', tone: 'fail', params, ...(finishedAt && { at: look.at(finishedAt)! }) },
    ...eventSteps(look, subject, 'Unhealthy').slice(0, probe ? 2 : 0),
    logStep(look, subject, place),
    isDown &&
      status.state?.waiting?.message && { code: 'serverSays', params: { message: status.state.waiting.message } },
  ]
  if (reason === 'OOMKilled') {
    const limit = spec.resources?.limits?.memory ?? ''
    return finding(
      isDown ? 'fail' : 'warn',
      'podOom',
      { ...params, limit },
      {
        steps,
        candidates: () => [...memoryCandidates(look, subject, place), rollBack(look, subject)],
      },
    )
  }
  if (probe)
    return finding(
      isDown ? 'fail' : 'warn',
      'podKilledByProbe',
      { ...params, probe },
      {
        steps,
        candidates: () => [...probeCandidates(look, subject, place, `${probe}Probe`), rollBack(look, subject)],
      },
    )
  const code = isDown ? (exitCode === 0 ? 'podEnds' : 'podCrashes') : 'podRestarted'
  return finding(isDown ? 'fail' : 'warn', code, params, { steps, candidates: () => [rollBack(look, subject)] })
}

/** Limits that are larger: double until it is enough, and as much as the pod is known to hold. */
function memoryCandidates(look: Look, subject: Subject, { spec, list, index }: ContainerPlace): Candidate[] {
  const limit = wholeValue(spec.resources?.limits?.memory)
  if (!limit) return []
  const holds = wholeValue(subject.object.metadata.annotations?.['kubecosm.dev/memory'] ?? 0)
  const mebibyte = 1024 ** 2
  const wanted = holds > limit ? [Math.ceil((holds * 1.25) / mebibyte / 32) * 32 * mebibyte] : [limit * 2, limit * 4]
  return wanted.map((bytes) => {
    const value = bytes % (1024 * mebibyte) === 0 ? `${bytes / 1024 / mebibyte}Gi` : `${Math.ceil(bytes / mebibyte)}Mi`
    return podEdit(look, subject, 'raiseMemory', { from: spec.resources.limits.memory, to: value }, [
      { at: [list, index, 'resources', 'limits', 'memory'], value },
    ])
  })
}

/** The last lines a container wrote: of the run that ended, if there is one. */
export function logStep(look: Look, { object: pod }: Subject, { spec, status }: ContainerPlace): Step | false {
  const { api } = look.cluster
  const read = (previous: boolean) => {
    try {
      const lines = api.podLogs?.(pod, spec.name, previous) ?? []
      return typeof lines === 'string' ? [] : lines
    } catch {
      // A node that does not answer has no log to show.
      return []
    }
  }
  const isBetween = !status?.state?.running
  const lines = [isBetween, !isBetween].map(read).find((found) => found.length > 0) ?? []
  const last = lines.slice(-lastLines)
  return (
    last.length > 0 && {
      code: 'lastLines',
      params: { container: spec.name },
      lines: last.map(({ text }) => text),
      at: last.at(-1)!.at,
    }
  )
}

function podFailed(look: Look, subject: Subject): Finding {
  const { status } = subject.object
  const { reason = '', message = '' } = status
  if (reason)
    return finding(
      'fail',
      reason === 'Evicted' ? 'podEvicted' : 'podFailedFor',
      { reason, message },
      { steps: eventSteps(look, subject) },
    )
  const place = containersOf(subject.object).find((one) => (one.status?.state?.terminated?.exitCode ?? 0) !== 0)
  const { exitCode = 0, reason: why = 'Error' } = place?.status.state.terminated ?? {}
  return finding(
    'fail',
    'podFailed',
    { container: place?.spec.name ?? '', exitCode, reason: why },
    {
      steps: place ? [logStep(look, subject, place)] : [],
    },
  )
}
