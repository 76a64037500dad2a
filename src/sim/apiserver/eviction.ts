import { isFinished, isReady, withCondition } from '../../kinds/pod/conditions.ts'
import { disruptionAllowed } from '../../kinds/poddisruptionbudget/conditions.ts'
import { badRequest, forbiddenRequest, plainError, tooManyRequests } from '../../machinery/errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { matchesLabelSelector } from '../../machinery/selectors.ts'
import type { DeleteOptions, WriteOptions } from './request.ts'
import type { ApiServer } from './server.ts'

const budgets = 'poddisruptionbudgets.policy'
const refusal = "Cannot evict pod as it would violate the pod's disruption budget."
/** Evictions that the budget's controller has not confirmed yet. Upstream: MaxDisruptedPodSize. */
const maxDisruptedPods = 2000

/**
 * Deletes a pod if its disruption budget lets it go. Throws 429 with a DisruptionBudget cause when it does not.
 * Upstream: pkg/registry/core/pod/storage/eviction.go.
 */
export function evictPod(api: ApiServer, key: string, eviction: any, options: WriteOptions): void {
  const pod = api.get('pods', key)
  const { name } = pod.metadata
  if ((eviction.metadata?.name ?? name) !== name) throw badRequest('name in URL does not match name in Eviction object')
  const { gracePeriodSeconds, preconditions, propagationPolicy, dryRun } = eviction.deleteOptions ?? {}
  const deletion: DeleteOptions = {
    ...options,
    gracePeriodSeconds,
    preconditions,
    propagationPolicy,
    dryRun: options.dryRun || (Array.isArray(dryRun) && dryRun.includes('All')),
  }
  // Asked before anything is counted: who may create evictions of pods.
  api.context('create', 'pods', pod.metadata.namespace, name, { ...options, subresource: 'eviction' })
  if (!isFree(pod)) chargeBudget(api, pod, deletion)
  if (!deletion.dryRun && !pod.metadata.deletionTimestamp) markDisrupted(api, key)
  api.delete('pods', key, { ...deletion, authorized: true })
}

/** Pods that do not run yet, or no longer, disturb nobody. */
function isFree(pod: KubeObject): boolean {
  return isFinished(pod) || pod.status?.phase === 'Pending' || pod.metadata.deletionTimestamp !== undefined
}

function chargeBudget(api: ApiServer, pod: KubeObject, { dryRun }: DeleteOptions): void {
  const { namespace, labels = {}, name } = pod.metadata
  const matching = api
    .list(budgets, namespace)
    .filter(({ spec }) => spec.selector && matchesLabelSelector(spec.selector, labels))
  if (matching.length === 0) return
  if (matching.length > 1)
    throw plainError('This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.')
  const budget = matching[0]!
  const { status = {} } = budget
  if (!isReady(pod)) {
    if (budget.spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return
    if ((status.currentHealthy ?? 0) >= (status.desiredHealthy ?? 0) && (status.desiredHealthy ?? 0) > 0) return
  }
  checkBudget(budget)
  const allowed = status.disruptionsAllowed - 1
  if (dryRun) return
  api.update(
    budgets,
    {
      ...budget,
      status: {
        ...status,
        disruptionsAllowed: allowed,
        disruptedPods: { ...status.disruptedPods, [name]: api.timestamp() },
        conditions: disruptionAllowed(status.conditions, allowed, budget.metadata.generation ?? 0, api.timestamp()),
      },
    },
    { subresource: 'status', fieldManager: 'kube-apiserver' },
  )
}

function checkBudget({ metadata, status = {} }: KubeObject): void {
  const { name } = metadata
  const because = (message: string) => [{ reason: 'DisruptionBudget', message }]
  const resource = { group: 'policy', name: 'poddisruptionbudget' }
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0))
    throw tooManyRequests(refusal, 10, because(`The disruption budget ${name} is still being processed by the server.`))
  if (status.disruptionsAllowed < 0) throw forbiddenRequest(resource, name, 'pdb disruptions allowed is negative')
  if (Object.keys(status.disruptedPods ?? {}).length > maxDisruptedPods)
    throw forbiddenRequest(
      resource,
      name,
      'DisruptedPods map too big - too many evictions not confirmed by PDB controller',
    )
  if (status.disruptionsAllowed > 0) return
  const { desiredHealthy, currentHealthy, conditions = [] } = status
  const failed = conditions.find((one: any) => one.type === 'DisruptionAllowed' && one.reason === 'SyncFailed')
  const text =
    currentHealthy <= desiredHealthy
      ? `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`
      : failed
        ? `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${failed.message}`
        : `The disruption budget ${name} does not allow evicting pods currently`
  throw tooManyRequests(refusal, undefined, because(text))
}

function markDisrupted(api: ApiServer, key: string): void {
  const pod = api.get('pods', key)
  const conditions = withCondition(pod.status?.conditions, {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
    lastProbeTime: null,
    lastTransitionTime: api.timestamp(),
  })
  api.update(
    'pods',
    { ...pod, status: { ...pod.status, conditions } },
    { subresource: 'status', fieldManager: 'kube-apiserver' },
  )
}
