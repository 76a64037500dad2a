import { Cluster } from '../sim/cluster.ts'
import { parseSnapshot } from '../sim/snapshot.ts'
import { clusterOf } from './actions.ts'
import type { Answers, OpenPlayground } from './protocol.ts'

/** A cluster from a snapshot, else a new one, for which what was done is still to be done again. What cannot be read is said. */
export function openCluster({ shape, journal = [], until, snapshot }: OpenPlayground): {
  cluster: Cluster
  answer: Answers['open']
} {
  let message: string | undefined
  if (typeof snapshot === 'string' && snapshot !== '') {
    try {
      return { cluster: Cluster.restore(parseSnapshot(snapshot)), answer: { ok: true, restored: 'snapshot' } }
    } catch (error) {
      message = error instanceof Error ? error.message : String(error)
    }
  }
  const restored = journal.length > 0 || until !== undefined ? 'replayed' : 'new'
  return { cluster: clusterOf(shape), answer: { ok: message === undefined, ...(message && { message }), restored } }
}
