import { expect, test } from 'vitest'
import type { TrafficRoute } from '../../bridge/protocol.ts'
import { trafficRows } from './traffic-rows.ts'

const route = (from: string, service: string, more: Partial<TrafficRoute> = {}): TrafficRoute => ({
  from,
  to: { resource: 'services', key: `shop/${service}` },
  port: 80,
  perSecond: 1,
  failedPerSecond: 0,
  p50: 2,
  p95: 4,
  counts: [1, 2],
  failures: [0, 0],
  last: '200',
  ...more,
})
const nameOf = (pod: string) => pod.replace(/^.*\/|-\d$/g, '')

test('what the pods of a workload ask is added up; those with failures come first', () => {
  const rows = trafficRows(
    [
      route('shop/web-1', 'cart', { perSecond: 5 }),
      route('shop/web-2', 'cart', { p50: 6, p95: null, counts: [3, 4] }),
      route('shop/web-2', 'mail', { failedPerSecond: 1, failures: [0, 1], last: 'connection refused' }),
    ],
    nameOf,
  )
  expect(rows).toMatchObject([
    { from: 'web', to: { key: 'shop/mail' }, last: 'connection refused' },
    { from: 'web', to: { key: 'shop/cart' }, perSecond: 6, p50: 6, p95: 4, counts: [4, 6], last: '200' },
  ])
})

test('without an answer there is no time', () => {
  expect(trafficRows([route('shop/web-1', 'cart', { p50: null, p95: null })], nameOf)).toMatchObject([
    { p50: null, p95: null },
  ])
})
