import type { Field, SchemaType } from '../../machinery/schema/schema.ts'

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
export function valueOf(type: SchemaType, pick: (bound: number) => number, depth: number): unknown {
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

/** An object with some of those fields. */
export function structOf(
  fields: readonly Field[],
  pick: (bound: number) => number,
  depth: number,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const field of fields)
    if (pick(depth < 3 ? 2 : 3) === 0) result[field.name] = pick(20) === 0 ? null : valueOf(field.type, pick, depth)
  return result
}

/** xorshift32, so that one integer names a whole object. */
export function picker(seed: number): (bound: number) => number {
  let state = seed || 1
  return (bound) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % bound
  }
}
