import { readFileSync } from 'node:fs'
import { clusterOf } from '../bridge/actions.ts'
import { isReady } from '../kinds/pod/conditions.ts'
import type { KubeObject } from '../machinery/objects.ts'
import { administrator } from '../sim/apiserver/authentication.ts'
import { applyManifests, type ManifestResult } from '../sim/apiserver/apply-manifests.ts'
import type { Cluster } from '../sim/cluster.ts'
import { shapeOf } from './shape.ts'

export interface RunOptions {
  /** Paths, or `-` for standard input. */
  readonly files: readonly string[]
  readonly nodes: number
  /** Simulated milliseconds; until nothing more happens when it is not said. */
  readonly forMs?: number
}

export interface Workload {
  readonly object: string
  readonly desired: number
  readonly ready: number
  /** What holds it up, when something does. */
  readonly why: string | null
}

export interface RunReport {
  readonly apply: readonly {
    readonly object: string
    readonly result: ManifestResult['result']
    readonly message?: string
  }[]
  readonly workloads: readonly Workload[]
  readonly simulatedSeconds: number
}

const startUpMs = 20_000
/** A cluster in which nothing happens for so long has settled. */
const quietMs = 45_000
/** One that never does, for something crashes again and again, is looked at then. */
const longestMs = 10 * 60_000

/** Applies manifests to a new cluster without a page, lets it run, and tells what came of them. Throws when a file cannot be read. */
export function run({ files, nodes, forMs }: RunOptions): RunReport {
  const texts = files.map((file) => readFileSync(file === '-' ? 0 : file, 'utf8'))
  const cluster = clusterOf(shapeOf(nodes))
  cluster.runFor(startUpMs)
  const started = cluster.now()
  const options = { user: administrator, fieldManager: 'kubectl', pause: () => cluster.runFor(25) }
  const results = texts.flatMap((text) => applyManifests(cluster.api, text, options))
  if (forMs === undefined) settle(cluster, started + longestMs)
  else cluster.runFor(forMs)
  return {
    apply: results.map(({ object, result, message }) => ({ object, result, ...(message && { message }) })),
    workloads: results.flatMap((result) => workloadsOf(cluster, result)),
    simulatedSeconds: Math.round((cluster.now() - started) / 1000),
  }
}

/** Did everything that was asked for come up? */
export function cameUp({ apply, workloads }: RunReport): boolean {
  return apply.every(({ result }) => result !== 'refused') && workloads.every(({ desired, ready }) => ready >= desired)
}

function settle(cluster: Cluster, end: number): void {
  let last = cluster.now()
  while (cluster.now() < end) {
    const until = Math.min(end, last + quietMs)
    if (!cluster.runToNextChange(until)) {
      cluster.runFor(until - cluster.now())
      return
    }
    last = cluster.now()
  }
}

/** For each kind that runs pods: how many it wants and how many of them do what they should. */
const counted: Readonly<Record<string, (object: KubeObject) => { desired: number; ready: number }>> = {
  pods: (pod) => ({ desired: 1, ready: isReady(pod) || pod.status?.phase === 'Succeeded' ? 1 : 0 }),
  'deployments.apps': sized,
  'replicasets.apps': sized,
  replicationcontrollers: sized,
  'statefulsets.apps': sized,
  'daemonsets.apps': ({ status }) => ({
    desired: status?.desiredNumberScheduled ?? 0,
    ready: status?.numberReady ?? 0,
  }),
  'jobs.batch': ({ spec, status }) => ({
    desired: spec.suspend ? 0 : (spec.completions ?? 1),
    ready: status?.succeeded ?? 0,
  }),
}

function sized({ spec, status }: KubeObject): { desired: number; ready: number } {
  return { desired: spec.replicas ?? 1, ready: status?.readyReplicas ?? 0 }
}

function workloadsOf(
  cluster: Cluster,
  { object: shown, resource, namespace, name, result }: ManifestResult,
): Workload[] {
  const count = resource && counted[resource]
  const object = count && result !== 'refused' && cluster.api.find(resource, `${namespace}/${name}`)
  if (!count || !object) return []
  const { desired, ready } = count(object)
  return [{ object: shown, desired, ready, why: ready >= desired ? null : whyNot(cluster, object) }]
}

/** The first thing that holds a workload up: of its pods, of what makes them, or its own words. */
function whyNot(cluster: Cluster, object: KubeObject): string {
  const owners = new Set([object.metadata.uid])
  const { namespace } = object.metadata
  const between = cluster.api.list('replicasets.apps', namespace)
  for (const set of between) if (isOwned(set, owners)) owners.add(set.metadata.uid)
  const pods = cluster.api.list('pods', namespace).filter((pod) => owners.has(pod.metadata.uid) || isOwned(pod, owners))
  for (const pod of pods) {
    const words = podTrouble(pod)
    if (words) return `${pod.metadata.name}: ${words}`
  }
  const events: any[] = cluster.api.list('events', namespace)
  const warning = events.findLast((event) => event.type === 'Warning' && owners.has(event.involvedObject?.uid))
  if (warning) return `${warning.reason}: ${warning.message}`
  const condition = object.status?.conditions?.find((one: any) => one.status !== 'True' || one.type === 'Failed')
  return condition?.message ?? 'it has not come up yet'
}

function isOwned({ metadata }: KubeObject, owners: ReadonlySet<string>): boolean {
  return metadata.ownerReferences?.some(({ uid }) => owners.has(uid)) ?? false
}

function podTrouble({ status }: KubeObject): string | undefined {
  const unscheduled = status?.conditions?.find((one: any) => one.type === 'PodScheduled' && one.status === 'False')
  if (unscheduled) return unscheduled.message
  for (const { name, state, lastState } of [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ]) {
    const { waiting, terminated } = state ?? {}
    const ended = lastState?.terminated ?? terminated
    const code = ended && ended.exitCode !== 0 ? ` (it ended with ${ended.exitCode}, ${ended.reason})` : ''
    if (waiting && waiting.reason !== 'PodInitializing')
      return `${name}: ${waiting.reason}${waiting.message ? `: ${waiting.message}` : ''}${code}`
    if (ended && ended.exitCode !== 0) return `${name}: ${ended.reason}, exit code ${ended.exitCode}`
  }
  const unready = status?.containerStatuses?.find((one: any) => !one.ready)
  return unready ? `${unready.name} is not ready` : status?.message
}
