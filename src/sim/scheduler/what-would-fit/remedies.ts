import { isTolerated, type Taint } from '../../../machinery/taints.ts'
import { matchesTerm } from '../framework/node-selector.ts'
import type { NodeInfo } from '../framework/node-info.ts'
import type { PodInfo } from '../framework/pod-info.ts'
import { editAt, pathOf, type Edit } from './edit.ts'
import { lowerRequests } from './lower-requests.ts'

/** Ways out of a plugin's refusal of a node: each is a few edits that belong together. They are guesses until tried. */
type Remedy = (pod: PodInfo, node: NodeInfo) => readonly (readonly Edit[])[]

/** By the plugin that refused. What no edit of the pod can change (volumes, devices) has no remedy. */
export const remedies: Readonly<Record<string, Remedy>> = {
  NodeResourcesFit: lowerRequests,
  TaintToleration: ({ pod }, { node }) => {
    const taints: readonly Taint[] = node.spec?.taints ?? []
    const hard = taints.filter(
      (taint) => taint.effect !== 'PreferNoSchedule' && !isTolerated(taint, pod.spec.tolerations),
    )
    return [hard.map((taint) => tolerate(pod.spec, taint))]
  },
  NodeUnschedulable: ({ pod }) => [
    [tolerate(pod.spec, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' })],
  ],
  NodeName: ({ pod }) => [[editAt(pod.spec, 'dropNodeName', ['nodeName'], undefined, 0.3)]],
  NodeAffinity: ({ pod }, node) => {
    const ways = affinityWays(pod.spec, node)
    const labels = selectorDrops(pod.spec, node)
    return ways.length === 0 ? [labels] : ways.map((way) => [...labels, ...way])
  },
  NodePorts: hostPorts,
  PodTopologySpread: ({ pod }) => {
    const all: readonly any[] = pod.spec.topologySpreadConstraints ?? []
    const edits = all.flatMap((one, index) =>
      one.whenUnsatisfiable === 'DoNotSchedule' ? [relax(pod.spec, index)] : [],
    )
    return oneOrAll(edits)
  },
  InterPodAffinity: ({ pod }) => {
    const drops = (field: 'podAffinity' | 'podAntiAffinity') => {
      const terms: readonly any[] = pod.spec.affinity?.[field]?.requiredDuringSchedulingIgnoredDuringExecution ?? []
      const kind = field === 'podAffinity' ? 'dropPodAffinity' : 'dropPodAntiAffinity'
      const at = ['affinity', field, 'requiredDuringSchedulingIgnoredDuringExecution']
      return terms.map((_term, index) => editAt(pod.spec, kind, [...at, index], undefined, 0.8))
    }
    return oneOrAll([...drops('podAntiAffinity'), ...drops('podAffinity')])
  },
}

/** A pod that waits behind gates gets past them. */
export function gateEdits(spec: any): readonly Edit[] {
  return spec.schedulingGates?.length ? [editAt(spec, 'removeGates', ['schedulingGates'], undefined, 0.2)] : []
}

function oneOrAll(edits: readonly Edit[]): readonly (readonly Edit[])[] {
  return edits.length > 1 ? [...edits.map((edit) => [edit]), edits] : [edits]
}

function tolerate(spec: any, { key, value, effect }: Taint): Edit {
  const toleration = value ? { key, operator: 'Equal', value, effect } : { key, operator: 'Exists', effect }
  // What Kubernetes itself puts on a node tells that it is in trouble.
  const size = key.startsWith('node.kubernetes.io/') ? 0.9 : 0.5
  return editAt(spec, 'tolerate', ['tolerations', '-'], toleration, size)
}

function selectorDrops({ nodeSelector, ...spec }: any, { labels }: NodeInfo): Edit[] {
  const wrong = Object.keys(nodeSelector ?? {}).filter((name) => labels[name] !== nodeSelector[name])
  return wrong.map((name) =>
    editAt({ ...spec, nodeSelector }, 'dropNodeSelector', ['nodeSelector', name], undefined, 0.7),
  )
}

/** The required affinity is widened in the term that comes nearest, or goes. */
function affinityWays(spec: any, node: NodeInfo): Edit[][] {
  const at = ['affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution']
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const terms: readonly any[] = required?.nodeSelectorTerms ?? []
  if (!required || terms.some((term) => matchesTerm(term, node.node))) return []
  const widened = terms.flatMap((term, index) => widenTerm(spec, term, [...at, 'nodeSelectorTerms', index], node) ?? [])
  widened.sort((a, b) => a.length - b.length)
  const drop = editAt(spec, 'dropNodeAffinity', at, undefined, 0.9)
  return widened.length > 0 ? [widened[0]!, [drop]] : [[drop]]
}

function widenTerm(spec: any, term: any, at: readonly (string | number)[], node: NodeInfo): Edit[][] | undefined {
  const edits: Edit[] = []
  for (const field of ['matchExpressions', 'matchFields'] as const) {
    for (const [index, one] of ((term[field] ?? []) as any[]).entries()) {
      if (matchesTerm({ [field]: [one] }, node.node)) continue
      const value = field === 'matchFields' ? node.name : node.labels[one.key]
      // A field takes one value only.
      const may = field === 'matchExpressions' && one.operator === 'In' && value !== undefined
      if (!may) return undefined
      const values = [...one.values, value]
      edits.push(editAt(spec, 'widenNodeAffinity', [...at, field, index, 'values'], values, 0.5))
    }
  }
  return edits.length > 0 ? [edits] : undefined
}

function relax(spec: any, index: number): Edit {
  const all: readonly any[] = spec.topologySpreadConstraints
  const { topologyKey, minDomains } = all[index]
  const at = ['topologySpreadConstraints', index]
  // The same key may be there once for each severity.
  if (all.some((one) => one.topologyKey === topologyKey && one.whenUnsatisfiable === 'ScheduleAnyway'))
    return editAt(spec, 'dropSpread', at, undefined, 0.5)
  const edit = editAt(spec, 'relaxSpread', [...at, 'whenUnsatisfiable'], 'ScheduleAnyway', 0.4)
  // What only a constraint that must hold may say.
  return minDomains === undefined ? edit : { ...edit, changes: [...edit.changes, { at: [...at, 'minDomains'] }] }
}

const everywhere = '0.0.0.0'

function hostPorts({ pod, hostPorts: wanted }: PodInfo, node: NodeInfo): readonly (readonly Edit[])[] {
  const taken = [...node.pods.values()].flatMap((other) => other.hostPorts)
  const isTaken = ({ hostIP, hostPort, protocol = 'TCP' }: any) => {
    const ip = hostIP || everywhere
    const sameIp = (other: string) => other === ip || other === everywhere || ip === everywhere
    return taken.some((one) => one.port === hostPort && one.protocol === protocol && sameIp(one.ip))
  }
  const { spec } = pod
  const places = (['containers', 'initContainers'] as const).flatMap((list) =>
    ((spec[list] ?? []) as any[]).flatMap((container, index) =>
      ((container.ports ?? []) as any[]).flatMap((port, at) =>
        port.hostPort > 0 ? [{ port, at: [list, index, 'ports', at, 'hostPort'] }] : [],
      ),
    ),
  )
  if (wanted.length === 0) return []
  // There, every port is the node's.
  if (spec.hostNetwork) {
    const changes = [{ at: ['hostNetwork'] }, ...places.map(({ at }) => ({ at }))]
    return [[{ kind: 'leaveHostNetwork', path: pathOf(['hostNetwork']), from: true, changes, size: 0.9 }]]
  }
  const clashing = places.filter(({ port }) => isTaken(port))
  return [clashing.map(({ at }) => editAt(spec, 'freeHostPort', at, undefined, 0.6))]
}
