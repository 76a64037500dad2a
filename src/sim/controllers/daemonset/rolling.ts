import { isAvailable } from '../../../kinds/pod/conditions.ts'
import { scaledValue } from '../../../machinery/intstr.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { Plan, Situation } from './manage.ts'
import { isUpdated } from './pod.ts'

interface Places {
  /** Pods by node, the nodes without any that should have one included. */
  readonly pods: ReadonlyMap<string, readonly KubeObject[]>
  readonly desired: number
}

/**
 * What a rolling update may do now: delete old pods while enough others are available, or, when it may surge, put new
 * ones beside them. Upstream: DaemonSetsController.rollingUpdate.
 */
export function rollingUpdate(situation: Situation): Plan {
  const places = placesOf(situation)
  const { maxSurge = 0, maxUnavailable = 0 } = situation.set.spec.updateStrategy.rollingUpdate ?? {}
  const surge = scaledValue(maxSurge, places.desired, true) ?? 0
  const unavailable = scaledValue(maxUnavailable, places.desired, true) ?? 0
  if (surge > 0) return surging(situation, places, surge)
  return replacing(situation, places, places.desired > 0 ? Math.max(1, unavailable) : unavailable)
}

function placesOf({ podsByNode, nodes, fitOf }: Situation): Places {
  const pods = new Map(podsByNode)
  let desired = 0
  for (const node of nodes) {
    if (!fitOf(node).runs) continue
    desired++
    if (!pods.has(node.metadata.name)) pods.set(node.metadata.name, [])
  }
  return { pods, desired }
}

/** The one new and the one old pod of a node; undefined when there are more of a sort. */
function pairOn(
  pods: readonly KubeObject[],
  { set, hash }: Situation,
): { fresh?: KubeObject; old?: KubeObject } | undefined {
  const living = pods.filter(({ metadata }) => !metadata.deletionTimestamp)
  const fresh = living.filter((pod) => isUpdated(pod, set, hash))
  if (fresh.length > 1 || living.length - fresh.length > 1) return undefined
  const old = living.find((pod) => !fresh.includes(pod))
  return { ...(fresh[0] && { fresh: fresh[0] }), ...(old && { old }) }
}

function replacing(situation: Situation, { pods }: Places, limit: number): Plan {
  const { set, wallMs } = situation
  const works = (pod: KubeObject) => isAvailable(pod, set.spec.minReadySeconds ?? 0, wallMs)
  const broken: KubeObject[] = []
  const candidates: KubeObject[] = []
  let unavailable = 0
  for (const onNode of pods.values()) {
    const pair = pairOn(onNode, situation)
    const only = pair && (pair.fresh ? !pair.old && pair.fresh : pair.old)
    // What is not there yet, or is too much, is for the main loop to mend.
    if (!only) unavailable++
    else if (only === pair.old) {
      if (works(only)) candidates.push(only)
      else {
        broken.push(only)
        unavailable++
      }
    } else if (!works(only)) unavailable++
  }
  return { deletes: [...broken, ...candidates.slice(0, Math.max(0, limit - unavailable))], creates: [] }
}

function surging(situation: Situation, { pods, desired }: Places, limit: number): Plan {
  const { set, wallMs, nodesByName, fitOf } = situation
  const works = (pod: KubeObject | undefined) => !!pod && isAvailable(pod, set.spec.minReadySeconds ?? 0, wallMs)
  const runsOn = (name: string) => {
    const node = nodesByName.get(name)
    return node !== undefined && fitOf(node).runs
  }
  const deletes: KubeObject[] = []
  const misplaced: KubeObject[] = []
  const creates: string[] = []
  const candidates: string[] = []
  let surged = 0
  let available = 0
  for (const [name, onNode] of pods) {
    const pair = pairOn(onNode, situation)
    if (!pair) {
      surged++
      continue
    }
    const { fresh, old } = pair
    if (works(old ?? fresh)) available++
    if (!old) continue
    if (fresh) {
      if (works(fresh)) deletes.push(old)
      else surged++
    } else if (!works(old)) {
      if (runsOn(name)) creates.push(name)
      else deletes.push(old)
    } else if (!runsOn(name)) misplaced.push(old)
    else candidates.push(name)
  }
  return {
    // With surge nobody may be missed: a pod that has to go waits until enough others are there.
    deletes: [...deletes, ...misplaced.slice(0, Math.max(0, available - desired))],
    creates: [...creates, ...candidates.slice(0, Math.max(0, limit - surged))],
  }
}
