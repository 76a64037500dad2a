import { create } from 'zustand'
import { clusterStore } from '../state/cluster-store.ts'
import type { History } from './history.ts'
import { withState } from './history.ts'

/** What the page has seen happen, for the timeline. It begins again with another world. */
export const useHistory = create<{ readonly history: History }>()(() => ({
  history: withState(new Map(), clusterStore.getState(), null),
}))

clusterStore.subscribe((state, previous) => {
  const { history } = useHistory.getState()
  const isOther = state.world !== previous.world || state.clock.now < previous.clock.now
  const next = isOther ? withState(new Map(), state, null) : withState(history, state, previous)
  if (next !== history) useHistory.setState({ history: next })
})
