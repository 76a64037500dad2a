import { useEffect, useRef, useState } from 'react'
import { clusterStore, type ClusterState } from '../state/cluster-store.ts'

const everyMs = 1000

/**
 * Something that is worked out from all objects of a resource: at once, and then at most once a second while they change.
 * There may be ten thousand of them, and a change with every frame. `id` says what it is about; `resources` are names with
 * blanks between them.
 */
export function useSlowly<T>(id: string, resources: string, compute: (state: ClusterState) => T): T {
  const latest = useRef(compute)
  const [found, setFound] = useState(() => ({ id, value: compute(clusterStore.getState()) }))
  // Another object: what was worked out for the last one is not shown for a moment.
  const current = found.id === id ? found : { id, value: compute(clusterStore.getState()) }
  if (current !== found) setFound(current)
  useEffect(() => {
    latest.current = compute
  })
  useEffect(() => {
    const names = resources.split(' ')
    const tables = (state: ClusterState) => names.map((name) => state.resources[name])
    let seen = tables(clusterStore.getState())
    let timer: ReturnType<typeof setTimeout> | undefined
    let lookedAt = -everyMs
    const look = () => {
      timer = undefined
      const state = clusterStore.getState()
      const now = tables(state)
      if (now.every((table, index) => table === seen[index])) return
      seen = now
      lookedAt = performance.now()
      setFound({ id, value: latest.current(state) })
    }
    const stop = clusterStore.subscribe(() => {
      timer ??= setTimeout(look, Math.max(0, lookedAt + everyMs - performance.now()))
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [id, resources])
  return current.value
}
