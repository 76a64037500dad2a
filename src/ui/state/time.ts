import i18next from 'i18next'
import type { Action } from '../../bridge/protocol.ts'
import { clusterStore, useCluster } from './cluster-store.ts'
import { notify } from './notices.ts'
import { request } from './session.ts'
import { serverToken } from './served.ts'

let isSeeking = false
let wanted: number | null | undefined

/** Is a moment of the past looked at? */
export function useIsPast(): boolean {
  return useCluster((state) => state.clock.live !== undefined)
}

/** May one go back in time? Not where several look at one cluster. */
export function canGoBack(): boolean {
  return serverToken() === null
}

/** Looks at a moment (virtual milliseconds), or at the end (null). While one is on its way only the last wish counts. */
export function seek(at: number | null): void {
  if (!canGoBack()) return
  wanted = at
  if (!isSeeking) void seekOn()
}

async function seekOn(): Promise<void> {
  isSeeking = true
  try {
    while (wanted !== undefined) {
      const at = wanted
      wanted = undefined
      await request<'seek'>({ type: 'seek', at })
    }
  } catch (error) {
    say(error)
  } finally {
    isSeeking = false
  }
}

/** Takes back an action: the last one done by the moment that is looked at, or the one of an index. */
export async function undo(index = lastDone()): Promise<void> {
  if (!canGoBack() || index < 0) return
  const { futures, journal } = clusterStore.getState()
  const entry = journal[index]
  if (!entry) return
  try {
    await request<'undo'>({ type: 'undo', index })
    const { actionText } = await import('../timeline/action-text.ts')
    notify('info', i18next.t('dock.time.undone', { what: actionText(entry.action, i18next.t) }), undefined, {
      label: i18next.t('dock.time.redo'),
      run: () => void goToFuture(futures.current),
    })
  } catch (error) {
    say(error)
  }
}

/** What `undo` would take back now. */
export function useUndoable(): Action | undefined {
  const journal = useCluster((state) => state.journal)
  const index = useCluster(lastDone)
  return canGoBack() ? journal[index]?.action : undefined
}

export async function goToFuture(id: string): Promise<void> {
  await request<'future'>({ type: 'future', id }).catch(say)
}

export async function forgetFuture(id: string): Promise<void> {
  await request<'future'>({ type: 'future', id, forget: true }).catch(say)
}

/** The last thing that happened before the moment that is looked at, or the first after it. */
export function momentBeside(step: -1 | 1): number | undefined {
  const { clock, journal, lanes, futures } = clusterStore.getState()
  const moments = journal.map(({ at }) => at)
  for (const { stretches } of lanes.values()) for (const { from } of stretches) moments.push(from)
  const candidates = moments.filter((at) =>
    step < 0 ? at < clock.now && at >= futures.earliest : at > clock.now && at <= (clock.live ?? clock.now),
  )
  // There may be too many for the arguments of a call.
  const nearest = candidates.reduce<number | undefined>(
    (best, at) => (best === undefined || (step < 0 ? at > best : at < best) ? at : best),
    undefined,
  )
  if (nearest !== undefined) return nearest
  return step < 0 && clock.now > futures.earliest ? futures.earliest : undefined
}

function lastDone(state = clusterStore.getState()): number {
  // What was typed into a container is taken back there, or not at all.
  return state.journal.findLastIndex(({ at, action }) => at <= state.clock.now && action.type !== 'terminal')
}

function say(error: unknown): void {
  notify('error', error instanceof Error ? error.message : String(error))
}
