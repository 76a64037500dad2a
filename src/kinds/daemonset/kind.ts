import { deepEqual } from '../../lib/deep-equal.ts'
import { invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { percentOf, validatePositiveIntOrPercent } from '../../machinery/intstr.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'
import { applyPodTemplateDefaults } from '../pod/defaults.ts'
import { podReferences } from '../pod/references.ts'
import { podSpecWarnings } from '../pod/warnings.ts'
import { storedColumns } from '../stored-columns.ts'
import { immutable, nonNegative, validateWorkloadPods } from '../workload/validation.ts'

export const DaemonSet = defineKind({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.apps.v1.DaemonSet',
  hasGeneration: true,
  hasStatus: true,
  applyDefaults,
  prepareForCreate(set) {
    setTemplateGeneration(set, 1)
    set.status = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 }
  },
  prepareForUpdate(set, old) {
    const before = Number(old.metadata.annotations?.[templateGeneration] ?? 1)
    setTemplateGeneration(set, deepEqual(set.spec.template, old.spec.template) ? before : before + 1)
  },
  validate: (set) => [...namespacedMeta(set), ...validateSpec(set.spec)],
  validateUpdate: (set, old) => [
    ...metaUpdate(set, old),
    ...namespacedMeta(set),
    ...validateSpec(set.spec),
    ...immutable(set.spec.selector, old.spec.selector, 'spec.selector'),
  ],
  validateStatusUpdate: metaUpdate,
  warnings: ({ spec }) => podSpecWarnings(spec?.template?.spec ?? {}, 'spec.template.spec'),
  columns: storedColumns('daemonsets.apps'),
  references: ({ spec, metadata }) => podReferences(spec?.template?.spec ?? {}, metadata.namespace ?? ''),
})

/** What was a field once, and is an annotation now. */
const templateGeneration = 'deprecated.daemonset.template.generation'

function setTemplateGeneration(set: any, generation: number): void {
  set.metadata.annotations = { ...set.metadata.annotations, [templateGeneration]: String(generation) }
}

function applyDefaults(set: any): void {
  const spec = (set.spec ??= {})
  applyPodTemplateDefaults(spec.template)
  const strategy = (spec.updateStrategy ??= {})
  strategy.type ??= 'RollingUpdate'
  if (strategy.type === 'RollingUpdate') {
    strategy.rollingUpdate ??= {}
    strategy.rollingUpdate.maxUnavailable ??= 1
    strategy.rollingUpdate.maxSurge ??= 0
  }
  spec.revisionHistoryLimit ??= 10
}

/** Upstream: ValidateDaemonSetSpec. */
function validateSpec(spec: any): FieldError[] {
  return [
    ...validateWorkloadPods(spec, 'DaemonSet'),
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateStrategy(spec.updateStrategy ?? {}),
    ...nonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
  ]
}

function validateStrategy({ type, rollingUpdate }: any): FieldError[] {
  const field = 'spec.updateStrategy'
  if (type === 'OnDelete') return []
  if (type !== 'RollingUpdate') return [notSupported(`${field}.type`, type ?? '', ['OnDelete', 'RollingUpdate'])]
  const at = `${field}.rollingUpdate`
  if (!rollingUpdate) return [required(at)]
  const { maxUnavailable, maxSurge } = rollingUpdate
  const isZero = (value: number | string) => value === 0 || percentOf(value) === 0
  const errors: FieldError[] = []
  for (const [name, value] of [
    ['maxUnavailable', maxUnavailable],
    ['maxSurge', maxSurge],
  ] as const) {
    errors.push(...validatePositiveIntOrPercent(value, `${at}.${name}`))
    if ((percentOf(value) ?? 0) > 100) errors.push(invalid(`${at}.${name}`, value, 'must not be greater than 100%'))
  }
  if (!isZero(maxUnavailable) && !isZero(maxSurge))
    errors.push(invalid(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'))
  if (isZero(maxUnavailable) && isZero(maxSurge))
    errors.push(required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'))
  return errors
}
