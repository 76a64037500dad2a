import { forbidden, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { ageColumn, column, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { clusterMeta, metaUpdate } from '../meta-validation.ts'
import { immutable } from '../workload/validation.ts'

const highestOfUsers = 1_000_000_000
const systemClasses: Readonly<Record<string, number | undefined>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
}

export const PriorityClass = defineKind({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  shortNames: ['pc'],
  namespaced: false,
  schema: 'io.k8s.api.scheduling.v1.PriorityClass',
  hasGeneration: true,
  applyDefaults(priorityClass) {
    priorityClass.preemptionPolicy ??= 'PreemptLowerPriority'
  },
  validate,
  // Upstream does not validate the rest again: what may not change was valid when it was made.
  validateUpdate: (priorityClass, old: any) => [
    ...metaUpdate(priorityClass, old),
    ...clusterMeta(priorityClass),
    ...((priorityClass.value ?? 0) === (old.value ?? 0)
      ? []
      : [forbidden('value', 'may not be changed in an update.')]),
    ...immutable(priorityClass.preemptionPolicy, old.preemptionPolicy, 'preemptionPolicy'),
  ],
  columns: [
    nameColumn,
    column('Value', (object: any) => object.value ?? 0, {
      type: 'integer',
      description: 'scheduling.v1.PriorityClass.value',
    }),
    column('Global-Default', (object: any) => object.globalDefault ?? false, {
      type: 'boolean',
      description: 'scheduling.v1.PriorityClass.globalDefault',
    }),
    ageColumn,
    column('PreemptionPolicy', (object: any) => object.preemptionPolicy ?? '', {
      description: 'scheduling.v1.PriorityClass.preemptionPolicy',
    }),
  ],
})

/** Upstream: pkg/apis/scheduling/validation, ValidatePriorityClass. */
function validate(priorityClass: any): FieldError[] {
  const errors = clusterMeta(priorityClass)
  const { preemptionPolicy, value = 0 } = priorityClass
  const name: string = priorityClass.metadata.name ?? ''
  if (name.startsWith('system-')) {
    const problem = systemClassProblem(name, value, priorityClass.globalDefault ?? false)
    if (problem)
      errors.push(
        forbidden(
          'metadata.name',
          `priority class names with 'system-' prefix are reserved for system use only. error: ${problem}`,
        ),
      )
  } else if (value > highestOfUsers)
    errors.push(forbidden('value', `maximum allowed value of a user defined priority is ${highestOfUsers}`))
  if (preemptionPolicy === '') errors.push(required('preemptionPolicy'))
  else if (preemptionPolicy !== undefined && !['PreemptLowerPriority', 'Never'].includes(preemptionPolicy))
    errors.push(notSupported('preemptionPolicy', preemptionPolicy, ['Never', 'PreemptLowerPriority']))
  return errors
}

function systemClassProblem(name: string, value: number, globalDefault: boolean): string | undefined {
  const known = Object.hasOwn(systemClasses, name) ? systemClasses[name] : undefined
  if (known === undefined) return `${name} is not a known system priority class`
  if (value !== known) return `value of ${name} PriorityClass must be ${known}`
  if (globalDefault) return `globalDefault of ${name} PriorityClass must be false`
  return undefined
}
