import { Cluster } from '../sim/cluster.ts'
import { parseSnapshot } from '../sim/snapshot.ts'
import { act, clusterOf } from './actions.ts'
import type { Handle } from './http.ts'
import type { Answers, OpenPlayground } from './protocol.ts'

/** A cluster from a snapshot, else from its journal, else new. What cannot be read falls back, and says so. */
export function openCluster(
  { shape, journal = [], until, snapshot }: OpenPlayground,
  handle: Handle | undefined,
): {
  cluster: Cluster
  answer: Answers['open']
} {
  let message: string | undefined
  if (snapshot) {
    try {
      return { cluster: Cluster.restore(parseSnapshot(snapshot)), answer: { ok: true, restored: 'snapshot' } }
    } catch (error) {
      message = error instanceof Error ? error.message : String(error)
    }
  }
  const cluster = clusterOf(shape)
  for (const { at, action } of journal) {
    cluster.clock.runUntil(at)
    act(cluster, action, handle)
  }
  if (until !== undefined) cluster.clock.runUntil(until)
  const replayed = journal.length > 0 || until !== undefined
  return {
    cluster,
    answer: { ok: message === undefined, ...(message && { message }), restored: replayed ? 'replayed' : 'new' },
  }
}
