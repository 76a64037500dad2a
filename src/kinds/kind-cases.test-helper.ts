import { decodeStrict } from '../machinery/decode.ts'
import type { Kind } from './kind.ts'

/** How tests look at a kind: an object as the API server would take it in, and what it says of it. */

/** Decoded, defaulted and prepared as on create; metadata gets a name and a namespace when it has none. */
export function created(kind: Kind, object: any): any {
  const metadata = { name: 'x', ...(kind.namespaced && { namespace: 'demo' }), ...object.metadata }
  const { object: draft, typeError } = decodeStrict({ ...object, metadata }, kind.schema)
  if (typeError) throw new Error(typeError)
  kind.applyDefaults?.(draft)
  kind.prepareForCreate?.(draft)
  return draft
}

/** All field errors of a create, as `field: message`. */
export function problems(kind: Kind, object: any): string[] {
  return (kind.validate?.(created(kind, object)) ?? []).map(({ field, message }) => `${field}: ${message}`)
}

/** All field errors of an update from `old` to `next`. */
export function updateProblems(kind: Kind, old: any, next: any): string[] {
  const before = created(kind, old)
  const after = created(kind, next)
  after.status = before.status
  kind.prepareForUpdate?.(after, before, '2026-01-01T00:00:00Z')
  return (kind.validateUpdate?.(after, before) ?? []).map(({ field, message }) => `${field}: ${message}`)
}

/** The row that `kubectl get` prints, without wide columns. */
export function row(kind: Kind, object: any, nowMs = 0): unknown[] {
  return (kind.columns ?? []).filter(({ priority }) => priority === 0).map((column) => column.cell(object, nowMs))
}
