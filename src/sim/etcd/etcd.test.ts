import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import { Etcd } from './etcd.ts'

const context = (at = 0) => ({ at, cause: 0, actor: 'test' })

function objectOf(name: string, revision: number, value = 0): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default', resourceVersion: String(revision) },
    data: { value: String(value) },
  } as unknown as KubeObject
}

const put = (etcd: Etcd, name: string, at = 0, resource = 'configmaps') =>
  etcd.put(resource, `default/${name}`, context(at), (revision) => objectOf(name, revision, at))
const remove = (etcd: Etcd, name: string, at = 0) =>
  etcd.delete('configmaps', `default/${name}`, context(at), (revision) => objectOf(name, revision, at))
const shown = (events: readonly { type: string; key: string; revision: number }[] | undefined) =>
  events?.map(({ type, key, revision }) => `${revision} ${type} ${key}`)

describe('the store', () => {
  test('has one revision counter for all resources, and objects carry theirs', () => {
    const etcd = new Etcd()
    put(etcd, 'a')
    put(etcd, 'b', 0, 'secrets')
    expect(put(etcd, 'a').metadata.resourceVersion).toBe('3')
    expect(etcd.revision).toBe(3)
    expect(etcd.resources()).toEqual(['configmaps', 'secrets'])
  })

  test('tells what changed since a revision, oldest first', () => {
    const etcd = new Etcd()
    put(etcd, 'a')
    put(etcd, 'b')
    put(etcd, 'a')
    remove(etcd, 'b')
    expect(shown(etcd.since('configmaps', 0))).toEqual([
      '1 ADDED default/a',
      '2 ADDED default/b',
      '3 MODIFIED default/a',
      '4 DELETED default/b',
    ])
    expect(shown(etcd.since('configmaps', 2))).toEqual(['3 MODIFIED default/a', '4 DELETED default/b'])
    expect(shown(etcd.since('configmaps', 4))).toEqual([])
    expect(shown(etcd.since('nothing', 0))).toEqual([])
  })

  test('a deletion carries the last state under the new revision', () => {
    const etcd = new Etcd()
    const last = put(etcd, 'a')
    remove(etcd, 'a')
    const [event] = etcd.since('configmaps', 1)!
    expect(event).toMatchObject({ type: 'DELETED', previous: last, object: { metadata: { resourceVersion: '2' } } })
    expect(etcd.get('configmaps', 'default/a')).toBeUndefined()
  })

  test('objects are frozen and handed out by reference', () => {
    const etcd = new Etcd()
    const stored = put(etcd, 'a')
    expect(etcd.get('configmaps', 'default/a')).toBe(stored)
    expect(() => ((stored.metadata as any).name = 'b')).toThrow(TypeError)
  })

  test('a write that throws leaves everything as it was', () => {
    const etcd = new Etcd()
    put(etcd, 'a')
    expect(() =>
      etcd.put('configmaps', 'default/a', context(), () => {
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(etcd.revision).toBe(1)
    expect(shown(etcd.since('configmaps', 1))).toEqual([])
  })

  test('what is deleted and made again is a new object, at the end of a listing by age', () => {
    const etcd = new Etcd()
    put(etcd, 'a')
    put(etcd, 'b')
    remove(etcd, 'a')
    put(etcd, 'a')
    expect(etcd.entriesAt('configmaps', etcd.revision).map(([key]) => key)).toEqual(['default/b', 'default/a'])
    expect(etcd.keys('configmaps')).toEqual(['default/a', 'default/b'])
  })

  test('deleting what is not there is an error of the program', () => {
    expect(() => remove(new Etcd(), 'a')).toThrow('is not there')
  })

  test.each([
    ['older than a time', 25, Infinity, 2],
    ['but not past the slowest reader', 25, 1, 1],
    ['and nothing when all is young', 5, Infinity, 0],
  ])('compaction forgets what is %s', (_name, olderThan, slowest, compacted) => {
    const etcd = new Etcd()
    for (const at of [10, 20, 30]) put(etcd, 'a', at)
    etcd.compact(olderThan, () => slowest)
    expect(shown(etcd.since('configmaps', compacted))).toHaveLength(3 - compacted)
    if (compacted > 0) {
      expect(etcd.since('configmaps', compacted - 1)).toBeUndefined()
      expect(() => etcd.entriesAt('configmaps', compacted - 1)).toThrow('compacted')
    }
  })

  test('whatever was written, the entries at a revision are those there were then, also after a restore', () => {
    const write = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), gone: fc.boolean() })
    fc.assert(
      fc.property(fc.array(write, { maxLength: 30 }), (writes) => {
        const etcd = new Etcd()
        const states: { revision: number; entries: unknown }[] = []
        writes.forEach(({ name, gone }, index) => {
          if (gone && etcd.get('configmaps', `default/${name}`)) remove(etcd, name, index)
          else put(etcd, name, index)
          states.push({ revision: etcd.revision, entries: etcd.entriesAt('configmaps', etcd.revision) })
        })
        const twin = new Etcd()
        twin.restore(JSON.parse(JSON.stringify(etcd.snapshot())), keyOf)
        for (const { revision, entries } of states) {
          expect(etcd.entriesAt('configmaps', revision)).toEqual(entries)
          expect(twin.entriesAt('configmaps', revision)).toEqual(entries)
        }
        expect(twin.snapshot()).toEqual(etcd.snapshot())
      }),
      { numRuns: 60 },
    )
  })
})
