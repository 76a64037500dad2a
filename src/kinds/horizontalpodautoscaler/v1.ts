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
    ...(others.length > 0 && { [metricsAnnotation]: JSON.stringify(others.map(metricToV1)) }),
    ...(current.length > 0 && { [currentMetricsAnnotation]: JSON.stringify(current.map(currentToV1)) }),
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
    ...(Array.isArray(others) ? others.map(metricFromV1) : []),
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
        currentMetrics: Array.isArray(current) ? current.map(currentFromV1) : null,
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

function metricToV1({ type, resource, containerResource, pods, object, external }: any): unknown {
  const ofResource = (source: any) =>
    compact({
      name: source.name,
      container: source.container,
      targetAverageUtilization: source.target?.averageUtilization,
      targetAverageValue: source.target?.averageValue,
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
        targetAverageValue: pods.target?.averageValue,
      }),
    object:
      object &&
      compact({
        target: object.describedObject,
        metricName: object.metric?.name,
        selector: object.metric?.selector,
        targetValue: object.target?.value,
        averageValue: object.target?.averageValue,
      }),
    external:
      external &&
      compact({
        metricName: external.metric?.name,
        metricSelector: external.metric?.selector,
        targetValue: external.target?.value,
        targetAverageValue: external.target?.averageValue,
      }),
  })
}

function metricFromV1(metric: any): unknown {
  const { type, resource, containerResource, pods, object, external } = metric ?? {}
  const target = (value: unknown, averageValue: unknown, averageUtilization?: unknown) =>
    compact({
      type: averageUtilization !== undefined ? 'Utilization' : averageValue !== undefined ? 'AverageValue' : 'Value',
      value,
      averageValue,
      averageUtilization,
    })
  const identifier = (name: unknown, selector: unknown) => compact({ name, selector })
  const ofResource = (source: any) =>
    compact({
      name: source.name,
      container: source.container,
      target: target(undefined, source.targetAverageValue, source.targetAverageUtilization),
    })
  return compact({
    type,
    resource: resource && ofResource(resource),
    containerResource: containerResource && ofResource(containerResource),
    pods: pods && {
      metric: identifier(pods.metricName, pods.selector),
      target: target(undefined, pods.targetAverageValue),
    },
    object: object && {
      describedObject: object.target,
      metric: identifier(object.metricName, object.selector),
      target: target(object.targetValue, object.averageValue),
    },
    external: external && {
      metric: identifier(external.metricName, external.metricSelector),
      target: target(external.targetValue, external.targetAverageValue),
    },
  })
}

function currentToV1({ type, resource, containerResource, pods, object, external }: any): unknown {
  const ofResource = (source: any) =>
    compact({
      name: source.name,
      container: source.container,
      currentAverageUtilization: source.current?.averageUtilization,
      currentAverageValue: source.current?.averageValue,
    })
  return compact({
    type,
    resource: resource && ofResource(resource),
    containerResource: containerResource && ofResource(containerResource),
    pods: pods && compact({ metricName: pods.metric?.name, currentAverageValue: pods.current?.averageValue }),
    object:
      object &&
      compact({
        target: object.describedObject,
        metricName: object.metric?.name,
        currentValue: object.current?.value,
        averageValue: object.current?.averageValue,
      }),
    external:
      external &&
      compact({
        metricName: external.metric?.name,
        metricSelector: external.metric?.selector,
        currentValue: external.current?.value,
        currentAverageValue: external.current?.averageValue,
      }),
  })
}

function currentFromV1(metric: any): unknown {
  const { type, resource, containerResource, pods, object, external } = metric ?? {}
  const ofResource = (source: any) =>
    compact({
      name: source.name,
      container: source.container,
      current: compact({
        averageUtilization: source.currentAverageUtilization,
        averageValue: source.currentAverageValue,
      }),
    })
  return compact({
    type,
    resource: resource && ofResource(resource),
    containerResource: containerResource && ofResource(containerResource),
    pods: pods && {
      metric: compact({ name: pods.metricName }),
      current: compact({ averageValue: pods.currentAverageValue }),
    },
    object: object && {
      describedObject: object.target,
      metric: compact({ name: object.metricName }),
      current: compact({ value: object.currentValue, averageValue: object.averageValue }),
    },
    external: external && {
      metric: compact({ name: external.metricName, selector: external.metricSelector }),
      current: compact({ value: external.currentValue, averageValue: external.currentAverageValue }),
    },
  })
}
