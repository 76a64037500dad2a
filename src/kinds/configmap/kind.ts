import { deepEqual } from '../../lib/deep-equal.ts'
import { forbidden, invalid, tooLong, type FieldError } from '../../machinery/field-errors.ts'
import { isConfigMapKey } from '../../machinery/names.ts'
import { ageColumn, column, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'

const maxSize = 1024 * 1024

export const ConfigMap = defineKind({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.ConfigMap',
  validate: validateConfigMap,
  validateUpdate(configMap, old: any) {
    const errors = metaUpdate(configMap, old)
    if (old.immutable) {
      if (!configMap.immutable) errors.push(forbidden('immutable', 'field is immutable when `immutable` is set'))
      if (!deepEqual(configMap.data ?? {}, old.data ?? {}))
        errors.push(forbidden('data', 'field is immutable when `immutable` is set'))
      if (!deepEqual(configMap.binaryData ?? {}, old.binaryData ?? {}))
        errors.push(forbidden('binaryData', 'field is immutable when `immutable` is set'))
    }
    return [...errors, ...validateConfigMap(configMap)]
  },
  columns: [
    nameColumn,
    column(
      'Data',
      (object: any) => Object.keys(object.data ?? {}).length + Object.keys(object.binaryData ?? {}).length,
      { description: 'core.v1.ConfigMap.data' },
    ),
    ageColumn,
  ],
})

function validateConfigMap(configMap: any): FieldError[] {
  const errors = namespacedMeta(configMap)
  let size = 0
  for (const key in configMap.data) {
    for (const message of isConfigMapKey(key)) errors.push(invalid(`data[${key}]`, key, message))
    if (configMap.binaryData && Object.hasOwn(configMap.binaryData, key))
      errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'))
    size += configMap.data[key].length
  }
  for (const key in configMap.binaryData) {
    for (const message of isConfigMapKey(key)) errors.push(invalid(`binaryData[${key}]`, key, message))
    size += ((configMap.binaryData[key]?.length ?? 0) * 3) / 4
  }
  if (size > maxSize) errors.push(tooLong('', maxSize))
  return errors
}
