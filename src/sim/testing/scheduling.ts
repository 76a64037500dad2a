import type { KubeObject } from '../../machinery/objects.ts'
import { NodeInfo } from '../scheduler/framework/node-info.ts'
import { podInfoOf } from '../scheduler/framework/pod-info.ts'
import { SelectorCounts } from '../scheduler/framework/selector-counts.ts'
import type { Handle, Plugin } from '../scheduler/framework/types.ts'

const gibibyte = 1024 ** 3

/** What a plugin looks at in a test: nodes, pods that are on them, and other objects by resource. */
export interface World {
  readonly nodes: readonly KubeObject[]
  readonly pods?: readonly KubeObject[]
  readonly objects?: Readonly<Record<string, readonly KubeObject[]>>
}

/** A node of 4 CPUs and 8Gi, with a zone when there is one. */
export function nodeOf(
  name: string,
  changes: { labels?: object; spec?: object; allocatable?: object; images?: object[] } = {},
): KubeObject {
  const allocatable = {
    cpu: '4',
    memory: String(8 * gibibyte),
    pods: '110',
    'ephemeral-storage': String(100 * gibibyte),
    ...changes.allocatable,
  }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: name, labels: { 'kubernetes.io/hostname': name, ...changes.labels } },
    spec: changes.spec ?? {},
    status: { allocatable, images: changes.images ?? [] },
  } as unknown as KubeObject
}

/** A pod of one container, on a node when the spec names one. */
export function podOf(
  name: string,
  spec: Record<string, unknown> = {},
  labels: Record<string, string> = {},
  namespace = 'default',
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, uid: name, labels },
    spec: { containers: [{ name: 'main', image: 'app:1' }], ...spec },
  } as unknown as KubeObject
}

/** A pod that asks for resources. */
export function podWith(
  name: string,
  requests: Record<string, string>,
  spec: Record<string, unknown> = {},
): KubeObject {
  return podOf(name, { containers: [{ name: 'main', image: 'app:1', resources: { requests } }], ...spec })
}

/** What plugins see of a world. */
export function handleOf({ nodes, pods = [], objects = {} }: World): Handle {
  const counts = new SelectorCounts()
  const infos = nodes.map((node) => new NodeInfo(node, counts))
  for (const pod of pods) infos.find(({ name }) => name === pod.spec.nodeName)!.addPod(podInfoOf(pod))
  const listed = (resource: string) => objects[resource] ?? []
  const get = (resource: string, key: string) =>
    listed(resource).find(
      ({ metadata }) => (metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name) === key,
    )
  const cache = (resource: string) => ({
    addIndex: () => {},
    list: () => listed(resource),
    byIndex: (_index: string, namespace: string) =>
      listed(resource).filter(({ metadata }) => metadata.namespace === namespace),
  })
  return {
    client: { get, live: get, cache, list: listed } as unknown as Handle['client'],
    counts,
    nodes: () => infos,
    nominatedOn: () => [],
    assumedVolumes: new Map(),
    bind: () => {},
    nodesWithAffinity: () => infos.filter((info) => info.affinityPods > 0),
  }
}

/** What a plugin's filters say, node by node: `fits`, `left out`, or the reasons; one text when it speaks for all nodes at once. */
export function verdicts(plugin: Plugin, pod: KubeObject, world: World): Record<string, string> | string {
  const handle = handleOf(world)
  const info = podInfoOf(pod)
  const state = new Map()
  const pre = plugin.preFilter?.(state, info, handle)
  if (pre === 'skip') return 'skip'
  if (pre && 'code' in pre) return `${pre.code}: ${pre.reasons.join(', ')}`
  const said = handle.nodes().map((node) => {
    if (pre && !pre.nodes.has(node.name)) return [node.name, 'left out']
    const status = plugin.filter!(state, info, node, handle)
    return [node.name, status ? `${status.code}: ${status.reasons.join(', ')}` : 'fits']
  })
  return Object.fromEntries(said)
}

/** A plugin's normalised scores in the order of the nodes; `skip` when it has nothing to say. */
export function scoresOf(plugin: Plugin, pod: KubeObject, world: World): number[] | 'skip' {
  const handle = handleOf(world)
  const info = podInfoOf(pod)
  const state = new Map()
  if (plugin.preScore?.(state, info, handle.nodes(), handle) === 'skip') return 'skip'
  const scores = handle.nodes().map((node) => plugin.score!(state, info, node, handle))
  plugin.normalizeScore?.(state, info, scores, handle.nodes())
  return scores
}
