import { describe, expect, test } from 'vitest'
import { nodeOf, podOf, scoresOf, verdicts } from '../../../testing/scheduling.ts'
import { interPodAffinity } from './plugin.ts'

const zone = 'topology.kubernetes.io/zone'
const nodes = [
  nodeOf('a1', { labels: { [zone]: 'a' } }),
  nodeOf('a2', { labels: { [zone]: 'a' } }),
  nodeOf('b1', { labels: { [zone]: 'b' } }),
  nodeOf('nowhere'),
]
const term = (app: string, topologyKey = zone, more = {}) => ({
  labelSelector: { matchLabels: { app } },
  topologyKey,
  ...more,
})
const affinity = (...terms: object[]) => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
})
const anti = (...terms: object[]) => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
})
const preferred = (field: string, weight: number, podAffinityTerm: object) => ({
  affinity: { [field]: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm }] } },
})
const on = (nodeName: string, name: string, spec = {}, namespace = 'default') =>
  podOf(name, { nodeName, ...spec }, { app: name }, namespace)

const near = "unresolvable: node(s) didn't match pod affinity rules"
const own = "unschedulable: node(s) didn't match pod anti-affinity rules"
const theirs = "unschedulable: node(s) didn't satisfy existing pods anti-affinity rules"

describe('filter', () => {
  test.each<[string, ReturnType<typeof podOf>, ReturnType<typeof podOf>[], unknown]>([
    [
      'affinity: the whole zone of the other pod',
      podOf('p', affinity(term('db'))),
      [on('a1', 'db')],
      { a1: 'fits', a2: 'fits', b1: near, nowhere: near },
    ],
    [
      'affinity to nobody, and not to itself',
      podOf('p', affinity(term('db'))),
      [],
      { a1: near, a2: near, b1: near, nowhere: near },
    ],
    [
      'the first of a group may go anywhere that has the key',
      podOf('p', affinity(term('p')), { app: 'p' }),
      [],
      { a1: 'fits', a2: 'fits', b1: 'fits', nowhere: near },
    ],
    [
      'pods of another namespace are others',
      podOf('p', affinity(term('db'))),
      [on('a1', 'db', {}, 'other')],
      { a1: near, a2: near, b1: near, nowhere: near },
    ],
    [
      'unless the namespace is named',
      podOf('p', affinity(term('db', zone, { namespaces: ['other'] }))),
      [on('b1', 'db', {}, 'other')],
      { a1: near, a2: near, b1: 'fits', nowhere: near },
    ],
    [
      'anti-affinity: not in its zone',
      podOf('p', anti(term('db'))),
      [on('a1', 'db')],
      { a1: own, a2: own, b1: 'fits', nowhere: 'fits' },
    ],
    [
      'anti-affinity by host',
      podOf('p', anti(term('db', 'kubernetes.io/hostname'))),
      [on('a1', 'db')],
      { a1: own, a2: 'fits', b1: 'fits', nowhere: 'fits' },
    ],
    [
      'who is there may not want it',
      podOf('p', {}, { app: 'p' }),
      [on('b1', 'db', anti(term('p')))],
      { a1: 'fits', a2: 'fits', b1: theirs, nowhere: 'fits' },
    ],
    [
      'affinity: one pod must match all terms, two that share them do not do',
      podOf('p', affinity(term('db'), { ...term('db'), labelSelector: { matchLabels: { track: 'new' } } })),
      [on('a1', 'db'), podOf('new', { nodeName: 'a1' }, { track: 'new' })],
      { a1: near, a2: near, b1: near, nowhere: near },
    ],
    ['nobody wants anything', podOf('p'), [on('b1', 'db')], 'skip'],
  ])('%s', (_name, pod, pods, expected) => {
    expect(verdicts(interPodAffinity, pod, { nodes, pods })).toEqual(expected)
  })
})

describe('score', () => {
  test.each<[string, ReturnType<typeof podOf>, ReturnType<typeof podOf>[], unknown]>([
    ['it prefers to be near', podOf('p', preferred('podAffinity', 10, term('db'))), [on('b1', 'db')], [0, 0, 100, 0]],
    [
      'it prefers to be away',
      podOf('p', preferred('podAntiAffinity', 10, term('db'))),
      [on('b1', 'db')],
      [100, 100, 0, 100],
    ],
    [
      'who is there prefers it near',
      podOf('p', {}, { app: 'p' }),
      [on('a1', 'db', preferred('podAffinity', 10, term('p')))],
      [100, 100, 0, 0],
    ],
    [
      'scores are divided before they are multiplied: 29 of 50 is 57, not 58',
      podOf('p', {
        affinity: {
          podAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 29, podAffinityTerm: term('db') },
              { weight: 50, podAffinityTerm: term('web') },
            ],
          },
        },
      }),
      [on('a1', 'db'), on('b1', 'web')],
      [57, 57, 100, 0],
    ],
    ['nobody prefers anything', podOf('p'), [on('a1', 'db')], 'skip'],
  ])('%s', (_name, pod, pods, expected) => {
    expect(scoresOf(interPodAffinity, pod, { nodes, pods })).toEqual(expected)
  })
})
