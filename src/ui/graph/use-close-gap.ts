import { useLayoutEffect, useRef, type RefObject } from 'react'
import { mayAnimate } from './live-pods.ts'

const closeMs = 320

/** When a tile has gone for good its neighbours glide into their new places: after the death, never during it. */
export function useCloseGap(count: number): RefObject<HTMLDivElement | null> {
  const group = useRef<HTMLDivElement>(null)
  const before = useRef(new Map<Element, { left: number; top: number }>())
  const countBefore = useRef(count)
  useLayoutEffect(() => {
    const tiles = [...(group.current?.children ?? [])] as HTMLElement[]
    const places = new Map(tiles.map((tile) => [tile, { left: tile.offsetLeft, top: tile.offsetTop }]))
    if (count < countBefore.current && mayAnimate()) {
      for (const [tile, { left, top }] of places) {
        const old = before.current.get(tile)
        if (!old || (old.left === left && old.top === top)) continue
        const from = `translate(${old.left - left}px, ${old.top - top}px)`
        tile.animate([{ transform: from }, { transform: 'none' }], {
          duration: closeMs,
          easing: 'cubic-bezier(.45, .05, .15, 1)',
        })
      }
    }
    countBefore.current = count
    before.current = new Map(places)
  }, [count])
  return group
}
