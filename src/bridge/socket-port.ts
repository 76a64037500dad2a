import type { HostPort } from './connection.ts'
import type { HostMessage, PageMessage } from './protocol.ts'

/** The end of a cluster that a server runs: the same messages as a worker's, as JSON over a WebSocket of this origin. */
export function openSocketPort(
  token: string,
  open: (url: string, protocols: string[]) => WebSocket = newSocket,
): HostPort {
  const url = new URL('bridge', location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.hash = ''
  url.search = ''
  const socket = open(url.href, ['kubecosm', token])
  // What is asked before the line is up is asked as soon as it is.
  const early: string[] = []
  socket.addEventListener('open', () => {
    for (const text of early.splice(0)) socket.send(text)
  })
  return {
    postMessage: (message: PageMessage) => {
      const text = JSON.stringify(message)
      if (socket.readyState === socket.CONNECTING) early.push(text)
      else if (socket.readyState === socket.OPEN) socket.send(text)
    },
    addEventListener: (type: string, listener: (event: any) => void) => {
      if (type === 'message')
        socket.addEventListener('message', ({ data }) => listener({ data: JSON.parse(String(data)) as HostMessage }))
      else if (type === 'error')
        socket.addEventListener('close', ({ reason }) => listener({ message: reason || 'The server went away.' }))
    },
    terminate: () => socket.close(),
  }
}

function newSocket(url: string, protocols: string[]): WebSocket {
  return new WebSocket(url, protocols)
}
