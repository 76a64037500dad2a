import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KubeObject } from '../../machinery/objects.ts'
import { createCluster, type Cluster } from '../cluster.ts'
import { testMachine } from '../testing/scenario.ts'
import { podOf } from '../testing/scheduling.ts'

const hostname = 'kubernetes.io/hostname'
const zone = 'topology.kubernetes.io/zone'
const key = fc.constantFrom(hostname, zone)
const app = fc.constantFrom('a', 'b')
const wish = fc.record({
  app,
  near: fc.option(fc.record({ app, key }), { nil: undefined, freq: 2 }),
  apart: fc.option(fc.record({ app, key }), { nil: undefined, freq: 2 }),
  spread: fc.option(fc.record({ key, maxSkew: fc.integer({ min: 1, max: 2 }) }), { nil: undefined, freq: 2 }),
  gone: fc.boolean(),
})
type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never

const term = (one: { app: string; key: string }) => ({
  labelSelector: { matchLabels: { app: one.app } },
  topologyKey: one.key,
})

function podOfWish({ app, near, apart, spread }: Wish, index: number): KubeObject {
  const required = (one: { app: string; key: string }) => ({
    requiredDuringSchedulingIgnoredDuringExecution: [term(one)],
  })
  const affinity = { ...(near && { podAffinity: required(near) }), ...(apart && { podAntiAffinity: required(apart) }) }
  const constraint = spread && {
    ...term({ app, key: spread.key }),
    maxSkew: spread.maxSkew,
    whenUnsatisfiable: 'DoNotSchedule',
  }
  const spec = { affinity, ...(constraint && { topologySpreadConstraints: [constraint] }) }
  const { uid: _uid, ...metadata } = podOf(`p${index}`, {}, { app }).metadata
  return { ...podOf(`p${index}`, spec), metadata } as KubeObject
}

interface Placed {
  readonly wish: Wish
  readonly node: string
}

/** What is wrong with a placement among those that were there, by the plain meaning of the constraints. */
function faults({ wish, node }: Placed, there: readonly Placed[], zones: Readonly<Record<string, string>>): string[] {
  const at = (name: string, key: string) => (key === zone ? zones[name]! : name)
  const together = (other: Placed, key: string) => at(other.node, key) === at(node, key)
  const found: string[] = []
  const { near, apart, spread } = wish
  if (apart && there.some((one) => one.wish.app === apart.app && together(one, apart.key))) found.push('apart')
  for (const other of there)
    if (other.wish.apart?.app === wish.app && together(other, other.wish.apart.key)) found.push('kept away')
  if (near) {
    const liked = there.filter((one) => one.wish.app === near.app)
    const first = liked.length === 0 && near.app === wish.app
    if (!first && !liked.some((one) => together(one, near.key))) found.push('near')
  }
  if (spread) {
    const domains = new Set(Object.keys(zones).map((name) => at(name, spread.key)))
    const count = (domain: string) =>
      there.filter((one) => one.wish.app === wish.app && at(one.node, spread.key) === domain).length
    const least = Math.min(...[...domains].map(count))
    if (count(at(node, spread.key)) + 1 - least > spread.maxSkew) found.push('spread')
  }
  return found
}

test('required affinity and spreading hold when a pod is bound, and none waits that has a place', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(wish, { minLength: 1, maxLength: 14 }), (size, wishes) => {
      const names = Array.from({ length: size }, (_, index) => `node-${index}`)
      const zones = Object.fromEntries(names.map((name, index) => [name, `zone-${index % 3}`]))
      const cluster = createCluster({ machines: names.map((name) => testMachine(name, { zone: zones[name]! })) })
      cluster.runFor(3000)
      const placed = new Map<string, Placed>()
      const look = () => {
        for (const { metadata, spec } of cluster.api.list('pods')) {
          if (!spec.nodeName || placed.has(metadata.name)) continue
          const one = { wish: wishes[Number(metadata.name.slice(1))]!, node: spec.nodeName }
          expect(faults(one, [...placed.values()], zones), metadata.name).toEqual([])
          placed.set(metadata.name, one)
        }
      }
      const settle = (ms: number) => {
        const until = cluster.now() + ms
        while (cluster.clock.step(until)) look()
      }
      wishes.forEach((one, index) => {
        cluster.api.create('pods', podOfWish(one, index))
        settle(100)
      })
      wishes.forEach((one, index) => {
        if (!one.gone) return
        cluster.api.delete('pods', `default/p${index}`, { gracePeriodSeconds: 0 })
        placed.delete(`p${index}`)
        settle(100)
      })
      // Less than the time after which every pod is tried again without a reason.
      settle(30_000)
      const before = waiting(cluster)
      cluster.scheduler.restart()
      settle(15_000)
      expect(waiting(cluster)).toEqual(before)
    }),
    { numRuns: 40 },
  )
})

const waiting = (cluster: Cluster) =>
  cluster.api.list('pods').flatMap(({ metadata, spec }) => (spec.nodeName ? [] : [metadata.name]))
