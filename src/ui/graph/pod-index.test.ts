import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KubeObject } from '../../machinery/objects.ts'
import { PodIndex } from './pod-index.ts'
import { podsMounting, podsOf } from './pod-view.ts'

function pod(name: string, node?: string, uid = name): KubeObject {
  const conditions = [{ type: 'PodScheduled', status: 'True' }]
  const metadata = { name, namespace: 'demo', uid, resourceVersion: '1', creationTimestamp: '' }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { nodeName: node },
    status: { phase: 'Pending', conditions: node ? conditions : [] },
  }
}

const names = (index: PodIndex, node: string) =>
  index.on(node).map((view) => (view.ghost ? `(${view.name})` : view.name))

test('a pod waits, is bound, and is told once for each', () => {
  const index = new PodIndex()
  expect(index.update({ changed: [pod('a')], removed: [] }).map((event) => event.type)).toEqual(['born'])
  expect(names(index, '')).toEqual(['a'])
  expect(index.update({ changed: [pod('a', 'n1')], removed: [] }).map((event) => event.type)).toEqual(['bound'])
  expect(names(index, '')).toEqual([])
  expect(names(index, 'n1')).toEqual(['a'])
})

test('a node’s list keeps its identity while only other nodes change', () => {
  const index = new PodIndex()
  index.update({ changed: [pod('a', 'n1'), pod('b', 'n2')], removed: [] })
  const before = index.on('n1')
  let told = 0
  index.subscribe('n1', () => told++)
  index.update({ changed: [pod('c', 'n2'), pod('a', 'n1')], removed: ['demo/b'] })
  expect(index.on('n1')).toBe(before)
  expect(told).toBe(0)
})

test('a ghost keeps its place until it is buried, and its name may be used again meanwhile', () => {
  const index = new PodIndex()
  index.update({ changed: [pod('a', 'n1'), pod('b', 'n1'), pod('c', 'n1')], removed: [] })
  index.update({ changed: [pod('b', 'n1', 'b2')], removed: ['demo/b'] }, true)
  expect(names(index, 'n1')).toEqual(['a', '(b)', 'c', 'b'])
  index.bury(['b'])
  expect(names(index, 'n1')).toEqual(['a', 'c', 'b'])
})

test('a pod stands with its controller and its claims too, and leaves a controller that lets it go', () => {
  const index = new PodIndex()
  const plain = pod('a', 'n1')
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'w', controller: true }
  const owned: KubeObject = {
    ...plain,
    metadata: { ...plain.metadata, ownerReferences: [owner] },
    spec: { ...plain.spec, volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] },
  }
  index.update({ changed: [owned], removed: [] })
  expect(names(index, podsOf('ReplicaSet', 'demo', 'web'))).toEqual(['a'])
  expect(names(index, podsMounting('demo/data'))).toEqual(['a'])
  index.update({ changed: [pod('a', 'n1')], removed: [] })
  expect(names(index, podsOf('ReplicaSet', 'demo', 'web'))).toEqual([])
  expect(names(index, podsOf('', 'demo', ''))).toEqual(['a'])
})

test('pods of a node that is lost are Unknown, and themselves again when it is back', () => {
  const running = { ...pod('a', 'n1'), status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } }
  const index = new PodIndex()
  index.update({ changed: [running], removed: [] })
  index.setLost('n1', true)
  expect(index.get('demo/a')?.state).toBe('Unknown')
  expect([...index.counts()]).toEqual([['Unknown', 1]])
  index.setLost('n1', false)
  expect(index.get('demo/a')?.state).toBe('Running')
})

test('kept up step by step it equals one built at the end', () => {
  const step = fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    node: fc.constantFrom(undefined, 'n1', 'n2'),
    remove: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const index = new PodIndex()
      const world = new Map<string, KubeObject>()
      for (const { name, node, remove } of steps) {
        if (remove) world.delete(`demo/${name}`)
        else world.set(`demo/${name}`, pod(name, node))
        index.update(remove ? { changed: [], removed: [`demo/${name}`] } : { changed: [pod(name, node)], removed: [] })
      }
      const fresh = new PodIndex()
      fresh.update({ changed: [...world.values()], removed: [] })
      expect(index.size).toBe(fresh.size)
      expect(new Map(index.counts())).toEqual(new Map(fresh.counts()))
      for (const node of ['', 'n1', 'n2']) expect(names(index, node).sort()).toEqual(names(fresh, node).sort())
    }),
  )
})
