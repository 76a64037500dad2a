import { podStateOrder, type PodLook } from './pod-states.ts'
import type { PodView } from './pod-view.ts'

const groupedFrom = 30
const largestCell = 24

/** Above thirty they stand in groups by state. */
export function inCellOrder(pods: readonly PodView[]): readonly PodView[] {
  return pods.length > groupedFrom ? byState(pods) : pods
}

/** The largest cells with which so many fit into a box. */
export function cellGrid(count: number, width: number, height: number, largest = largestCell) {
  const pitch = cellPitch(count, width, height, largest)
  return {
    pitch,
    columns: Math.max(1, Math.floor(width / pitch)),
    size: pitch - Math.max(1, Math.min(3, pitch * 0.18)),
  }
}

function byState(pods: readonly PodView[]): readonly PodView[] {
  return [...pods].sort((a, b) => podStateOrder.indexOf(a.state) - podStateOrder.indexOf(b.state))
}

function cellPitch(count: number, width: number, height: number, largest: number): number {
  for (let pitch = Math.max(3, Math.floor(largest)); pitch > 2; pitch--) {
    if (Math.floor(width / pitch) * Math.floor(height / pitch) >= count) return pitch
  }
  return 2
}

const tokens = new Map<string, string>()

/** Colours of the theme; reading styles is slow, and every card asks for the same few. */
export function tokensOf(element: Element, theme: string): (name: string) => string {
  return (name) => {
    const key = `${theme} ${name}`
    let colour = tokens.get(key)
    if (!colour) tokens.set(key, (colour = getComputedStyle(element).getPropertyValue(`--${name}`).trim()))
    return colour
  }
}

/** One silhouette per kind of trouble; ui.css draws the same ones for legends. */
export function drawCell(
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
