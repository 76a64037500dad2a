import { defineKind, type Kind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'
import { storedColumns } from '../stored-columns.ts'
import { fromV2, toV2 } from './v1.ts'
import { validateAutoscalerSpec } from './validation.ts'

const shared = {
  group: 'autoscaling',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
} as const

export const HorizontalPodAutoscaler = defineKind({
  ...shared,
  version: 'v2',
  schema: 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  applyDefaults({ spec }) {
    if (!spec) return
    spec.minReplicas ??= 1
    if (spec.behavior) applyScalingDefaults(spec.behavior)
    if (!spec.metrics?.length)
      spec.metrics = [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ]
  },
  prepareForCreate(autoscaler) {
    autoscaler.status = { desiredReplicas: 0, currentMetrics: null }
  },
  validate: (autoscaler) => [...namespacedMeta(autoscaler), ...validateAutoscalerSpec(autoscaler.spec ?? {})],
  validateUpdate: (autoscaler, old) => [
    ...metaUpdate(autoscaler, old),
    ...namespacedMeta(autoscaler),
    ...validateAutoscalerSpec(autoscaler.spec ?? {}),
  ],
  validateStatusUpdate: metaUpdate,
  columns: storedColumns('horizontalpodautoscalers.autoscaling'),
  references: ({ spec, metadata }) => {
    const { apiVersion = '', kind = '', name = '' } = spec?.scaleTargetRef ?? {}
    const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : ''
    const resource = `${kind.toLowerCase()}s${group}`
    return name ? [{ type: 'uses', resource, namespace: metadata.namespace!, name }] : []
  },
})

/** The same autoscalers as the older version shows them: what it has no field for is in annotations. */
export const HorizontalPodAutoscalerV1: Kind = defineKind({
  ...shared,
  version: 'v1',
  schema: 'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler',
  view: { resource: 'horizontalpodautoscalers.autoscaling', fromStored: fromV2, toStored: toV2 },
  columns: storedColumns('horizontalpodautoscalers.autoscaling').map((column) => ({
    ...column,
    cell: (object, nowMs) => column.cell(toV2(object), nowMs),
  })),
})

/** Rules that are not said are the ones that hold without any. Upstream: GenerateHPAScaleUpRules, …ScaleDownRules. */
function applyScalingDefaults(behavior: any): void {
  const every15 = (type: string, value: number) => ({ type, value, periodSeconds: 15 })
  behavior.scaleUp = {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [every15('Pods', 4), every15('Percent', 100)],
    ...behavior.scaleUp,
  }
  behavior.scaleDown = { selectPolicy: 'Max', policies: [every15('Percent', 100)], ...behavior.scaleDown }
}
