import { defineKind, type Kind } from '../kind.ts'

const shared = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  schema: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
  // As with custom resources, who serves them is not the API server itself.
  custom: true,
  verbs: ['get', 'list'],
} as const

/** What metrics-server adds: measurements, made when they are asked for and stored nowhere. */
export const metricsKinds: readonly Kind[] = [
  defineKind({ ...shared, kind: 'NodeMetrics', plural: 'nodes', singular: '', namespaced: false }),
  defineKind({ ...shared, kind: 'PodMetrics', plural: 'pods', singular: '', namespaced: true }),
]
