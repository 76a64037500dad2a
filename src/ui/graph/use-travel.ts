import { useReactFlow, useStoreApi } from '@xyflow/react'
import { useEffect, type KeyboardEvent } from 'react'
import { select } from '../state/page-store.ts'
import { nearestInDirection, type Direction } from './direction.ts'
import { isBusyElsewhere } from './LensTabs.tsx'
import type { Rect } from './layout.ts'
import { currentPlaces } from './live-places.ts'
import { calm } from './live-pods.ts'
import { isFarNow } from './use-far.ts'

const arrows: Readonly<Record<string, Direction>> = {
  ArrowRight: 'right',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowUp: 'up',
}
const zoomMs = 140
const moveMs = 200
/** The button that stands for a card. */
const heads = '.name, .t, .disc'
const margin = 24

/** Travel by keyboard: arrows from card to card and, inside one, from pod to pod; `f` fits, `+` and `-` zoom. */
export function useTravel(fit: () => void) {
  const flow = useReactFlow()
  const store = useStoreApi()

  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.defaultPrevented || isBusyElsewhere(event)) return
      if (event.key === 'f') fit()
      else if (event.key === '+' || event.key === '=') void flow.zoomIn({ duration: calm(zoomMs) })
      else if (event.key === '-') void flow.zoomOut({ duration: calm(zoomMs) })
      else return
      event.preventDefault()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [fit, flow])

  /** Returns whether the key was one of travel. */
  return (event: KeyboardEvent): boolean => {
    const target = event.target as HTMLElement
    if (event.key === 'Escape') {
      const tile = target.closest('.pod')
      const head = tile && cardOf(target)?.querySelector<HTMLElement>(heads)
      if (head) head.focus({ preventScroll: true })
      else {
        select(null)
        target.blur()
      }
      return true
    }
    const direction = arrows[event.key]
    const card = cardOf(target)
    if (!direction || !card) return false
    const tile = target.closest<HTMLElement>('.pod')
    const next = tile && neighbourTile(tile, direction)
    if (next) next.focus({ preventScroll: true })
    else if (tile && direction === 'up') card.querySelector<HTMLElement>(heads)?.focus({ preventScroll: true })
    else goToCard((card.dataset.id ?? card.dataset.card)!, direction)
    return true
  }

  function goToCard(id: string, direction: Direction): void {
    const { nodeLookup, width, height } = store.getState()
    const rects = new Map<string, Rect>(isFarNow() ? currentPlaces().nodes : [])
    for (const node of nodeLookup.values()) {
      if (node.selectable === false || node.id === 'control plane') continue
      const { width = 0, height = 0 } = node.measured
      rects.set(node.id, { ...node.internals.positionAbsolute, width, height })
    }
    const from = rects.get(id)
    if (!from) return
    rects.delete(id)
    const found = nearestInDirection(from, direction, rects)
    if (found === undefined) return
    const to = rects.get(found)!
    const { x, y, zoom } = flow.getViewport()
    const [left, top] = [to.x * zoom + x, to.y * zoom + y]
    const isInView =
      left >= margin &&
      top >= 50 &&
      left + to.width * zoom <= width - margin &&
      top + to.height * zoom <= height - margin
    if (!isInView) void flow.setCenter(to.x + to.width / 2, to.y + to.height / 2, { zoom, duration: calm(moveMs) })
    focusCard(found)
  }
}

function cardOf(element: HTMLElement): HTMLElement | null {
  return element.closest<HTMLElement>('.react-flow__node, [data-card]')
}

/** A card that was out of view is drawn first, so it may take a few frames to be there. */
function focusCard(id: string, attempts = 20): void {
  const name = CSS.escape(id)
  const far = document.querySelector<HTMLElement>(`[data-card="${name}"]`)
  const card = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${name}"]`)
  const head = far ?? card?.querySelector<HTMLElement>(heads) ?? card?.querySelector<HTMLElement>('.pod')
  if (head) head.focus({ preventScroll: true })
  else if (attempts > 0) requestAnimationFrame(() => focusCard(id, attempts - 1))
}

/** The next pod in that direction inside the same card. */
function neighbourTile(tile: HTMLElement, direction: Direction): HTMLElement | undefined {
  const tiles = [...(tile.parentElement?.querySelectorAll<HTMLElement>('.pod:not(:disabled)') ?? [])]
  const boxes = tiles.filter((each) => each !== tile).map((each) => [each, each.getBoundingClientRect()] as const)
  return nearestInDirection(tile.getBoundingClientRect(), direction, boxes)
}
