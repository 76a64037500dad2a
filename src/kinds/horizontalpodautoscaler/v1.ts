const prefix = 'autoscaling.alpha.kubernetes.io/'
const metricsAnnotation = `${prefix}metrics`
const currentMetricsAnnotation = `${prefix}current-metrics`
const conditionsAnnotation = `${prefix}conditions`
const behaviorAnnotation = `${prefix}behavior`
const annotationNames = [metricsAnnotation, currentMetricsAnnotation, conditionsAnnotation, behaviorAnnotation]

/**
 * An autoscaler of autoscaling/v2 as autoscaling/v1 shows it.
 * Upstream: pkg/apis/autoscaling/v1/conversion.go.
 */
export function fromV2(stored: any): any {
  const { spec = {}, status = {}, metadata } = stored
  const { metrics = [], behavior, ...rest } = spec
  const cpu = metrics.find(isCpuUtilization)
  const others = metrics.filter((metric: any) => metric !== cpu)
  const { currentMetrics, conditions, ...restStatus } = status
  const current: any[] = currentMetrics ?? []
  const currentCpu = current.find(
    (metric) =>
      metric.type === 'Resource' &&
      metric.resource?.name === 'cpu' &&
      metric.resource.current?.averageUtilization !== undefined,
  )
  const annotations = {
    ...metadata.annotations,
    ...(others.length > 0 && {
      [metricsAnnotation]: JSON.stringify(others.map((one: any) => metricToV1(one, 'target'))),
    }),
    ...(current.length > 0 && {
      [currentMetricsAnnotation]: JSON.stringify(current.map((one) => metricToV1(one, 'current'))),
    }),
    ...(conditions?.length > 0 && { [conditionsAnnotation]: JSON.stringify(conditions) }),
    ...(behavior && { [behaviorAnnotation]: JSON.stringify(behavior) }),
  }
  return {
    ...stored,
    apiVersion: 'autoscaling/v1',
    metadata: { ...metadata, ...(Object.keys(annotations).length > 0 && { annotations }) },
    spec: {
      ...rest,
      ...(cpu && { targetCPUUtilizationPercentage: cpu.resource.target.averageUtilization }),
    },
    status: {
      ...restStatus,
      currentReplicas: status.currentReplicas ?? 0,
      desiredReplicas: status.desiredReplicas ?? 0,
      ...(currentCpu && { currentCPUUtilizationPercentage: currentCpu.resource.current.averageUtilization }),
    },
  }
}

/** What was sent as autoscaling/v1, as it is stored. */
export function toV2(sent: any): any {
  const { spec = {}, status, metadata = {} } = sent
  const { targetCPUUtilizationPercentage, ...rest } = spec
  const annotations: Record<string, string> = { ...metadata.annotations }
  const parsed = (name: string) => {
    const text = annotations[name]
    if (typeof text !== 'string') return undefined
    try {
      return JSON.parse(text)
    } catch {
      return undefined
    }
  }
  const others = parsed(metricsAnnotation)
  const behavior = parsed(behaviorAnnotation)
  const conditions = parsed(conditionsAnnotation)
  const current = parsed(currentMetricsAnnotation)
  for (const name of annotationNames) delete annotations[name]
  const metrics = [
    ...(Array.isArray(others) ? others.map((one: any) => metricFromV1(one, 'target')) : []),
    ...(targetCPUUtilizationPercentage === undefined
      ? []
      : [
          {
            type: 'Resource',
            resource: {
              name: 'cpu',
              target: { type: 'Utilization', averageUtilization: targetCPUUtilizationPercentage },
            },
          },
        ]),
  ]
  const { annotations: _annotations, ...restMetadata } = metadata
  const { currentCPUUtilizationPercentage: _cpu, ...restStatus } = status ?? {}
  return {
    ...sent,
    apiVersion: 'autoscaling/v2',
    metadata: { ...restMetadata, ...(Object.keys(annotations).length > 0 && { annotations }) },
    spec: { ...rest, ...(metrics.length > 0 && { metrics }), ...(behavior && { behavior }) },
    ...(status && {
      status: {
        ...restStatus,
        currentMetrics: Array.isArray(current) ? current.map((one: any) => metricFromV1(one, 'current')) : null,
        ...(Array.isArray(conditions) && { conditions }),
      },
    }),
  }
}

function isCpuUtilization({ type, resource }: any): boolean {
  return type === 'Resource' && resource?.name === 'cpu' && resource.target?.averageUtilization !== undefined
}

/** Leaves out what is not there. */
function compact(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}

/** What a metric aims at, or what it is: both look alike, under other names. */
type Part = 'target' | 'current'

function metricToV1(metric: any, part: Part): unknown {
  const { type, resource, containerResource, pods, object, external } = metric ?? {}
  const ofResource = (source: any) =>
    compact({
      name: source.name,
      container: source.container,
      [`${part}AverageUtilization`]: source[part]?.averageUtilization,
      [`${part}AverageValue`]: source[part]?.averageValue,
    })
  return compact({
    type,
    resource: resource && ofResource(resource),
    containerResource: containerResource && ofResource(containerResource),
    pods:
      pods &&
      compact({
        metricName: pods.metric?.name,
        selector: pods.metric?.selector,
        [`${part}AverageValue`]: pods[part]?.averageValue,
      }),
    object:
      object &&
      compact({
        target: object.describedObject,
        metricName: object.metric?.name,
        selector: object.metric?.selector,
        [`${part}Value`]: object[part]?.value,
        averageValue: object[part]?.averageValue,
      }),
    external:
      external &&
      compact({
        metricName: external.metric?.name,
        metricSelector: external.metric?.selector,
        [`${part}Value`]: external[part]?.value,
        [`${part}AverageValue`]: external[part]?.averageValue,
      }),
  })
}

function metricFromV1(metric: any, part: Part): unknown {
  const { type, resource, containerResource, pods, object, external } = metric ?? {}
  const amount = (value: unknown, averageValue: unknown, averageUtilization?: unknown) =>
    compact({
      ...(part === 'target' && {
        type: averageUtilization !== undefined ? 'Utilization' : averageValue !== undefined ? 'AverageValue' : 'Value',
      }),
      value,
      averageValue,
      averageUtilization,
    })
  const identifier = (name: unknown, selector: unknown) => compact({ name, selector })
  const ofResource = (source: any) =>
    compact({
      name: source.name,
      container: source.container,
      [part]: amount(undefined, source[`${part}AverageValue`], source[`${part}AverageUtilization`]),
    })
  return compact({
    type,
    resource: resource && ofResource(resource),
    containerResource: containerResource && ofResource(containerResource),
    pods: pods && {
      metric: identifier(pods.metricName, pods.selector),
      [part]: amount(undefined, pods[`${part}AverageValue`]),
    },
    object: object && {
      describedObject: object.target,
      metric: identifier(object.metricName, object.selector),
      [part]: amount(object[`${part}Value`], object.averageValue),
    },
    external: external && {
      metric: identifier(external.metricName, external.metricSelector),
      [part]: amount(external[`${part}Value`], external[`${part}AverageValue`]),
    },
  })
}
