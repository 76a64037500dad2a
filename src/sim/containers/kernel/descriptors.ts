import { Files, sizeOf } from './files.ts'
import { output } from './terminal.ts'
import type { KernelHost } from './host.ts'
import type { Descriptor, Failure, KernelState, ProcessState } from './types.ts'
import { fail, isFailure } from './walk.ts'

/** What a pipe holds before who writes must wait. */
export const pipeCapacity = 65536

/** Somebody more has this descriptor. */
export function retain(state: KernelState, what: Descriptor): Descriptor {
  if (what.kind === 'pipe') {
    const pipe = state.pipes[what.pipe]
    if (pipe) pipe[what.end === 'read' ? 'readers' : 'writers']++
  } else {
    const counted = countedBehind(state, what)
    if (counted) counted.references++
  }
  return { ...what }
}

/** Somebody less has it; with the last, what is behind it goes. */
export function release(state: KernelState, host: KernelHost, what: Descriptor): void {
  if (what.kind === 'pipe') {
    const pipe = state.pipes[what.pipe]
    if (!pipe) return
    pipe[what.end === 'read' ? 'readers' : 'writers']--
    if (pipe.readers <= 0 && pipe.writers <= 0) delete state.pipes[what.pipe]
    return
  }
  const counted = countedBehind(state, what)
  if (!counted || --counted.references > 0) return
  if (what.kind === 'file') delete state.files[what.file]
  if (what.kind === 'listener') {
    for (const socket of state.listeners[what.port]!.backlog) closeSocket(state, host, socket)
    delete state.listeners[what.port]
  }
  if (what.kind === 'socket') closeSocket(state, host, what.socket)
}

function countedBehind(state: KernelState, what: Descriptor): { references: number } | undefined {
  if (what.kind === 'file') return state.files[what.file]
  if (what.kind === 'listener') return state.listeners[what.port]
  if (what.kind === 'socket') return state.sockets[what.socket]
  return undefined
}

function closeSocket(state: KernelState, host: KernelHost, id: number): void {
  const socket = state.sockets[id]
  if (!socket) return
  delete state.sockets[id]
  if (socket.status === 'open' || socket.status === 'connecting') host.shut(socket.connection)
}

/** Would a read or an accept come back at once? */
export function readable(state: KernelState, what: Descriptor | undefined): boolean {
  switch (what?.kind) {
    case 'pipe': {
      const pipe = state.pipes[what.pipe]
      return !pipe || pipe.data !== '' || pipe.writers <= 0
    }
    case 'stream': {
      const stream = state.streams[what.stream]
      return what.channel !== 'stdin' || !stream || stream.input !== '' || stream.closed
    }
    case 'socket': {
      const socket = state.sockets[what.socket]
      return (
        !socket ||
        socket.received !== '' ||
        socket.ended ||
        (socket.status !== 'open' && socket.status !== 'connecting')
      )
    }
    case 'listener':
      return (state.listeners[what.port]?.backlog.length ?? 1) > 0
    case undefined:
    case 'file':
    case 'device':
      return true
  }
}

/** Would a write be taken at once? */
export function writable(state: KernelState, what: Descriptor | undefined): boolean {
  if (what?.kind !== 'pipe') return true
  const pipe = state.pipes[what.pipe]
  return !pipe || pipe.readers <= 0 || pipe.data.length < pipeCapacity
}

/** Reads what is there: '' when that is nothing yet, undefined at the end. */
export function read(
  state: KernelState,
  host: KernelHost,
  files: Files,
  what: Descriptor | undefined,
  max: number,
): string | undefined | Failure {
  switch (what?.kind) {
    case undefined:
    case 'listener':
      return fail('EBADF')
    case 'device':
      return readDevice(host, what.device, max)
    case 'file':
      return readFile(state, files, what.file, max)
    case 'pipe': {
      const pipe = state.pipes[what.pipe]
      if (what.end === 'write') return fail('EBADF')
      if (!pipe || (pipe.data === '' && pipe.writers <= 0)) return undefined
      return takeFrom(pipe, 'data', max)
    }
    case 'stream': {
      const stream = state.streams[what.stream]
      if (what.channel !== 'stdin' || !stream) return undefined
      if (stream.input !== '') return takeFrom(stream, 'input', max)
      if (!stream.closed) return ''
      // ^D ends one read of a terminal, not the terminal.
      if (stream.tty && !stream.hungUp) stream.closed = false
      return undefined
    }
    case 'socket': {
      const socket = state.sockets[what.socket]
      if (!socket) return undefined
      if (socket.received !== '') return takeFrom(socket, 'received', max)
      if (socket.status !== 'open' && socket.status !== 'connecting' && socket.status !== 'closed')
        return fail(socket.status)
      return socket.ended || socket.status === 'closed' ? undefined : ''
    }
  }
}

function takeFrom<Key extends string>(holder: Record<Key, string>, key: Key, max: number): string {
  const all: string = holder[key]
  holder[key] = all.slice(max)
  return all.length <= max ? all : all.slice(0, max)
}

function readDevice(host: KernelHost, device: string, max: number): string | undefined {
  if (device === 'null' || device === 'tty') return undefined
  const count = Math.min(max, pipeCapacity)
  if (device !== 'random') return '\0'.repeat(count)
  return Array.from({ length: count }, () => String.fromCharCode(host.below(256))).join('')
}

function readFile(state: KernelState, files: Files, id: number, max: number): string | undefined | Failure {
  const file = state.files[id]
  if (!file?.flags.read) return fail('EBADF')
  const node = file.unnamed ?? files.nodeAt(file.path)
  if (!node) return fail('ENOENT')
  if (node.type === 'directory') return fail('EISDIR')
  if (node.type !== 'file') return undefined
  const size = sizeOf(node)
  if (file.offset >= size) return undefined
  const end = Math.min(size, file.offset + max)
  const text = node.data.slice(file.offset, end)
  const zeros = Math.min(pipeCapacity, end - file.offset) - text.length
  const whole = zeros > 0 ? text + '\0'.repeat(zeros) : text
  file.offset += whole.length
  return whole
}

/** Writes and tells how much was taken. */
export function write(
  state: KernelState,
  host: KernelHost,
  files: Files,
  what: Descriptor | undefined,
  text: string,
): number | Failure {
  switch (what?.kind) {
    case undefined:
    case 'listener':
      return fail('EBADF')
    case 'device':
      return what.device === 'full' ? fail('ENOSPC') : text.length
    case 'file': {
      const file = state.files[what.file]
      if (!file?.flags.write) return fail('EBADF')
      const node = file.unnamed ?? files.nodeAt(file.path)
      if (node?.type !== 'file') return fail('ENOENT')
      const end = files.writeAt(node, file.flags.append ? sizeOf(node) : file.offset, text)
      if (isFailure(end)) return end
      file.offset = end
      return text.length
    }
    case 'pipe': {
      const pipe = state.pipes[what.pipe]
      if (what.end === 'read') return fail('EBADF')
      if (!pipe || pipe.readers <= 0) return fail('EPIPE')
      const taken = Math.min(text.length, pipeCapacity - pipe.data.length)
      pipe.data += taken === text.length ? text : text.slice(0, Math.max(0, taken))
      return Math.max(0, taken)
    }
    case 'stream':
      output(state, host, what, text)
      return text.length
    case 'socket': {
      const socket = state.sockets[what.socket]
      if (!socket || socket.status === 'closed') return fail('EPIPE')
      if (socket.status !== 'open') return fail(socket.status === 'connecting' ? 'EINVAL' : socket.status)
      if (text !== '') host.send(socket.connection, text)
      return text.length
    }
  }
}

/** Gives away all that a process has open. */
export function closeAll(state: KernelState, host: KernelHost, process: ProcessState): void {
  const fds = Object.values(process.fds)
  process.fds = {}
  for (const what of fds) release(state, host, what)
}
