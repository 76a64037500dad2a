import { expect, test } from 'vitest'
import type { KubeObject } from '../../machinery/objects.ts'
import { clockText } from './clock-text.ts'
import { eventsOf, relatedEvents } from './events-of.ts'

const meta = (name: string, uid = name) => ({
  name,
  uid,
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
})

function event(name: string, kind: string, about: { name: string; uid?: string }, lastTimestamp: string): KubeObject {
  const involvedObject = { kind, ...about }
  return { apiVersion: 'v1', kind: 'Event', metadata: meta(name), involvedObject, lastTimestamp } as KubeObject
}

test('events of this very object, newest first; those of a namesake before it are not its own', () => {
  const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: meta('web', 'u2') }
  const events = [
    event('old', 'Pod', { name: 'web', uid: 'u2' }, '2026-01-01T00:00:01Z'),
    event('namesake', 'Pod', { name: 'web', uid: 'u1' }, '2026-01-01T00:00:02Z'),
    event('service', 'Service', { name: 'web', uid: 'u2' }, '2026-01-01T00:00:03Z'),
    event('new', 'Pod', { name: 'web', uid: 'u2' }, '2026-01-01T00:00:04Z'),
  ]
  expect(eventsOf(events, pod).map((one) => one.metadata.name)).toEqual(['new', 'old'])
})

test('a kubelet’s event about its node carries the name for a uid', () => {
  const node: KubeObject = { apiVersion: 'v1', kind: 'Node', metadata: meta('node-1', 'u') }
  const events = [event('starting', 'Node', { name: 'node-1', uid: 'node-1' }, '2026-01-01T00:00:01Z')]
  expect(eventsOf(events, node)).toHaveLength(1)
})

test('a workload hears of what it makes, and of nothing that is only called alike', () => {
  const about = (name: string) => ({ name, namespace: 'shop' })
  const web = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...meta('web'), namespace: 'shop' },
  } as KubeObject
  const time = '2026-01-01T00:00:01Z'
  const events = [
    event('own', 'Deployment', { ...about('web'), uid: 'web' }, time),
    event('set', 'ReplicaSet', about('web-745d774b66'), time),
    event('pod', 'Pod', about('web-745d774b66-5nscn'), time),
    event('other workload', 'Pod', about('web-api-745d774b66-5nscn'), time),
    event('other namespace', 'Pod', { name: 'web-745d774b66-5nscn' }, time),
    event('node', 'Node', about('web-745d774b66'), time),
  ]
  expect(relatedEvents(events, web).map((one) => one.metadata.name)).toEqual(['own', 'set', 'pod'])
})

test.each([
  [0, '00:00.0'],
  [398_120, '06:38.1'],
  [3_998_190, '1:06:38.1'],
])('%d ms is %s', (ms, text) => {
  expect(clockText(ms)).toBe(text)
})
