import { lazy, memo, Suspense, useMemo } from 'react'
import { usePage } from '../state/page-store.ts'
import { drawEdges, type DrawnEdge, type Edge } from './edges.ts'
import { useLens } from './lens-store.ts'
import { useEdges } from './live-relations.ts'
import type { Layout } from './layout.ts'
import { cardKey } from './live-places.ts'
import { useNear } from './near-store.ts'
import { useGraphView, type Held } from './view-store.ts'

const NearPop = lazy(() => import('./lenses/LensCards.tsx').then((module) => ({ default: module.NearPop })))

/** With more nodes than this, only the routes of what is selected or pointed at are drawn. */
const mostNodesWithRoutes = 12

/**
 * All edges in one drawing under the cards. They run in the gutters of the layout, which React Flow's own edges,
 * joining two handles, know nothing of; and one element for each is all they cost.
 */
export const EdgeLayer = memo(function EdgeLayer({ places }: { places: Layout }) {
  const edges = useEdges()
  const hovered = useGraphView((state) => state.hovered)
  const selected = usePage((state) =>
    state.selection ? cardKey(state.selection.resource, state.selection.key) : undefined,
  )
  const isFarAway = useGraphView((state) => state.tier === 'cell' || state.tier === 'bar')
  const focus = hovered ?? selected
  const touches = (edge: { from: string; to: string }) => edge.from === focus || edge.to === focus
  const onlyFocused = isFarAway || places.nodes.size > mostNodesWithRoutes

  const layers = useLens((state) => state.layers)
  const wanted = useMemo(() => {
    const near = (edge: Edge) => edge.from === focus || edge.to === focus || !places.nodes.has(edge.to)
    return edges.filter((edge) => (edge.type === 'near' || layers[edge.type]) && (!onlyFocused || near(edge)))
  }, [edges, places, focus, onlyFocused, layers])
  const held = useGraphView((state) => state.held)
  const shown = useMemo(() => drawEdges(wanted, withHeld(places, held)), [wanted, places, held])
  const hasFocus = shown.some(touches)
  // What is lit is drawn last, over the rest.
  const ordered = hasFocus ? [...shown].sort((a, b) => Number(touches(a)) - Number(touches(b))) : shown
  const near = useNear((state) => (focus ? state.near.get(focus) : undefined))
  const at = focus ? places.traffic.get(focus) : undefined
  return (
    <>
      <svg className="edges" width="1" height="1" aria-hidden="true">
        {ordered.map((edge) => (
          <path key={edge.id} className={edgeClass(edge, hasFocus, touches(edge))} d={edge.path} />
        ))}
        {shown.map((edge) => edge.port && <Port key={edge.id} edge={edge} isDim={hasFocus && !touches(edge)} />)}
      </svg>
      {near && at && (
        <Suspense>
          <div className="near-at" style={{ left: at.x + at.width / 2 + 26, top: at.y + at.height }}>
            <NearPop near={near} />
          </div>
        </Suspense>
      )}
    </>
  )
})

/** The cards in the user's hand are where the hand is. */
function withHeld(places: Layout, held: Held | undefined): Layout {
  if (!held) return places
  const nodes = new Map(places.nodes)
  for (const [key, at] of held.all) {
    const rect = nodes.get(key)
    if (rect) nodes.set(key, { ...rect, ...at })
  }
  return { ...places, nodes }
}

function edgeClass(edge: DrawnEdge, hasFocus: boolean, isLit: boolean): string {
  return `e ${edge.cut ? 'cut' : edge.type}${hasFocus ? (isLit ? ' lit' : ' dimmed') : ''}`
}

function Port({ edge, isDim }: { edge: DrawnEdge; isDim: boolean }) {
  return (
    <circle
      className={isDim ? 'dimmed' : undefined}
      cx={edge.port!.x}
      cy={edge.port!.y}
      r="2.25"
      fill="var(--canvas)"
      stroke={edge.type === 'mount' && !edge.cut ? 'var(--ns-b-bar)' : 'var(--line-3)'}
      strokeWidth="1.25"
    />
  )
}
