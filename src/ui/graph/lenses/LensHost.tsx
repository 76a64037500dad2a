import { useLayoutEffect, useMemo, useSyncExternalStore } from 'react'
import { usePage } from '../../state/page-store.ts'
import type { Lens } from '../graph-filter.ts'
import { useLens } from '../lens-store.ts'
import { livePods } from '../live-pods.ts'
import { cardKey } from '../live-places.ts'
import { useGraphView } from '../view-store.ts'
import { NearPop } from './LensCards.tsx'
import { drawLinks } from './links.ts'
import { currentScene, onScene, showLens } from './live-scene.ts'
import type { Scene } from './scene.ts'
import { TrafficDots } from './TrafficDots.tsx'

/** With more cards than this, only the edges of what is selected or pointed at are drawn. */
const mostCardsWithEdges = 400

/** Keeps the scene of a lens up to date while it is looked through, and draws its edges. */
export function LensHost({ lens }: { lens: Lens }) {
  useLayoutEffect(() => showLens(lens), [lens])
  const scene = useSyncExternalStore(onScene, currentScene)
  const layers = useLens((state) => state.layers)
  const focus = useFocus(scene)
  const held = useGraphView((state) => state.held)
  const cards = useMemo(
    () =>
      held
        ? scene.cards.map((card) =>
            held.all.has(card.id) ? { ...card, rect: { ...card.rect, ...held.all.get(card.id) } } : card,
          )
        : scene.cards,
    [scene, held],
  )
  const lit = useMemo(() => litBy(scene, focus), [scene, focus])
  const wanted = useMemo(
    () =>
      scene.links.filter(
        (link) =>
          (link.type === 'near' || layers[link.type]) && (scene.cards.length <= mostCardsWithEdges || lit.has(link)),
      ),
    [scene, layers, lit],
  )
  const drawn = useMemo(() => drawLinks(wanted, cards), [wanted, cards])
  const hasFocus = lit.size > 0
  const shown = drawn
    .map((link) => ({ link, isLit: lit.has(link.source) }))
    .sort((a, b) => Number(a.isLit) - Number(b.isLit))
  return (
    <>
      <svg className="edges" width="1" height="1" aria-hidden="true">
        {shown.map(({ link, isLit }) => (
          <g key={link.id} className={hasFocus && !isLit ? 'dimmed' : undefined}>
            <path className={`e ${link.type}${hasFocus && isLit ? ' lit' : ''}`} d={link.path} />
            {link.type !== 'near' && <circle className="port" cx={link.end.x} cy={link.end.y} r="2.25" />}
          </g>
        ))}
        {lens === 'network' && <TrafficDots scene={scene} links={drawn} />}
      </svg>
      {shown.map(({ link, isLit }) => {
        // In the Network lens the almost has a card of its own.
        if (!link.near || !isLit || link.to.startsWith('near ')) return null
        const middle = link.points[Math.floor(link.points.length / 2)]!
        return (
          <div key={link.id} className="near-at" style={{ left: middle.x, top: middle.y }}>
            <NearPop near={link.near} />
          </div>
        )
      })}
    </>
  )
}

/** The card that is pointed at, else that of what is selected; of a pod, the card it is shown in. */
function useFocus(scene: Scene): string | undefined {
  const hovered = useGraphView((state) => state.hovered)
  const selection = usePage((state) => state.selection)
  return useMemo(() => {
    const ids = new Set(scene.cards.map((card) => card.id))
    if (hovered && ids.has(hovered)) return hovered
    if (!selection) return undefined
    const id = cardKey(selection.resource, selection.key)
    if (ids.has(id)) return id
    const pod = selection.resource === 'pods' ? livePods.get(selection.key) : undefined
    return pod && scene.cards.find((card) => card.pods?.includes(pod.owned))?.id
  }, [scene, hovered, selection])
}

/** The edges of a card and, along ownership, of what it comes from and what comes of it. */
function litBy({ links }: Scene, focus: string | undefined): ReadonlySet<Scene['links'][number]> {
  const lit = new Set<Scene['links'][number]>()
  if (!focus) return lit
  const owners = links.filter((link) => link.type === 'owner')
  const walk = (id: string, isDown: boolean) => {
    for (const link of owners) {
      if ((isDown ? link.from : link.to) !== id || lit.has(link)) continue
      lit.add(link)
      walk(isDown ? link.to : link.from, isDown)
    }
  }
  walk(focus, true)
  walk(focus, false)
  for (const link of links) if (link.from === focus || link.to === focus) lit.add(link)
  return lit
}
