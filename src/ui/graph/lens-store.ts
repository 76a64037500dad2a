import { create } from 'zustand'
import { isFiltering, noFilter, readView, writeView, type GraphFilter, type Lens } from './graph-filter.ts'

/** Kinds of edges that can be switched off. */
export const layers = ['owner', 'selector', 'route', 'mount'] as const
export type Layer = (typeof layers)[number]

interface LensState {
  readonly lens: Lens
  readonly filter: GraphFilter
  readonly layers: Readonly<Record<Layer, boolean>>
}

/** Through which lens the graph is looked at, and what is wanted in it. The URL's query says so too. */
export const useLens = create<LensState>()(() => ({
  ...(typeof location === 'undefined' ? { lens: 'nodes', filter: noFilter } : readView(location.search)),
  layers: { owner: true, selector: true, route: true, mount: true },
}))

export function setLens(lens: Lens): void {
  useLens.setState({ lens })
}

export function setFilter(change: Partial<GraphFilter>): void {
  useLens.setState(({ filter }) => ({ filter: { ...filter, ...change } }))
}

export function setLayer(layer: Layer, isOn: boolean): void {
  useLens.setState((state) => ({ layers: { ...state.layers, [layer]: isOn } }))
}

/** The filter, or nothing while everything is wanted. */
export function useFilter(): GraphFilter | undefined {
  return useLens((state) => (isFiltering(state.filter) ? state.filter : undefined))
}

useLens.subscribe((state, before) => {
  if (state.lens === before.lens && state.filter === before.filter) return
  const { pathname, search, hash } = location
  const next = writeView(search, state.lens, state.filter)
  if (next !== search) history.replaceState(history.state, '', pathname + next + hash)
})
