import { Host } from './bridge/host.ts'
import type { Answers, HostMessage, PageMessage } from './bridge/protocol.ts'

// The page's DOM types stand for the worker's own global here; both have these two.
const scope = globalThis as unknown as {
  postMessage(message: HostMessage, transfer?: Transferable[]): void
  addEventListener(type: 'message', listener: (event: { data: PageMessage }) => void): void
}

const host = new Host({
  now: () => performance.now(),
  later: (run, ms) => void setTimeout(run, ms),
})
/** Requests whose answer is to be packed. */
const toPack = new Set<number>()
const page = host.connect((message) => void send(message))
/** Messages wait while a save that came before them is unpacked. */
let arriving: Promise<void> | undefined

scope.addEventListener('message', ({ data }) => {
  if ('request' in data && data.request.type === 'snapshot' && data.request.packed) toPack.add(data.id)
  if (arriving) arriving = arriving.then(() => host.receive(data, page))
  else if ('request' in data && data.request.type === 'open' && data.request.playground.snapshot instanceof Uint8Array)
    arriving = open(data, data.request.playground.snapshot).finally(() => (arriving = undefined))
  else host.receive(data, page)
})

async function open(message: PageMessage & { id: number }, packed: Uint8Array): Promise<void> {
  // What cannot be unpacked is no snapshot, which the host says in its own words.
  const snapshot = await unpack(packed).catch(() => 'damaged')
  const { request } = message as { id: number; request: any }
  host.receive({ id: message.id, request: { ...request, playground: { ...request.playground, snapshot } } }, page)
}

/** Megabytes of text would hold up the page while it takes them and puts them into its database: they go as packed bytes. */
async function send(message: HostMessage): Promise<void> {
  if (message.type === 'autosave') {
    const saved = await pack(message.saved)
    scope.postMessage({ ...message, saved }, [(saved.snapshot as Uint8Array<ArrayBuffer>).buffer])
  } else if (message.type === 'answer' && toPack.delete(message.id)) {
    const answer = await pack(message.answer as Answers['snapshot'])
    scope.postMessage({ ...message, answer }, [(answer.snapshot as Uint8Array<ArrayBuffer>).buffer])
  } else scope.postMessage(message)
}

async function pack(saved: Answers['snapshot']): Promise<Answers['snapshot']> {
  const stream = new Blob([saved.snapshot as string]).stream().pipeThrough(new CompressionStream('gzip'))
  return { ...saved, snapshot: new Uint8Array(await new Response(stream).arrayBuffer()) }
}

async function unpack(packed: Uint8Array): Promise<string> {
  const bytes = new Blob([packed as Uint8Array<ArrayBuffer>])
  return new Response(bytes.stream().pipeThrough(new DecompressionStream('gzip'))).text()
}
