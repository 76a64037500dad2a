import { expect, test } from 'vitest'
import { nodeOf, podOf, scoresOf } from '../../../testing/scheduling.ts'
import { interPodAffinityWith, type InterPodAffinityArgs } from './plugin.ts'

const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } }
const required = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
const preferred = {
  podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 10, podAffinityTerm: term }] },
}
const world = {
  nodes: [nodeOf('a'), nodeOf('b'), nodeOf('c')],
  pods: [podOf('needs', { nodeName: 'a', affinity: required }), podOf('likes', { nodeName: 'b', affinity: preferred })],
}
const web = podOf('p', {}, { app: 'web' })

test.each<[string, InterPodAffinityArgs, readonly number[] | 'skip']>([
  ['a required affinity weighs one', { hardPodAffinityWeight: 1 }, [10, 100, 0]],
  ['it weighs more', { hardPodAffinityWeight: 100 }, [100, 10, 0]],
  ['it weighs nothing', { hardPodAffinityWeight: 0 }, [0, 100, 0]],
  ['others are not asked', { hardPodAffinityWeight: 1, ignorePreferredTermsOfExistingPods: true }, 'skip'],
])('%s', (_name, args, expected) => {
  expect(scoresOf(interPodAffinityWith(args), web, world)).toEqual(expected)
})
