import { invalid, type FieldError } from '../../machinery/field-errors.ts'
import { formatLabelSelector, validateLabelSelector } from '../../machinery/selectors.ts'
import { ageColumn, column, nameColumn, templateColumns } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'
import { applyPodTemplateDefaults } from '../pod/defaults.ts'
import { podReferences } from '../pod/references.ts'
import { podSpecWarnings } from '../pod/warnings.ts'
import { workloadScale } from '../workload/scale.ts'
import { immutable, nonNegative, validateWorkloadSelector, validateWorkloadTemplate } from '../workload/validation.ts'

export const ReplicaSet = defineKind({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.apps.v1.ReplicaSet',
  hasGeneration: true,
  hasStatus: true,
  subresources: ['scale', 'status'],
  scale: workloadScale,
  applyDefaults(replicaSet) {
    const spec = (replicaSet.spec ??= {})
    applyPodTemplateDefaults(spec.template)
    spec.replicas ??= 1
  },
  prepareForCreate(replicaSet) {
    replicaSet.status = { replicas: 0 }
  },
  validate: (replicaSet) => [...namespacedMeta(replicaSet), ...validateSpec(replicaSet.spec)],
  validateUpdate: (replicaSet, old) => [
    ...metaUpdate(replicaSet, old),
    ...namespacedMeta(replicaSet),
    ...validateSpec(replicaSet.spec),
    ...immutable(replicaSet.spec.selector, old.spec.selector, 'spec.selector'),
  ],
  validateStatusUpdate: metaUpdate,
  warnings: ({ spec }) => podSpecWarnings(spec?.template?.spec ?? {}, 'spec.template.spec'),
  columns: [
    nameColumn,
    column('Desired', ({ spec }) => spec?.replicas ?? 0, {
      type: 'integer',
      description: 'apps.v1.ReplicaSetSpec.replicas',
    }),
    column('Current', ({ status }) => status?.replicas ?? 0, {
      type: 'integer',
      description: 'apps.v1.ReplicaSetStatus.replicas',
    }),
    column('Ready', ({ status }) => status?.readyReplicas ?? 0, {
      type: 'integer',
      description: 'apps.v1.ReplicaSetStatus.readyReplicas',
    }),
    ageColumn,
    ...templateColumns((replicaSet) => replicaSet.spec?.template?.spec),
    column('Selector', ({ spec }) => formatLabelSelector(spec?.selector), {
      priority: 1,
      description:
        "Selector is a label query over pods that should match the replica count. Label keys and values that must match in order to be controlled by this replica set. It must match the pod template's labels. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
    }),
  ],
  references: ({ spec, metadata }) => podReferences(spec?.template?.spec ?? {}, metadata.namespace ?? ''),
  selectableFields: ({ status }) => ({ 'status.replicas': String(status?.replicas ?? 0) }),
})

function validateSpec(spec: any): FieldError[] {
  const errors = nonNegative(spec.replicas, 'spec.replicas')
  errors.push(...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'))
  errors.push(...validateWorkloadSelector(spec.selector, 'spec.selector', 'empty selector is invalid for deployment'))
  const isValid = spec.selector ? validateLabelSelector(spec.selector, '').length === 0 : true
  if (!isValid) errors.push(invalid('spec.selector', spec.selector, 'invalid label selector'))
  errors.push(...validateWorkloadTemplate(spec.template, spec.selector, isValid, 'spec.template'))
  return errors
}
