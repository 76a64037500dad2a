import { conditionOf } from '../../../kinds/pod/conditions.ts'
import { parseTime } from '../../../lib/time.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { milliValue } from '../../../machinery/quantity.ts'
import { matchesRequirements, type Requirement } from '../../../machinery/selectors.ts'
import type { MetricsSource } from '../../metrics.ts'

/** Upstream: --horizontal-pod-autoscaler-cpu-initialization-period and --horizontal-pod-autoscaler-initial-readiness-delay. */
const cpuInitialisationMs = 300_000
const initialReadinessMs = 30_000

/** Metrics that could not be had, in upstream's words. */
export class MetricError extends Error {}

interface Sample {
  readonly value: number
  readonly atMs: number
  readonly windowMs: number
}

/** Thousandths of a resource that each pod uses, by the pod's name. Upstream: resourceMetricsClient. */
function resourceMetrics(
  source: MetricsSource | undefined,
  resource: string,
  namespace: string,
  selector: readonly Requirement[],
  container: string | undefined,
): Map<string, Sample> {
  if (!source)
    throw new MetricError(
      'unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)',
    )
  const found = source.pods(
    ({ metadata }) => metadata.namespace === namespace && matchesRequirements(selector, metadata.labels ?? {}),
  )
  if (found.length === 0) throw new MetricError('no metrics returned from resource metrics API')
  const samples = new Map<string, Sample>()
  for (const { name, atMs, containers } of found) {
    const asked = container === undefined ? containers : containers.filter((one) => one.name === container)
    if (container !== undefined && asked.length === 0)
      throw new MetricError(`container ${container} not present in metrics for pod ${namespace}/${name}`)
    // Kubelets measure these two and nothing else.
    if (asked.length === 0 || (resource !== 'cpu' && resource !== 'memory')) continue
    const value = asked.reduce(
      (sum, { milliCPU, memoryBytes }) => sum + (resource === 'cpu' ? milliCPU : memoryBytes * 1000),
      0,
    )
    samples.set(name, { value, atMs, windowMs: source.windowMs })
  }
  return samples
}

/** What replicas are worked out from. */
export interface Calculation {
  readonly replicas: number
  readonly tolerances: { readonly up: number; readonly down: number }
  readonly namespace: string
  readonly selector: readonly Requirement[]
  readonly pods: readonly KubeObject[]
  readonly source: MetricsSource | undefined
  readonly wallMs: number
}

export interface Proposal {
  readonly replicas: number
  /** Average per pod, in thousandths. */
  readonly usage: number
  /** Percent of what is requested. */
  readonly utilization?: number
}

/** Replicas for a share of the requested resource. Upstream: GetResourceReplicas. */
export function replicasForUtilization(
  at: Calculation,
  resource: string,
  container: string | undefined,
  target: number,
): Proposal {
  const requests = new Map<string, number>()
  return calculate(at, resource, container, {
    prepare: () => {
      for (const pod of at.pods) requests.set(pod.metadata.name, requestOf(pod, container, resource))
    },
    ratio: (samples) => utilizationRatio(samples, requests, target),
    missing: (name) => Math.trunc((requests.get(name)! * Math.max(100, target)) / 100),
  })
}

/** Replicas for an average amount per pod. Upstream: GetRawResourceReplicas. */
export function replicasForUsage(
  at: Calculation,
  resource: string,
  container: string | undefined,
  target: number,
): Proposal {
  return calculate(at, resource, container, {
    prepare: () => {},
    ratio: (samples) => {
      const usage = Math.trunc(sumOf(samples) / samples.size)
      return { ratio: usage / target, usage }
    },
    missing: () => target,
  })
}

interface Measure {
  readonly prepare: () => void
  readonly ratio: (samples: ReadonlyMap<string, number>) => {
    readonly ratio: number
    readonly usage: number
    readonly utilization?: number
  }
  /** What a pod without metrics is taken to use when fewer are wanted. */
  readonly missing: (pod: string) => number
}

function calculate(at: Calculation, resource: string, container: string | undefined, measure: Measure): Proposal {
  const { replicas, pods, tolerances } = at
  let samples: Map<string, Sample>
  try {
    samples = resourceMetrics(at.source, resource, at.namespace, at.selector, container)
  } catch (error) {
    if (error instanceof MetricError)
      throw new MetricError(`unable to get metrics for resource ${resource}: ${error.message}`)
    throw error
  }
  if (pods.length === 0) throw new MetricError('no pods returned by selector while calculating replica count')
  const { ready, unready, missing, ignored } = groupPods(pods, samples, resource, at.wallMs)
  for (const name of [...ignored, ...unready]) samples.delete(name)
  if (samples.size === 0) throw new MetricError('did not receive metrics for targeted pods (pods might be unready)')
  measure.prepare()
  const values = new Map([...samples].map(([name, { value }]) => [name, value]))
  const first = measure.ratio(values)
  const { ratio, usage, utilization } = first
  const result = (count: number): Proposal => ({
    replicas: count,
    usage,
    ...(utilization !== undefined && { utilization }),
  })
  const isWithin = (one: number) => 1 - tolerances.down <= one && one <= 1 + tolerances.up
  const upWithUnready = unready.length > 0 && ratio > 1
  if (!upWithUnready && missing.length === 0) return result(isWithin(ratio) ? replicas : Math.ceil(ratio * ready))
  if (ratio !== 1) for (const name of missing) values.set(name, ratio < 1 ? measure.missing(name) : 0)
  if (upWithUnready) for (const name of unready) values.set(name, 0)
  const again = measure.ratio(values).ratio
  // What is not known may not turn the direction.
  if (isWithin(again) || (ratio < 1 && again > 1) || (ratio > 1 && again < 1)) return result(replicas)
  const wanted = Math.ceil(again * values.size)
  return result((again < 1 && wanted > replicas) || (again > 1 && wanted < replicas) ? replicas : wanted)
}

function sumOf(samples: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const value of samples.values()) sum += value
  return sum
}

/** Upstream: GetResourceUtilizationRatio; Go divides whole numbers. */
function utilizationRatio(
  samples: ReadonlyMap<string, number>,
  requests: ReadonlyMap<string, number>,
  target: number,
): { ratio: number; usage: number; utilization: number } {
  let used = 0
  let requested = 0
  let count = 0
  for (const [name, value] of samples) {
    const request = requests.get(name)
    if (request === undefined) continue
    used += value
    requested += request
    count++
  }
  if (requested === 0) throw new MetricError('no metrics returned matched known pods')
  const utilization = Math.trunc((used * 100) / requested)
  return { ratio: utilization / target, utilization, usage: Math.trunc(used / count) }
}

function groupPods(
  pods: readonly KubeObject[],
  samples: ReadonlyMap<string, Sample>,
  resource: string,
  wallMs: number,
) {
  let ready = 0
  const unready: string[] = []
  const missing: string[] = []
  const ignored: string[] = []
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata
    const phase = pod.status?.phase
    const sample = samples.get(name)
    if (deletionTimestamp || phase === 'Failed') ignored.push(name)
    else if (phase === 'Pending') unready.push(name)
    else if (!sample) missing.push(name)
    else if (resource === 'cpu' && isUnready(pod, sample, wallMs)) unready.push(name)
    else ready++
  }
  return { ready, unready, missing, ignored }
}

/** While a pod starts, what it uses says little about its load. */
function isUnready(pod: KubeObject, { atMs, windowMs }: Sample, wallMs: number): boolean {
  const condition = conditionOf(pod, 'Ready')
  const started = parseTime(pod.status?.startTime)
  if (!condition || Number.isNaN(started)) return true
  const changed = parseTime(condition.lastTransitionTime)
  const isNotReady = condition.status === 'False'
  if (started + cpuInitialisationMs > wallMs) return isNotReady || atMs < changed + windowMs
  return isNotReady && started + initialReadinessMs > changed
}

/** Thousandths that a pod, or one of its containers, requests. Upstream: calculateRequests. */
function requestOf(pod: KubeObject, container: string | undefined, resource: string): number {
  const { spec, metadata } = pod
  const ofPod = spec.resources?.requests
  if (container === undefined && ofPod && Object.keys(ofPod).length > 0) {
    if (ofPod[resource] === undefined)
      throw new MetricError(`missing pod-level request for ${resource} in Pod ${metadata.name}`)
    return milliValue(ofPod[resource])
  }
  const sidecars = (spec.initContainers ?? []).filter((one: any) => one.restartPolicy === 'Always')
  let sum = 0
  for (const one of [...spec.containers, ...sidecars]) {
    if (container !== undefined && one.name !== container) continue
    const request = one.resources?.requests?.[resource]
    if (request === undefined)
      throw new MetricError(`missing request for ${resource} in container ${one.name} of Pod ${metadata.name}`)
    sum += milliValue(request)
    if (container !== undefined) return sum
  }
  if (container !== undefined) throw new MetricError(`container ${container} not found in Pod ${metadata.name}`)
  return sum
}
