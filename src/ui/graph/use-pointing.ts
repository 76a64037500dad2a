import { useState, type KeyboardEvent, type MouseEvent } from 'react'
import { select } from '../state/page-store.ts'
import { isPlace, type MenuTarget } from './menus/menu-target.ts'
import { useGraphView } from './view-store.ts'

/** Objects whose menu has something in it. */
const hasMenu = (resource: string | undefined) => resource !== undefined && resource !== ''

/** Clicks, menus and arrow keys for everything in the graph, handled once: cards and tiles only say what they are. */
export function usePointing(travel: (event: KeyboardEvent) => boolean) {
  const [menu, setMenu] = useState<MenuTarget | undefined>(undefined)
  const handlers = {
    onClick: (event: MouseEvent) => {
      const { element, resource, key } = objectAt(event.target)
      if (element && (event.target as Element).closest('[data-menu]'))
        return openMenu(event, element, resource!, key!, true)
      if (element && isPlace(resource)) return openMenu(event, element, resource!, key!, true)
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
      const { element, resource, key } = objectAt(event.target)
      if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
        if (!element || !hasMenu(resource)) return
        event.preventDefault()
        return openMenu(event, element, resource!, key!, false)
      }
      if ((event.target as Element).closest('.tool, .zoom, [role="menu"]')) return
      if (travel(event)) event.preventDefault()
    },
    onPointerOver: (event: MouseEvent) => {
      const { dataset } = (event.target as Element).closest<HTMLElement>('.react-flow__node, [data-card]') ?? {}
      const id = dataset?.card ?? dataset?.id
      const hovered = id === 'control plane' ? undefined : id
      if (useGraphView.getState().hovered !== hovered) useGraphView.setState({ hovered })
    },
    onPointerLeave: () => useGraphView.setState({ hovered: undefined }),
  }

  function openMenu(
    event: MouseEvent | KeyboardEvent,
    element: HTMLElement,
    resource: string,
    key: string,
    atButton: boolean,
  ) {
    const origin =
      (event.target as Element).closest<HTMLElement>('button') ?? element.querySelector<HTMLElement>('button')
    // A menu key has no pointer: the menu opens at the element itself.
    const box = (atButton ? origin : (event.target as Element))?.getBoundingClientRect()
    const pointer = !atButton && 'button' in event && event.button === 2 ? event : undefined
    const x = pointer?.clientX ?? box?.left ?? 0
    const y = pointer?.clientY ?? box?.bottom ?? 0
    setMenu({ resource, key, x, y, origin })
  }
  return { menu, closeMenu: () => setMenu(undefined), handlers }
}

function objectAt(target: EventTarget) {
  const element = (target as Element).closest<HTMLElement>('[data-key]')
  return { element, resource: element?.dataset.resource, key: element?.dataset.key }
}
