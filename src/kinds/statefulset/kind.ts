import { deepEqual } from '../../lib/deep-equal.ts'
import { forbidden, invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { isDns1123Label } from '../../machinery/names.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedLabelMeta } from '../meta-validation.ts'
import { applyPodTemplateDefaults } from '../pod/defaults.ts'
import { podReferences } from '../pod/references.ts'
import { podSpecWarnings } from '../pod/warnings.ts'
import { storedColumns } from '../stored-columns.ts'
import { workloadScale } from '../workload/scale.ts'
import { nonNegative, validateWorkloadPods } from '../workload/validation.ts'

export const StatefulSet = defineKind({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  shortNames: ['sts'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.apps.v1.StatefulSet',
  hasGeneration: true,
  hasStatus: true,
  subresources: ['scale', 'status'],
  scale: workloadScale,
  applyDefaults,
  prepareForCreate(set) {
    set.status = { replicas: 0, availableReplicas: 0 }
  },
  validate: (set) => [...namespacedLabelMeta(set), ...validateSpec(set.spec)],
  validateUpdate: (set, old) => [
    ...metaUpdate(set, old),
    ...namespacedLabelMeta(set),
    ...validateSpec(set.spec),
    ...validateFixed(set.spec, old.spec),
  ],
  validateStatusUpdate: metaUpdate,
  warnings: ({ spec }) => podSpecWarnings(spec?.template?.spec ?? {}, 'spec.template.spec'),
  columns: storedColumns('statefulsets.apps'),
  references: ({ spec, metadata }) => podReferences(spec?.template?.spec ?? {}, metadata.namespace ?? ''),
})

function applyDefaults(set: any): void {
  const spec = (set.spec ??= {})
  applyPodTemplateDefaults(spec.template)
  spec.podManagementPolicy ??= 'OrderedReady'
  const strategy = (spec.updateStrategy ??= {})
  strategy.type ??= 'RollingUpdate'
  if (strategy.type === 'RollingUpdate') {
    strategy.rollingUpdate ??= {}
    strategy.rollingUpdate.partition ??= 0
    // Its feature gate, MaxUnavailableStatefulSet, is off by default.
    delete strategy.rollingUpdate.maxUnavailable
  }
  const retention = (spec.persistentVolumeClaimRetentionPolicy ??= {})
  retention.whenDeleted ??= 'Retain'
  retention.whenScaled ??= 'Retain'
  spec.replicas ??= 1
  spec.revisionHistoryLimit ??= 10
  for (const claim of spec.volumeClaimTemplates ?? []) {
    claim.apiVersion ??= 'v1'
    claim.kind ??= 'PersistentVolumeClaim'
    claim.metadata ??= {}
    claim.spec ??= {}
    claim.spec.volumeMode ??= 'Filesystem'
    claim.status = { ...claim.status, phase: claim.status?.phase ?? 'Pending' }
  }
}

const policies = ['OrderedReady', 'Parallel']
const retentions = ['Delete', 'Retain']

/** Upstream: ValidateStatefulSetSpec. */
function validateSpec(spec: any): FieldError[] {
  const errors: FieldError[] = []
  const policy = spec.podManagementPolicy
  if (!policy) errors.push(required('spec.podManagementPolicy'))
  else if (!policies.includes(policy))
    errors.push(invalid('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'"))
  errors.push(...validateStrategy(spec.updateStrategy ?? {}))
  for (const name of ['whenDeleted', 'whenScaled'] as const) {
    const retention = spec.persistentVolumeClaimRetentionPolicy?.[name]
    if (retention !== undefined && !retentions.includes(retention))
      errors.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${name}`, retention, retentions))
  }
  errors.push(...nonNegative(spec.replicas, 'spec.replicas'))
  errors.push(...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'))
  errors.push(...nonNegative(spec.ordinals?.start, 'spec.ordinals.start'))
  errors.push(...nonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'))
  for (const message of spec.serviceName ? isDns1123Label(spec.serviceName) : [])
    errors.push(invalid('spec.serviceName', spec.serviceName, message))
  return [...errors, ...validateWorkloadPods(spec, 'StatefulSet')]
}

function validateStrategy(strategy: any): FieldError[] {
  const { type, rollingUpdate } = strategy
  const field = 'spec.updateStrategy'
  if (!type) return [required(field)]
  if (type === 'OnDelete')
    return rollingUpdate
      ? [invalid(`${field}.rollingUpdate`, rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'")]
      : []
  if (type !== 'RollingUpdate') return [invalid(field, strategy, "must be 'RollingUpdate' or 'OnDelete'")]
  return nonNegative(rollingUpdate?.partition, `${field}.rollingUpdate.partition`)
}

const mutable = new Set([
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
])

function validateFixed(spec: any, before: any): FieldError[] {
  const fixed = (value: any) => Object.fromEntries(Object.entries(value ?? {}).filter(([name]) => !mutable.has(name)))
  if (deepEqual(fixed(spec), fixed(before))) return []
  return [
    forbidden(
      'spec',
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ),
  ]
}
