import type { TrafficRoute } from '../../../bridge/protocol.ts'
import { cardId, type Scene } from './scene.ts'

/** What passes along a link, a second. */
export interface LinkFlow {
  readonly perSecond: number
  readonly failedPerSecond: number
}

/** Rates by link (`from>to`, ids of cards): a calling pod is in the cards that show its group. */
export function flowsOf(
  scene: Pick<Scene, 'cards' | 'links'>,
  routes: readonly TrafficRoute[],
  groupOf: (pod: string) => string | undefined,
): Map<string, LinkFlow> {
  const flows = new Map<string, LinkFlow>()
  const links = new Set(scene.links.map(({ from, to }) => `${from}>${to}`))
  for (const { from, to, perSecond, failedPerSecond } of routes) {
    if (!('resource' in to)) continue
    const group = groupOf(from)
    if (group === undefined) continue
    for (const card of scene.cards) {
      const id = `${card.id}>${cardId(to.resource, to.key)}`
      if (!card.pods?.includes(group) || !links.has(id)) continue
      const before = flows.get(id) ?? { perSecond: 0, failedPerSecond: 0 }
      flows.set(id, {
        perSecond: before.perSecond + perSecond,
        failedPerSecond: before.failedPerSecond + failedPerSecond,
      })
    }
  }
  return flows
}

/** So many dots are on their way along a link: more the busier it is, on a logarithmic scale. */
export function dotsOf(perSecond: number): number {
  return perSecond <= 0 ? 0 : Math.min(6, 1 + Math.round(Math.log2(1 + perSecond) / 1.5))
}
