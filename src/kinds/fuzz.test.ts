import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeStrict } from '../machinery/decode.ts'
import { definition } from '../machinery/schema/schema.ts'
import { deepFreeze } from '../lib/freeze.ts'
import { trackUpdate } from '../machinery/managed-fields.ts'
import { kindVersions } from './registry.ts'
import { referencesOf } from './references.ts'
import { picker, structOf } from './testing/random-objects.ts'

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
            // Structural schemas have rules that something "must be undefined".
            expect(`${field}: ${message}`).not.toMatch(/(?<!must be (true or )?)undefined|\[object Object\]|NaN/)
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
