import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeStrict } from '../machinery/decode.ts'
import { definition, type Field, type SchemaType } from '../machinery/schema/schema.ts'
import { deepFreeze } from '../lib/freeze.ts'
import { trackUpdate } from '../machinery/managed-fields.ts'
import { kindVersions } from './registry.ts'
import { referencesOf } from './references.ts'

const words = [
  '',
  'a',
  'web',
  'Always',
  'Never',
  'None',
  'UPPER',
  'a.b/c',
  '10.0.0.1',
  '50%',
  '-1',
  'RollingUpdate',
  'ClusterIP',
  '* * * * *',
  '/x',
  'YQ==',
]
const numbers = [-1, 0, 1, 80, 70_000, 2_147_483_647]

/** A value of that type, now and then with parts missing: what a client may well send. */
function valueOf(type: SchemaType, pick: (bound: number) => number, depth: number): unknown {
  switch (type.kind) {
    case 'string':
      return words[pick(words.length)]
    case 'bytes':
      return 'YQ=='
    case 'int32':
    case 'int64':
    case 'double':
      return numbers[pick(numbers.length)]
    case 'boolean':
      return pick(2) === 1
    case 'quantity':
      return ['1', '500m', '1Gi', '-1', '0'][pick(5)]
    case 'intOrString':
      return pick(2) === 1 ? numbers[pick(numbers.length)] : words[pick(words.length)]
    case 'time':
      return '2026-01-01T00:00:00Z'
    case 'microtime':
      return '2026-01-01T00:00:00.000000Z'
    case 'array':
      return depth > 7
        ? []
        : Array.from({ length: pick(3) }, () => (pick(12) === 0 ? null : valueOf(type.items!, pick, depth + 1)))
    case 'map':
      return depth > 7
        ? {}
        : Object.fromEntries(
            Array.from({ length: pick(3) }, () => [words[pick(words.length)], valueOf(type.items!, pick, depth + 1)]),
          )
    case 'ref':
      return depth > 7 ? {} : structOf([...type.definition!.fields.values()], pick, depth + 1)
    default:
      return { any: 1 }
  }
}

function structOf(fields: readonly Field[], pick: (bound: number) => number, depth: number): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const field of fields)
    if (pick(depth < 3 ? 2 : 3) === 0) result[field.name] = pick(20) === 0 ? null : valueOf(field.type, pick, depth)
  return result
}

/** xorshift32, so that one integer names a whole object. */
function picker(seed: number): (bound: number) => number {
  let state = seed || 1
  return (bound) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % bound
  }
}

describe.each(kindVersions.map((kind) => [`${kind.group || 'core'}/${kind.version} ${kind.kind}`, kind] as const))(
  '%s',
  (_name, kind) => {
    it('takes whatever fits its schema: it never throws, and its answers are texts', () => {
      const make = (seed: number) => {
        const pick = picker(seed)
        const raw = structOf([...definition(kind.schema)!.fields.values()], pick, 0)
        const metadata = {
          ...(raw.metadata as object | undefined),
          name: 'x',
          uid: 'u',
          ...(kind.namespaced && { namespace: 'demo' }),
          creationTimestamp: '2026-01-01T00:00:00Z',
        }
        const { object, typeError } = decodeStrict(deepFreeze({ ...raw, metadata }), kind.schema)
        expect(typeError).toBeUndefined()
        kind.applyDefaults?.(object)
        kind.prepareForCreate?.(object)
        return object
      }
      fc.assert(
        fc.property(fc.integer({ min: 1 }), fc.integer({ min: 1 }), (seed, other) => {
          const object = make(seed)
          const old = make(other)
          const next = structuredClone(object)
          kind.prepareForUpdate?.(next, old, '2026-01-01T00:00:00Z')
          const errors = [
            ...(kind.validate?.(object) ?? []),
            ...(kind.validateUpdate?.(next, old) ?? []),
            ...(kind.validateStatusUpdate?.(next, old) ?? []),
          ]
          for (const { field, message } of errors)
            expect(`${field}: ${message}`).not.toMatch(/undefined|\[object Object\]|NaN/)
          for (const text of kind.warnings?.(object) ?? []) expect(text).not.toMatch(/undefined|\[object Object\]/)
          for (const column of kind.columns ?? [])
            expect(String(column.cell(object, 0))).not.toMatch(/undefined|\[object Object\]|NaN/)
          referencesOf(object)
          for (const value of Object.values(kind.selectableFields?.(object) ?? {})) expect(typeof value).toBe('string')
          trackUpdate({
            old,
            new: deepFreeze(object),
            schema: kind.schema,
            manager: 'm',
            apiVersion: 'v1',
            time: '2026-01-01T00:00:00Z',
          })
        }),
        { numRuns: kind.support === 'full' ? 150 : 25 },
      )
    })
  },
)
