import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  useOnViewportChange,
  useReactFlow,
  useStore,
  ViewportPortal,
  type NodeProps,
} from '@xyflow/react'
import { useCallback, useEffect, useMemo, useRef, useState, type CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { useCluster } from '../state/cluster-store.ts'
import { setCamera, usePage } from '../state/page-store.ts'
import { ControlPlane } from './ControlPlane.tsx'
import { EdgeLayer } from './EdgeLayer.tsx'
import { startFlights } from './flights.ts'
import type { FlowNode } from './flow-nodes.ts'
import { EmptyState } from './EmptyState.tsx'
import { Frame, Zone } from './Frame.tsx'
import { GraphMenu } from './GraphMenu.tsx'
import { HeldHint } from './HeldHint.tsx'
import { LiveRegion } from './LiveRegion.tsx'
import type { Layout } from './layout.ts'
import { currentPlaces, usePlaces } from './live-places.ts'
import { calm } from './live-pods.ts'
import { NodeCard } from './NodeCard.tsx'
import { StorageCard } from './StorageCard.tsx'
import { TrafficCard } from './TrafficCard.tsx'
import { dragging } from './dragging.ts'
import { usePointing } from './use-pointing.ts'
import { useGraphView, zoomedTo } from './view-store.ts'
import { bounds, fitting } from './viewport.ts'
import { ZoomControls } from './ZoomControls.tsx'
import './graph.css'

const nodeTypes = {
  frame: () => <Frame />,
  zone: ({ data }: NodeProps<FlowNode>) => <Zone name={data.key} />,
  controlPlane: ({ data }: NodeProps<FlowNode>) => <ControlPlane width={data.width} scale={data.scale} />,
  node: ({ data }: NodeProps<FlowNode>) => <NodeCard name={data.key} />,
  traffic: ({ data }: NodeProps<FlowNode>) => <TrafficCard resource={data.resource} name={data.key} />,
  storage: ({ data }: NodeProps<FlowNode>) => <StorageCard resource={data.resource} name={data.key} />,
}

const moveMs = 320
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
  const { places, nodes, isEmpty } = usePlaces()
  const held = useGraphView((state) => state.held)
  // The card in the user's hand is where the hand is; everything else is where the layout says.
  const shown = useMemo(
    () => nodes.map((node) => (held && node.id === held.key ? { ...node, position: held.at } : node)),
    [nodes, held],
  )
  const isLarge = places.nodes.size > allRenderedUpTo
  const tier = useGraphView((state) => state.tier)
  const textScale = useGraphView((state) => state.textScale)
  const pointing = usePointing()
  const { fit, onMove } = useFit(places)
  const [isMoving, setIsMoving] = useState(false)

  return (
    <section
      className={`graph tier-${tier}${isMoving && isLarge ? ' moving' : ''}`}
      style={{ '--inv': textScale, '--head': places.headScale } as CSSProperties}
      aria-label={t('graph.label')}
      {...pointing.handlers}
    >
      <ReactFlow
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
          <EdgeLayer places={places} />
          <div className="flights" ref={flightLayer} aria-hidden="true" />
        </ViewportPortal>
        <Overview places={places} />
        <ZoomControls onFit={fit} />
      </ReactFlow>
      <HeldHint />
      {isEmpty && <EmptyState />}
      <LiveRegion />
      <GraphMenu target={pointing.menu} onClose={pointing.closeMenu} />
    </section>
  )
}

const noEdges: never[] = []
const overviewSize = { width: 132, height: 112 }

/** The small map, unless all is in view anyway and the map would only cover a part of it. */
function Overview({ places }: { places: Layout }) {
  const { t } = useTranslation()
  const isNeeded = useStore(({ transform: [x, y, zoom], width, height }) => {
    const { frame } = places
    const right = (frame.x + frame.width) * zoom + x
    const bottom = (frame.y + frame.height) * zoom + y
    const isAllInView = frame.x * zoom + x >= 0 && frame.y * zoom + y >= 0 && right <= width && bottom <= height
    const covers = right > width - overviewSize.width && bottom > height - overviewSize.height
    return !isAllInView || !covers
  })
  if (!isNeeded) return null
  return (
    <MiniMap
      pannable
      zoomable
      ariaLabel={t('graph.minimap')}
      nodeClassName={(node) => `mini-${node.type}`}
      nodeBorderRadius={6}
      maskColor="color-mix(in srgb, var(--canvas) 45%, transparent)"
    />
  )
}

/** Keeps everything in view until the user takes the camera in hand. */
function useFit(places: Layout) {
  const flow = useReactFlow()
  const width = useStore((state) => state.width)
  const height = useStore((state) => state.height)
  const world = useCluster((state) => state.world)
  const isTaken = useRef(false)
  const shown = useRef<{ world: number } | undefined>(undefined)
  const { x, y, width: wide, height: high } = bounds(places)

  useEffect(() => {
    const isFirst = shown.current?.world !== world
    if (!width || !height || (!isFirst && isTaken.current)) return
    const camera = isFirst ? usePage.getState().camera : null
    isTaken.current = camera !== null
    const viewport = camera ?? fitting({ x, y, width: wide, height: high }, { width, height })
    void flow.setViewport(viewport, { duration: isFirst ? 0 : calm(moveMs) })
    if (places.nodes.size) shown.current = { world }
  }, [flow, world, width, height, x, y, wide, high, places.nodes.size])

  const fit = useCallback(() => {
    isTaken.current = false
    setCamera(null)
    void flow.setViewport(fitting(bounds(currentPlaces()), { width, height }), { duration: calm(moveMs) })
  }, [flow, width, height])

  useOnViewportChange({
    onChange: ({ zoom }) => zoomedTo(zoom),
    onEnd: (viewport) => isTaken.current && setCamera(viewport),
  })
  const onMove = useCallback((event: unknown) => {
    // Without an event it was the page that moved; a click that moves nothing takes nothing in hand.
    if (event) isTaken.current = true
  }, [])
  return { fit, onMove }
}

/** React Flow makes the place for this layer later than the first effects run, hence a callback. */
function flightLayer(layer: HTMLElement | null) {
  return layer ? startFlights(layer, currentPlaces) : undefined
}
