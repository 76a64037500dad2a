import { deepEqual } from '../../../lib/deep-equal.ts'
import { parseTime, rfc3339 } from '../../../lib/time.ts'
import { isReady } from '../../../kinds/pod/conditions.ts'
import { disruptionAllowed, withBudgetCondition } from '../../../kinds/poddisruptionbudget/conditions.ts'
import { resourceOf } from '../../../kinds/kind.ts'
import { scaledValue } from '../../../machinery/intstr.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { matchesLabelSelector } from '../../../machinery/selectors.ts'
import {
  defineController,
  done,
  requeueAfter,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'
import { controllerOf } from '../../controller-runtime/owners.ts'
import { goSelector } from '../../../machinery/go-selector.ts'

const budgets = 'poddisruptionbudgets.policy'
/** An eviction that was allowed counts as under way for so long. Upstream: DeletionTimeout. */
const deletionTimeoutMs = 2 * 60_000

/** Keeps the status of PodDisruptionBudgets. Upstream: pkg/controller/disruption. */
export const disruptionController = defineController({
  name: 'disruption',
  component: 'controllermanager',
  for: budgets,
  watches: {
    pods: (pod, { client }) =>
      client
        .list(budgets)
        .filter((budget) => budget.metadata.namespace === pod.metadata.namespace && selects(budget, pod))
        .map(keyOf),
  },
  reconcile,
})

function selects({ spec }: KubeObject, pod: KubeObject): boolean {
  return spec.selector ? matchesLabelSelector(spec.selector, pod.metadata.labels ?? {}) : false
}

class SyncFailure extends Error {}

function reconcile(key: string, context: ReconcileContext): Result {
  const { client, clock } = context
  const budget = client.get(budgets, key)
  if (!budget) return done
  const now = rfc3339(clock.wall())
  const pods = client
    .list('pods')
    .filter((pod) => pod.metadata.namespace === budget.metadata.namespace && selects(budget, pod))
  if (pods.length === 0) client.events.normal(budget, 'NoPods', 'No matching pods found')
  let expected: { pods: number; healthy: number }
  try {
    expected = expectation(budget, pods, context)
  } catch (error) {
    if (!(error instanceof SyncFailure)) throw error
    const detail = `Failed to calculate the number of expected pods: ${error.message}`
    client.events.warning(budget, 'CalculateExpectedPodCountFailed', detail)
    return failSync(budget, error.message, now, context)
  }
  const disrupted = stillDisrupted(budget, pods, context)
  const healthy = pods.filter(
    (pod) => !pod.metadata.deletionTimestamp && !(pod.metadata.name in disrupted.pods) && isReady(pod),
  ).length
  const surplus = healthy - expected.healthy
  const allowed = expected.pods <= 0 || surplus <= 0 ? 0 : surplus
  const generation = budget.metadata.generation ?? 0
  const status = {
    observedGeneration: generation,
    ...(Object.keys(disrupted.pods).length > 0 && { disruptedPods: disrupted.pods }),
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: expected.healthy,
    expectedPods: expected.pods,
    conditions: disruptionAllowed(budget.status?.conditions, allowed, generation, now),
  }
  if (!deepEqual(status, budget.status)) client.updateStatus(budgets, { ...budget, status })
  return requeueAfter(disrupted.recheckMs, true)
}

function failSync(budget: KubeObject, message: string, now: string, { client }: ReconcileContext): Result {
  const conditions = withBudgetCondition(
    budget.status?.conditions,
    {
      type: 'DisruptionAllowed',
      status: 'False',
      observedGeneration: budget.metadata.generation ?? 0,
      reason: 'SyncFailed',
      message,
    },
    now,
  )
  const status = { ...budget.status, disruptionsAllowed: 0, conditions }
  if (!deepEqual(status, budget.status)) client.updateStatus(budgets, { ...budget, status })
  return done
}

/** How many pods there should be, and how many of them healthy. Upstream: getExpectedPodCount. */
function expectation(budget: KubeObject, pods: readonly KubeObject[], context: ReconcileContext) {
  const { minAvailable, maxUnavailable, selector } = budget.spec
  if (maxUnavailable === undefined && typeof minAvailable === 'number')
    return { pods: pods.length, healthy: minAvailable }
  if (maxUnavailable === undefined && minAvailable === undefined) return { pods: pods.length, healthy: 0 }
  const { total, unmanaged } = expectedScale(pods, context)
  if (unmanaged) {
    const message = `Pods selected by this PodDisruptionBudget (selector: ${goSelector(selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`
    context.client.events.warning(budget, 'UnmanagedPods', message)
  }
  if (maxUnavailable !== undefined) {
    const unavailable = scaledValue(maxUnavailable, total, true) ?? 0
    return { pods: total, healthy: Math.max(0, total - unavailable) }
  }
  return { pods: total, healthy: scaledValue(minAvailable, total, true) ?? 0 }
}

/** The sizes of the pods' controllers, each counted once. */
function expectedScale(pods: readonly KubeObject[], context: ReconcileContext): { total: number; unmanaged: boolean } {
  const sizes = new Map<string, number>()
  let unmanaged = false
  for (const pod of pods) {
    const owner = controllerOf(pod)
    if (!owner) unmanaged = true
    else if (!sizes.has(owner.uid)) {
      const { uid, size } = sizeOf(pod, owner, context)
      sizes.set(uid, size)
      // Several sets may belong to one Deployment; its size counts for all of them.
      if (uid !== owner.uid) sizes.set(owner.uid, 0)
    }
  }
  let total = 0
  for (const size of sizes.values()) total += size
  return { total, unmanaged }
}

function sizeOf(
  pod: KubeObject,
  reference: { readonly apiVersion: string; readonly kind: string; readonly name: string; readonly uid: string },
  { client, api }: ReconcileContext,
): { uid: string; size: number } {
  const { namespace } = pod.metadata
  const kind = api.kinds.ofObject(reference)
  if (!kind) throw new SyncFailure(`found no controllers for pod "${pod.metadata.name}"`)
  const resource = resourceOf(kind)
  if (!kind.scale) throw new SyncFailure(`${resource} does not implement the scale subresource`)
  const owner = client.live(resource, `${namespace}/${reference.name}`)
  if (!owner || owner.metadata.uid !== reference.uid)
    throw new SyncFailure(`found no controllers for pod "${pod.metadata.name}"`)
  const above = resource === 'replicasets.apps' ? controllerOf(owner) : undefined
  if (above?.kind === 'Deployment') {
    const deployment = client.live('deployments.apps', `${namespace}/${above.name}`)
    if (deployment && deployment.metadata.uid === above.uid)
      return { uid: above.uid, size: deployment.spec.replicas ?? 0 }
  }
  return { uid: reference.uid, size: kind.scale.read(owner).replicas }
}

/** Evictions that were allowed and whose pods are still there. Upstream: buildDisruptedPodMap. */
function stillDisrupted(budget: KubeObject, pods: readonly KubeObject[], { client, clock }: ReconcileContext) {
  const present: Record<string, string> = budget.status?.disruptedPods ?? {}
  const kept: Record<string, string> = {}
  let recheckMs: number | undefined
  for (const pod of pods) {
    const { name, namespace, deletionTimestamp } = pod.metadata
    if (deletionTimestamp || !Object.hasOwn(present, name)) continue
    const left = parseTime(present[name]!) + deletionTimeoutMs - clock.wall()
    if (left <= 0) {
      const text = `Pod was expected by PDB ${namespace}/${budget.metadata.name} to be deleted but it wasn't`
      client.events.warning(pod, 'NotDeleted', text)
      continue
    }
    kept[name] = present[name]!
    recheckMs = Math.min(recheckMs ?? left, left)
  }
  return { pods: kept, recheckMs }
}
