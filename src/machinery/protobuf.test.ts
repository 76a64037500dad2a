import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { protobufReader, type ProtobufTable } from './protobuf.ts'

const table = JSON.parse(readFileSync('facts/protobuf.json', 'utf8')) as ProtobufTable
const read = protobufReader(table)

type Part = readonly [field: number, value: number | string | readonly Part[]]

/** A message's bytes: numbers as varints, texts and messages with their lengths. */
function message(parts: readonly Part[]): number[] {
  return parts.flatMap(([field, value]) => {
    if (typeof value === 'number') return [...varint((field << 3) | 0), ...varint(value)]
    const bytes = typeof value === 'string' ? [...new TextEncoder().encode(value)] : message(value)
    return [...varint((field << 3) | 2), ...varint(bytes.length), ...bytes]
  })
}

function varint(value: number): number[] {
  let rest = BigInt.asUintN(64, BigInt(value))
  const bytes: number[] = []
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  return [...bytes, Number(rest)]
}

const magic = [0x6b, 0x38, 0x73, 0]
const body = (apiVersion: string, kind: string, object: readonly Part[]) =>
  Uint8Array.from([
    ...magic,
    ...message([
      [
        1,
        [
          [1, apiVersion],
          [2, kind],
        ],
      ],
      [2, object],
      [3, ''],
      [4, ''],
    ]),
  ])

describe('objects as clients send them', () => {
  test.each<[string, Uint8Array, unknown]>([
    [
      'a Namespace',
      body('v1', 'Namespace', [
        [
          1,
          [
            [1, 'demo'],
            [8, []],
          ],
        ],
        [2, []],
        [3, []],
      ]),
      { metadata: { name: 'demo' }, spec: {}, status: {} },
    ],
    [
      'a map',
      body('v1', 'ConfigMap', [
        [1, [[1, 'c']]],
        [
          2,
          [
            [1, 'k'],
            [2, 'v'],
          ],
        ],
        [
          2,
          [
            [1, '__proto__'],
            [2, 'w'],
          ],
        ],
      ]),
      JSON.parse('{"metadata":{"name":"c"},"data":{"k":"v","__proto__":"w"}}'),
    ],
    [
      'an embedded struct: a volume has its source’s fields',
      body('v1', 'Pod', [
        [
          2,
          [
            [
              1,
              [
                [1, 'v'],
                [2, [[2, []]]],
              ],
            ],
          ],
        ],
      ]),
      { spec: { volumes: [{ name: 'v', emptyDir: {} }] } },
    ],
    [
      'a number or a text',
      body('v1', 'Service', [
        [
          2,
          [
            [
              1,
              [
                [3, 80],
                [
                  4,
                  [
                    [1, 1],
                    [2, 0],
                    [3, 'http'],
                  ],
                ],
              ],
            ],
          ],
        ],
      ]),
      { spec: { ports: [{ port: 80, targetPort: 'http' }] } },
    ],
    [
      'a quantity',
      body('v1', 'ResourceQuota', [
        [
          2,
          [
            [
              1,
              [
                [1, 'pods'],
                [2, [[1, '5']]],
              ],
            ],
          ],
        ],
      ]),
      { spec: { hard: { pods: '5' } } },
    ],
    ['zero behind a pointer', body('apps/v1', 'Deployment', [[2, [[1, 0]]]]), { spec: { replicas: 0 } }],
    [
      'a time',
      body('v1', 'Pod', [
        [
          1,
          [
            [
              8,
              [
                [1, 1_600_000_000],
                [2, 0],
              ],
            ],
          ],
        ],
      ]),
      { metadata: { creationTimestamp: '2020-09-13T12:26:40Z' } },
    ],
    [
      'embedded JSON',
      body('apps/v1', 'ControllerRevision', [
        [2, [[1, '{"a":[1]}']]],
        [3, 7],
      ]),
      { data: { a: [1] }, revision: 7 },
    ],
    [
      'options of the metadata’s group',
      body('v1', 'DeleteOptions', [
        [1, 30],
        [4, 'Orphan'],
        [5, 'All'],
      ]),
      { gracePeriodSeconds: 30, propagationPolicy: 'Orphan', dryRun: ['All'] },
    ],
    ['a negative number', body('v1', 'DeleteOptions', [[1, -1]]), { gracePeriodSeconds: -1 }],
  ])('%s', (_name, bytes, expected) => {
    const result = read(bytes)
    expect(result).toMatchObject({ value: expected as object })
  })
})

test.each<[string, Uint8Array, RegExp]>([
  ['nothing', new Uint8Array(), /empty data/],
  ['JSON', new TextEncoder().encode('{}'), /expected prefix \[107 56 115 0\]/],
  ['a kind that nobody knows', body('v1', 'Widget', []), /no kind "Widget" is registered for version "v1"/],
  ['a length beyond the end', Uint8Array.from([...magic, 0x0a, 0xff, 0x7f]), /unexpected EOF/],
  ['a number without end', Uint8Array.from([...magic, ...Array(12).fill(0xff)]), /integer overflow/],
  ['a group, which proto2 had', Uint8Array.from([...magic, 0x0b]), /illegal wireType 3/],
  ['a text where a number belongs', body('v1', 'DeleteOptions', [[1, 'x']]), /wrong wireType/],
])('refuses %s', (_name, bytes, message) => {
  const result = read(bytes)
  expect('error' in result && result.error).toMatch(message)
})

test('whatever comes is read or refused, never thrown', () => {
  const sample = body('v1', 'Pod', [
    [
      1,
      [
        [1, 'p'],
        [
          11,
          [
            [1, 'k'],
            [2, 'v'],
          ],
        ],
      ],
    ],
    [
      2,
      [
        [
          2,
          [
            [1, 'c'],
            [2, 'i'],
            [
              7,
              [
                [1, 'A'],
                [2, '1'],
              ],
            ],
          ],
        ],
      ],
    ],
  ])
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(sample.length - 1), fc.nat(255)), { maxLength: 6 }),
      fc.uint8Array({ maxLength: 30 }),
      (changes, tail) => {
        const bytes = Uint8Array.from([...sample, ...tail])
        for (const [at, value] of changes) bytes[at] = value
        const result = read(bytes)
        expect('value' in result || typeof result.error === 'string').toBe(true)
      },
    ),
    { numRuns: 2000 },
  )
})

test('recursion has an end', () => {
  const loop = 'k8s.io.api.core.v1.Loop'
  const loops = protobufReader({ [loop]: { f: { 1: { name: 'loop', t: 11, tn: loop } } } })
  let bytes: number[] = []
  for (let depth = 0; depth < 3000; depth++) bytes = [0x0a, ...varint(bytes.length), ...bytes]
  const type = message([
    [
      1,
      [
        [1, 'v1'],
        [2, 'Loop'],
      ],
    ],
  ])
  expect(loops(Uint8Array.from([...magic, ...type, 0x12, ...varint(bytes.length), ...bytes]))).toEqual({
    error: 'exceeded max depth',
  })
})
