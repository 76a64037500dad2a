import type { KernelHost } from './host.ts'
import type { Descriptor, KernelState, StreamState } from './types.ts'

/** Gives text to who looks at a stream; a terminal has one channel, and its lines end in CR LF. */
export function output(
  state: KernelState,
  host: KernelHost,
  { stream, channel }: Extract<Descriptor, { kind: 'stream' }>,
  text: string,
): void {
  const tty = state.streams[stream]?.tty
  if (text === '') return
  if (!tty) host.output(stream, channel === 'stderr' ? 'stderr' : 'stdout', text)
  else host.output(stream, 'stdout', tty.raw ? text : text.replace(/\n/g, '\r\n'))
}

const historyAtMost = 100

/**
 * What is typed at a terminal: lines are edited and echoed here, as a pseudo-terminal's line discipline (and a shell's
 * own editing: history) would. Returns the signals that keys asked for.
 */
export function typed(
  host: KernelHost,
  name: string,
  stream: StreamState,
  tty: NonNullable<StreamState['tty']>,
  text: string,
): ('INT' | 'QUIT')[] {
  const signals: ('INT' | 'QUIT')[] = []
  if (tty.raw) {
    for (const key of text) {
      if (key === '\x03') signals.push('INT')
      stream.input += key
    }
    return signals
  }
  let echo = ''
  for (let at = 0; at < text.length; at++) {
    const key = text[at]!
    if (key === '\x1b' && text[at + 1] === '[') {
      echo += arrow(tty, text[at + 2] ?? '')
      at += 2
    } else if (key === '\r' || key === '\n') {
      if (key === '\n' && text[at - 1] === '\r') continue
      echo += '\r\n'
      if (tty.line.trim() !== '' && tty.history.at(-1) !== tty.line) tty.history.push(tty.line)
      if (tty.history.length > historyAtMost) tty.history.shift()
      stream.input += `${tty.line}\n`
      tty.line = ''
      delete tty.at
    } else if (key === '\x7f' || key === '\b') {
      if (tty.line !== '') {
        // A character of several bytes goes as a whole.
        let end = tty.line.length - 1
        while (end > 0 && tty.line[end]! >= '\x80' && tty.line[end]! < '\xc0') end--
        tty.line = tty.line.slice(0, end)
        echo += '\b \b'
      }
    } else if (key === '\x15') {
      echo += '\b \b'.repeat(tty.line.length)
      tty.line = ''
    } else if (key === '\x03' || key === '\x1c') {
      signals.push(key === '\x03' ? 'INT' : 'QUIT')
      echo += `${key === '\x03' ? '^C' : '^\\'}\r\n`
      tty.line = ''
    } else if (key === '\x04') {
      if (tty.line === '') stream.closed = true
      else {
        stream.input += tty.line
        tty.line = ''
      }
    } else if (key >= ' ' || key === '\t') {
      tty.line += key
      echo += key
    }
  }
  if (echo !== '') host.output(name, 'stdout', echo)
  return signals
}

/** Up and down go through what was typed before. */
function arrow(tty: NonNullable<StreamState['tty']>, key: string): string {
  if (key !== 'A' && key !== 'B') return ''
  const at = Math.max(0, Math.min(tty.history.length, (tty.at ?? tty.history.length) + (key === 'A' ? -1 : 1)))
  const erased = '\b \b'.repeat(tty.line.length)
  tty.at = at
  tty.line = tty.history[at] ?? ''
  return erased + tty.line
}
