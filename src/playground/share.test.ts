import fc from 'fast-check'
import { deflateSync, strToU8 } from 'fflate'
import { expect, test } from 'vitest'
import { fromBase64Url, toBase64Url } from '../lib/base64url.ts'
import type { Action, Playground } from './model.ts'
import { defaultShape, engineVersion, playgroundVersion } from './model.ts'
import { decodeFragment, encodeFragment, fromFileText, sizesOf, toFileText } from './share.ts'

const word = fc.string({ maxLength: 40, unit: 'grapheme' })
const action = fc.oneof(
  fc.record({ type: fc.constant('apply' as const), file: word, text: word }),
  fc.record({
    type: fc.constant('machine' as const),
    name: word,
    change: fc.constantFrom('unplug' as const, 'plug' as const, 'remove' as const),
  }),
  fc.record({
    type: fc.constant('scale' as const),
    resource: word,
    namespace: word,
    name: word,
    replicas: fc.nat(1000),
  }),
  fc.record({ type: fc.constant('cordon' as const), name: word, cordon: fc.boolean() }),
  fc.record({
    type: fc.constant('request' as const),
    method: fc.constantFrom('POST', 'DELETE'),
    path: word,
    body: word,
  }),
  fc.record({ type: fc.constant('delete' as const), resource: word, name: word }),
) as fc.Arbitrary<Action>

const machine = fc.record(
  {
    name: word,
    zone: word,
    cpu: word,
    memory: word,
    pods: fc.nat(500),
    labels: fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), word),
  },
  { requiredKeys: ['name', 'zone', 'cpu', 'memory'] },
)

const playgrounds: fc.Arbitrary<Playground> = fc.record(
  {
    version: fc.constant(playgroundVersion),
    engine: fc.constant(engineVersion),
    name: word,
    files: fc.array(fc.record({ name: word, text: fc.string({ maxLength: 400, unit: 'binary' }) }), { maxLength: 5 }),
    shape: fc.record({ name: word, seed: fc.integer(), machines: fc.array(machine, { maxLength: 5 }) }),
    journal: fc.array(fc.record({ at: fc.nat(), action }), { maxLength: 8 }),
    until: fc.nat(),
    camera: fc.record({
      x: fc.integer({ min: -1000, max: 1000 }),
      y: fc.integer({ min: -1000, max: 1000 }),
      zoom: fc.constantFrom(0.25, 1, 2.5),
    }),
  },
  { requiredKeys: ['version', 'engine', 'name', 'files', 'shape', 'journal', 'until'] },
)

const sample: Playground = {
  version: playgroundVersion,
  engine: engineVersion,
  name: 'shop',
  files: [{ name: 'shop.yaml', text: 'kind: Pod\n'.repeat(20) }],
  shape: defaultShape(),
  journal: [{ at: 10, action: { type: 'machine', name: 'node-1', change: 'unplug' } }],
  until: 20_000,
}

/** A link around any JSON. */
const link = (json: string) => `1.${toBase64Url(deflateSync(strToU8(json)))}`

test('bytes survive base64url', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      (bytes) => void expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes),
    ),
  )
})

test('a playground survives a link and a file', () => {
  fc.assert(
    fc.property(playgrounds, (playground) => {
      expect(decodeFragment(`#${encodeFragment(playground)}`)).toEqual({ ok: true, playground })
      expect(fromFileText(toFileText(playground))).toEqual({ ok: true, playground })
    }),
  )
})

test('a link is made of characters that need no escaping in a fragment', () => {
  fc.assert(fc.property(playgrounds, (playground) => void expect(encodeFragment(playground)).toMatch(/^1\.[\w-]+$/)))
})

test('whatever a fragment holds, there is an answer and nothing is thrown', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.string().map((text) => `1.${text}`),
    fc.base64String().map((text) => `#1.${text.replace(/=+$/, '')}`),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => `1.${toBase64Url(bytes)}`),
    fc.json({ maxDepth: 8 }).map(link),
  )
  fc.assert(fc.property(anything, (fragment) => void expect(decodeFragment(fragment).ok).toBe(false)))
})

test('a link that lost or changed characters never opens as something else than a playground', () => {
  const good = encodeFragment(sample)
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.constantFrom('', 'A', '_', '.'), (at, put) => {
      const opened = decodeFragment(good.slice(0, at) + put + good.slice(at + 1))
      if (opened.ok) expect(opened.playground.files).toBeInstanceOf(Array)
    }),
  )
  expect(decodeFragment(good.slice(0, good.length / 2))).toMatchObject({ ok: false })
})

const refused: [name: string, fragment: string, problem: string][] = [
  ['no tag', 'aGVsbG8', 'notALink'],
  ['empty', '', 'notALink'],
  ['a tag of a later format', '2.AAAA', 'newerVersion'],
  ['not base64url', '1.a+b/', 'damaged'],
  ['not deflated', '1.AAAAAAAA', 'damaged'],
  ['not JSON', link('hello'), 'damaged'],
  ['longer than 64 kB', `1.${'A'.repeat(70_000)}`, 'tooLong'],
  ['a bomb: 40 MB in 40 kB', link(' '.repeat(40_000_000)), 'tooLarge'],
  ['nested a million deep', link(`${'['.repeat(1_000_000)}`), 'invalid'],
  ['null', link('null'), 'invalid'],
  ['files that are no list', link(JSON.stringify({ ...sample, files: {} })), 'invalid'],
  [
    'a journal of unknown actions',
    link(JSON.stringify({ ...sample, journal: [{ at: 0, action: { type: 'eval' } }] })),
    'invalid',
  ],
  ['a time without end', link(JSON.stringify(sample).replace('20000', '1e308')), 'invalid'],
  ['a playground of a later version', link(JSON.stringify({ ...sample, version: 2 })), 'newerVersion'],
  [
    'an object with a prototype',
    link(
      JSON.stringify({ ...sample, journal: [{ at: 0, action: { type: 'replace', object: 0 } }] }).replace(
        ':0}}',
        ':{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"},"__proto__":{"a":1}}}}',
      ),
    ),
    'invalid',
  ],
]

test.each(refused)('%s is refused', (_, fragment, problem) => {
  expect(decodeFragment(fragment)).toMatchObject({ ok: false, problem })
})

test('a refusal says where', () => {
  const opened = decodeFragment(
    link(JSON.stringify({ ...sample, shape: { ...sample.shape, machines: [{ name: 5 }] } })),
  )
  expect(opened).toMatchObject({ detail: 'shape.machines[0].name: must be a string' })
})

test('unknown fields do not come through', () => {
  const opened = decodeFragment(link(JSON.stringify({ ...sample, evil: true })))
  expect(opened).toEqual({ ok: true, playground: sample })
})

test('the sizes of the parts add up to the length of the link', () => {
  const { total, ...parts } = sizesOf(sample)
  expect(total).toBe(encodeFragment(sample).length)
  expect(Object.values(parts).reduce((sum, each) => sum + each, 0)).toBe(total)
})
