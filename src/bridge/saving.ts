import { serialiseSnapshot } from '../sim/snapshot.ts'
import type { Futures } from './futures.ts'
import type { Answers, ClusterShape } from './protocol.ts'

const everyMs = 4000

/** All that a playground needs to go on from here. */
export function saveOf(futures: Futures, shape: ClusterShape): Answers['snapshot'] {
  const { live, journal } = futures
  const snapshot = serialiseSnapshot(live.snapshot())
  return { snapshot, at: live.now(), journal, shape, past: futures.saved() }
}

/** Saves now and then, when something has changed. */
export class Autosave {
  private dueAt = 0
  private state = ''

  /** Whatever was saved last is of another cluster. */
  forget(): void {
    this.state = ''
  }

  /** What is to be saved now, if anything is. `clock` gives real milliseconds. */
  due(futures: Futures, shape: ClusterShape, clock: () => number): Answers['snapshot'] | undefined {
    const now = clock()
    if (now < this.dueAt) return undefined
    const { live, journal, current } = futures
    const state = `${current} ${live.now()} ${live.api.etcd.revision} ${journal.length}`
    this.dueAt = now + everyMs
    if (state === this.state) return undefined
    this.state = state
    const saved = saveOf(futures, shape)
    // A large cluster takes a while to write down; it does so at most a fiftieth of the time.
    this.dueAt = now + Math.max(everyMs, (clock() - now) * 50)
    return saved
  }
}
