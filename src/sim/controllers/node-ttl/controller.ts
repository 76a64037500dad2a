import { defineController, done } from '../../controller-runtime/controller.ts'

const annotation = 'node.alpha.kubernetes.io/ttl'

/** Seconds that a kubelet may keep what it read, by how many nodes there are: from, to. Upstream: pkg/controller/ttl. */
const steps: readonly (readonly [number, number, number])[] = [
  [0, 100, 0],
  [90, 500, 15],
  [450, 1000, 30],
  [900, 2000, 60],
  [1800, 10_000, 300],
  [9000, Number.POSITIVE_INFINITY, 600],
]

/** The step for so many nodes; within the overlap, the one that holds already. */
export function ttlSeconds(nodes: number, present: number): number {
  let step = Math.max(
    0,
    steps.findIndex(([, , seconds]) => seconds === present),
  )
  while (nodes > steps[step]![1]) step++
  while (nodes < steps[step]![0]) step--
  return steps[step]![2]
}

/** Tells every node's kubelet how long it may trust what it has read. */
export const nodeTtlController = defineController({
  name: 'node-ttl',
  component: 'ttl-controller',
  for: 'nodes',
  reconcile: (key, { client }) => {
    const node = client.get('nodes', key)
    if (!node) return done
    const present = node.metadata.annotations?.[annotation]
    const wanted = String(ttlSeconds(client.cache('nodes').size(), Number(present ?? 0)))
    if (present !== wanted)
      client.patch('nodes', key, { type: 'merge', patch: { metadata: { annotations: { [annotation]: wanted } } } })
    return done
  },
})
