import { create } from 'zustand'
import type { Camera } from '../../playground/model.ts'

/** What the inspector shows: any API object. A machine is selected by its Node, `{resource: 'nodes', key: name}`. */
export interface Selection {
  readonly resource: string
  readonly key: string
}

export type Theme = 'dark' | 'light'
export type Language = 'en' | 'zh'
export type Panel = 'editor' | 'inspector' | 'dock'
export type DockTab = 'timeline' | 'terminal' | 'events' | 'traffic' | 'problems'
export type Dialog = 'examples' | 'share' | 'keys' | 'palette' | 'diff'

interface PageState {
  readonly selection: Selection | null
  readonly theme: Theme
  readonly language: Language
  readonly collapsed: Readonly<Record<Panel, boolean>>
  readonly dockTab: DockTab
  readonly dialog: Dialog | null
  /** Where the graph looks; null until it has been moved, so that it fits itself. */
  readonly camera: Camera | null
}

/** State of the page itself, as against the cluster's. */
export const usePage = create<PageState>()(() => ({
  selection: null,
  theme: storedTheme(),
  language: storedLanguage(),
  collapsed: { editor: false, inspector: false, dock: false },
  dockTab: 'timeline',
  dialog: null,
  camera: null,
}))

export function select(selection: Selection | null): void {
  usePage.setState({ selection })
}

export function useSelection(): Selection | null {
  return usePage((state) => state.selection)
}

/** Is this very object selected? Rerenders only when the answer changes. */
export function useIsSelected(resource: string, key: string): boolean {
  return usePage((state) => state.selection?.resource === resource && state.selection.key === key)
}

export function setTheme(theme: Theme): void {
  usePage.setState({ theme })
  remember('kubecosm.theme', theme)
}

export function setLanguage(language: Language): void {
  usePage.setState({ language })
  remember('kubecosm.language', language)
}

export function setCollapsed(panel: Panel, isCollapsed: boolean): void {
  usePage.setState((state) => ({ collapsed: { ...state.collapsed, [panel]: isCollapsed } }))
}

export function setDockTab(dockTab: DockTab): void {
  usePage.setState({ dockTab })
}

export function openDialog(dialog: Dialog | null): void {
  usePage.setState({ dialog })
}

/** The graph calls it when the user has panned or zoomed; opening a playground calls it with what was saved. */
export function setCamera(camera: Camera | null): void {
  usePage.setState({ camera })
}

// Storage may be switched off in the browser; the choice then lasts as long as the page.
function remember(name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    return
  }
}

function recall(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

function storedTheme(): Theme {
  const stored = recall('kubecosm.theme')
  if (stored === 'dark' || stored === 'light') return stored
  return globalThis.matchMedia?.('(prefers-color-scheme: light)').matches ? 'light' : 'dark'
}

function storedLanguage(): Language {
  const stored = recall('kubecosm.language')
  if (stored === 'en' || stored === 'zh') return stored
  return globalThis.navigator?.language?.startsWith('zh') ? 'zh' : 'en'
}
