import type { Layout, Point } from './layout.ts'
import { useLens } from './lens-store.ts'
import { mayAnimate, onPodEvents } from './live-pods.ts'
import type { PodView } from './pod-view.ts'

const flyMs = 620
const appearMs = 140
const trailMs = 200
const staggerMs = 100
const mostAtOnce = 10
const easing = 'cubic-bezier(.45, .05, .15, 1)'
const outlineMs = 2000

/**
 * Lets pods fly from the scheduler's queue to their node. The tile is already in its card, which is the truth;
 * the flight is drawn above it and thrown away. At most ten at once, the rest snap.
 */
export function startFlights(layer: HTMLElement, places: () => Layout): () => void {
  let flying = 0
  const stop = onPodEvents((events) => {
    const landed = events.filter((event) => event.type === 'bound').map((event) => event.pod)
    // Only there is where they fly from and to.
    if (!landed.length || document.hidden || useLens.getState().lens !== 'nodes') return
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return outlineNew(landed)
    if (!mayAnimate()) return
    const room = Math.max(0, mostAtOnce - flying)
    // The tiles of this delta are in the page after the next frame.
    requestAnimationFrame(() => {
      for (const [index, pod] of landed.slice(0, room).entries()) {
        const flight = fly(layer, places(), pod, index * staggerMs)
        if (!flight) continue
        flying++
        void flight.finally(() => flying--)
      }
    })
  })
  return () => {
    stop()
    layer.replaceChildren()
  }
}

function tileOf(pod: PodView): HTMLElement | null {
  return document.querySelector<HTMLElement>(`.graph [data-uid="${CSS.escape(pod.uid)}"]`)
}

/** Without motion a new pod keeps an outline for two seconds. */
function outlineNew(pods: readonly PodView[]): void {
  requestAnimationFrame(() => {
    for (const pod of pods) {
      const tile = tileOf(pod)
      tile?.classList.add('fresh')
      setTimeout(() => tile?.classList.remove('fresh'), outlineMs)
    }
  })
}

/** Where a tile ends up, in flow coordinates: its offset inside its card is not changed by the zoom. */
function targetOf(pod: PodView, places: Layout, tile: HTMLElement | null): Point | undefined {
  const card = places.nodes.get(pod.node ?? '')
  if (!card) return undefined
  let x = card.width / 2
  let y = card.height / 2
  if (tile) {
    x = tile.offsetWidth / 2
    y = tile.offsetHeight / 2
    for (
      let element: HTMLElement | null = tile;
      element && !element.classList.contains('node');
      element = element.offsetParent as HTMLElement | null
    ) {
      x += element.offsetLeft
      y += element.offsetTop
    }
  }
  return { x: card.x + x, y: card.y + y }
}

async function fly(layer: HTMLElement, places: Layout, pod: PodView, delay: number): Promise<void> {
  const tile = tileOf(pod)
  const to = targetOf(pod, places, tile)
  if (!to) return
  const { controlPlane } = places
  const from = { x: controlPlane.x + controlPlane.width * 0.55, y: controlPlane.y + controlPlane.height - 16 }
  const path = curve(from, to)
  const total = delay + appearMs + flyMs
  tile?.animate([{ opacity: 0.2 }, { opacity: 0.2, offset: 0.98 }, { opacity: 1 }], {
    duration: total,
    fill: 'backwards',
  })

  const trail = trailOf(path)
  const flyer = flyerOf(pod, tile)
  layer.append(trail.svg, flyer)
  flyer.style.offsetPath = `path('${path}')`
  flyer.animate(
    [
      { opacity: 0, scale: 0.6 },
      { opacity: 1, scale: 1 },
    ],
    { delay, duration: appearMs, fill: 'both', easing: 'ease-out' },
  )
  const timing: KeyframeAnimationOptions = { delay: delay + appearMs, duration: flyMs, easing, fill: 'both' }
  for (const line of trail.lines)
    line.animate([{ strokeDashoffset: line.dataset.length! }, { strokeDashoffset: '-100' }], timing)
  trail.svg.animate([{ opacity: 0 }, { opacity: 1, offset: 0.1 }, { opacity: 1 }], { ...timing })
  try {
    await flyer.animate([{ offsetDistance: '0%' }, { offsetDistance: '100%' }], timing).finished
    flyer.remove()
    await trail.svg.animate([{ opacity: 1 }, { opacity: 0 }], { duration: trailMs, fill: 'forwards' }).finished
  } catch {
    // Cancelled because the graph went away: nothing is left to do but to clean up.
  } finally {
    flyer.remove()
    trail.svg.remove()
  }
}

/** Leaves downwards and arrives from above: only a moving pod draws a curve. */
function curve(from: Point, to: Point): string {
  const lift = Math.max(60, Math.abs(to.y - from.y) * 0.45)
  const round = (value: number) => Math.round(value * 10) / 10
  return `M${round(from.x)},${round(from.y)}C${round(from.x)},${round(from.y + lift)} ${round(to.x)},${round(to.y - lift)} ${round(to.x)},${round(to.y)}`
}

function flyerOf(pod: PodView, tile: HTMLElement | null): HTMLElement {
  const flyer = document.createElement('div')
  flyer.className = 'flyer'
  const copy = document.createElement('span')
  copy.className = 'pod fly k-progress'
  const icon = tile?.querySelector('svg')
  if (icon) copy.append(icon.cloneNode(true))
  const label = document.createElement('span')
  label.className = 'l'
  label.textContent = pod.label
  copy.append(label)
  flyer.append(copy)
  return flyer
}

const svgNamespace = 'http://www.w3.org/2000/svg'

/** A dotted line for the way, and three strokes of growing width and shrinking length: a taper. */
function trailOf(path: string): { svg: SVGSVGElement; lines: SVGPathElement[] } {
  const svg = document.createElementNS(svgNamespace, 'svg')
  svg.setAttribute('class', 'trail')
  const stroke = (className: string, dash: string | undefined) => {
    const line = document.createElementNS(svgNamespace, 'path')
    line.setAttribute('d', path)
    line.setAttribute('class', className)
    if (dash) {
      line.setAttribute('pathLength', '100')
      line.setAttribute('stroke-dasharray', `${dash} 200`)
      line.dataset.length = dash
    }
    svg.append(line)
    return line
  }
  stroke('way', undefined)
  return { svg, lines: [stroke('thin', '46'), stroke('middle', '28'), stroke('thick', '13')] }
}
