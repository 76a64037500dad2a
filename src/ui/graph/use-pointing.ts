import { useState, type KeyboardEvent, type MouseEvent } from 'react'
import { select } from '../state/page-store.ts'
import type { MenuTarget } from './GraphMenu.tsx'
import { useGraphView } from './view-store.ts'

const arrows: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

/** Objects whose menu has something in it. */
const hasMenu = (resource: string | undefined) => resource !== undefined && resource !== ''

/** Clicks, menus and arrow keys for everything in the graph, handled once: cards and tiles only say what they are. */
export function usePointing() {
  const [menu, setMenu] = useState<MenuTarget | undefined>(undefined)
  const handlers = {
    onClick: (event: MouseEvent) => {
      const { element, resource, key } = objectAt(event.target)
      if (element && (event.target as Element).closest('[data-menu]'))
        return openMenu(event, element, resource!, key!, true)
      if (element) return select({ resource: resource!, key: key! })
      if ((event.target as Element).closest('.react-flow__pane')) select(null)
    },
    onContextMenu: (event: MouseEvent) => {
      const { element, resource, key } = objectAt(event.target)
      if (!element || !hasMenu(resource)) return
      event.preventDefault()
      openMenu(event, element, resource!, key!, false)
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Escape') return select(null)
      const step = arrows[event.key]
      const tile = (event.target as Element).closest<HTMLElement>('.pod')
      if (!step || !tile) return
      const next = (step > 0 ? tile.nextElementSibling : tile.previousElementSibling) as HTMLElement | null
      if (!next?.matches('.pod')) return
      event.preventDefault()
      next.focus()
    },
    onPointerOver: (event: MouseEvent) => {
      const id = (event.target as Element).closest<HTMLElement>('.react-flow__node')?.dataset.id
      const hovered = id === 'control plane' ? undefined : id
      if (useGraphView.getState().hovered !== hovered) useGraphView.setState({ hovered })
    },
    onPointerLeave: () => useGraphView.setState({ hovered: undefined }),
  }

  function openMenu(event: MouseEvent, element: HTMLElement, resource: string, key: string, atButton: boolean) {
    const origin =
      (event.target as Element).closest<HTMLElement>('button') ?? element.querySelector<HTMLElement>('button')
    // A menu key has no pointer: the menu opens at the element itself.
    const box = (atButton ? origin : (event.target as Element))?.getBoundingClientRect()
    const byPointer = !atButton && event.button === 2
    const x = byPointer ? event.clientX : (box?.left ?? event.clientX)
    const y = byPointer ? event.clientY : (box?.bottom ?? event.clientY)
    setMenu({ resource, key, x, y, origin })
  }
  return { menu, closeMenu: () => setMenu(undefined), handlers }
}

function objectAt(target: EventTarget) {
  const element = (target as Element).closest<HTMLElement>('[data-key]')
  return { element, resource: element?.dataset.resource, key: element?.dataset.key }
}
