import type { KubeObject } from '../../../machinery/objects.ts'
import { isTolerated, type Toleration } from '../../../machinery/taints.ts'
import { controllerOf } from '../../controller-runtime/owners.ts'
import { podFromTemplate } from '../../controller-runtime/pod-control.ts'
import { matchesNodeAffinity } from '../../scheduler/framework/node-selector.ts'
import { revisionHashLabel } from '../../controller-runtime/history.ts'

const generationLabel = 'pod-template-generation'
const generationAnnotation = 'deprecated.daemonset.template.generation'

/** What every daemon pod puts up with, in the order in which they are added. Upstream: AddOrUpdateDaemonPodTolerations. */
const own: readonly Toleration[] = [
  ...['not-ready', 'unreachable'].map((key) => tolerationOf(key, 'NoExecute')),
  ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map((key) =>
    tolerationOf(key, 'NoSchedule'),
  ),
]
const ownOnHostNetwork = tolerationOf('network-unavailable', 'NoSchedule')

function tolerationOf(key: string, effect: string): Toleration {
  return { key: `node.kubernetes.io/${key}`, operator: 'Exists', effect }
}

/** The tolerations of a DaemonSet's pods: those of the template and those that daemons have. */
export function tolerationsOf(set: KubeObject): readonly Toleration[] {
  const { tolerations = [], hostNetwork } = set.spec.template.spec
  const given: readonly Toleration[] = tolerations
  const added = hostNetwork ? [...own, ownOnHostNetwork] : own
  // One that says the same but for how long takes the place of the given one.
  const isAdded = ({ key, operator, effect, value }: Toleration) =>
    !value && added.some((one) => one.key === key && one.operator === operator && one.effect === effect)
  return [...given.map((one) => (isAdded(one) ? added.find(({ key }) => key === one.key)! : one)), ...added].filter(
    (one, index, all) => all.indexOf(one) === index,
  )
}

/** What a node means for a DaemonSet. */
export interface Fit {
  /** Should one of its pods be there? */
  readonly runs: boolean
  /** May one that is there stay? */
  readonly stays: boolean
}

const fits: Fit = { runs: true, stays: true }
const staysOnly: Fit = { runs: false, stays: true }
const fitsNot: Fit = { runs: false, stays: false }

/** Which nodes are for a DaemonSet: its name, selector, affinity and taints decide. Upstream: NodeShouldRunDaemonPod. */
export function nodeTest(set: KubeObject): (node: KubeObject) => Fit {
  const { spec } = set.spec.template
  const tolerations = tolerationsOf(set)
  const pod = { spec } as KubeObject
  return (node) => {
    if (spec.nodeName && spec.nodeName !== node.metadata.name) return fitsNot
    if (!matchesNodeAffinity(pod, node)) return fitsNot
    let fit = fits
    for (const taint of node.spec?.taints ?? []) {
      if (taint.effect === 'PreferNoSchedule' || isTolerated(taint, tolerations)) continue
      if (taint.effect === 'NoExecute') return fitsNot
      fit = staysOnly
    }
    return fit
  }
}

/** The pod of a node, which the scheduler may put nowhere else. */
export function podFor(set: KubeObject, nodeName: string, hash: string, tolerations: readonly Toleration[]): unknown {
  const { metadata, spec } = podFromTemplate(set, set.spec.template)
  const generation = set.metadata.annotations?.[generationAnnotation]
  const { nodeAffinity, ...affinity } = spec.affinity ?? {}
  const nodeSelectorTerms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] }]
  return {
    metadata: {
      ...metadata,
      labels: {
        ...metadata.labels,
        ...(generation && { [generationLabel]: generation }),
        [revisionHashLabel]: hash,
      },
    },
    spec: {
      ...spec,
      tolerations,
      affinity: {
        ...affinity,
        nodeAffinity: { ...nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
      },
    },
  }
}

/** The node a daemon pod is on or is meant for. Upstream: GetTargetNodeName. */
export function targetNode(pod: KubeObject): string {
  if (pod.spec.nodeName) return pod.spec.nodeName
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  for (const { matchFields } of required?.nodeSelectorTerms ?? [])
    for (const { key, operator, values } of matchFields ?? [])
      if (key === 'metadata.name' && operator === 'In' && values?.length === 1) return values[0]
  return ''
}

/** Is a pod of the present template? */
export function isUpdated(pod: KubeObject, set: KubeObject, hash: string): boolean {
  const labels = pod.metadata.labels ?? {}
  const generation = set.metadata.annotations?.[generationAnnotation]
  return labels[revisionHashLabel] === hash || (generation !== undefined && labels[generationLabel] === generation)
}

/** For an index of pods: which DaemonSet's, and for which node. */
export function daemonPlace(pod: KubeObject): readonly string[] {
  const owner = controllerOf(pod)
  return owner?.kind === 'DaemonSet' ? [placeOf(owner.uid, targetNode(pod))] : none
}

export function placeOf(uid: string, nodeName: string): string {
  return `${uid} ${nodeName}`
}

const none: readonly string[] = []

/** Bound ones first, then the oldest. Upstream: podByCreationTimestampAndPhase. */
export function oldestFirst(pods: readonly KubeObject[]): KubeObject[] {
  if (pods.length < 2) return [...pods]
  const rank = ({ spec, metadata }: KubeObject) =>
    `${spec.nodeName ? 0 : 1} ${metadata.creationTimestamp} ${metadata.name}`
  return [...pods].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}
