import { describe, expect, it } from 'vitest'
import { deepFreeze } from '../lib/freeze.ts'
import { applyJsonPatch } from './json-patch.ts'
import { mergePatch } from './merge-patch.ts'
import { strategicMergePatch } from './strategic-merge.ts'

describe('mergePatch', () => {
  it.each([
    [{ a: 1, b: { c: 2 } }, { b: { c: null, d: 3 } }, { a: 1, b: { d: 3 } }],
    [{ a: [1, 2] }, { a: [3] }, { a: [3] }],
    [{ a: 1 }, { b: { c: null } }, { a: 1, b: {} }],
    [{ a: 1 }, null, null],
  ])('%j with %j', (target, patch, result) => expect(mergePatch(deepFreeze(target), deepFreeze(patch))).toEqual(result))
})

describe('applyJsonPatch', () => {
  const target = deepFreeze({ data: { k: 'v', l: ['a', 'b'] }, labels: { 'a/b': '1' } })
  it.each<[string, object, unknown]>([
    ['add', { op: 'add', path: '/data/n', value: 1 }, { k: 'v', l: ['a', 'b'], n: 1 }],
    ['add to a list', { op: 'add', path: '/data/l/1', value: 'x' }, { k: 'v', l: ['a', 'x', 'b'] }],
    ['append', { op: 'add', path: '/data/l/-', value: 'x' }, { k: 'v', l: ['a', 'b', 'x'] }],
    ['remove from a list', { op: 'remove', path: '/data/l/0' }, { k: 'v', l: ['b'] }],
    ['move', { op: 'move', from: '/data/k', path: '/data/m' }, { m: 'v', l: ['a', 'b'] }],
    ['copy', { op: 'copy', from: '/data/k', path: '/data/m' }, { k: 'v', m: 'v', l: ['a', 'b'] }],
    ['a test that holds', { op: 'test', path: '/data/k', value: 'v' }, { k: 'v', l: ['a', 'b'] }],
  ])('%s', (_name, operation, data) => expect((applyJsonPatch(target, [operation]) as any).data).toEqual(data))

  it('reads escaped names', () => {
    expect((applyJsonPatch(target, [{ op: 'replace', path: '/labels/a~1b', value: '2' }]) as any).labels).toEqual({
      'a/b': '2',
    })
  })

  it.each<[string, unknown]>([
    ['a test that fails', { op: 'test', path: '/data/k', value: 'other' }],
    ['removing what is not there', { op: 'remove', path: '/data/absent' }],
    ['adding below what is not there', { op: 'add', path: '/none/x', value: 1 }],
    ['an index beyond the end', { op: 'add', path: '/data/l/9', value: 1 }],
    ['an unknown operation', { op: 'frobnicate', path: '/data' }],
    ['the prototype', { op: 'add', path: '/__proto__/x', value: 1 }],
  ])('refuses %s', (_name, operation) =>
    expect(() => applyJsonPatch(target, [operation])).toThrow(
      'the server rejected our request due to an error in our request',
    ),
  )

  it('refuses what is no list', () =>
    expect(() => applyJsonPatch(target, { not: 'an-array' })).toThrow(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    ))
})

describe('strategicMergePatch', () => {
  const pod = 'io.k8s.api.core.v1.Pod'
  const container = (name: string, more: object = {}) => ({ name, image: `${name}:1`, ...more })
  const original = deepFreeze({
    metadata: { labels: { x: '1', y: '2' }, finalizers: ['a', 'b'] },
    spec: {
      containers: [
        container('one', {
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
          ports: [{ containerPort: 80 }],
        }),
        container('two', { args: ['x', 'y'] }),
      ],
    },
  })
  const patched = (patch: object) => strategicMergePatch(original, deepFreeze(patch), pod) as any

  it('merges lists by their key and puts what is new before what only the server has', () => {
    const { containers } = patched({
      spec: {
        containers: [
          {
            name: 'one',
            env: [
              { name: 'B', value: 'changed' },
              { name: 'C', value: '3' },
            ],
          },
          container('three'),
        ],
      },
    }).spec
    expect(containers.map(({ name }: any) => name)).toEqual(['one', 'three', 'two'])
    expect(containers[0].env).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: 'changed' },
      { name: 'C', value: '3' },
    ])
  })

  it('replaces lists without a key', () =>
    expect(patched({ spec: { containers: [{ name: 'two', args: ['z'] }] } }).spec.containers[1].args).toEqual(['z']))

  it('puts what the patch names in the order of the patch', () => {
    expect(
      patched({ spec: { containers: [{ name: 'one', ports: [{ containerPort: 81 }, { containerPort: 80 }] }] } }).spec
        .containers[0].ports,
    ).toEqual([{ containerPort: 81 }, { containerPort: 80 }])
  })

  it('deletes an item, replaces a map, drops all but the kept keys', () => {
    expect(
      patched({ spec: { containers: [{ name: 'two', $patch: 'delete' }] } }).spec.containers.map(
        ({ name }: any) => name,
      ),
    ).toEqual(['one'])
    expect(patched({ metadata: { labels: { $patch: 'replace', z: '3' } } }).metadata.labels).toEqual({ z: '3' })
    expect(patched({ metadata: { labels: { $retainKeys: ['x'], x: '9' } } }).metadata.labels).toEqual({ x: '9' })
  })

  it('replaces a whole list', () =>
    expect(patched({ spec: { containers: [container('n'), { $patch: 'replace' }] } }).spec.containers).toEqual([
      container('n'),
    ]))

  it('takes items out of a list of plain values, and merges others in', () => {
    expect(patched({ metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } }).metadata.finalizers).toEqual(['b'])
    expect(patched({ metadata: { finalizers: ['c'] } }).metadata.finalizers).toEqual(
      ['c', 'a', 'b'].sort((l, r) => 'cab'.indexOf(l) - 'cab'.indexOf(r)),
    )
  })

  it('orders by $setElementOrder', () => {
    const { containers } = patched({
      spec: {
        '$setElementOrder/containers': [{ name: 'two' }, { name: 'one' }],
        containers: [{ name: 'one', image: 'new' }],
      },
    }).spec
    expect(containers.map(({ name }: any) => name)).toEqual(['two', 'one'])
  })

  it('removes with null', () =>
    expect(patched({ metadata: { labels: { x: null } } }).metadata.labels).toEqual({ y: '2' }))
})

describe('patches that mean harm', () => {
  it('cannot double an object again and again', () => {
    const patch = [
      { op: 'add', path: '/data/x', value: 'x'.repeat(100_000) },
      ...Array.from({ length: 30 }, (_, index) => ({ op: 'copy', from: '/data', path: `/data/c${index}` })),
    ]
    expect(() => applyJsonPatch({ data: {} }, patch)).toThrow('the server rejected our request')
  })

  it('cannot nest deeper than what can be read', () => {
    const patch = Array.from({ length: 300 }, () => ({ op: 'move', from: '/a', path: '/b' })).flatMap((move) => [
      move,
      { op: 'add', path: '/a', value: {} },
      { op: 'move', from: '/b', path: '/a/b' },
    ])
    expect(() => applyJsonPatch({ a: {} }, patch)).toThrow('the server rejected our request')
  })

  it('can name a key __proto__, which is data', () => {
    const merged = mergePatch({ a: 1 }, JSON.parse('{"__proto__":{"b":2}}')) as object
    expect(JSON.stringify(merged)).toBe('{"a":1,"__proto__":{"b":2}}')
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype)
    expect(JSON.stringify(mergePatch(merged, JSON.parse('{"__proto__":null}')))).toBe('{"a":1}')
  })
})
