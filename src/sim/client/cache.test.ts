import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../machinery/objects.ts'
import { Clock } from '../clock/clock.ts'
import { Etcd } from '../etcd/etcd.ts'
import { Watches } from '../apiserver/watches.ts'
import { Cache } from './cache.ts'

const latency = 2

function setUp(nodeName?: string) {
  const clock = new Clock(0)
  const etcd = new Etcd()
  const watches = new Watches(etcd, clock, latency)
  etcd.onEvent = (resource, event) => watches.notify(resource, event)
  const watch = watches.open({ id: 'w', resource: 'pods', actor: 'reader', ...(nodeName && { nodeName }) })
  const cache = new Cache('pods', etcd, watches, watch)
  cache.addIndex('node', (pod) => (pod.spec?.nodeName ? [pod.spec.nodeName] : []))
  let deliveries = 0
  clock.register('reader', () => {
    deliveries++
    cache.deliver()
  })
  const context = () => ({ at: clock.now(), cause: 0, actor: 'test' })
  const podOf = (name: string, node: string | undefined, revision: number) =>
    ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', resourceVersion: String(revision) },
      spec: { nodeName: node },
    }) as unknown as KubeObject
  const put = (name: string, node?: string) =>
    etcd.put('pods', `default/${name}`, context(), (revision) => podOf(name, node, revision))
  const remove = (name: string) =>
    etcd.delete('pods', `default/${name}`, context(), (revision) => podOf(name, undefined, revision))
  return { clock, etcd, watches, watch, cache, put, remove, deliveries: () => deliveries }
}

const names = (pods: readonly KubeObject[]) => pods.map(({ metadata }) => metadata.name)

describe('a cache', () => {
  test('shows a change when its watch has brought it, not before', () => {
    const { clock, cache, put } = setUp()
    put('a')
    clock.runFor(latency - 1)
    expect(names(cache.list())).toEqual([])
    clock.runFor(1)
    expect(names(cache.list())).toEqual(['a'])
  })

  test('gets what happens in one moment in one delivery, and hears of every change of it', () => {
    const { clock, cache, put, deliveries } = setUp()
    const heard: string[] = []
    cache.onChange(({ type, object, old }) =>
      heard.push(`${type} ${object.spec.nodeName ?? '-'} was ${old?.spec.nodeName ?? '-'}`),
    )
    put('a')
    put('a', 'node-1')
    put('a', 'node-2')
    clock.runFor(10)
    expect(deliveries()).toBe(1)
    expect(heard).toEqual(['ADDED - was -', 'MODIFIED node-1 was -', 'MODIFIED node-2 was node-1'])
    expect([names(cache.byIndex('node', 'node-1')), names(cache.byIndex('node', 'node-2'))]).toEqual([[], ['a']])
  })

  test('a cut line brings nothing; mended, it brings what was missed', () => {
    const { clock, watches, watch, cache, put } = setUp()
    watches.setCut(watch, true)
    put('a')
    clock.runFor(60_000)
    expect(cache.list()).toEqual([])
    watches.setCut(watch, false)
    clock.runFor(10)
    expect(names(cache.list())).toEqual(['a'])
  })

  test('a watch of one node hears of pods that come to it and leave it, and of no others', () => {
    const { clock, cache, put, deliveries } = setUp('node-1')
    const heard: string[] = []
    cache.onChange(({ type, key }) => heard.push(`${type} ${key}`))
    put('other', 'node-2')
    clock.runFor(10)
    expect(deliveries()).toBe(0)
    put('mine', 'node-1')
    clock.runFor(10)
    put('mine', 'node-2')
    clock.runFor(10)
    expect(heard).toEqual(['ADDED default/mine', 'MODIFIED default/mine'])
  })

  test('compaction waits for the slowest watch', () => {
    const { clock, etcd, watches, cache, put } = setUp()
    put('a')
    etcd.compact(Infinity, (resource) => watches.slowest(resource))
    clock.runFor(10)
    expect(names(cache.list())).toEqual(['a'])
    etcd.compact(Infinity, (resource) => watches.slowest(resource))
    expect(etcd.since('pods', 0)).toBeUndefined()
  })

  test('a delivery that comes after compaction is an error of the program', () => {
    const { etcd, cache, put } = setUp()
    put('a')
    etcd.compact(Infinity, () => Infinity)
    expect(() => cache.deliver()).toThrow('fell behind compaction')
  })

  test('rebuilt, it and its indices are what they were, in the same order', () => {
    const write = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      node: fc.constantFrom(undefined, 'node-1', 'node-2'),
      gone: fc.boolean(),
      pause: fc.nat(3),
    })
    fc.assert(
      fc.property(fc.array(write, { maxLength: 40 }), (writes) => {
        const { clock, etcd, cache, put, remove } = setUp()
        for (const { name, node, gone, pause } of writes) {
          if (gone && etcd.get('pods', `default/${name}`)) remove(name)
          else put(name, node)
          clock.runFor(pause)
        }
        const state = () => [
          names(cache.list()),
          ...['node-1', 'node-2'].map((node) => [names(cache.byIndex('node', node)), cache.countByIndex('node', node)]),
        ]
        const incremental = state()
        cache.rebuild()
        expect(state()).toEqual(incremental)
      }),
      { numRuns: 100 },
    )
  })
})
