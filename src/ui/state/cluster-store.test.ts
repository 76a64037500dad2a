import { expect, test } from 'vitest'
import type { Delta } from '../../bridge/protocol.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { emptyCluster, withDelta } from './cluster-store.ts'

const clock = { now: 0, epoch: 0, running: true, speed: 1, next: null }

function pod(name: string, phase = 'Pending'): KubeObject {
  const metadata = {
    name,
    namespace: 'shop',
    uid: name,
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
  }
  return { apiVersion: 'v1', kind: 'Pod', metadata, status: { phase } }
}

function delta(changed: KubeObject[], removed: string[] = [], more: Partial<Delta> = {}): Delta {
  return {
    full: false,
    changed: changed.map((object) => ({ resource: 'pods', object })),
    removed: removed.map((key) => ({ resource: 'pods', key })),
    clock,
    ...more,
  }
}

const two = withDelta(emptyCluster, delta([pod('a'), pod('b')]))

test('a changed object leaves the others and the list of keys as they are', () => {
  const next = withDelta(two, delta([pod('b', 'Running')]))
  expect(next.resources.pods.byKey.get('shop/a')).toBe(two.resources.pods.byKey.get('shop/a'))
  expect(next.resources.pods.byKey.get('shop/b')?.status.phase).toBe('Running')
  expect(next.resources.pods.keys).toBe(two.resources.pods.keys)
})

test('the list of keys changes when objects come and go', () => {
  expect(withDelta(two, delta([pod('c')])).resources.pods.keys).toEqual(['shop/a', 'shop/b', 'shop/c'])
  expect(withDelta(two, delta([], ['shop/a'])).resources.pods.keys).toEqual(['shop/b'])
})

test('removing what is not there changes no list', () => {
  expect(withDelta(two, delta([], ['shop/z'])).resources.pods.keys).toBe(two.resources.pods.keys)
})

test('a delta without objects keeps every table', () => {
  expect(withDelta(two, delta([])).resources).toBe(two.resources)
})

test('an object deleted and made again in one delta is there afterwards', () => {
  const next = withDelta(two, delta([pod('a', 'Running')], ['shop/a']))
  expect(next.resources.pods.byKey.get('shop/a')?.status.phase).toBe('Running')
})

test('a full delta replaces everything and announces another world', () => {
  const next = withDelta(two, delta([pod('z')], [], { full: true, journal: [] }))
  expect(next.resources.pods.keys).toEqual(['shop/z'])
  expect(next.world).toBe(two.world + 1)
})

test('the journal grows by what a delta brings', () => {
  const entry = { at: 5, action: { type: 'cordon', name: 'node-1', cordon: true } } as const
  const once = withDelta(two, delta([], [], { journal: [entry] }))
  expect(withDelta(once, delta([], [], { journal: [entry] })).journal).toEqual([entry, entry])
  expect(withDelta(once, delta([])).journal).toBe(once.journal)
})
