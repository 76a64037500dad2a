import { deepEqual } from '../../../lib/deep-equal.ts'
import { isAvailable, isFinished, isReady, readySince } from '../../../kinds/pod/conditions.ts'
import { StatusError } from '../../../machinery/errors.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { adoptersOf, claimed, selectorOf, type Claimant } from '../../controller-runtime/claims.ts'
import {
  defineController,
  done,
  requeueAfter,
  timeFor,
  type MapFunction,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'
import { burstReplicas, createPod, deletePod, slowStart } from '../../controller-runtime/pod-control.ts'
import { controllerRevisions, deleteOldest } from '../../controller-runtime/history.ts'
import { historyOf, type History } from './history.ts'
import { manage, type Plan, type Situation } from './manage.ts'
import {
  daemonPlace,
  isUpdated,
  nodeTest,
  oldestFirst,
  placeOf,
  podFor,
  targetNode,
  tolerationsOf,
  type Fit,
} from './pod.ts'
import { rollingUpdate } from './rolling.ts'

const daemonSets = 'daemonsets.apps'
const claimant: Claimant = { resource: daemonSets, selector: selectorOf }

/** Sets whose pod a node lacks, has and may not keep, or may be where it should not. Upstream: addNode and syncNodeUpdate. */
const concernedByNode: MapFunction = (node, { client }, { type, old }) => {
  if (type === 'DELETED') return []
  if (old && deepEqual(old.metadata.labels, node.metadata.labels) && deepEqual(old.spec?.taints, node.spec?.taints))
    return []
  const pods = client.cache('pods')
  pods.addIndex('daemonPlace', daemonPlace)
  return client
    .list(daemonSets)
    .filter((set) => {
      const { runs, stays } = nodeTest(set)(node)
      const isThere = pods.countByIndex('daemonPlace', placeOf(set.metadata.uid, node.metadata.name)) > 0
      return isThere ? !stays || set.status?.numberMisscheduled > 0 : runs
    })
    .map(keyOf)
}

export const daemonSetController = defineController({
  name: 'daemonset',
  for: daemonSets,
  owns: ['pods', controllerRevisions],
  ownerKind: 'DaemonSet',
  watches: { pods: adoptersOf(claimant), nodes: concernedByNode },
  reconcile,
})

function reconcile(key: string, context: ReconcileContext): Result {
  const { client, memory } = context
  const set = client.get(daemonSets, key)
  if (!set) memory.delete(key)
  if (!set || set.metadata.deletionTimestamp) return done
  const pods = claimed('pods', set, claimant, client)
  const history = historyOf(set, daemonSets, pods, client)
  const situation = situationOf(set, pods, history.hash, context)
  let refusal: StatusError | undefined
  let lookAgainMs: number | undefined
  try {
    const plan = manage(situation, context)
    lookAgainMs = plan.lookAgainMs
    const isSettled = plan.creates.length === 0 && plan.deletes.length === 0
    if (!isSettled) carryOut(plan, situation, context)
    else if (set.spec.updateStrategy.type === 'RollingUpdate') carryOut(rollingUpdate(situation), situation, context)
    truncateHistory(set, history, pods, context)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    refusal = error
  }
  const { status, availableInMs } = statusOf(situation, history.collisions)
  if (!deepEqual(status, set.status)) client.updateStatus(daemonSets, { ...set, status })
  if (refusal) throw refusal
  const next = Math.min(lookAgainMs ?? Infinity, availableInMs)
  const tookMs = timeFor(pods.length + situation.nodes.length)
  return { ...requeueAfter(next === Infinity ? undefined : next), tookMs }
}

function situationOf(set: KubeObject, pods: readonly KubeObject[], hash: string, context: ReconcileContext): Situation {
  const nodes = context.client.list('nodes')
  const podsByNode = new Map<string, KubeObject[]>()
  for (const pod of pods) {
    const node = targetNode(pod)
    // What is finished and being deleted only waits for its kubelet or a finalizer.
    if (!node || (isFinished(pod) && pod.metadata.deletionTimestamp)) continue
    const present = podsByNode.get(node)
    if (present) present.push(pod)
    else podsByNode.set(node, [pod])
  }
  const test = nodeTest(set)
  const known = new Map<string, Fit>()
  const fitOf = (node: KubeObject) => {
    let fit = known.get(node.metadata.name)
    if (!fit) known.set(node.metadata.name, (fit = test(node)))
    return fit
  }
  const nodesByName = new Map(nodes.map((node) => [node.metadata.name, node]))
  return { set, hash, nodes, nodesByName, podsByNode, fitOf, wallMs: context.clock.wall() }
}

/** Creates and deletes what a plan says, as many at once as is usual. Upstream: syncNodes. */
function carryOut({ creates, deletes }: Plan, { set, hash }: Situation, { client }: ReconcileContext): void {
  const tolerations = tolerationsOf(set)
  let refusal: StatusError | undefined
  const attempt = (act: () => void) => {
    try {
      act()
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      refusal ??= error
    }
  }
  attempt(() =>
    slowStart(creates.slice(0, burstReplicas), (node) => createPod(set, podFor(set, node, hash, tolerations), client)),
  )
  for (const pod of deletes.slice(0, burstReplicas)) attempt(() => deletePod(set, pod, client))
  if (refusal) throw refusal
}

function statusOf(
  { set, hash, nodes, podsByNode, fitOf, wallMs }: Situation,
  collisionCount: number,
): { status: any; availableInMs: number } {
  const minReady: number = set.spec.minReadySeconds ?? 0
  let desired = 0
  let current = 0
  let misscheduled = 0
  let ready = 0
  let available = 0
  let updated = 0
  let availableInMs = Infinity
  for (const node of nodes) {
    const pods = podsByNode.get(node.metadata.name)
    if (!fitOf(node).runs) {
      if (pods) misscheduled++
      continue
    }
    desired++
    if (!pods) continue
    current++
    const [pod] = oldestFirst(pods)
    if (isUpdated(pod!, set, hash)) updated++
    if (!isReady(pod!)) continue
    ready++
    if (isAvailable(pod!, minReady, wallMs)) available++
    else availableInMs = Math.min(availableInMs, readySince(pod!) + minReady * 1000 - wallMs)
  }
  const status = {
    currentNumberScheduled: current,
    numberMisscheduled: misscheduled,
    desiredNumberScheduled: desired,
    numberReady: ready,
    ...(set.metadata.generation && { observedGeneration: set.metadata.generation }),
    ...(updated && { updatedNumberScheduled: updated }),
    ...(available && { numberAvailable: available }),
    ...(desired - available > 0 && { numberUnavailable: desired - available }),
    ...(collisionCount > 0 && { collisionCount }),
    ...(set.status?.conditions && { conditions: set.status.conditions }),
  }
  return { status, availableInMs }
}

function truncateHistory(
  set: KubeObject,
  { old }: History,
  pods: readonly KubeObject[],
  context: ReconcileContext,
): void {
  const surplus = old.length - (set.spec.revisionHistoryLimit ?? 10)
  if (surplus <= 0) return
  const live = new Set(pods.map(({ metadata }) => metadata.labels?.['controller-revision-hash']))
  const unneeded = old.filter(({ metadata }) => !live.has(metadata.labels?.['controller-revision-hash']))
  deleteOldest(unneeded, surplus, context.client)
}
