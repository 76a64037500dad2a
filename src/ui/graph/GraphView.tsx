import {
  Background,
  BackgroundVariant,
  ReactFlow,
  ReactFlowProvider,
  ViewportPortal,
  type NodeProps,
} from '@xyflow/react'
import { lazy, Suspense, useMemo, useState, type ComponentType, type CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { ControlPlane } from './ControlPlane.tsx'
import { EdgeLayer } from './EdgeLayer.tsx'
import type { FlowNode } from './flow-nodes.ts'
import { Frame, Zone } from './Frame.tsx'
import { LensTabs } from './LensTabs.tsx'
import { useLens } from './lens-store.ts'
import { currentPlaces, usePlaces } from './live-places.ts'
import { useMachineDialog } from './machine-dialog-store.ts'
import { NodeCard } from './NodeCard.tsx'
import { useShownScene } from './scene-store.ts'
import { StorageCard } from './StorageCard.tsx'
import { TrafficCard } from './TrafficCard.tsx'
import { dragging } from './dragging.ts'
import { useCamera } from './use-camera.ts'
import { useIsFar } from './use-far.ts'
import { usePointing } from './use-pointing.ts'
import { useTravel } from './use-travel.ts'
import { useGraphView } from './view-store.ts'
import { bounds } from './viewport.ts'
import { ZoomControls } from './ZoomControls.tsx'
import './graph.css'

const nodeTypes = {
  frame: () => <Frame />,
  zone: ({ data }: NodeProps<FlowNode>) => <Zone name={data.key} />,
  controlPlane: ({ data }: NodeProps<FlowNode>) => <ControlPlane width={data.width} scale={data.scale} />,
  node: ({ data }: NodeProps<FlowNode>) => <NodeCard name={data.key} />,
  traffic: ({ data }: NodeProps<FlowNode>) => <TrafficCard resource={data.resource} name={data.key} />,
  storage: ({ data }: NodeProps<FlowNode>) => <StorageCard resource={data.resource} name={data.key} />,
  ...lensCards('GroupFrame', 'ObjectCard', 'LineCard', 'PodsBox', 'NetworkCard', 'NearCard'),
}

type CardName = keyof typeof import('./lenses/LensCards.tsx')

/** Cards of the other lenses, loaded with the first of them. */
function lensCards(...names: CardName[]) {
  const types: Record<string, ComponentType<NodeProps<FlowNode>>> = {}
  for (const name of names) {
    const Card = lazy(() => import('./lenses/LensCards.tsx').then((cards) => ({ default: cards[name] })))
    types[name] = ({ data }) => (
      <Suspense>
        <Card data={data} />
      </Suspense>
    )
  }
  return types
}

const Overview = lazy(() => import('./Overview.tsx').then((module) => ({ default: module.Overview })))
const FarLayer = lazy(() => import('./FarLayer.tsx').then((module) => ({ default: module.FarLayer })))
const HeldHint = lazy(() => import('./HeldHint.tsx').then((module) => ({ default: module.HeldHint })))
const EmptyState = lazy(() => import('./EmptyState.tsx').then((module) => ({ default: module.EmptyState })))
const LiveRegion = lazy(() => import('./LiveRegion.tsx').then((module) => ({ default: module.LiveRegion })))
const GraphMenu = lazy(() => import('./menus/GraphMenu.tsx').then((module) => ({ default: module.GraphMenu })))
const MachineDialog = lazy(() =>
  import('./menus/MachineDialog.tsx').then((module) => ({ default: module.MachineDialog })),
)
const LensHost = lazy(() => import('./lenses/LensHost.tsx').then((module) => ({ default: module.LensHost })))
const FilterBar = lazy(() => import('./FilterBar.tsx').then((module) => ({ default: module.FilterBar })))

/** With few cards it costs more to look which are visible than to keep all. */
const allRenderedUpTo = 40

/** The live graph of the cluster. */
export function GraphView() {
  return (
    <ReactFlowProvider>
      <Graph />
    </ReactFlowProvider>
  )
}

function Graph() {
  const { t } = useTranslation()
  const lens = useLens((state) => state.lens)
  const { places, nodes, isEmpty } = usePlaces()
  const scene = useShownScene()
  const isNodes = lens === 'nodes' || scene.lens === undefined
  const held = useGraphView((state) => state.held)
  const isFar = useIsFar()
  const near = useMemo(() => (isFar ? nodes.filter((node) => node.type !== 'node') : nodes), [nodes, isFar])
  const cards = isNodes ? near : scene.nodes
  // The card in the user's hand is where the hand is; everything else is where the layout says.
  const shown = useMemo(
    () => cards.map((node) => (held?.all.has(node.id) ? { ...node, position: held.all.get(node.id)! } : node)),
    [cards, held],
  )
  const area = isNodes ? bounds(places) : scene.bounds
  const isLarge = (isNodes ? nodes : shown).length > allRenderedUpTo
  const tier = useGraphView((state) => state.tier)
  const textScale = useGraphView((state) => state.textScale)
  const { fit, onMove } = useCamera(
    area,
    isNodes ? 'nodes' : scene.lens!,
    isNodes ? places.nodes.size > 0 : true,
    isLarge,
  )
  const pointing = usePointing(useTravel(fit))
  const question = useMachineDialog((state) => state.question)
  const [isMoving, setIsMoving] = useState(false)

  return (
    <section
      className={`graph tier-${tier}${isMoving && isLarge ? ' moving' : ''}`}
      style={{ '--inv': textScale, '--head': isNodes ? places.headScale : 1 } as CSSProperties}
      aria-label={t('graph.label')}
      {...pointing.handlers}
    >
      <div className="tool">
        <LensTabs />
        <span className="grow" />
        <Suspense>
          <FilterBar />
        </Suspense>
      </div>
      <ReactFlow
        id="graph-canvas"
        nodes={shown}
        edges={noEdges}
        nodeTypes={nodeTypes}
        onMove={(event) => {
          onMove(event)
          setIsMoving(true)
        }}
        onMoveEnd={() => setIsMoving(false)}
        {...dragging}
        minZoom={0.04}
        maxZoom={3}
        nodeDragThreshold={5}
        // Pulling a node out leads to the edge of the canvas, which would run away under the hand.
        autoPanOnNodeDrag={false}
        nodesConnectable={false}
        nodesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        onlyRenderVisibleElements={isLarge}
        deleteKeyCode={null}
        zoomOnDoubleClick={false}
        attributionPosition="bottom-center"
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.6} color="var(--grid-dot)" />
        <ViewportPortal>
          {isNodes && <EdgeLayer places={places} />}
          {isFar && (
            <Suspense>
              <FarLayer places={places} />
            </Suspense>
          )}
          {lens !== 'nodes' && (
            <Suspense>
              <LensHost lens={lens} />
            </Suspense>
          )}
          <div className="flights" ref={flightLayer} aria-hidden="true" />
        </ViewportPortal>
        <Suspense>
          <Overview area={area} />
        </Suspense>
        <ZoomControls onFit={fit} />
      </ReactFlow>
      <Suspense>
        {held && <HeldHint />}
        {isNodes && isEmpty && <EmptyState />}
        <LiveRegion />
        {pointing.menu && <GraphMenu target={pointing.menu} onClose={pointing.closeMenu} />}
        {question && <MachineDialog key={JSON.stringify(question)} question={question} />}
      </Suspense>
    </section>
  )
}

const noEdges: never[] = []
/** React Flow makes the place for this layer later than the first effects run, hence a callback. */
function flightLayer(layer: HTMLElement | null) {
  if (!layer) return undefined
  let stop: (() => void) | undefined
  let isGone = false
  // Nothing flies before the first pod is born, long after the first paint.
  void import('./flights.ts').then(({ startFlights }) => {
    if (!isGone) stop = startFlights(layer, currentPlaces)
  })
  return () => {
    isGone = true
    stop?.()
  }
}
