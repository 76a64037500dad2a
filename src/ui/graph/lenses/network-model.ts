import { ingressReferences } from '../../../kinds/ingress/references.ts'
import { keyOf, type KubeObject, type ObjectKey } from '../../../machinery/objects.ts'
import { matchesLabels, matchesLabelSelector } from '../../../machinery/selectors.ts'
import { groupBy } from '../group-by.ts'
import { podsOf } from '../pod-view.ts'
import { controllerOf } from '../workload-name.ts'
import { calledServices, serviceCard } from './calls.ts'
import { cardId, objectsOf, type NearLabel, type SceneInput, type SceneLink, type Tables } from './scene.ts'
import { workloadResources, templateOf } from './workload-rows.ts'

/** A card of the Network lens that has no place yet. */
export interface NetworkCardModel {
  readonly id: string
  readonly type: 'ObjectCard' | 'NetworkCard' | 'NearCard'
  readonly pods: readonly string[]
  readonly near?: NearLabel
  /** Before the cluster, in it, or what policies say of it. */
  readonly zone: 'entry' | 'inside' | 'policy' | 'outside'
}

const ingresses = 'ingresses.networking.k8s.io'
const gateways = 'gateways.gateway.networking.k8s.io'
const httpRoutes = 'httproutes.gateway.networking.k8s.io'
const policies = 'networkpolicies.networking.k8s.io'

interface Workload {
  readonly id: string
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly template: any
  readonly pods: readonly string[]
}

/** Who routes to whom: entries, Services with the pods behind them, and workloads that call but are not called. */
export function networkModel({ tables, near, hasPods }: SceneInput): { cards: NetworkCardModel[]; links: SceneLink[] } {
  const cards = new Map<string, NetworkCardModel>()
  const links = new Map<string, SceneLink>()
  const add = (card: NetworkCardModel) => void cards.set(card.id, card)
  const link = (type: SceneLink['type'], from: string, to: string, more: Partial<SceneLink> = {}) => {
    if (from !== to) links.set(`${type} ${from}>${to}`, { type, from, to, ...more })
  }
  const workloads = workloadsIn(tables)
  const byNamespace = groupBy(workloads, (each) => each.namespace)
  const services = objectsOf(tables, 'services').filter(isShown)
  const servedBy = new Map<string, string[]>()
  for (const service of services) {
    const id = serviceCard(keyOf(service))
    const namespace = service.metadata.namespace ?? ''
    const behind = (byNamespace.get(namespace) ?? []).filter(({ labels }) =>
      matchesLabels(service.spec?.selector, labels),
    )
    const bare = podsOf('', namespace, '')
    const pods = behind.flatMap((each) => each.pods)
    if (!behind.length && service.spec?.selector && hasPods(bare)) pods.push(bare)
    const zone = service.spec?.type === 'ExternalName' ? 'outside' : 'inside'
    add({ id, type: 'NetworkCard', pods, zone })
    for (const each of behind) servedBy.set(each.id, [...(servedBy.get(each.id) ?? []), id])
    const almost = near.get(id)
    if (!almost) continue
    const nearId = `near ${id}`
    add({ id: nearId, type: 'NearCard', pods: [], near: almost, zone: 'inside' })
    link('near', id, nearId, { near: almost })
  }
  for (const workload of workloads) {
    const called = calledServices(workload.template, workload.namespace, tables).map(serviceCard)
    const targets = called.filter((id) => cards.has(id))
    if (!targets.length) continue
    const from = servedBy.get(workload.id) ?? [workload.id]
    if (!servedBy.has(workload.id)) add({ id: workload.id, type: 'NetworkCard', pods: workload.pods, zone: 'inside' })
    for (const each of from) for (const to of targets) link('route', each, to)
  }
  addEntries(tables, cards, add, link)
  for (const policy of objectsOf(tables, policies)) {
    const id = cardId(policies, keyOf(policy))
    add({ id, type: 'ObjectCard', pods: [], zone: 'policy' })
    for (const workload of byNamespace.get(policy.metadata.namespace ?? '') ?? []) {
      if (!matchesLabelSelector(policy.spec?.podSelector, workload.labels)) continue
      for (const to of servedBy.get(workload.id) ?? [workload.id]) if (cards.has(to)) link('selector', id, to)
    }
  }
  return { cards: [...cards.values()], links: [...links.values()] }
}

/** The API server's own Service is in every cluster; DNS and the like are called by everybody. */
function isShown({ metadata }: KubeObject): boolean {
  return (
    !metadata.namespace?.startsWith('kube-') && !(metadata.namespace === 'default' && metadata.name === 'kubernetes')
  )
}

function workloadsIn(tables: Tables): Workload[] {
  return workloadResources.flatMap((resource) =>
    objectsOf(tables, resource)
      // What belongs to another workload is that one's.
      .filter((object) => !controllerOf(object) || !/^(Deployment|CronJob)$/.test(controllerOf(object)!.kind))
      .filter((object) => !object.metadata.namespace?.startsWith('kube-'))
      .map((object) => {
        const template = templateOf(object)
        const namespace = object.metadata.namespace ?? ''
        return {
          id: cardId(resource, keyOf(object)),
          namespace,
          labels: template?.metadata?.labels ?? {},
          template,
          pods: podGroups(tables, object, namespace),
        }
      }),
  )
}

function podGroups(tables: Tables, object: KubeObject, namespace: string): string[] {
  const child = { Deployment: 'replicasets.apps', CronJob: 'jobs.batch' }[object.kind]
  if (!child) return [podsOf(object.kind, namespace, object.metadata.name)]
  return objectsOf(tables, child)
    .filter((each) => controllerOf(each)?.uid === object.metadata.uid)
    .filter((each) => each.kind === 'Job' || (each.spec?.replicas ?? 0) > 0 || (each.status?.replicas ?? 0) > 0)
    .map((each) => podsOf(each.kind, namespace, each.metadata.name))
}

type Link = (type: SceneLink['type'], from: string, to: string, more?: Partial<SceneLink>) => void

/** Ingresses, Gateways and their routes; load balancers are drawn with their Service. */
function addEntries(
  tables: Tables,
  cards: ReadonlyMap<string, NetworkCardModel>,
  add: (card: NetworkCardModel) => void,
  link: Link,
): void {
  const entry = (id: string) => add({ id, type: 'ObjectCard', pods: [], zone: 'entry' })
  const route = (from: string, service: ObjectKey) => {
    if (cards.has(serviceCard(service))) link('route', from, serviceCard(service))
  }
  for (const ingress of objectsOf(tables, ingresses)) {
    const id = cardId(ingresses, keyOf(ingress))
    entry(id)
    for (const reference of ingressReferences(ingress))
      if (reference.type === 'route') route(id, `${reference.namespace}/${reference.name}`)
  }
  for (const gateway of objectsOf(tables, gateways)) entry(cardId(gateways, keyOf(gateway)))
  for (const object of objectsOf(tables, httpRoutes)) {
    const id = cardId(httpRoutes, keyOf(object))
    const { namespace } = object.metadata
    entry(id)
    for (const parent of object.spec?.parentRefs ?? [])
      if (!parent.kind || parent.kind === 'Gateway') {
        const gateway = cardId(gateways, `${parent.namespace ?? namespace}/${parent.name}`)
        if (cards.has(gateway)) link('route', gateway, id)
      }
    for (const rule of object.spec?.rules ?? [])
      for (const backend of rule.backendRefs ?? []) route(id, `${backend.namespace ?? namespace}/${backend.name}`)
  }
}
