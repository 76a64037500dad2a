import { useStoreApi } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import { clusterStore } from '../state/cluster-store.ts'
import { usePage } from '../state/page-store.ts'
import { tokensOf } from './cells.ts'
import { FarNode } from './FarNode.tsx'
import { paintNode } from './far-paint.ts'
import { fitsObject, fitsPod, isFiltering } from './graph-filter.ts'
import { sizes, type Layout, type Rect } from './layout.ts'
import { useLens } from './lens-store.ts'
import { livePods } from './live-pods.ts'
import { nodeSummary, type NodeSummary } from './node-summary.ts'
import type { PodView } from './pod-view.ts'
import { useGraphView } from './view-store.ts'

/** So much more than what is in view is painted, in widths and heights of it, so that panning repaints seldom. */
const beyond = 0.4
/** While zooming the picture is scaled, and painted anew so often. */
const repaintMs = 70
const tileWidth = (sizes.node.width - 24) / 3

interface Painted {
  readonly zoom: number
  /** In flow coordinates. */
  readonly area: Rect
}

/** All nodes of a large cluster as one picture, while they are far away. */
export function FarLayer({ places }: { places: Layout }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const flow = useStoreApi()
  useEffect(() => {
    const element = canvas.current!
    const context = element.getContext('2d')!
    const summaries = new Map<string, { sources: readonly unknown[]; summary: NodeSummary }>()
    let painted: Painted | undefined
    let frame = 0
    let timer: ReturnType<typeof setTimeout> | undefined

    const summaryOf = (name: string, pods: readonly PodView[]): NodeSummary => {
      const { resources, machines } = clusterStore.getState()
      const sources = [resources.nodes?.byKey.get(name), machines.get(name), pods] as const
      const known = summaries.get(name)
      if (known && known.sources.every((source, i) => source === sources[i])) return known.summary
      const summary = nodeSummary(...sources)
      summaries.set(name, { sources, summary })
      return summary
    }

    const paint = () => {
      frame = 0
      clearTimeout(timer)
      timer = undefined
      const { transform, width, height } = flow.getState()
      const [x, y, zoom] = transform
      const area = {
        x: (-x - beyond * width) / zoom,
        y: (-y - beyond * height) / zoom,
        width: ((1 + 2 * beyond) * width) / zoom,
        height: ((1 + 2 * beyond) * height) / zoom,
      }
      painted = { zoom, area }
      const scale = devicePixelRatio
      const [wide, high] = [Math.ceil(area.width * zoom), Math.ceil(area.height * zoom)]
      if (element.width !== wide * scale || element.height !== high * scale) {
        element.width = wide * scale
        element.height = high * scale
      }
      element.style.width = `${wide}px`
      element.style.height = `${high}px`
      element.style.transform = `translate(${area.x}px, ${area.y}px) scale(${1 / zoom})`
      context.setTransform(scale, 0, 0, scale, 0, 0)
      context.clearRect(0, 0, wide, high)
      const { selection, theme } = usePage.getState()
      const { filter } = useLens.getState()
      const { held } = useGraphView.getState()
      const { resources } = clusterStore.getState()
      const isFiltered = isFiltering(filter)
      const labels = (pod: PodView) => resources.pods?.byKey.get(pod.key)?.metadata.labels
      const fits = (pod: PodView) => !isFiltered || fitsPod(filter, pod, labels(pod))
      const colour = tokensOf(element, theme)
      for (const [name, rect] of places.nodes) {
        const at = held?.all.get(name) ?? rect
        const box = {
          x: (at.x - area.x) * zoom,
          y: (at.y - area.y) * zoom,
          width: rect.width * zoom,
          height: rect.height * zoom,
        }
        if (box.x > wide || box.y > high || box.x + box.width < 0 || box.y + box.height < 0) continue
        const pods = livePods.on(name)
        const node = resources.nodes?.byKey.get(name)
        const look = {
          name,
          pods,
          summary: summaryOf(name, pods),
          isSelected: selection?.resource === 'nodes' && selection.key === name,
          isFaded: isFiltered && node !== undefined && !fitsObject(filter, node),
          fits,
        }
        paintNode(context, look, box, tileWidth * zoom, colour)
      }
    }
    const soon = () => {
      frame ||= requestAnimationFrame(paint)
    }
    /** Panning only moves the picture, until its edge comes into view. */
    const follow = () => {
      const { transform, width, height } = flow.getState()
      const [x, y, zoom] = transform
      if (!painted) return soon()
      if (zoom !== painted.zoom) return void (timer ??= setTimeout(soon, repaintMs))
      const { area } = painted
      const { frame: all } = places
      const left = Math.max(all.x, -x / zoom)
      const top = Math.max(all.y, -y / zoom)
      const right = Math.min(all.x + all.width, (width - x) / zoom)
      const bottom = Math.min(all.y + all.height, (height - y) / zoom)
      const isCovered =
        left >= area.x && top >= area.y && right <= area.x + area.width && bottom <= area.y + area.height
      if (!isCovered) soon()
    }
    soon()
    const stops = [
      flow.subscribe(follow),
      livePods.subscribe('*', soon),
      clusterStore.subscribe((state, before) => {
        if (state.resources.nodes !== before.resources.nodes || state.machines !== before.machines) soon()
      }),
      usePage.subscribe(soon),
      useLens.subscribe(soon),
      useGraphView.subscribe((state, before) => state.held !== before.held && soon()),
    ]
    return () => {
      for (const stop of stops) stop()
      cancelAnimationFrame(frame)
      clearTimeout(timer)
    }
  }, [places, flow])
  return (
    <>
      <canvas ref={canvas} className="far-layer" aria-hidden="true" />
      {[...places.nodes].map(([name, rect]) => (
        <FarNode key={name} name={name} rect={rect} />
      ))}
    </>
  )
}
