import { invalid, notSupported, type FieldError } from '../../machinery/field-errors.ts'
import { percentOf, validatePositiveIntOrPercent } from '../../machinery/intstr.ts'
import { validateLabelSelector } from '../../machinery/selectors.ts'
import { ageColumn, column, nameColumn } from '../columns.ts'
import { showInternal } from '../internal-types.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'

const policies = ['AlwaysAllow', 'IfHealthyBudget']

export const PodDisruptionBudget = defineKind({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  namespaced: true,
  schema: 'io.k8s.api.policy.v1.PodDisruptionBudget',
  hasGeneration: true,
  hasStatus: true,
  prepareForCreate(budget) {
    budget.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }
  },
  validate: (budget) => [...namespacedMeta(budget), ...validateSpec(budget.spec ?? {})],
  validateUpdate: (budget, old) => [
    ...metaUpdate(budget, old),
    ...namespacedMeta(budget),
    ...validateSpec(budget.spec ?? {}),
  ],
  validateStatusUpdate: ({ status }) =>
    ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'].flatMap((name) =>
      status?.[name] < 0 ? [invalid(`status.${name}`, status[name], 'must be greater than or equal to 0')] : [],
    ),
  columns: [
    nameColumn,
    column('Min Available', ({ spec }) => String(spec?.minAvailable ?? 'N/A'), {
      description: 'The minimum number of pods that must be available.',
    }),
    column('Max Unavailable', ({ spec }) => String(spec?.maxUnavailable ?? 'N/A'), {
      description: 'The maximum number of pods that may be unavailable.',
    }),
    column('Allowed Disruptions', ({ status }) => status?.disruptionsAllowed ?? 0, {
      type: 'integer',
      description: 'Calculated number of pods that may be disrupted at this time.',
    }),
    ageColumn,
  ],
  references: ({ spec, metadata }) =>
    spec?.selector?.matchLabels
      ? [{ type: 'selector', resource: 'pods', namespace: metadata.namespace!, labels: spec.selector.matchLabels }]
      : [],
})

/** Upstream: ValidatePodDisruptionBudgetSpec. */
function validateSpec(spec: any): FieldError[] {
  const errors: FieldError[] = []
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
    const shown = showInternal('PodDisruptionBudgetSpec', spec)
    errors.push(invalid('spec', shown, 'minAvailable and maxUnavailable cannot be both set'))
  }
  for (const name of ['minAvailable', 'maxUnavailable'] as const) {
    if (spec[name] === undefined) continue
    errors.push(...validatePositiveIntOrPercent(spec[name], `spec.${name}`))
    if ((percentOf(spec[name]) ?? 0) > 100)
      errors.push(invalid(`spec.${name}`, spec[name], 'must not be greater than 100%'))
  }
  if (spec.selector) errors.push(...validateLabelSelector(spec.selector, 'spec.selector'))
  const policy = spec.unhealthyPodEvictionPolicy
  if (policy !== undefined && !policies.includes(policy))
    errors.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, policies))
  return errors
}
