import { deepEqual } from '../../lib/deep-equal.ts'
import { forbidden, invalid, required, tooLong, type FieldError } from '../../machinery/field-errors.ts'
import { isConfigMapKey } from '../../machinery/names.ts'
import { decodeBase64Text, encodeBase64Text } from '../../lib/base64.ts'
import { ageColumn, column, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'
import { immutable } from '../workload/validation.ts'

const maxSize = 1024 * 1024

export const Secret = defineKind({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  schema: 'io.k8s.api.core.v1.Secret',
  applyDefaults(secret) {
    if (secret.stringData) {
      secret.data ??= {}
      for (const key in secret.stringData) secret.data[key] = encodeBase64Text(secret.stringData[key])
      delete secret.stringData
    }
    secret.type ??= 'Opaque'
  },
  validate: validateSecret,
  validateUpdate(secret, old: any) {
    const errors = [...metaUpdate(secret, old), ...immutable(secret.type, old.type, 'type')]
    if (old.immutable) {
      if (!secret.immutable) errors.push(forbidden('immutable', 'field is immutable when `immutable` is set'))
      if (!deepEqual(secret.data ?? {}, old.data ?? {}))
        errors.push(forbidden('data', 'field is immutable when `immutable` is set'))
    }
    return [...errors, ...validateSecret(secret)]
  },
  columns: [
    nameColumn,
    column('Type', (secret: any) => secret.type ?? '', { description: 'core.v1.Secret.type' }),
    column('Data', (secret: any) => Object.keys(secret.data ?? {}).length, { description: 'core.v1.Secret.data' }),
    ageColumn,
  ],
  selectableFields: (secret: any) => ({ type: secret.type ?? '' }),
})

/** Upstream: ValidateSecret. */
function validateSecret(secret: any): FieldError[] {
  const errors = namespacedMeta(secret)
  const data: Record<string, string> = secret.data ?? {}
  let size = 0
  for (const key in data) {
    for (const message of isConfigMapKey(key)) errors.push(invalid(`data[${key}]`, key, message))
    size += ((data[key]?.length ?? 0) * 3) / 4
  }
  if (size > maxSize) errors.push(tooLong('data', maxSize))
  const needs = (key: string) => {
    if (!Object.hasOwn(data, key)) errors.push(required(`data[${key}]`))
  }
  switch (secret.type) {
    case 'kubernetes.io/service-account-token':
      if (!secret.metadata.annotations?.['kubernetes.io/service-account.name'])
        errors.push(required('metadata.annotations[kubernetes.io/service-account.name]'))
      break
    case 'kubernetes.io/dockercfg':
    case 'kubernetes.io/dockerconfigjson': {
      const key = secret.type === 'kubernetes.io/dockercfg' ? '.dockercfg' : '.dockerconfigjson'
      if (!Object.hasOwn(data, key)) errors.push(required(`data[${key}]`))
      else {
        const problem = jsonProblem(decodeBase64Text(data[key]!))
        if (problem) errors.push(invalid(`data[${key}]`, '<secret contents redacted>', problem))
      }
      break
    }
    case 'kubernetes.io/basic-auth':
      if (!Object.hasOwn(data, 'username') && !Object.hasOwn(data, 'password'))
        errors.push(required('data[username]'), required('data[password]'))
      break
    case 'kubernetes.io/ssh-auth':
      if (!data['ssh-privatekey']) errors.push(required('data[ssh-privatekey]'))
      break
    case 'kubernetes.io/tls':
      needs('tls.crt')
      needs('tls.key')
  }
  return errors
}

/** What Go's JSON decoder says of the first wrong character. */
function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch {
    const trimmed = text.trimStart()
    if (!trimmed) return 'unexpected end of JSON input'
    for (const literal of ['null', 'true', 'false']) {
      if (trimmed[0] !== literal[0]) continue
      for (let index = 1; index < literal.length; index++) {
        if (index >= trimmed.length) return 'unexpected end of JSON input'
        if (trimmed[index] !== literal[index])
          return `invalid character '${trimmed[index]}' in literal ${literal} (expecting '${literal[index]}')`
      }
    }
    return /^[{["\d-]/.test(trimmed)
      ? 'unexpected end of JSON input'
      : `invalid character '${trimmed[0]}' looking for beginning of value`
  }
}
