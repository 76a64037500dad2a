import { required, type FieldError } from '../../machinery/field-errors.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'
import { applyPodTemplateDefaults } from '../pod/defaults.ts'
import { podReferences } from '../pod/references.ts'
import { podSpecWarnings } from '../pod/warnings.ts'
import { storedColumns } from '../stored-columns.ts'
import { replicationControllerScale } from '../workload/scale.ts'
import { nonNegative, validateWorkloadTemplate } from '../workload/validation.ts'

export const ReplicationController = defineKind({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.ReplicationController',
  hasGeneration: true,
  hasStatus: true,
  subresources: ['scale', 'status'],
  scale: replicationControllerScale,
  applyDefaults(controller) {
    const spec = (controller.spec ??= {})
    applyPodTemplateDefaults(spec.template)
    const labels = spec.template?.metadata?.labels
    if (labels) {
      if (!spec.selector || Object.keys(spec.selector).length === 0) spec.selector = { ...labels }
      controller.metadata.labels ??= { ...labels }
    }
    spec.replicas ??= 1
  },
  prepareForCreate(controller) {
    controller.status = { replicas: 0 }
  },
  validate: (controller) => [...namespacedMeta(controller), ...validateSpec(controller.spec)],
  validateUpdate: (controller, old) => [
    ...metaUpdate(controller, old),
    ...namespacedMeta(controller),
    ...validateSpec(controller.spec),
  ],
  validateStatusUpdate: metaUpdate,
  warnings: ({ spec }) => podSpecWarnings(spec?.template?.spec ?? {}, 'spec.template.spec'),
  columns: storedColumns('replicationcontrollers'),
  references: ({ spec, metadata }) => podReferences(spec?.template?.spec ?? {}, metadata.namespace ?? ''),
  selectableFields: ({ status }) => ({ 'status.replicas': String(status?.replicas ?? 0) }),
})

/** Upstream: ValidateReplicationControllerSpec. */
function validateSpec(spec: any): FieldError[] {
  const errors = nonNegative(spec.minReadySeconds, 'spec.minReadySeconds')
  const hasSelector = spec.selector && Object.keys(spec.selector).length > 0
  if (!hasSelector) errors.push(required('spec.selector'))
  errors.push(...nonNegative(spec.replicas, 'spec.replicas'))
  const selector = hasSelector ? { matchLabels: spec.selector } : {}
  errors.push(...validateWorkloadTemplate(spec.template, selector, true, 'spec.template', 'ReplicationController'))
  return errors
}
