import type { KubeObject } from '../../../machinery/objects.ts'

/** First and longest delay between two failed pods of a node. Upstream: flowcontrol.NewBackOff in the controller. */
const firstMs = 1_000
const longestMs = 900_000

/** When a failed pod was last deleted, and how long the next one waits, by generation and node. */
type Delays = Record<string, readonly [lastMs: number, delayMs: number]>

/** How long a failed pod of a node still has to stay; when it may go at once, the next one will wait longer. */
export function failedPodMayGo(set: KubeObject, nodeName: string, wallMs: number, memory: Map<string, Delays>): number {
  const { namespace, name, uid } = set.metadata
  const owner = `${namespace}/${name}`
  const delays = memory.get(owner) ?? {}
  const key = `${uid}/${set.status?.observedGeneration ?? 0}/${nodeName}`
  const known = Object.hasOwn(delays, key) ? delays[key] : undefined
  const isFresh = known && wallMs - known[0] <= 2 * longestMs
  if (isFresh && wallMs - known[0] < known[1]) return known[1] - (wallMs - known[0])
  const recent = Object.entries(delays).filter(([, [lastMs]]) => wallMs - lastMs <= 2 * longestMs)
  const delayMs = isFresh ? Math.min(known[1] * 2, longestMs) : firstMs
  memory.set(owner, { ...Object.fromEntries(recent), [key]: [wallMs, delayMs] })
  return 0
}
