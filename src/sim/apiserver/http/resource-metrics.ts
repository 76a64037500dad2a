import { notFound } from '../../../machinery/errors.ts'
import { rfc3339 } from '../../../lib/time.ts'
import type { MetricsSource, NodeUsage, PodUsage } from '../../metrics.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { objectAnswer } from './answers.ts'
import { readListOptions } from './list-options.ts'
import type { HttpResponse } from './messages.ts'
import type { ResourceRequest } from './resource-request.ts'

const apiVersion = 'metrics.k8s.io/v1beta1'

/** GET of metrics.k8s.io: what the kubelets measured last. Upstream: kubernetes-sigs/metrics-server. */
export function resourceMetricsAnswer({ api, query, route, warnings }: ResourceRequest): HttpResponse {
  const { kind, namespace, name } = route.at
  const source = api.metrics!
  const found =
    kind.plural === 'pods'
      ? source
          .pods(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
          .map((pod) => podMetrics(pod, source))
      : source.nodes().map((node) => nodeMetrics(node, source))
  if (name) {
    const one = found.find(({ metadata }) => metadata.name === name)
    if (!one) throw notFound({ group: kind.group, name: kind.plural }, namespace ? `${namespace}/${name}` : name)
    return objectAnswer(200, { kind: kind.kind, apiVersion, ...one }, warnings)
  }
  const { matches } = readListOptions(query, kind, '', false)
  const items = matches ? found.filter((one) => matches(one as unknown as KubeObject)) : found
  return objectAnswer(200, { kind: `${kind.kind}List`, apiVersion, metadata: {}, items }, warnings)
}

function podMetrics({ name, namespace, labels, atMs, containers }: PodUsage, source: MetricsSource) {
  return {
    metadata: { name, namespace, creationTimestamp: rfc3339(atMs), labels },
    ...measuredAt(atMs, source),
    containers: containers.map((one) => ({ name: one.name, usage: usage(one) })),
  }
}

function nodeMetrics({ name, atMs, ...used }: NodeUsage, source: MetricsSource) {
  return {
    metadata: { name, creationTimestamp: rfc3339(atMs), labels: {} },
    ...measuredAt(atMs, source),
    usage: usage(used),
  }
}

const measuredAt = (atMs: number, { windowMs }: MetricsSource) => ({
  timestamp: rfc3339(atMs),
  window: `${windowMs / 1000}s`,
})

function usage({ milliCPU, memoryBytes }: { readonly milliCPU: number; readonly memoryBytes: number }) {
  return { cpu: `${Math.round(milliCPU * 1e6)}n`, memory: `${Math.round(memoryBytes / 1024)}Ki` }
}
