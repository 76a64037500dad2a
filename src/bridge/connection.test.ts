import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createWorkerConnection } from './connection.ts'
import type { Delta, HostMessage, PageMessage } from './protocol.ts'

const delta: Delta = {
  full: false,
  changed: [],
  removed: [],
  clock: { now: 1, epoch: 0, running: true, speed: 1, next: null },
}

function fakePort() {
  const listeners: Record<string, (event: never) => void> = {}
  const sent: PageMessage[] = []
  return {
    sent,
    terminated: false,
    postMessage: (message: PageMessage) => void sent.push(message),
    addEventListener: (type: string, listener: (event: never) => void) => void (listeners[type] = listener),
    terminate() {
      this.terminated = true
    },
    say: (data: HostMessage) => listeners.message({ data } as never),
    fail: (message: string) => listeners.error({ message } as never),
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('each request gets its own answer, in whatever order they come', async () => {
  const port = fakePort()
  const connection = createWorkerConnection(port)
  const first = connection.request<'why'>({ type: 'why', resource: 'pods', name: 'a' })
  const second = connection.request<'run'>({ type: 'run', running: true })
  port.say({ type: 'answer', id: 2, answer: null })
  port.say({ type: 'answer', id: 1, answer: { chain: [] } })
  expect(await second).toBe(null)
  expect(await first).toEqual({ chain: [] })
})

test('an error answer rejects', async () => {
  const port = fakePort()
  const asked = createWorkerConnection(port).request<'step'>({ type: 'step' })
  port.say({ type: 'error', id: 1, message: 'no cluster is open' })
  await expect(asked).rejects.toThrow('no cluster is open')
})

test('a delta is acknowledged once, and only after listeners had it', () => {
  const port = fakePort()
  const connection = createWorkerConnection(port)
  const seen: Delta[] = []
  connection.onDelta((each) => seen.push(each))
  port.say({ type: 'delta', delta })
  expect(seen).toEqual([delta])
  expect(port.sent).toEqual([])
  vi.advanceTimersByTime(500)
  expect(port.sent).toEqual([{ frameAck: true }])
})

test('a worker that fails is a crash: what waits is rejected, the page is told once', async () => {
  const port = fakePort()
  const connection = createWorkerConnection(port)
  const crashes: string[] = []
  connection.onCrash((message) => crashes.push(message))
  const asked = connection.request<'step'>({ type: 'step' })
  port.fail('out of memory')
  port.fail('out of memory')
  await expect(asked).rejects.toThrow('out of memory')
  expect(crashes).toEqual(['out of memory'])
  expect(port.terminated).toBe(true)
})

test('a worker that goes silent is a crash', () => {
  const port = fakePort()
  const crashes: string[] = []
  createWorkerConnection(port).onCrash((message) => crashes.push(message))
  vi.advanceTimersByTime(60_000)
  expect(crashes).toEqual(['The cluster stopped answering.'])
})

test('a worker that answers heartbeats is not', () => {
  const port = fakePort()
  const crashes: string[] = []
  createWorkerConnection(port).onCrash((message) => crashes.push(message))
  for (let i = 0; i < 20; i++) {
    vi.advanceTimersByTime(5_000)
    port.say({ type: 'answer', id: i + 1, answer: null })
  }
  expect(crashes).toEqual([])
})

test('closing is no crash, and later requests reject', async () => {
  const port = fakePort()
  const connection = createWorkerConnection(port)
  const crashes: string[] = []
  connection.onCrash((message) => crashes.push(message))
  connection.close()
  await expect(connection.request<'step'>({ type: 'step' })).rejects.toThrow('closed')
  expect(crashes).toEqual([])
})
