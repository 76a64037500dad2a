import { nearMissOf, nearName } from '../../kinds/service/near-miss.ts'
import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import { resourceOfKind } from '../inspector/resources.ts'
import { clusterStore, type ClusterState } from '../state/cluster-store.ts'
import { cardKey } from './live-places.ts'
import { useNear, type Near } from './near-store.ts'
import { groupBy } from './group-by.ts'
import { controllerOf } from './workload-name.ts'

const gatherMs = 400
const autoscalers = 'horizontalpodautoscalers.autoscaling'

/** What may miss pods, and when it is worth a look: not while it is known to have some. */
const selecting: readonly [resource: string, mayMiss: (object: KubeObject, state: ClusterState) => boolean][] = [
  ['services', (service) => Boolean(service.spec?.selector)],
  ['poddisruptionbudgets.policy', (budget) => !budget.status?.expectedPods],
  ['networkpolicies.networking.k8s.io', () => true],
]

/** All near misses of a cluster. */
function nearIn(state: ClusterState): Map<string, Near> {
  const { resources } = state
  const found = new Map<string, Near>()
  const pods = groupBy(resources.pods?.byKey.values() ?? [], (pod) => pod.metadata.namespace)
  for (const [resource, mayMiss] of selecting) {
    for (const object of resources[resource]?.byKey.values() ?? []) {
      if (!mayMiss(object, state)) continue
      const miss = nearMissOf(object, pods.get(object.metadata.namespace) ?? [])
      if (!miss) continue
      const target = workloadCard(state, resources.pods?.byKey.get(miss.pods[0]!))
      const { selects, has } = miss
      found.set(cardKey(resource, keyOf(object)), { selects, has, pods: miss.pods, ...(target && { target }) })
    }
  }
  for (const object of resources[autoscalers]?.byKey.values() ?? []) addMissedTarget(state, object, found)
  return found
}

/** An autoscaler names its target: almost is a name that is nearly there. */
function addMissedTarget({ resources }: ClusterState, object: KubeObject, found: Map<string, Near>): void {
  const { apiVersion, kind, name } = object.spec?.scaleTargetRef ?? {}
  if (!apiVersion || !kind || !name) return
  const { namespace } = object.metadata
  const resource = resourceOfKind(apiVersion, kind)
  const table = resources[resource]
  if (table?.byKey.has(`${namespace}/${name}`)) return
  const names = [...(table?.byKey.values() ?? [])].filter((each) => each.metadata.namespace === namespace)
  const near = nearName(
    name,
    names.map((each) => each.metadata.name),
  )
  if (!near) return
  const target = cardKey(resource, `${namespace}/${near}`)
  found.set(cardKey(autoscalers, keyOf(object)), {
    selects: `${kind}/${name}`,
    has: `${kind}/${near}`,
    pods: [],
    target,
  })
}

/** The card of the workload a pod comes from: of its Deployment, not of its ReplicaSet. */
function workloadCard({ resources }: ClusterState, pod: KubeObject | undefined): string | undefined {
  let card: string | undefined
  let object = pod
  for (let step = 0; object && step < 4; step++) {
    const owner = controllerOf(object)
    if (!owner) break
    const resource = resourceOfKind(owner.apiVersion, owner.kind)
    const key = `${object.metadata.namespace}/${owner.name}`
    card = cardKey(resource, key)
    object = resources[resource]?.byKey.get(key)
  }
  return card
}

let timer: ReturnType<typeof setTimeout> | undefined
let seen: readonly unknown[] = []
let signature = ''

function look(): void {
  timer = undefined
  const near = nearIn(clusterStore.getState())
  const next = JSON.stringify([...near])
  if (next === signature) return
  signature = next
  useNear.setState({ near })
}

function follow(state: ClusterState): void {
  // Labels of pods hardly ever change; that pods come and go is enough.
  const inputs = [
    state.resources.pods?.keys,
    ...selecting.map(([name]) => state.resources[name]?.byKey),
    state.resources[autoscalers]?.byKey,
  ]
  if (inputs.every((input, i) => input === seen[i])) return
  seen = inputs
  timer ??= setTimeout(look, gatherMs)
}

clusterStore.subscribe(follow)
follow(clusterStore.getState())
