import type { Wait } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { errorText } from './errors.ts'
import type { Call } from './tool.ts'

/** Files that are read one after the other: plain data. */
export interface Inputs {
  readonly paths: readonly string[]
  at: number
  fd: number
  /** The beginning of a line whose end has not come. */
  rest: string
  /** 1 when one of them could not be read. */
  code: number
  /** Bytes of a line so long that nobody could keep it: its end is awaited, its text is gone. */
  held?: number
}

/** What of one line is kept at most. */
export const longestLine = 1 << 22

/** These files; standard input when none is named. */
export const inputsOf = (paths: readonly string[]): Inputs => ({
  paths: paths.length > 0 ? paths : ['-'],
  at: 0,
  fd: -1,
  rest: '',
  code: 0,
})

/** 'next' leaves the rest of this file, 'stop' of all. */
export type Go = 'next' | 'stop' | undefined | void

export interface Reader {
  open?(path: string): Go
  /** What is read as it comes; without it lines are. */
  text?(chunk: string): Go
  /** `whole` when the line ended. */
  line?(line: string, whole: boolean): Go
  close?(path: string): void
  /** A file that cannot be opened; by default that is said. */
  failed?(path: string, message: string): void
}

/** Reads on until all is read (undefined), or must be waited for. */
export function readInputs(call: Call, inputs: Inputs, reader: Reader): Wait | 'again' | undefined {
  const { system } = call
  while (inputs.at < inputs.paths.length) {
    const path = inputs.paths[inputs.at]!
    if (inputs.fd < 0) {
      const fd = path === '-' ? 0 : system.open(path, { read: true })
      if (isFailure(fd)) {
        inputs.code = 1
        if (reader.failed) reader.failed(path, errorText(fd))
        else call.complain(path, fd)
        inputs.at++
        if (call.ended !== undefined) return 'again'
        continue
      }
      inputs.fd = fd
      const go = reader.open?.(path)
      if (go) {
        finish(call, inputs, reader, go)
        continue
      }
    }
    const chunk = system.read(inputs.fd)
    if (chunk === '') return { for: 'readable', fd: inputs.fd }
    let go: Go
    if (isFailure(chunk)) {
      inputs.code = 1
      if (reader.failed) reader.failed(path, `read error: ${errorText(chunk)}`)
      else call.say(`${path}: read error: ${errorText(chunk)}`)
      go = 'next'
    } else if (chunk === undefined) {
      if (inputs.rest !== '') {
        const { rest } = inputs
        inputs.rest = ''
        go = reader.line?.(rest, false)
      }
      go ??= 'next'
    } else go = reader.text ? reader.text(chunk) : lines(inputs, chunk, reader)
    if (go) finish(call, inputs, reader, go)
    if (!system.spend(1 + (chunk === undefined || isFailure(chunk) ? 0 : chunk.length >> 9))) return 'again'
    const blocked = call.flush()
    if (blocked) return blocked
    if (call.ended !== undefined) return 'again'
  }
  return undefined
}

function lines(inputs: Inputs, chunk: string, reader: Reader): Go {
  let from = 0
  for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
    const line = inputs.rest + chunk.slice(from, end)
    inputs.rest = ''
    delete inputs.held
    from = end + 1
    const go = reader.line!(line, true)
    if (go) return go
  }
  if (inputs.rest.length > longestLine) inputs.held = (inputs.held ?? 0) + chunk.length - from
  else inputs.rest += chunk.slice(from)
}

function finish(call: Call, inputs: Inputs, reader: Reader, go: Go): void {
  const path = inputs.paths[inputs.at]!
  if (inputs.fd > 0) call.system.close(inputs.fd)
  inputs.fd = -1
  inputs.rest = ''
  inputs.at = go === 'stop' ? inputs.paths.length : inputs.at + 1
  reader.close?.(path)
}

/** All of a file at once; undefined (and said) when it cannot be read. */
export function readFile(call: Call, path: string): string | undefined {
  const fd = call.system.open(path, { read: true })
  if (isFailure(fd)) {
    call.complain(path, fd)
    return undefined
  }
  let text = ''
  for (;;) {
    const chunk = call.system.read(fd)
    if (isFailure(chunk)) {
      call.complain(path, chunk)
      call.system.close(fd)
      return undefined
    }
    // A device that has no end is read for a while only.
    if (chunk === undefined || chunk === '' || text.length > 1 << 24) break
    text += chunk
  }
  call.system.close(fd)
  return text
}

/** Makes a file hold this; false (and said) when it cannot be written. */
export function writeFile(call: Call, path: string, text: string, mode = 0o666, append = false): boolean {
  const flags = append ? { write: true, create: true, append } : { write: true, create: true, truncate: true }
  const fd = call.system.open(path, flags, mode)
  if (isFailure(fd)) {
    call.complain(path, fd)
    return false
  }
  const written = text === '' ? 0 : call.system.write(fd, text)
  call.system.close(fd)
  if (isFailure(written)) call.complain(path, written)
  return !isFailure(written)
}
