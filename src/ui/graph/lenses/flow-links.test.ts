import { expect, test } from 'vitest'
import type { TrafficRoute } from '../../../bridge/protocol.ts'
import { dotsOf, flowsOf } from './flow-links.ts'

const rect = { x: 0, y: 0, width: 1, height: 1 }
const card = (key: string, pods: string[]) => ({
  id: `services ${key}`,
  type: 'NetworkCard' as const,
  rect,
  resource: 'services',
  key,
  pods,
})
const scene = {
  cards: [card('shop/web', ['web']), card('shop/cart', ['cart']), card('shop/admin', ['web'])],
  links: [{ type: 'route' as const, from: 'services shop/web', to: 'services shop/cart' }],
}
const route = (from: string, key: string, perSecond: number, failedPerSecond = 0) =>
  ({ from, to: { resource: 'services', key }, perSecond, failedPerSecond }) as TrafficRoute

test('what pods ask goes along the links of the cards that show them', () => {
  const routes = [
    route('shop/web-1', 'shop/cart', 2),
    route('shop/web-2', 'shop/cart', 3, 1),
    route('shop/x', 'shop/cart', 9),
  ]
  const flows = flowsOf(scene, routes, (pod) => (pod.startsWith('shop/web') ? 'web' : undefined))
  expect([...flows]).toEqual([['services shop/web>services shop/cart', { perSecond: 5, failedPerSecond: 1 }]])
})

test('what goes to no card of the scene is not drawn', () => {
  const outside = { ...route('shop/web-1', '', 1), to: { host: 'example.com' } }
  expect(flowsOf(scene, [outside, route('shop/web-1', 'shop/mail', 1)], () => 'web').size).toBe(0)
})

test.each([
  [0, 0],
  [0.2, 1],
  [1, 2],
  [10, 3],
  [100, 5],
  [10_000, 6],
])('%d a second are %d dots', (perSecond, dots) => {
  expect(dotsOf(perSecond)).toBe(dots)
})
