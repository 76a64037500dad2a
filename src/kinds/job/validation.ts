import { deepEqual } from '../../lib/deep-equal.ts'
import { invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { matchesLabelSelector, validateLabelSelector } from '../../machinery/selectors.ts'
import { validatePodTemplate } from '../pod/validation.ts'
import { showInternal } from '../internal-types.ts'
import { validatePodFailurePolicy, validateSuccessPolicy } from './policies.ts'
import { immutable, nonNegative } from '../workload/validation.ts'

const numbers = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const

/** A selector that the server makes has to be the one it makes. Upstream: validateGeneratedSelector. */
export function validateGeneratedSelector({ metadata, spec }: any): FieldError[] {
  if (spec.manualSelector || !spec.selector) return []
  const expected: Readonly<Record<string, string>> = {
    'batch.kubernetes.io/controller-uid': metadata.uid,
    'batch.kubernetes.io/job-name': metadata.name,
    'controller-uid': metadata.uid,
    'job-name': metadata.name,
  }
  const errors: FieldError[] = []
  const labels = spec.template?.metadata?.labels ?? {}
  for (const [name, value] of Object.entries(expected)) {
    if (labels[name] === undefined)
      errors.push(required(`spec.template.metadata.labels[${name}]`, `must be '${value}'`))
    else if (labels[name] !== value)
      errors.push(invalid(`spec.template.metadata.labels[${name}]`, labels[name], `must be '${value}'`))
  }
  if (validateLabelSelector(spec.selector, '').length === 0 && !matchesLabelSelector(spec.selector, expected))
    errors.push(invalid('spec.selector', spec.selector, '`selector` not auto-generated'))
  return errors
}

/** Upstream: ValidateJobSpec. */
export function validateJobSpec(spec: any, field: string, isTemplate = false): FieldError[] {
  const errors: FieldError[] = []
  for (const name of numbers) errors.push(...nonNegative(spec[name], `${field}.${name}`))
  if (spec.completionMode !== undefined && !['NonIndexed', 'Indexed'].includes(spec.completionMode))
    errors.push(notSupported(`${field}.completionMode`, spec.completionMode, ['Indexed', 'NonIndexed']))
  if (spec.completionMode === 'Indexed' && spec.completions === undefined)
    errors.push(required(`${field}.completions`, 'when completion mode is Indexed'))
  if (spec.completionMode !== 'Indexed') {
    if (spec.backoffLimitPerIndex !== undefined)
      errors.push(
        invalid(`${field}.backoffLimitPerIndex`, spec.backoffLimitPerIndex, 'requires indexed completion mode'),
      )
    if (spec.maxFailedIndexes !== undefined)
      errors.push(invalid(`${field}.maxFailedIndexes`, spec.maxFailedIndexes, 'requires indexed completion mode'))
  }
  errors.push(...validateLimits(spec, field))
  if (spec.podFailurePolicy) errors.push(...validatePodFailurePolicy(spec, `${field}.podFailurePolicy`))
  if (spec.successPolicy) {
    if (spec.completionMode === 'Indexed') errors.push(...validateSuccessPolicy(spec, `${field}.successPolicy`))
    else errors.push(invalid(`${field}.successPolicy`, spec.successPolicy, 'requires indexed completion mode'))
  }
  const replacement = spec.podReplacementPolicy
  const replacements = spec.podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed']
  if (replacement !== undefined && !replacements.includes(replacement))
    errors.push(notSupported(`${field}.podReplacementPolicy`, replacement, replacements))
  if (!spec.template) return [...errors, required(`${field}.template`)]
  errors.push(...validatePodTemplate(spec.template, `${field}.template`))
  const at = `${field}.template.spec.restartPolicy`
  const policy = spec.template.spec?.restartPolicy
  if (policy === 'Always') errors.push(required(at, 'valid values: "OnFailure", "Never"'))
  else if (policy !== 'OnFailure' && policy !== 'Never') errors.push(notSupported(at, policy, ['OnFailure', 'Never']))
  else if (spec.podFailurePolicy && policy !== 'Never')
    errors.push(invalid(at, policy, 'only "Never" is supported when podFailurePolicy is specified'))
  if (isTemplate) return errors
  if (!spec.selector) errors.push(required(`${field}.selector`))
  else {
    errors.push(...validateLabelSelector(spec.selector, `${field}.selector`))
    const labels = spec.template.metadata?.labels
    if (!matchesLabelSelector(spec.selector, labels))
      errors.push(
        invalid(`${field}.template.metadata.labels`, labels ?? null, '`selector` does not match template `labels`'),
      )
  }
  return errors
}

/** Indexes are kept track of one by one, so there cannot be any number of them. */
const maxIndexed = 100_000

function validateLimits(spec: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  const { maxFailedIndexes, completions, parallelism, managedBy } = spec
  if (maxFailedIndexes !== undefined) {
    const at = `${field}.maxFailedIndexes`
    if (spec.backoffLimitPerIndex === undefined)
      errors.push(required(`${field}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'))
    if (completions !== undefined && maxFailedIndexes > completions)
      errors.push(invalid(at, maxFailedIndexes, 'must be less than or equal to completions'))
    if (maxFailedIndexes > maxIndexed)
      errors.push(invalid(at, maxFailedIndexes, `must be less than or equal to ${maxIndexed}`))
  }
  if (spec.completionMode === 'Indexed' && parallelism > maxIndexed)
    errors.push(
      invalid(
        `${field}.parallelism`,
        parallelism,
        `must be less than or equal to ${maxIndexed} when completion mode is Indexed`,
      ),
    )
  if (managedBy !== undefined && !/^[^/]+\/.+$/.test(managedBy))
    errors.push(invalid(`${field}.managedBy`, managedBy, 'must be a domain-prefixed path (such as "acme.io/foo")'))
  return errors
}

/** Upstream: ValidateJobSpecUpdate; a suspended job that has not started may still be told where its pods go. */
export function validateJobSpecUpdate(spec: any, old: any): FieldError[] {
  const before = old.spec
  const errors: FieldError[] = []
  const isElastic =
    spec.completionMode === 'Indexed' && spec.completions === spec.parallelism && before.completions !== undefined
  if (!isElastic) errors.push(...immutable(spec.completions, before.completions, 'spec.completions'))
  errors.push(...immutable(spec.selector, before.selector, 'spec.selector'))
  const mayPlace = before.suspend && !old.status?.startTime
  const masked = (template: any) => {
    if (!mayPlace || !template?.spec) return template
    const { nodeSelector: _n, tolerations: _t, affinity: _a, schedulingGates: _g, ...rest } = template.spec
    return { ...template, metadata: undefined, spec: rest }
  }
  const [template, templateBefore] = [masked(spec.template), masked(before.template)]
  if (!deepEqual(template?.metadata, templateBefore?.metadata))
    errors.push(invalid('spec.template.metadata', spec.template.metadata, 'field is immutable'))
  if (!deepEqual(template?.spec, templateBefore?.spec))
    errors.push(invalid('spec.template.spec', showInternal('PodSpec', spec.template.spec), 'field is immutable'))
  errors.push(...immutable(spec.completionMode, before.completionMode, 'spec.completionMode'))
  return errors
}
