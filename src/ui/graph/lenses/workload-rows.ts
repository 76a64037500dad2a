import { podReferences } from '../../../kinds/pod/references.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { matchesLabels, matchesLabelSelector } from '../../../machinery/selectors.ts'
import { resourceOfKind } from '../../inspector/resources.ts'
import { groupBy } from '../group-by.ts'
import { podsOf } from '../pod-view.ts'
import { controllerOf } from '../workload-name.ts'
import { cardId, objectsOf, type SceneInput, type SceneLink, type Tables } from './scene.ts'

/** A workload with what is around it: what rules it on its left, what it made and what it uses on its right. */
export interface WorkloadRow {
  /** Card of the workload; of bare pods, their group. */
  readonly id: string
  readonly root: KubeObject | undefined
  readonly above: string[]
  /** ReplicaSets of a Deployment, Jobs of a CronJob; each with its pods. */
  readonly middle: string[]
  /** Group of pods → card of their owner. */
  readonly pods: ReadonlyMap<string, string>
  readonly beside: string[]
}

export interface NamespaceRows {
  readonly namespace: string
  readonly rows: readonly WorkloadRow[]
  /** Objects that nothing refers to. */
  readonly loose: readonly string[]
}

/** Kinds that run pods, those that own others first. */
export const workloadResources = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'cronjobs.batch',
  'jobs.batch',
  'replicasets.apps',
  'replicationcontrollers',
] as const

/** What stands above workloads, and what they use. Objects of custom kinds are added to them. */
const looseResources = ['services', 'horizontalpodautoscalers.autoscaling', 'poddisruptionbudgets.policy']
const usedResources = ['configmaps', 'secrets', 'persistentvolumeclaims']
const mostInTheMiddle = 3

/** All workloads by namespace, and how they belong together. */
export function workloadRows(input: SceneInput): { namespaces: NamespaceRows[]; links: SceneLink[] } {
  const { tables } = input
  const links: SceneLink[] = []
  const placed = new Set<string>()
  const rows: (WorkloadRow & { namespace: string })[] = []
  for (const resource of workloadResources) {
    for (const object of objectsOf(tables, resource)) {
      const owner = ownerIn(tables, object)
      if (owner && isRoot(owner.resource)) continue
      rows.push(rowOf(input, resource, object, owner?.id, links, placed))
    }
  }
  for (const namespace of tables.namespaces?.keys ?? []) {
    const group = podsOf('', namespace, '')
    if (!input.hasPods(group)) continue
    const pods = new Map([[group, group]])
    rows.push({ id: group, namespace, root: undefined, above: [], middle: [], pods, beside: [] })
  }
  attach(input, rows, links, placed)
  const loose = looseOf(tables, placed)
  const names = new Set([...rows.map((row) => row.namespace), ...loose.keys()])
  return {
    namespaces: [...names].sort(byImportance).map((namespace) => ({
      namespace,
      rows: rows.filter((row) => row.namespace === namespace),
      loose: loose.get(namespace) ?? [],
    })),
    links,
  }
}

/** The user's own first, then the cluster's. */
function byImportance(a: string, b: string): number {
  return Number(a.startsWith('kube-')) - Number(b.startsWith('kube-')) || (a < b ? -1 : 1)
}

function isRoot(resource: string): boolean {
  return (workloadResources as readonly string[]).includes(resource)
}

/** The owner of an object, if the cluster has it. */
function ownerIn(tables: Tables, object: KubeObject): { id: string; resource: string } | undefined {
  const owner = controllerOf(object)
  if (!owner) return undefined
  const resource = resourceOfKind(owner.apiVersion, owner.kind)
  const key = `${object.metadata.namespace}/${owner.name}`
  if (!tables[resource]?.byKey.has(key)) return undefined
  return { id: cardId(resource, key), resource }
}

function rowOf(
  input: SceneInput,
  resource: string,
  root: KubeObject,
  owner: string | undefined,
  links: SceneLink[],
  placed: Set<string>,
): WorkloadRow & { namespace: string } {
  const id = cardId(resource, keyOf(root))
  const namespace = root.metadata.namespace ?? ''
  placed.add(id)
  const above: string[] = []
  if (owner) {
    above.push(owner)
    placed.add(owner)
    links.push({ type: 'owner', from: owner, to: id })
  }
  const pods = new Map<string, string>()
  const middle: string[] = []
  for (const child of childrenOf(input.tables, resource, root)) {
    const childId = cardId(child.resource, keyOf(child.object))
    middle.push(childId)
    links.push({ type: 'owner', from: id, to: childId })
    pods.set(podsOf(child.object.kind, namespace, child.object.metadata.name), childId)
  }
  if (resource !== 'deployments.apps' && resource !== 'cronjobs.batch')
    pods.set(podsOf(root.kind, namespace, root.metadata.name), id)
  for (const [group, parent] of pods) links.push({ type: 'owner', from: parent, to: group })
  return { id, namespace, root, above, middle, pods, beside: [] }
}

/** The ReplicaSets that have pods, or the newest one; the newest Jobs. */
function childrenOf(tables: Tables, resource: string, root: KubeObject): { resource: string; object: KubeObject }[] {
  const childResource = { 'deployments.apps': 'replicasets.apps', 'cronjobs.batch': 'jobs.batch' }[resource]
  if (!childResource) return []
  const own = objectsOf(tables, childResource)
    .filter((each) => controllerOf(each)?.uid === root.metadata.uid)
    .sort((a, b) => ageOf(b) - ageOf(a))
  const shown =
    resource === 'cronjobs.batch'
      ? own
      : own.filter((each, i) => i === 0 || (each.spec?.replicas ?? 0) > 0 || (each.status?.replicas ?? 0) > 0)
  return shown.slice(0, mostInTheMiddle).map((object) => ({ resource: childResource, object }))
}

function ageOf({ metadata }: KubeObject): number {
  const revision = Number(metadata.annotations?.['deployment.kubernetes.io/revision'])
  return revision || Date.parse(metadata.creationTimestamp ?? '') || 0
}

/** What a workload makes its pods from. */
export function templateOf(root: KubeObject): any {
  return root.kind === 'CronJob' ? root.spec?.jobTemplate?.spec?.template : root.spec?.template
}

type Row = WorkloadRow & { readonly namespace: string }

/** Services, autoscalers and budgets go to what they select; ConfigMaps, Secrets and claims to who uses them first. */
function attach({ tables, near }: SceneInput, rows: readonly Row[], links: SceneLink[], placed: Set<string>): void {
  const byNamespace = groupBy(rows, (row) => row.namespace)
  for (const resource of looseResources) {
    for (const object of objectsOf(tables, resource)) {
      const id = cardId(resource, keyOf(object))
      const targets = (byNamespace.get(object.metadata.namespace ?? '') ?? []).filter((row) => rules(object, row))
      for (const row of targets) links.push({ type: 'selector', from: id, to: row.id })
      const almost = near.get(id)
      const meant = almost && rows.find((row) => row.id === almost.target)
      if (meant) links.push({ type: 'near', from: id, to: meant.id, near: almost })
      const home = targets[0] ?? meant
      if (!home) continue
      home.above.push(id)
      placed.add(id)
    }
  }
  for (const row of rows) {
    if (!row.root) continue
    const anchor = [...row.pods.keys()][0] ?? row.id
    for (const to of usedBy(tables, row.root, row.namespace)) {
      links.push({ type: 'mount', from: anchor, to })
      if (placed.has(to)) continue
      placed.add(to)
      row.beside.push(to)
    }
  }
}

function rules(object: KubeObject, { root }: WorkloadRow): boolean {
  if (!root) return false
  if (object.kind === 'HorizontalPodAutoscaler') {
    const { kind, name } = object.spec?.scaleTargetRef ?? {}
    return kind === root.kind && name === root.metadata.name
  }
  const labels = templateOf(root)?.metadata?.labels
  return object.kind === 'Service'
    ? matchesLabels(object.spec?.selector, labels)
    : matchesLabelSelector(object.spec?.selector, labels)
}

const mostClaimsOfASet = 6

function usedBy(tables: Tables, root: KubeObject, namespace: string): string[] {
  const spec = templateOf(root)?.spec ?? {}
  const ids = podReferences(spec, namespace)
    .filter(({ resource }) => usedResources.includes(resource))
    .map(({ resource, name }) => cardId(resource, `${namespace}/${name}`))
  for (const template of root.spec?.volumeClaimTemplates ?? []) {
    const count = Math.min(root.spec.replicas ?? 1, mostClaimsOfASet)
    for (let i = 0; i < count; i++)
      ids.push(cardId('persistentvolumeclaims', `${namespace}/${template.metadata?.name}-${root.metadata.name}-${i}`))
  }
  return ids.filter((id) => {
    const space = id.indexOf(' ')
    return tables[id.slice(0, space)]?.byKey.has(id.slice(space + 1))
  })
}

/** What is in every namespace and says nothing. */
const everywhere = new Set(['default/kubernetes'])
const isNoise = (object: KubeObject) =>
  object.metadata.name === 'kube-root-ca.crt' ||
  (object as { type?: string }).type === 'kubernetes.io/service-account-token' ||
  everywhere.has(keyOf(object))

function looseOf(tables: Tables, placed: ReadonlySet<string>): Map<string, string[]> {
  const loose = new Map<string, string[]>()
  for (const resource of [...looseResources, ...usedResources, ...customResources(tables)]) {
    for (const object of objectsOf(tables, resource)) {
      const id = cardId(resource, keyOf(object))
      if (placed.has(id) || !object.metadata.namespace || isNoise(object)) continue
      const list = loose.get(object.metadata.namespace)
      if (list) list.push(id)
      else loose.set(object.metadata.namespace, [id])
    }
  }
  return loose
}

/** Resources that CustomResourceDefinitions made. */
function customResources(tables: Tables): string[] {
  const definitions = objectsOf(tables, 'customresourcedefinitions.apiextensions.k8s.io')
  return definitions.map(({ metadata }) => metadata.name).filter((name) => !name.endsWith('.gateway.networking.k8s.io'))
}
