import type { KubeObject } from '../../../machinery/objects.ts'
import { NodeInfo } from '../framework/node-info.ts'
import type { PodInfo } from '../framework/pod-info.ts'
import { amountOf } from '../plugins/node-resources-fit/strategies.ts'
import type { Edit } from './edit.ts'

/** A node that could be added, empty, and what to say of it. */
export interface NewNode {
  readonly node: NodeInfo
  readonly edit: Edit
}

const hostname = 'kubernetes.io/hostname'
const maxShapes = 20

/** Nodes like those there are, one of each kind; the smallest first. */
export function nodesLike(nodes: readonly NodeInfo[]): NewNode[] {
  const shapes = new Map<string, NodeInfo>()
  for (const node of nodes) {
    const { [hostname]: _own, ...labels } = node.labels
    const shape = JSON.stringify([node.node.status?.allocatable, labels, lastingTaints(node.node)])
    if (!shapes.has(shape)) shapes.set(shape, node)
    if (shapes.size >= maxShapes) break
  }
  const bySize = [...shapes.values()].sort((a, b) => a.allocatable.milliCPU - b.allocatable.milliCPU)
  return bySize.map((like) => newNode(like.name, like.node.status?.allocatable ?? {}, like.labels, like.node, 1.5))
}

/** A node made for the pod: like the largest there is, with the labels it wants and no less than it asks for. */
export function nodeFor({ pod, requests }: PodInfo, nodes: readonly NodeInfo[]): NewNode {
  const like = [...nodes].sort((a, b) => b.allocatable.milliCPU - a.allocatable.milliCPU)[0]
  const allocatable: Record<string, string> = {
    cpu: '2',
    memory: '4Gi',
    pods: '110',
    ...like?.node.status?.allocatable,
  }
  const has = (name: string) => (like ? amountOf(like.allocatable, name) : name === 'cpu' ? 2000 : 4 * 1024 ** 3)
  for (const name of ['cpu', 'memory', 'ephemeral-storage', ...Object.keys(requests.scalar ?? {})]) {
    const wanted = amountOf(requests, name)
    if (wanted > 0 && (allocatable[name] === undefined || wanted > has(name)))
      allocatable[name] = name === 'cpu' ? `${wanted}m` : String(wanted)
  }
  const labels = { ...like?.labels, ...wantedLabels(pod.spec) }
  const { taints: _taints, ...spec } = like?.node.spec ?? {}
  const base = { ...like?.node, spec } as unknown as KubeObject
  return newNode(like?.name ?? 'node', allocatable, labels, base, 2)
}

/** What a node selector names, and the first choice of the first term of a required affinity. */
function wantedLabels({ nodeSelector, affinity }: any): Record<string, string> {
  const labels: Record<string, string> = {}
  const [term] = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  for (const { key, operator, values } of term?.matchExpressions ?? []) {
    if (operator === 'In') labels[key] = values[0]
    else if (operator === 'Exists') labels[key] = ''
  }
  return { ...labels, ...nodeSelector }
}

function newNode(
  like: string,
  allocatable: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
  base: KubeObject,
  size: number,
): NewNode {
  const name = `${like}-new`
  const { unschedulable: _cordoned, ...spec } = base.spec ?? {}
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: name, labels: { ...labels, [hostname]: name } },
    spec: { ...spec, taints: lastingTaints(base) },
    status: { ...base.status, allocatable },
  } as unknown as KubeObject
  const own = Object.entries(labels).filter(([key]) => key !== hostname)
  const to = { allocatable, labels: Object.fromEntries(own) }
  return { node: new NodeInfo(node), edit: { kind: 'addNode', path: like, to, changes: [], size } }
}

/** Those that Kubernetes puts on a node in trouble come and go. */
function lastingTaints({ spec }: KubeObject): any[] {
  return (spec?.taints ?? []).filter(({ key }: any) => !key.startsWith('node.kubernetes.io/'))
}
