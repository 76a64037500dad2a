import { describe, expect, test } from 'vitest'
import { nodeOf, podOf, scoresOf, verdicts } from '../../../testing/scheduling.ts'
import { podTopologySpread } from './plugin.ts'

const zone = 'topology.kubernetes.io/zone'
const inZone = (name: string, value: string, more = {}) => nodeOf(name, { labels: { [zone]: value, ...more } })
const nodes = [inZone('a1', 'a'), inZone('b1', 'b'), nodeOf('nowhere')]
const web = { app: 'web' }
const constraint = (more = {}) => ({
  maxSkew: 1,
  topologyKey: zone,
  whenUnsatisfiable: 'DoNotSchedule',
  labelSelector: { matchLabels: web },
  ...more,
})
const spread = (more = {}, spec = {}) => podOf('p', { topologySpreadConstraints: [constraint(more)], ...spec }, web)
const on = (nodeName: string, count: number, more = {}) =>
  Array.from({ length: count }, (_, index) => podOf(`${nodeName}-${index}`, { nodeName }, { ...web, ...more }))

const skewed = "unschedulable: node(s) didn't match pod topology spread constraints"
const noKey = "unresolvable: node(s) didn't match pod topology spread constraints (missing required label)"

describe('filter', () => {
  test.each<[string, ReturnType<typeof podOf>, ReturnType<typeof podOf>[], unknown]>([
    ['level: either zone', spread(), [...on('a1', 1), ...on('b1', 1)], { a1: 'fits', b1: 'fits', nowhere: noKey }],
    ['uneven: the emptier zone only', spread(), on('a1', 1), { a1: skewed, b1: 'fits', nowhere: noKey }],
    ['a larger skew allows more', spread({ maxSkew: 2 }), on('a1', 1), { a1: 'fits', b1: 'fits', nowhere: noKey }],
    ['other pods do not count', spread(), on('a1', 1, { app: 'db' }), { a1: 'fits', b1: 'fits', nowhere: noKey }],
    [
      'fewer domains than asked for: the least is none',
      spread({ minDomains: 3 }),
      [...on('a1', 1), ...on('b1', 1)],
      { a1: skewed, b1: skewed, nowhere: noKey },
    ],
    [
      'pods of another version do not count under matchLabelKeys',
      podOf('p', { topologySpreadConstraints: [constraint({ matchLabelKeys: ['v'] })] }, { ...web, v: '2' }),
      on('a1', 1, { v: '1' }),
      { a1: 'fits', b1: 'fits', nowhere: noKey },
    ],
    ['a soft constraint refuses nobody', spread({ whenUnsatisfiable: 'ScheduleAnyway' }), on('a1', 5), 'skip'],
  ])('%s', (_name, pod, pods, expected) => {
    expect(verdicts(podTopologySpread, pod, { nodes, pods })).toEqual(expected)
  })

  test('domains that the pod may not go to do not hold it back', () => {
    const zones = [inZone('a1', 'a', { disk: 'ssd' }), inZone('b1', 'b', { disk: 'ssd' }), inZone('c1', 'c')]
    const pods = [...on('a1', 1), ...on('b1', 1)]
    const nodeSelector = { disk: 'ssd' }
    expect(verdicts(podTopologySpread, spread({}, { nodeSelector }), { nodes: zones, pods })).toMatchObject({
      a1: 'fits',
      b1: 'fits',
    })
    expect(
      verdicts(podTopologySpread, spread({ nodeAffinityPolicy: 'Ignore' }, { nodeSelector }), { nodes: zones, pods }),
    ).toMatchObject({ a1: skewed, b1: skewed })
  })

  test('tainted nodes count unless asked not to', () => {
    const tainted = nodeOf('c1', { labels: { [zone]: 'c' }, spec: { taints: [{ key: 'x', effect: 'NoSchedule' }] } })
    const world = { nodes: [inZone('a1', 'a'), tainted], pods: on('a1', 1) }
    expect(verdicts(podTopologySpread, spread(), world)).toMatchObject({ a1: skewed })
    expect(verdicts(podTopologySpread, spread({ nodeTaintsPolicy: 'Honor' }), world)).toMatchObject({ a1: 'fits' })
  })
})

describe('score', () => {
  const soft = spread({ whenUnsatisfiable: 'ScheduleAnyway' })

  test('the emptier zone scores higher, a node without the key nothing', () => {
    expect(scoresOf(podTopologySpread, soft, { nodes, pods: on('a1', 2) })).toEqual([0, 100, 0])
  })

  test('pods of one Service are spread even if nobody asks', () => {
    const service = { metadata: { name: 'web', namespace: 'default' }, spec: { selector: web } } as never
    const world = { nodes: [inZone('a1', 'a'), inZone('b1', 'b')], pods: on('a1', 3), objects: { services: [service] } }
    const [there, elsewhere] = scoresOf(podTopologySpread, podOf('p', {}, web), world) as number[]
    expect(elsewhere).toBeGreaterThan(there!)
  })

  test('nodes that the pod may not use do not count for its zone', () => {
    const service = { metadata: { name: 'web', namespace: 'default' }, spec: { selector: web } } as never
    const fast = { disk: 'fast' }
    const zones = [inZone('a1', 'a', fast), inZone('a2', 'a'), inZone('b1', 'b', fast)]
    const world = { nodes: zones, pods: [...on('a2', 6), ...on('b1', 1)], objects: { services: [service] } }
    const [a1, , b1] = scoresOf(podTopologySpread, podOf('p', { nodeSelector: fast }, web), world) as number[]
    expect(a1).toBeGreaterThan(b1!)
  })

  test('a node that lacks one of two keys is out of both', () => {
    const rack = 'rack'
    const both = podOf(
      'p',
      {
        topologySpreadConstraints: [
          constraint({ whenUnsatisfiable: 'ScheduleAnyway' }),
          constraint({ whenUnsatisfiable: 'ScheduleAnyway', topologyKey: rack }),
        ],
      },
      web,
    )
    const world = { nodes: [inZone('a1', 'a', { rack: '1' }), inZone('a2', 'a'), inZone('b1', 'b', { rack: '2' })] }
    expect(scoresOf(podTopologySpread, both, { ...world, pods: on('a2', 4) })).toEqual([100, 0, 100])
  })

  test('an empty selector counts nobody', () => {
    const pod = spread({ whenUnsatisfiable: 'ScheduleAnyway', labelSelector: {} })
    expect(
      scoresOf(podTopologySpread, pod, { nodes: [inZone('a1', 'a'), inZone('b1', 'b')], pods: on('a1', 3) }),
    ).toEqual([100, 100])
  })

  test('a pod that belongs to nothing is not looked at', () => {
    expect(scoresOf(podTopologySpread, podOf('p', {}, web), { nodes })).toBe('skip')
  })
})
