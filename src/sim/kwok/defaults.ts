import type { KubeObject } from '../../machinery/objects.ts'
import type { Stage } from './stage.ts'
import type { StageFunctions } from './functions.ts'

/** What KWOK does where nobody says otherwise. Upstream: kustomize/stage, the fast stages and node-heartbeat-with-lease. */
function stage(
  name: string,
  matches: (object: KubeObject) => boolean,
  status: (object: KubeObject, functions: StageFunctions) => unknown,
  changes: Partial<Stage> = {},
): Stage {
  const body = (object: KubeObject, functions: StageFunctions) => ({ status: status(object, functions) })
  return {
    name,
    matches,
    weight: () => 0,
    delayMs: () => 0,
    immediate: false,
    steps: [{ patch: { type: 'strategic', subresource: 'status', body } }],
    ...changes,
  }
}

const isGoing = ({ metadata }: KubeObject) => metadata.deletionTimestamp !== undefined
const isReady = ({ status }: KubeObject) =>
  (status?.conditions ?? []).some(({ type, status }: any) => type === 'Ready' && status === 'True')
const ofJob = ({ metadata }: KubeObject) => (metadata.ownerReferences ?? []).some(({ kind }) => kind === 'Job')

interface Container {
  readonly name: string
  readonly image: string
  readonly restartPolicy?: string
}

const runs = ({ name, image }: Container, now: string) => {
  return { name, image, ready: true, restartCount: 0, started: true, state: { running: { startedAt: now } } }
}

const completed = ({ name, image }: Container, now: string, ready: boolean, startedAt = now) => {
  const terminated = { exitCode: 0, reason: 'Completed', startedAt, finishedAt: now }
  return { name, image, ready, restartCount: 0, started: false, state: { terminated } }
}

function readyStatus({ spec }: KubeObject, { Now, NodeIPWith, PodIPWith }: StageFunctions): unknown {
  const now = Now()
  const gates: string[] = (spec.readinessGates ?? []).map(({ conditionType }: any) => conditionType)
  const types = ['Initialized', 'Ready', 'ContainersReady', ...gates]
  const inits: readonly Container[] = spec.initContainers ?? []
  return {
    conditions: types.map((type) => ({ type, status: 'True', lastTransitionTime: now })),
    containerStatuses: spec.containers.map((one: Container) => runs(one, now)),
    ...(inits.length > 0 && {
      initContainerStatuses: inits.map((one) =>
        one.restartPolicy === 'Always' ? runs(one, now) : completed(one, now, true),
      ),
    }),
    hostIP: NodeIPWith(spec.nodeName),
    podIP: PodIPWith(spec.nodeName, spec.hostNetwork === true),
    phase: 'Running',
    startTime: now,
  }
}

function completeStatus({ spec, status }: KubeObject, { Now }: StageFunctions): unknown {
  const now = Now()
  const since = (name: string) =>
    status.containerStatuses?.find((one: any) => one.name === name)?.state?.running?.startedAt ?? now
  return {
    containerStatuses: spec.containers.map((one: Container) => completed(one, now, false, since(one.name))),
    phase: 'Succeeded',
  }
}

/** How a node is when nobody has said it: as upstream's, it takes any number of pods. */
const plenty = { cpu: '1k', memory: '1Ti', pods: '1M' }

function nodeHeartbeat({ metadata, status }: KubeObject, functions: StageFunctions): Record<string, unknown> {
  const now = functions.Now()
  return {
    conditions: functions.NodeConditions().map((condition) => ({
      ...condition,
      lastHeartbeatTime: now,
      lastTransitionTime: isReady({ status } as KubeObject) ? metadata.creationTimestamp : now,
    })),
    addresses: status?.addresses ?? [
      { type: 'InternalIP', address: functions.NodeIP() },
      { type: 'Hostname', address: metadata.name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: functions.NodePort() } },
  }
}

function nodeStatus(node: KubeObject, functions: StageFunctions): unknown {
  const { capacity, allocatable, nodeInfo = {} } = node.status ?? {}
  const kwok = `kwok-${functions.Version()}`
  const info: Record<string, string> = {
    architecture: 'amd64',
    bootID: '',
    containerRuntimeVersion: kwok,
    kernelVersion: kwok,
    kubeProxyVersion: kwok,
    kubeletVersion: kwok,
    machineID: '',
    operatingSystem: 'linux',
    osImage: '',
    systemUUID: '',
  }
  return {
    ...nodeHeartbeat(node, functions),
    allocatable: allocatable ?? capacity ?? plenty,
    capacity: capacity ?? plenty,
    nodeInfo: Object.fromEntries(Object.keys(info).map((key) => [key, nodeInfo[key] || info[key]])),
    phase: 'Running',
  }
}

/** By the kind that they are for. */
export const defaultStages: Readonly<Record<'Pod' | 'Node', readonly Stage[]>> = {
  Pod: [
    stage('pod-ready', (pod) => !isGoing(pod) && !pod.status?.podIP, readyStatus),
    stage('pod-complete', (pod) => !isGoing(pod) && pod.status?.phase === 'Running' && ofJob(pod), completeStatus),
    stage('pod-delete', isGoing, () => ({}), {
      steps: [{ finalizers: { add: [], remove: [], empty: true }, deletes: true }],
    }),
  ],
  Node: [
    stage('node-initialize', (node) => !isReady(node), nodeStatus),
    stage('node-heartbeat-with-lease', isReady, nodeHeartbeat, {
      background: true,
      delayMs: (_node, _wallMs, random) => 600_000 + random(10_000),
    }),
  ],
}
