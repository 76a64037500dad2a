import type { KubeObject } from '../../../machinery/objects.ts'
import { milliQuantity, milliValue } from '../../../machinery/quantity.ts'
import { goSelector } from '../../../machinery/go-selector.ts'
import { MetricError, replicasForUsage, replicasForUtilization, type Calculation } from './usage.ts'

/** What one metric says: how many replicas, by what name, and what the status shows of it. */
export interface MetricOutcome {
  readonly replicas: number
  readonly name: string
  readonly status: unknown
}

/** Why a metric says nothing. */
export class MetricFailure extends Error {
  readonly reason: string
  /** What the condition and the event tell; the whole failure is told in more words. */
  readonly detail: string
  constructor(reason: string, detail: string, message: string) {
    super(message)
    this.reason = reason
    this.detail = detail
  }
}

const noCustomMetrics =
  'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered'

/** Upstream: computeReplicasForMetric. Metrics of others need an adapter, which is not there. */
export function replicasFor(metric: any, autoscaler: KubeObject, at: Calculation): MetricOutcome {
  switch (metric.type) {
    case 'Resource':
      return resourceOutcome(metric, at)
    case 'ContainerResource':
      return containerOutcome(metric, at)
    case 'Pods': {
      const detail = `unable to get metric ${metric.pods.metric.name}: ${noCustomMetrics}`
      throw new MetricFailure('FailedGetPodsMetric', detail, `failed to get pods metric value: ${detail}`)
    }
    case 'Object':
      throw objectFailure(metric.object, autoscaler)
    case 'External':
      throw externalFailure(metric.external, autoscaler)
    default: {
      const detail = `unknown metric source type ${JSON.stringify(metric.type)}`
      throw new MetricFailure('InvalidMetricSourceType', detail, detail)
    }
  }
}

function resourceOutcome({ type, resource: { name, target } }: any, at: Calculation): MetricOutcome {
  try {
    const { current, ...outcome } = measured(name, undefined, target, at)
    return { ...outcome, status: { type, resource: { name, current } } }
  } catch (error) {
    if (!(error instanceof MetricError)) throw error
    const message = `failed to get ${name} resource metric value: ${error.message}`
    throw new MetricFailure('FailedGetResourceMetric', error.message, message)
  }
}

function containerOutcome({ type, containerResource }: any, at: Calculation): MetricOutcome {
  const { name, container, target } = containerResource
  try {
    const { current, ...outcome } = measured(name, container, target, at)
    return { ...outcome, status: { type, containerResource: { name, current, container } } }
  } catch (error) {
    if (!(error instanceof MetricError)) throw error
    const message = `failed to get ${container} container metric value: ${error.message}`
    throw new MetricFailure('FailedGetContainerResourceMetric', error.message, message)
  }
}

/** Upstream: computeStatusForResourceMetricGeneric. */
function measured(resource: string, container: string | undefined, target: any, at: Calculation) {
  const { averageValue, averageUtilization } = target
  const what = averageValue === undefined ? 'utilization' : 'usage'
  if (averageValue === undefined && averageUtilization === undefined)
    throw new MetricError(
      'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set',
    )
  try {
    if (averageValue !== undefined) {
      const { replicas, usage } = replicasForUsage(at, resource, container, milliValue(averageValue))
      return { replicas, name: `${resource} resource`, current: { averageValue: milliQuantity(usage) } }
    }
    const { replicas, usage, utilization } = replicasForUtilization(at, resource, container, averageUtilization)
    const kind = container === undefined ? 'resource' : 'container resource'
    return {
      replicas,
      name: `${resource} ${kind} utilization (percentage of request)`,
      current: { averageValue: milliQuantity(usage), averageUtilization: utilization },
    }
  } catch (error) {
    if (error instanceof MetricError) throw new MetricError(`failed to get ${resource} ${what}: ${error.message}`)
    throw error
  }
}

function objectFailure({ metric, describedObject, target }: any, { metadata }: KubeObject): MetricFailure {
  // As upstream writes it: the error stands where the object's name should.
  const at = `${describedObject.kind} on ${metadata.namespace} ${describedObject.name}/${noCustomMetrics}`
  const detail = `unable to get metric ${metric.name}: ${at}`
  const inner = target.type === 'AverageValue' ? `failed to get ${metric.name} object metric: ${detail}` : detail
  return new MetricFailure('FailedGetObjectMetric', detail, `failed to get object metric value: ${inner}`)
}

function externalFailure({ metric, target }: any, { metadata }: KubeObject): MetricFailure {
  const { name, selector } = metric
  const where = `${metadata.namespace}/${name}/${selector ? goSelector(selector) : 'nil'}`
  const missing = `unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`
  const detail = `unable to get external metric ${where}: ${missing}`
  const inner =
    target.averageValue === undefined
      ? `failed to get external metric ${name}: ${detail}`
      : `failed to get ${name} external metric: ${detail}`
  return new MetricFailure('FailedGetExternalMetric', detail, `failed to get ${name} external metric value: ${inner}`)
}
