import { clusterStore } from './cluster-store.ts'
import { request } from './session.ts'
import { serverToken } from './served.ts'

/** Time stands still while nobody can see it pass, and goes on when the tab is looked at again. A server's goes its own way. */
export function pauseWhileHidden(): void {
  let didPause = false
  document.addEventListener('visibilitychange', () => {
    if (serverToken()) return
    const { running } = clusterStore.getState().clock
    if (document.hidden ? !running : !didPause) return
    didPause = document.hidden
    // What was chosen stays chosen: this is no wish of the user's, so it is not kept with the playground.
    void request<'run'>({ type: 'run', running: !document.hidden }).catch(() => undefined)
  })
}
