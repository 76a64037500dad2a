import { invalid, type FieldError } from '../../machinery/field-errors.ts'
import { isDns1123Label } from '../../machinery/names.ts'
import { validateLabels } from '../../machinery/object-meta.ts'
import { ageColumn, column, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { clusterMeta, metaUpdate } from '../meta-validation.ts'
import { validateResources } from '../pod/validate-resources.ts'
import { validateTolerations } from '../pod/validation.ts'
import { immutable } from '../workload/validation.ts'

export const RuntimeClass = defineKind({
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  namespaced: false,
  schema: 'io.k8s.api.node.v1.RuntimeClass',
  validate,
  validateUpdate: (runtimeClass, old: any) => [
    ...metaUpdate(runtimeClass, old),
    ...clusterMeta(runtimeClass),
    ...immutable(runtimeClass.handler, old.handler, 'handler'),
  ],
  columns: [
    nameColumn,
    column('Handler', (object: any) => object.handler ?? '', { description: 'node.v1.RuntimeClass.handler' }),
    ageColumn,
  ],
})

/** Upstream: pkg/apis/node/validation, ValidateRuntimeClass. */
function validate(runtimeClass: any): FieldError[] {
  const errors = clusterMeta(runtimeClass)
  const { handler = '', overhead, scheduling } = runtimeClass
  for (const message of isDns1123Label(handler)) errors.push(invalid('handler', handler, message))
  if (overhead) errors.push(...validateResources({ limits: overhead.podFixed }, 'overhead'))
  if (scheduling?.nodeSelector) errors.push(...validateLabels(scheduling.nodeSelector, 'scheduling.nodeSelector'))
  if (scheduling?.tolerations) errors.push(...validateTolerations(scheduling.tolerations, 'scheduling.tolerations'))
  return errors
}
