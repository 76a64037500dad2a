import { useEffect, useRef, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { clusterStore } from '../state/cluster-store.ts'
import { select, usePage } from '../state/page-store.ts'
import { fitsPod } from './graph-filter.ts'
import { useFilter } from './lens-store.ts'
import { podLooks, podStateOrder, type PodLook } from './pod-states.ts'
import type { PodView } from './pod-view.ts'

interface PodCellsProps {
  readonly pods: readonly PodView[]
  readonly width: number
  readonly height: number
}

const groupedFrom = 30
const largestCell = 24

/** Pods as cells on a canvas: colour and silhouette. Above thirty they stand in groups by state. */
export function PodCells({ pods, width, height }: PodCellsProps) {
  const { t } = useTranslation()
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = usePage((state) => state.theme)
  const order = pods.length > groupedFrom ? byState(pods) : pods
  const pitch = cellPitch(order.length, width, height)
  const columns = Math.max(1, Math.floor(width / pitch))

  const filter = useFilter()

  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    const colours = tokensOf(canvas.current!, theme)
    const scale = devicePixelRatio
    context.setTransform(scale, 0, 0, scale, 0, 0)
    context.clearRect(0, 0, width, height)
    const size = pitch - Math.max(1, Math.min(3, pitch * 0.18))
    const objects = clusterStore.getState().resources.pods?.byKey
    for (const [index, pod] of order.entries()) {
      const look = podLooks[pod.state]
      const isFaded = filter && !fitsPod(filter, pod, objects?.get(pod.key)?.metadata.labels)
      const [x, y] = [(index % columns) * pitch, Math.floor(index / columns) * pitch]
      drawCell(context, look, colours(look.tone), x, y, size, isFaded ? 0.15 : look.quiet ? 0.5 : 1)
    }
  }, [order, columns, pitch, width, height, theme, filter])

  function choose(event: MouseEvent) {
    const box = canvas.current!.getBoundingClientRect()
    const column = Math.floor((((event.clientX - box.left) / box.width) * width) / pitch)
    const row = Math.floor((((event.clientY - box.top) / box.height) * height) / pitch)
    const pod = column < columns ? order[row * columns + column] : undefined
    if (!pod) return
    event.stopPropagation()
    select({ resource: 'pods', key: pod.key })
  }

  return (
    <canvas
      ref={canvas}
      className="cells"
      role="img"
      aria-label={t('graph.podCount', { count: pods.length })}
      width={width * devicePixelRatio}
      height={height * devicePixelRatio}
      style={{ width, height }}
      onClick={choose}
    />
  )
}

function byState(pods: readonly PodView[]): readonly PodView[] {
  return [...pods].sort((a, b) => podStateOrder.indexOf(a.state) - podStateOrder.indexOf(b.state))
}

/** The largest cell with which so many fit. */
function cellPitch(count: number, width: number, height: number): number {
  for (let pitch = largestCell; pitch > 2; pitch--) {
    if (Math.floor(width / pitch) * Math.floor(height / pitch) >= count) return pitch
  }
  return 2
}

const tokens = new Map<string, string>()

/** Colours of the theme; reading styles is slow, and every card asks for the same few. */
function tokensOf(element: Element, theme: string): (tone: string) => string {
  return (tone) => {
    const key = `${theme} ${tone}`
    let colour = tokens.get(key)
    if (!colour) tokens.set(key, (colour = getComputedStyle(element).getPropertyValue(`--${tone}-fill`).trim()))
    return colour
  }
}

/** One silhouette per kind of trouble; ui.css draws the same ones for legends. */
function drawCell(
  context: CanvasRenderingContext2D,
  look: PodLook,
  colour: string,
  x: number,
  y: number,
  size: number,
  alpha: number,
): void {
  const line = Math.max(1, size * 0.15)
  context.globalAlpha = alpha
  context.fillStyle = colour
  context.strokeStyle = colour
  context.lineWidth = line
  const outline = () => context.strokeRect(x + line / 2, y + line / 2, size - line, size - line)
  switch (look.cell) {
    case 'solid':
      context.fillRect(x, y, size, size)
      break
    case 'hollow':
      outline()
      break
    case 'bars':
      for (let bar = 0; bar < 3; bar++) context.fillRect(x + bar * size * 0.375, y, size * 0.25, size)
      break
    case 'disc':
      context.beginPath()
      context.arc(x + size / 2, y + size / 2, size / 2, 0, Math.PI * 2)
      context.fill()
      break
    case 'half':
      outline()
      context.fillRect(x + size / 2, y, size / 2, size)
      break
    case 'cut':
      context.beginPath()
      context.moveTo(x, y)
      context.lineTo(x + size * 0.6, y)
      context.lineTo(x + size, y + size * 0.4)
      context.lineTo(x + size, y + size)
      context.lineTo(x, y + size)
      context.fill()
      break
    case 'low':
      outline()
      context.fillRect(x, y + size * 0.45, size, size * 0.55)
      break
    case 'dot':
      context.beginPath()
      context.arc(x + size / 2, y + size / 2, size * 0.22, 0, Math.PI * 2)
      context.fill()
  }
  context.globalAlpha = 1
}
