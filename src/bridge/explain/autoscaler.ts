import { finding, type Candidate, type Question } from './finding.ts'
import { conditionOf, type Look, type Subject } from './look.ts'
import { eventSteps } from './pod-waiting.ts'
import type { Step } from './types.ts'

/** A HorizontalPodAutoscaler: does it know its metrics, and what keeps it from another size? */
export const autoscalerQuestion: Question = (look, subject) => {
  const { object } = subject
  const { spec, status = {}, metadata } = object
  const { name, kind, apiVersion } = spec.scaleTargetRef ?? {}
  const resource = look.cluster.api.kindOf({ apiVersion, kind })
  const key = `${metadata.namespace}/${name}`
  const target = resource && look.get(resource, key)
  const current = status.currentReplicas ?? 0
  const params = { current, min: spec.minReplicas ?? 1, max: spec.maxReplicas, target: `${kind} ${name}` }
  if (!target || !resource) return finding('fail', 'scalerNoTarget', params)
  const steps: Step[] = [
    { code: 'scales', params: { target: params.target }, object: { resource, key } },
    ...metricSteps(object),
  ]
  const active = conditionOf(object, 'ScalingActive')
  if (active?.reason === 'ScalingDisabled') return finding('wait', 'scalerDisabled', params, { steps })
  if (active?.status === 'False') {
    const noRequest = /missing request for (\w+)/.exec(active.message ?? '')?.[1]
    return finding(
      'fail',
      noRequest ? 'scalerNoRequest' : 'scalerNoMetrics',
      { ...params, resource: noRequest ?? '', message: active.message ?? '' },
      {
        steps: [...steps, ...eventSteps(look, subject, 'FailedGetResourceMetric', 'FailedComputeMetricsReplicas')],
        candidates: () => (noRequest ? [addRequest(look, subject, resource, key, noRequest)] : []),
      },
    )
  }
  if (!active) return finding('wait', 'scalerNotYet', params, { steps })
  const limited = conditionOf(object, 'ScalingLimited')
  if (limited?.reason === 'TooManyReplicas')
    return finding('warn', 'scalerAtMax', params, { steps, candidates: () => [raiseMax(subject, params.max, current)] })
  if (limited?.reason === 'TooFewReplicas') return finding('ok', 'scalerAtMin', params, { steps })
  const able = conditionOf(object, 'AbleToScale')
  if (able?.reason === 'ScaleDownStabilized') return finding('wait', 'scalerStabilising', params, { steps })
  return finding('ok', 'scalerFine', { ...params, desired: status.desiredReplicas ?? current }, { steps })
}

function metricSteps({ spec, status }: Subject['object']): Step[] {
  return (spec.metrics ?? []).flatMap((metric: any, index: number): Step[] => {
    if (metric.type !== 'Resource') return []
    const now = status?.currentMetrics?.[index]?.resource?.current ?? {}
    const { averageUtilization: wanted, averageValue } = metric.resource.target
    const has = wanted === undefined ? now.averageValue : now.averageUtilization
    return [
      {
        code: wanted === undefined ? 'metricValue' : 'metricUtilization',
        params: { resource: metric.resource.name, now: has ?? '?', wanted: wanted ?? averageValue },
      },
    ]
  })
}

function addRequest(_look: Look, subject: Subject, resource: string, key: string, name: string): Candidate {
  const value = name === 'memory' ? '128Mi' : '100m'
  return {
    code: 'addRequest',
    params: { resource: name, to: value },
    object: { resource, key },
    edits: [{ path: ['spec', 'template', 'spec', 'containers', 0, 'resources', 'requests', name], value }],
    withinMs: 240_000,
    solved: (copy) => {
      const now = copy.get(subject.resource, subject.key)
      return conditionOf(now, 'ScalingActive')?.status === 'True' ? { code: 'metricsKnown' } : undefined
    },
  }
}

function raiseMax({ resource, key }: Subject, max: number, before: number): Candidate {
  return {
    code: 'raiseMax',
    params: { from: max, to: max * 2 },
    object: { resource, key },
    edits: [{ path: ['spec', 'maxReplicas'], value: max * 2 }],
    withinMs: 120_000,
    solved: (copy) => {
      const { currentReplicas = 0 } = copy.get(resource, key)?.status ?? {}
      return currentReplicas > before ? { code: 'scaledTo', params: { count: currentReplicas } } : undefined
    },
  }
}
