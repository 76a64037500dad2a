import type { Action, ActionResult, Answers, Connection, Request } from '../../bridge/protocol.ts'
import { applyDelta } from './cluster-store.ts'

let current: Connection | null = null

type TerminalListener = Parameters<Connection['onTerminal']>[0]
const terminalListeners = new Set<TerminalListener>()

/** Makes a connection the page's: its deltas feed the store from now on. Returns how to take it away again. */
export function connect(connection: Connection): () => void {
  const stopDeltas = connection.onDelta(applyDelta)
  connection.onTerminal((said) => terminalListeners.forEach((listener) => listener(said)))
  current = connection
  return () => {
    stopDeltas()
    connection.close()
    if (current === connection) current = null
  }
}

/** Hears what sessions at terminals write, whichever connection is the page's. Returns how to stop. */
export function onTerminal(listener: TerminalListener): () => void {
  terminalListeners.add(listener)
  return () => terminalListeners.delete(listener)
}

/** Asks the cluster's host. Rejects when there is no host, or when it dies before it answers. */
export function request<T extends Request['type']>(message: Extract<Request, { type: T }>): Promise<Answers[T]> {
  if (!current) return Promise.reject(new Error('not connected'))
  return current.request(message)
}

/** What a user does to the cluster. A refusal is an answer (`ok: false`), and so is a host that died meanwhile. */
export function act(action: Action): Promise<ActionResult> {
  return request<'act'>({ type: 'act', action }).catch((error: unknown) => ({
    ok: false,
    message: error instanceof Error ? error.message : String(error),
  }))
}
