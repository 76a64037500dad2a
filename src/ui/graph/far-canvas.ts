import type { MachineState } from '../../bridge/protocol.ts'
import { clusterStore } from '../state/cluster-store.ts'
import { usePage } from '../state/page-store.ts'
import { tokensOf } from './cells.ts'
import { paintNode } from './far-paint.ts'
import { fitsObject, fitsPod, isFiltering } from './graph-filter.ts'
import { sizes, type Layout, type Rect } from './layout.ts'
import { useLens } from './lens-store.ts'
import { livePods } from './live-pods.ts'
import { nodeSummary } from './node-summary.ts'
import type { PodView } from './pod-view.ts'
import { useGraphView } from './view-store.ts'

/** How the graph is looked at, and how to be told when that changes. */
export interface Camera {
  getState(): {
    readonly transform: readonly [x: number, y: number, zoom: number]
    readonly width: number
    readonly height: number
  }
  subscribe(listener: () => void): () => void
}

/** So much more than what is in view is painted, in widths and heights of it, so that panning repaints seldom. */
const beyond = 0.4
/** While zooming the picture is scaled, and painted anew so often. */
const zoomMs = 70
/** What changes in the cluster is gathered for so long; then only the nodes that changed are painted. */
const gatherMs = 100
const tileWidth = (sizes.node.width - 24) / 3

/** Paints all nodes on one canvas inside the viewport and keeps it up to date. Returns how to stop. */
export function startFarCanvas(element: HTMLCanvasElement, camera: Camera, places: Layout): () => void {
  const context = element.getContext('2d')!
  const scale = devicePixelRatio
  /** What is painted: flow coordinates, and the zoom it is sharp at. */
  let area: Rect = { x: 0, y: 0, width: 0, height: 0 }
  let sharpAt = 0
  let frame = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let zoomTimer: ReturnType<typeof setTimeout> | undefined
  const changed = new Set<string>()

  function paintAll(): void {
    frame = 0
    clearTimeout(timer)
    clearTimeout(zoomTimer)
    timer = zoomTimer = undefined
    changed.clear()
    const { transform, width, height } = camera.getState()
    const [x, y, zoom] = transform
    sharpAt = zoom
    area = {
      x: (-x - beyond * width) / zoom,
      y: (-y - beyond * height) / zoom,
      width: ((1 + 2 * beyond) * width) / zoom,
      height: ((1 + 2 * beyond) * height) / zoom,
    }
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
    paint(places.nodes.keys())
  }

  function paintChanged(): void {
    timer = undefined
    const names = [...changed]
    changed.clear()
    paint(names)
  }

  function paint(names: Iterable<string>): void {
    const { selection, theme } = usePage.getState()
    const { filter } = useLens.getState()
    const { held } = useGraphView.getState()
    const { resources, machines } = clusterStore.getState()
    const isFiltered = isFiltering(filter)
    const labels = (pod: PodView) => resources.pods?.byKey.get(pod.key)?.metadata.labels
    const fits = (pod: PodView) => !isFiltered || fitsPod(filter, pod, labels(pod))
    const colour = tokensOf(element, theme)
    const [wide, high] = [area.width * sharpAt, area.height * sharpAt]
    for (const name of names) {
      const rect = places.nodes.get(name)
      if (!rect) continue
      const at = held?.all.get(name) ?? rect
      const [x, y] = [(at.x - area.x) * sharpAt, (at.y - area.y) * sharpAt]
      const [width, height] = [rect.width * sharpAt, rect.height * sharpAt]
      if (x > wide || y > high || x + width < 0 || y + height < 0) continue
      const pods = livePods.on(name)
      const node = resources.nodes?.byKey.get(name)
      const look = {
        name,
        pods,
        summary: nodeSummary(node, machines.get(name), pods),
        isSelected: selection?.resource === 'nodes' && selection.key === name,
        isFaded: isFiltered && node !== undefined && !fitsObject(filter, node),
        fits,
      }
      context.clearRect(x - 1, y - 1, width + 2, height + 2)
      paintNode(context, look, { x, y, width, height }, tileWidth * sharpAt, colour)
    }
  }

  const all = () => {
    frame ||= requestAnimationFrame(paintAll)
  }
  const one = (name: string) => {
    changed.add(name)
    if (!frame) timer ??= setTimeout(paintChanged, gatherMs)
  }

  /** Panning only moves the picture, until an edge of it comes into view behind which there is more. */
  function follow(): void {
    const { transform, width, height } = camera.getState()
    const [x, y, zoom] = transform
    if (zoom !== sharpAt) {
      zoomTimer ??= setTimeout(all, zoomMs)
      return
    }
    const { frame: whole } = places
    const isCovered =
      Math.max(whole.x, -x / zoom) >= area.x &&
      Math.max(whole.y, -y / zoom) >= area.y &&
      Math.min(whole.x + whole.width, (width - x) / zoom) <= area.x + area.width &&
      Math.min(whole.y + whole.height, (height - y) / zoom) <= area.y + area.height
    if (!isCovered) all()
  }

  all()
  const stops = [
    camera.subscribe(follow),
    ...[...places.nodes.keys()].map((name) => livePods.subscribe(name, () => one(name))),
    clusterStore.subscribe((state, before) => {
      const [nodes, old] = [state.resources.nodes?.byKey, before.resources.nodes?.byKey]
      if (nodes === old && state.machines === before.machines) return
      for (const name of places.nodes.keys()) {
        const isSame = nodes?.get(name) === old?.get(name) && alike(state.machines.get(name), before.machines.get(name))
        if (!isSame) one(name)
      }
    }),
    usePage.subscribe(({ selection, theme }, before) => {
      if (theme !== before.theme) all()
      if (selection === before.selection) return
      for (const each of [selection, before.selection]) if (each?.resource === 'nodes') one(each.key)
    }),
    useLens.subscribe((state, before) => state.filter !== before.filter && all()),
    useGraphView.subscribe((state, before) => state.held !== before.held && all()),
  ]
  return () => {
    for (const stop of stops) stop()
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    clearTimeout(zoomTimer)
  }
}

/** Would two states of a machine be painted alike? */
function alike(a: MachineState | undefined, b: MachineState | undefined): boolean {
  if (!a || !b) return a === b
  return (
    a.plugged === b.plugged &&
    a.powered === b.powered &&
    a.usedMilliCPU === b.usedMilliCPU &&
    a.usedMemoryBytes === b.usedMemoryBytes &&
    a.faults.length === b.faults.length
  )
}
