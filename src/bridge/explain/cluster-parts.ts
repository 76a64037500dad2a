import type { KubeObject } from '../../machinery/objects.ts'
import { matchesLabelSelector } from '../../machinery/selectors.ts'
import { finding, type Candidate, type Question } from './finding.ts'
import { conditionOf, isReady, refOf, type Look, type Subject } from './look.ts'
import { dropFinalizers, machineCandidates } from './pod-ending.ts'
import type { Step } from './types.ts'

/** A PodDisruptionBudget: may a pod go? */
export const budgetQuestion: Question = (look, subject) => {
  const { object: budget, resource, key } = subject
  const { spec, status = {}, metadata } = budget
  const { disruptionsAllowed = 0, currentHealthy = 0, desiredHealthy = 0, expectedPods = 0 } = status
  const params = {
    allowed: disruptionsAllowed,
    healthy: currentHealthy,
    desired: desiredHealthy,
    expected: expectedPods,
  }
  const pods = look
    .list('pods', metadata.namespace)
    .filter((pod) => matchesLabelSelector(spec.selector, pod.metadata.labels))
  if (pods.length === 0) return finding('warn', 'budgetNoPods', params)
  if (disruptionsAllowed > 0) return finding('ok', 'budgetAllows', params)
  const unhealthy = pods.filter((pod) => !isReady(pod))
  const steps = unhealthy.slice(0, 4).map((pod): Step => ({
    code: 'podNotReady',
    tone: 'warn',
    params: { name: pod.metadata.name, phase: pod.status?.phase ?? 'Pending' },
    object: refOf('pods', pod),
  }))
  const solved: Candidate['solved'] = (copy) => {
    const allowed = copy.get(resource, key)?.status?.disruptionsAllowed ?? 0
    return allowed > 0 ? { code: 'allows', params: { count: allowed } } : undefined
  }
  const field = spec.maxUnavailable === undefined ? 'minAvailable' : 'maxUnavailable'
  const to = field === 'maxUnavailable' ? 1 : Math.max(0, currentHealthy - 1)
  const never = desiredHealthy >= expectedPods
  const scale = never && look.root({ object: pods[0]!, ...refOf('pods', pods[0]!) })
  return finding('warn', never ? 'budgetNever' : 'budgetNow', params, {
    steps,
    candidates: (): (Candidate | false)[] => [
      {
        code: 'setBudget',
        params: { field, from: String(spec[field] ?? ''), to },
        object: { resource, key },
        edits: [{ path: ['spec', field], value: to }],
        withinMs: 20_000,
        solved,
      },
      scale &&
        typeof scale.object.spec?.replicas === 'number' && {
          code: 'scaleUp',
          params: { name: scale.object.metadata.name, to: scale.object.spec.replicas + 1 },
          object: { resource: scale.resource, key: scale.key },
          edits: [{ path: ['spec', 'replicas'], value: scale.object.spec.replicas + 1 }],
          withinMs: 60_000,
          solved,
        },
    ],
  })
}

/** A Namespace: there, or going, and then what is left of it. */
export const namespaceQuestion: Question = (look, subject) => {
  const { object } = subject
  const { name, deletionTimestamp } = object.metadata
  const left = look.cluster.api.etcd
    .resources()
    .flatMap((resource) => (resource === 'events' ? [] : look.list(resource, name).map((one) => ({ one, resource }))))
  if (!deletionTimestamp) return finding('ok', 'namespaceActive', { count: left.length })
  const held = left.filter(({ one }) => one.metadata.finalizers?.length && one.metadata.deletionTimestamp)
  const steps = (held.length > 0 ? held : left).slice(0, 8).map(({ one, resource }): Step => ({
    code: one.metadata.finalizers?.length ? 'leftWithFinalizers' : 'left',
    tone: 'wait',
    params: { kind: one.kind, name: one.metadata.name, finalizers: (one.metadata.finalizers ?? []).join(', ') },
    object: refOf(resource, one),
  }))
  if (left.length === 0) return finding('wait', 'namespaceEnding')
  return finding(
    held.length > 0 ? 'warn' : 'wait',
    held.length > 0 ? 'namespaceHeld' : 'namespaceLeft',
    { count: (held.length > 0 ? held : left).length },
    {
      steps,
      candidates: () =>
        held.slice(0, 3).map(({ one, resource }) => dropFinalizers({ object: one, ...refOf(resource, one) })),
    },
  )
}

/** A Node: is it ready, and if not, is it its cable, its power, or what it lacks? */
export const nodeQuestion: Question = (look, subject) => {
  const { object: node, key: name } = subject
  const machine = look.cluster.machines.get(name)
  const ready = conditionOf(node, 'Ready')
  const pods = look.list('pods').filter(({ spec }) => spec.nodeName === name).length
  const params = { node: name, count: pods, message: ready?.message ?? '' }
  const solved: Candidate['solved'] = (copy) =>
    isReady(copy.get('nodes', name)) ? { code: 'nodeReady', params: { node: name } } : undefined
  const at = look.at(ready?.lastTransitionTime)
  const steps: Step[] =
    ready && ready.status !== 'True'
      ? [
          {
            code: 'condition',
            tone: 'fail',
            params: { type: 'Ready', status: ready.status, message: ready.message ?? '' },
            ...(at !== undefined && { at }),
          },
        ]
      : []
  const taints = (node.spec?.taints ?? []).filter(({ key }: any) => key.startsWith('node.kubernetes.io/'))
  steps.push(
    ...taints.map((taint: any): Step => ({
      code: 'taint',
      tone: 'warn',
      params: { taint: `${taint.key}:${taint.effect}` },
      ...(taint.timeAdded && { at: look.at(taint.timeAdded)! }),
    })),
  )
  const candidates = () => machineCandidates(look, name, solved)
  if (machine && !machine.powered) return finding('fail', 'nodeOff', params, { steps, candidates })
  if (machine && !machine.plugged) return finding('fail', 'nodeUnplugged', params, { steps, candidates })
  if (ready?.status !== 'True')
    return finding('fail', ready?.status === 'Unknown' ? 'nodeSilent' : 'nodeNotReady', params, { steps })
  const pressure = (node.status?.conditions ?? []).filter(
    ({ type, status }: any) => type.endsWith('Pressure') && status === 'True',
  )
  if (pressure.length > 0) {
    const [one] = pressure
    return finding('warn', 'nodePressure', { ...params, type: one.type, message: one.message ?? '' }, { steps })
  }
  if (node.spec?.unschedulable)
    return finding('warn', 'nodeCordoned', params, {
      candidates: () => [
        {
          code: 'uncordon',
          params: { node: name },
          object: { resource: 'nodes', key: name },
          action: { type: 'cordon', name, cordon: false },
          withinMs: 10_000,
          solved: (copy) =>
            copy.get('nodes', name)?.spec?.unschedulable ? undefined : { code: 'takesPods', params: { node: name } },
        },
      ],
    })
  return finding('ok', 'nodeFine', params)
}

/** Anything else: what its owner and its conditions say. */
export const otherQuestion: Question = (look: Look, subject: Subject) => {
  const { object } = subject
  const { deletionTimestamp, finalizers = [], ownerReferences = [] } = object.metadata
  if (deletionTimestamp && finalizers.length > 0)
    return finding(
      'warn',
      'finalizers',
      { finalizers: finalizers.join(', '), count: finalizers.length },
      { candidates: () => [dropFinalizers(subject)] },
    )
  const bad = (object.status?.conditions ?? []).find(isBad)
  if (bad)
    return finding('warn', 'conditionBad', {
      type: bad.type,
      status: bad.status,
      message: bad.message || bad.reason || '',
    })
  const orphan = ownerReferences.find((owner) => {
    const resource = look.cluster.api.kindOf(owner)
    const { namespace } = object.metadata
    return (
      resource &&
      !look.get(resource, namespace ? `${namespace}/${owner.name}` : owner.name) &&
      !look.get(resource, owner.name)
    )
  })
  if (orphan) return finding('wait', 'orphan', { owner: `${orphan.kind} ${orphan.name}` })
  return finding('ok', 'stored', { kind: object.kind })
}

function isBad({ type, status }: NonNullable<KubeObject['status']>): boolean {
  return /^(Ready|Available|Established|Approved|Programmed|Accepted)$/.test(type) && status === 'False'
}
