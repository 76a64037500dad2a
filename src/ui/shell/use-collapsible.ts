import { useEffect } from 'react'
import { usePanelRef } from 'react-resizable-panels'
import type { Panel } from '../state/page-store.ts'
import { setCollapsed, usePage } from '../state/page-store.ts'

/** Ties a panel to the page's state: dragged shut or closed by its button comes to the same. */
export function useCollapsible(name: Panel) {
  const panelRef = usePanelRef()
  const isCollapsed = usePage((state) => state.collapsed[name])
  useEffect(() => {
    const panel = panelRef.current
    if (!panel || panel.isCollapsed() === isCollapsed) return
    if (isCollapsed) panel.collapse()
    else panel.expand()
  }, [isCollapsed, panelRef])
  return { panelRef, onResize: () => panelRef.current && setCollapsed(name, panelRef.current.isCollapsed()) }
}
