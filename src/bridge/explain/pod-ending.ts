import { finding, type Candidate, type Finding } from './finding.ts'
import { conditionOf, isReady, type Look, type Subject } from './look.ts'
import { newPodRuns, samePodRuns } from './pod-candidates.ts'
import { eventSteps } from './pod-waiting.ts'
import type { Say, Step } from './types.ts'

/** A pod that is being deleted. */
export function podEnding(look: Look, subject: Subject): Finding | undefined {
  const { object: pod, key } = subject
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = pod.metadata
  if (!deletionTimestamp) return undefined
  const steps = eventSteps(look, subject, 'Killing', 'TaintManagerEviction', 'Evicted', 'FailedPreStopHook')
  const gone = (copy: Look): Say | undefined => {
    const now = copy.get('pods', key)
    return now?.metadata.uid === pod.metadata.uid ? undefined : { code: 'gone' }
  }
  const force: Candidate = {
    code: 'forceDelete',
    params: { name: pod.metadata.name },
    object: subject,
    action: {
      type: 'delete',
      resource: 'pods',
      namespace: pod.metadata.namespace,
      name: pod.metadata.name,
      gracePeriodSeconds: 0,
    },
    solved: gone,
  }
  const node = pod.spec.nodeName
  if (node && !answers(look, node)) {
    const candidates = () => [...machineCandidates(look, node, gone), force]
    return finding('warn', 'podEndingOnLostNode', { node }, { steps: [nodeStep(look, node), ...steps], candidates })
  }
  const isStopped = (pod.status?.containerStatuses ?? []).every(({ state }: any) => !state?.running)
  if (finalizers.length > 0 && isStopped)
    return finding(
      'warn',
      'finalizers',
      { finalizers: finalizers.join(', '), count: finalizers.length },
      {
        steps,
        candidates: () => [dropFinalizers(subject)],
      },
    )
  const leftMs = Math.max(0, (look.at(deletionTimestamp) ?? look.now) - look.now)
  const params = { grace: deletionGracePeriodSeconds, left: Math.ceil(leftMs / 1000) }
  return finding('wait', 'podEnding', params, { steps, candidates: () => [leftMs > 5000 && force] })
}

/** A pod whose node does not answer. */
export function podOnLostNode(look: Look, subject: Subject): Finding | undefined {
  const { object: pod } = subject
  const node = pod.spec.nodeName
  if (!node || answers(look, node) || isReady(pod)) return undefined
  const seconds = pod.spec.tolerations?.find(
    ({ key, effect }: any) => key === 'node.kubernetes.io/unreachable' && effect === 'NoExecute',
  )?.tolerationSeconds
  const tainted = look
    .get('nodes', node)
    ?.spec?.taints?.find(({ key, effect }: any) => key === 'node.kubernetes.io/unreachable' && effect === 'NoExecute')
  const left =
    seconds === undefined ? undefined : Math.max(0, Math.ceil(seconds - look.since(tainted?.timeAdded) / 1000))
  const root = look.root(subject)
  const same = samePodRuns(look, subject)
  const other = newPodRuns(look, root)
  return finding(
    'fail',
    left === undefined ? 'podOnLostNodeStays' : 'podOnLostNode',
    { node, ...(left !== undefined && { left }) },
    {
      steps: [nodeStep(look, node)],
      candidates: () => machineCandidates(look, node, (copy) => same(copy) ?? other(copy)),
    },
  )
}

/** Is a node's kubelet heard of? */
function answers(look: Look, name: string): boolean {
  const machine = look.cluster.machines.get(name)
  if (machine && !(machine.plugged && machine.powered)) return false
  return conditionOf(look.get('nodes', name), 'Ready')?.status !== 'Unknown'
}

function nodeStep(look: Look, name: string): Step {
  const machine = look.cluster.machines.get(name)
  const ready = conditionOf(look.get('nodes', name), 'Ready')
  const code = machine && !machine.powered ? 'nodeOff' : machine && !machine.plugged ? 'nodeUnplugged' : 'nodeSilent'
  const at = look.at(ready?.lastTransitionTime)
  return {
    code,
    tone: 'fail',
    params: { node: name },
    object: { resource: 'nodes', key: name },
    ...(at !== undefined && { at }),
  }
}

/** What brings a machine back. */
export function machineCandidates(look: Look, name: string, solved: Candidate['solved']): Candidate[] {
  const machine = look.cluster.machines.get(name)
  const candidate = { params: { node: name }, object: { resource: 'nodes', key: name }, withinMs: 90_000, solved }
  if (machine && !machine.powered)
    return [{ ...candidate, code: 'powerOn', action: { type: 'machine', name, change: 'powerOn' } }]
  if (machine && !machine.plugged)
    return [{ ...candidate, code: 'plug', action: { type: 'machine', name, change: 'plug' } }]
  return []
}

/** Letting an object go that waits for somebody who does not come. */
export function dropFinalizers(subject: Subject): Candidate {
  const { resource, key, object } = subject
  return {
    code: 'dropFinalizers',
    params: { finalizers: (object.metadata.finalizers ?? []).join(', ') },
    object: { resource, key },
    edits: [{ path: ['metadata', 'finalizers'] }],
    withinMs: 10_000,
    solved: (copy) => (copy.get(resource, key)?.metadata.uid === object.metadata.uid ? undefined : { code: 'gone' }),
  }
}
