import { deepEqual } from '../../lib/deep-equal.ts'
import { forbidden, invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { validateAnnotations, validateLabels } from '../../machinery/object-meta.ts'
import { matchesLabelSelector, validateLabelSelector } from '../../machinery/selectors.ts'
import { validatePodTemplate } from '../pod/validation.ts'

/** At least 0. */
export function nonNegative(value: number | undefined, field: string): FieldError[] {
  return value !== undefined && value < 0 ? [invalid(field, value, 'must be greater than or equal to 0')] : []
}

/** The selector of a workload: there, not empty, well formed. */
export function validateWorkloadSelector(selector: any, field: string, emptyMessage: string): FieldError[] {
  if (!selector) return [required(field)]
  const errors = validateLabelSelector(selector, field)
  if (!selector.matchLabels && !selector.matchExpressions) errors.push(invalid(field, {}, emptyMessage))
  return errors
}

/** The template of a workload whose pods always restart, and whether the selector matches it. */
export function validateWorkloadTemplate(
  template: any,
  selector: any,
  isSelectorValid: boolean,
  field: string,
  kind = 'ReplicaSet',
): FieldError[] {
  if (!template) return [required(field)]
  const errors: FieldError[] = []
  const labels = template.metadata?.labels
  if (isSelectorValid && !isEmpty(selector) && !matchesLabelSelector(selector, labels))
    errors.push(invalid(`${field}.metadata.labels`, labels ?? null, '`selector` does not match template `labels`'))
  errors.push(...validatePodTemplate(template, field))
  const { restartPolicy } = template.spec ?? {}
  if (restartPolicy === 'OnFailure' || restartPolicy === 'Never' || restartPolicy === 'Always')
    errors.push(...validateRunsForever(template.spec, `${field}.spec`, kind))
  return errors
}

/**
 * Upstream looks no further into a StatefulSet's template than this, since its volumes come from the claim templates;
 * the pods are validated when they are made.
 */
function validateClaimingTemplate(template: any, selector: any, isValid: boolean, field: string): FieldError[] {
  if (!template) return [required(field)]
  const errors: FieldError[] = []
  const { labels, annotations } = template.metadata ?? {}
  if (isValid && !isEmpty(selector) && !matchesLabelSelector(selector, labels))
    errors.push(invalid(`${field}.metadata.labels`, labels ?? null, '`selector` does not match template `labels`'))
  if (labels) errors.push(...validateLabels(labels, `${field}.labels`))
  if (annotations) errors.push(...validateAnnotations(annotations, `${field}.annotations`))
  return [...errors, ...validateRunsForever(template.spec ?? {}, `${field}.spec`, 'StatefulSet')]
}

function validateRunsForever(spec: any, field: string, kind: string): FieldError[] {
  const errors: FieldError[] = []
  const { restartPolicy } = spec
  if (restartPolicy !== undefined && restartPolicy !== 'Always')
    errors.push(notSupported(`${field}.restartPolicy`, restartPolicy, ['Always']))
  if (spec.activeDeadlineSeconds !== undefined)
    errors.push(forbidden(`${field}.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`))
  return errors
}

/** Selector and template of a StatefulSet or DaemonSet. */
export function validateWorkloadPods(spec: any, kind: 'StatefulSet' | 'DaemonSet'): FieldError[] {
  const errors: FieldError[] = []
  const { selector } = spec
  if (!selector) errors.push(required('spec.selector'))
  else {
    errors.push(...validateLabelSelector(selector, 'spec.selector'))
    if (isEmpty(selector))
      errors.push(invalid('spec.selector', selector, `empty selector is invalid for ${kind.toLowerCase()}`))
  }
  const isValid = selector ? validateLabelSelector(selector, '').length === 0 : false
  const check = kind === 'StatefulSet' ? validateClaimingTemplate : validateWorkloadTemplate
  return [...errors, ...check(spec.template, selector, isValid, 'spec.template', kind)]
}

function isEmpty(selector: any): boolean {
  return selector !== undefined && selector !== null && !selector.matchLabels && !selector.matchExpressions
}

/** Upstream: apivalidation.ValidateImmutableField. */
export function immutable(value: unknown, old: unknown, field: string): FieldError[] {
  return deepEqual(value, old) ? [] : [invalid(field, value, 'field is immutable')]
}
