import { Host } from './bridge/host.ts'
import type { HostMessage, PageMessage } from './bridge/protocol.ts'

// The page's DOM types stand for the worker's own global here; both have these two.
const scope = globalThis as unknown as {
  postMessage(message: HostMessage): void
  addEventListener(type: 'message', listener: (event: { data: PageMessage }) => void): void
}

const host = new Host({
  now: () => performance.now(),
  later: (run, ms) => void setTimeout(run, ms),
})
const page = host.connect((message) => scope.postMessage(message))
scope.addEventListener('message', ({ data }) => host.receive(data, page))
