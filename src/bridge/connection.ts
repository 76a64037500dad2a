import type { Answers, Connection, Delta, HostMessage, PageMessage, Request } from './protocol.ts'

/** The part of a Worker that a connection uses; tests hand in a fake. */
export interface HostPort {
  postMessage(message: PageMessage): void
  addEventListener(type: 'message', listener: (event: { data: HostMessage }) => void): void
  addEventListener(type: 'error' | 'messageerror', listener: (event: { message?: string }) => void): void
  terminate(): void
}

const heartbeatMs = 5_000
/** Intervals without any word, not seconds: a laptop that slept has missed none. */
const missedHeartbeatsOfACrash = 6

/** The page's end of a cluster that runs in a worker of this tab. */
export function createWorkerConnection(port: HostPort = startWorker()): Connection {
  const deltaListeners = new Set<(delta: Delta) => void>()
  const autosaveListeners = new Set<(saved: Answers['snapshot']) => void>()
  const terminalListeners = new Set<Parameters<Connection['onTerminal']>[0]>()
  const crashListeners = new Set<(message: string) => void>()
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>()
  let nextId = 1
  let missed = 0
  let isClosed = false

  const heartbeat = setInterval(() => {
    missed += 1
    if (missed > missedHeartbeatsOfACrash) crash('The cluster stopped answering.')
    else port.postMessage({ id: nextId++, request: { type: 'ping' } })
  }, heartbeatMs)

  function close(reason: string): void {
    if (isClosed) return
    isClosed = true
    clearInterval(heartbeat)
    port.terminate()
    for (const { reject } of waiting.values()) reject(new Error(reason))
    waiting.clear()
  }

  function crash(message: string): void {
    if (isClosed) return
    close(message)
    for (const listener of crashListeners) listener(message)
  }

  function settle(
    id: number,
    by: (entry: { resolve(answer: unknown): void; reject(error: Error): void }) => void,
  ): void {
    const entry = waiting.get(id)
    waiting.delete(id)
    if (entry) by(entry)
  }

  function receive(message: HostMessage): void {
    missed = 0
    switch (message.type) {
      case 'answer':
        return settle(message.id, (entry) => entry.resolve(message.answer))
      case 'error':
        return settle(message.id, (entry) => entry.reject(new Error(message.message)))
      case 'autosave':
        return autosaveListeners.forEach((listener) => listener(message.saved))
      case 'terminal':
        return terminalListeners.forEach((listener) => listener(message))
      case 'delta':
        deltaListeners.forEach((listener) => listener(message.delta))
        // The host sends the next one only after this, so a busy page gets fewer and larger deltas.
        afterNextFrame(() => !isClosed && port.postMessage({ frameAck: true }))
    }
  }

  port.addEventListener('message', (event) => !isClosed && receive(event.data))
  port.addEventListener('error', (event) => crash(event.message ?? 'The cluster crashed.'))
  port.addEventListener('messageerror', () => crash('The cluster sent something unreadable.'))

  return {
    request<T extends Request['type']>(request: Extract<Request, { type: T }>): Promise<Answers[T]> {
      if (isClosed) return Promise.reject(new Error('The connection to the cluster is closed.'))
      return new Promise((resolve, reject) => {
        const id = nextId++
        waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject })
        port.postMessage({ id, request })
      })
    },
    onDelta: (listener) => subscribe(deltaListeners, listener),
    onAutosave: (listener) => subscribe(autosaveListeners, listener),
    onTerminal: (listener) => subscribe(terminalListeners, listener),
    onCrash: (listener) => subscribe(crashListeners, listener),
    close: () => close('The connection to the cluster was closed.'),
  }
}

function startWorker(): HostPort {
  return new Worker(new URL('../cluster.worker.ts', import.meta.url), { type: 'module', name: 'cluster' }) as HostPort
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** A hidden tab draws no frames, yet its cluster should not stand still for good. */
function afterNextFrame(run: () => void): void {
  if (typeof document === 'undefined' || document.hidden) setTimeout(run, 500)
  else requestAnimationFrame(run)
}
