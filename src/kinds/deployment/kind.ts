import { forbidden, invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { percentOf, validatePositiveIntOrPercent } from '../../machinery/intstr.ts'
import { formatLabelSelector, validateLabelSelector } from '../../machinery/selectors.ts'
import { ageColumn, column, nameColumn, templateColumns } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'
import { applyPodTemplateDefaults } from '../pod/defaults.ts'
import { podReferences } from '../pod/references.ts'
import { podSpecWarnings } from '../pod/warnings.ts'
import { workloadScale } from '../workload/scale.ts'
import { immutable, nonNegative, validateWorkloadSelector, validateWorkloadTemplate } from '../workload/validation.ts'

export const Deployment = defineKind({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.apps.v1.Deployment',
  hasGeneration: true,
  changesGeneration: (deployment, old) =>
    deployment.spec !== old.spec || deployment.metadata.annotations !== old.metadata.annotations,
  hasStatus: true,
  subresources: ['scale', 'status'],
  scale: workloadScale,
  applyDefaults(deployment) {
    const spec = (deployment.spec ??= {})
    applyPodTemplateDefaults(spec.template)
    spec.replicas ??= 1
    const strategy = (spec.strategy ??= {})
    strategy.type ??= 'RollingUpdate'
    if (strategy.type === 'RollingUpdate') {
      strategy.rollingUpdate ??= {}
      strategy.rollingUpdate.maxUnavailable ??= '25%'
      strategy.rollingUpdate.maxSurge ??= '25%'
    }
    spec.revisionHistoryLimit ??= 10
    spec.progressDeadlineSeconds ??= 600
  },
  prepareForCreate(deployment) {
    deployment.status = {}
  },
  validate: (deployment) => [...namespacedMeta(deployment), ...validateSpec(deployment.spec)],
  validateUpdate: (deployment, old) => [
    ...metaUpdate(deployment, old),
    ...namespacedMeta(deployment),
    ...validateSpec(deployment.spec),
    ...immutable(deployment.spec.selector, old.spec.selector, 'spec.selector'),
  ],
  validateStatusUpdate: metaUpdate,
  warnings: ({ spec }) => podSpecWarnings(spec?.template?.spec ?? {}, 'spec.template.spec'),
  columns: [
    nameColumn,
    column('Ready', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`, {
      description: 'Number of the pod with ready state',
    }),
    column('Up-to-date', ({ status }) => status?.updatedReplicas ?? 0, {
      description: 'apps.v1.DeploymentStatus.updatedReplicas',
    }),
    column('Available', ({ status }) => status?.availableReplicas ?? 0, {
      description: 'apps.v1.DeploymentStatus.availableReplicas',
    }),
    ageColumn,
    ...templateColumns((deployment) => deployment.spec?.template?.spec),
    column('Selector', ({ spec }) => formatLabelSelector(spec?.selector), {
      priority: 1,
      description:
        "Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the ones affected by this deployment. It must match the pod template's labels.",
    }),
  ],
  references: ({ spec, metadata }) => podReferences(spec?.template?.spec ?? {}, metadata.namespace ?? ''),
})

/** Upstream: ValidateDeploymentSpec. */
function validateSpec(spec: any): FieldError[] {
  const errors = nonNegative(spec.replicas, 'spec.replicas')
  const selectorErrors = validateWorkloadSelector(
    spec.selector,
    'spec.selector',
    'empty selector is invalid for deployment',
  )
  errors.push(...selectorErrors)
  const isValid = spec.selector ? validateLabelSelector(spec.selector, '').length === 0 : true
  if (!isValid) errors.push(invalid('spec.selector', spec.selector, 'invalid label selector'))
  errors.push(...validateWorkloadTemplate(spec.template, spec.selector, isValid, 'spec.template'))
  errors.push(...validateStrategy(spec.strategy, 'spec.strategy'))
  errors.push(...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'))
  errors.push(...nonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'))
  const deadline = spec.progressDeadlineSeconds
  errors.push(...nonNegative(deadline, 'spec.progressDeadlineSeconds'))
  if (deadline !== undefined && deadline <= (spec.minReadySeconds ?? 0))
    errors.push(invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'))
  return errors
}

function validateStrategy(strategy: any, field: string): FieldError[] {
  if (strategy.type === 'Recreate') {
    return strategy.rollingUpdate
      ? [forbidden(`${field}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")]
      : []
  }
  if (strategy.type !== 'RollingUpdate')
    return [notSupported(`${field}.type`, strategy.type, ['Recreate', 'RollingUpdate'])]
  const rolling = strategy.rollingUpdate
  if (!rolling) return [required(`${field}.rollingUpdate`, 'this should be defaulted and never be nil')]
  const at = `${field}.rollingUpdate`
  const errors = [
    ...validatePositiveIntOrPercent(rolling.maxUnavailable, `${at}.maxUnavailable`),
    ...validatePositiveIntOrPercent(rolling.maxSurge, `${at}.maxSurge`),
  ]
  const isZero = (value: unknown) => value === 0 || percentOf(value as string) === 0
  if (isZero(rolling.maxUnavailable) && isZero(rolling.maxSurge))
    errors.push(invalid(`${at}.maxUnavailable`, rolling.maxUnavailable, 'may not be 0 when `maxSurge` is 0'))
  const percent = percentOf(rolling.maxUnavailable)
  if (percent !== undefined && percent > 100)
    errors.push(invalid(`${at}.maxUnavailable`, rolling.maxUnavailable, 'must not be greater than 100%'))
  return errors
}
