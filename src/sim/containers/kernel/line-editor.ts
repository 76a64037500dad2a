import type { StreamState } from './stream.ts'
import type { Completion } from './types.ts'

type Terminal = NonNullable<StreamState['tty']>

const escape = '\x1b'
const historyAtMost = 100
const listedAtMost = 200

/** Characters that a text takes on the screen: one for all of a character's bytes. */
const width = (text: string) => text.replace(/[\x80-\xbf]/g, '').length
const isWithin = (text: string, at: number) => text[at]! >= '\x80' && text[at]! < '\xc0'

/**
 * What is typed at a terminal: lines are edited and echoed here, as a pseudo-terminal's line discipline (and a shell's
 * own editing) would. Returns what is to be shown, and the signals that keys asked for.
 */
export function typed(
  stream: StreamState,
  tty: Terminal,
  typedText: string,
  complete: (line: string) => Completion | undefined,
): { readonly echo: string; readonly signals: readonly ('INT' | 'QUIT')[] } {
  const signals: ('INT' | 'QUIT')[] = []
  if (tty.raw) {
    for (const key of typedText) if (key === '\x03') signals.push('INT')
    stream.input += typedText
    return { echo: '', signals }
  }
  const text = (tty.escape ?? '') + typedText
  delete tty.escape
  const shown = /[ -~\x80-\xff]+/y
  let echo = ''
  for (let at = 0; at < text.length;) {
    const key = text[at]!
    at++
    if (key === escape) {
      const sequence = text.slice(at, at + 15)
      const found = /^(?:\[([0-9;]*)|O)([A-Za-z~])/.exec(sequence)
      if (found) echo += special(tty, found[2] === '~' ? found[1]! : found[2]!, found[1]?.includes(';') ?? false)
      else if (/^(?:\[[0-9;]*|O)?$/.test(sequence)) {
        tty.escape = key + sequence
        break
      }
      at += found?.[0].length ?? 0
      continue
    }
    if (key === '\r' || key === '\n') {
      if (key === '\n' && text[at - 2] === '\r') continue
      echo += enter(stream, tty)
    } else if (key === '\x03' || key === '\x1c') {
      signals.push(key === '\x03' ? 'INT' : 'QUIT')
      echo += `${key === '\x03' ? '^C' : '^\\'}\r\n`
      put(tty, '', '')
    } else if (key === '\x04') {
      const line = tty.line + (tty.rest ?? '')
      if (line === '') stream.closed = true
      else stream.input += line
      put(tty, '', '')
    } else if (key === '\t') echo += completed(tty, complete(tty.line))
    else if (key >= ' ' && key !== '\x7f') {
      shown.lastIndex = at - 1
      const run = shown.exec(text)?.[0] ?? key
      at += run.length - 1
      echo += replaced(tty, tty.line.length, tty.line.length, run)
    } else echo += control(tty, key)
  }
  return { echo, signals }
}

function put(tty: Terminal, line: string, rest: string): void {
  tty.line = line
  if (rest === '') delete tty.rest
  else tty.rest = rest
}

/** The cursor goes to a place in the line; what shows that. */
function moved(tty: Terminal, to: number): string {
  const all = tty.line + (tty.rest ?? '')
  const from = tty.line.length
  put(tty, all.slice(0, to), all.slice(to))
  return to < from ? '\b'.repeat(width(all.slice(to, from))) : all.slice(from, to)
}

/** A part of the line becomes another text, with the cursor after it; what shows that. */
function replaced(tty: Terminal, from: number, to: number, text: string): string {
  const all = tty.line + (tty.rest ?? '')
  const rest = all.slice(to)
  const way = moved(tty, from)
  put(tty, all.slice(0, from) + text, rest)
  const blanks = Math.max(0, width(all.slice(from, to)) - width(text))
  return way + text + rest + ' '.repeat(blanks) + '\b'.repeat(blanks + width(rest))
}

function enter(stream: StreamState, tty: Terminal): string {
  const { line: before, rest = '', history } = tty
  const line = before + rest
  if (line.trim() !== '' && history.at(-1) !== line) history.push(line)
  if (history.length > historyAtMost) history.shift()
  stream.input += `${line}\n`
  put(tty, '', '')
  delete tty.at
  return `${rest}\r\n`
}

/** Where the character before or after a place begins. */
function neighbour(all: string, at: number, step: -1 | 1): number {
  let to = Math.max(0, Math.min(all.length, at + step))
  while (to > 0 && to < all.length && isWithin(all, to)) to += step
  return to
}

/** Where the word before or after a place begins or ends. */
function word(all: string, at: number, step: -1 | 1): number {
  const blank = (place: number) => all[place] === ' '
  let to = at
  while (step < 0 ? to > 0 && blank(to - 1) : to < all.length && blank(to)) to += step
  while (step < 0 ? to > 0 && !blank(to - 1) : to < all.length && !blank(to)) to += step
  return to
}

/** Cursor keys, Home, End and Delete, by the end of their sequences; with Control they go by words. */
function special(tty: Terminal, key: string, byWords: boolean): string {
  const all = tty.line + (tty.rest ?? '')
  const at = tty.line.length
  switch (key) {
    case 'A':
    case 'B':
      return recalled(tty, key === 'A' ? -1 : 1)
    case 'C':
    case 'D':
      return moved(tty, (byWords ? word : neighbour)(all, at, key === 'C' ? 1 : -1))
    case 'H':
    case '1':
    case '7':
      return moved(tty, 0)
    case 'F':
    case '4':
    case '8':
      return moved(tty, all.length)
    case '3':
      return replaced(tty, at, neighbour(all, at, 1), '')
  }
  return ''
}

function control(tty: Terminal, key: string): string {
  const all = tty.line + (tty.rest ?? '')
  const at = tty.line.length
  switch (key) {
    case '\x7f':
    case '\b':
      return at === 0 ? '' : replaced(tty, neighbour(all, at, -1), at, '')
    case '\x15': // ^U
      return replaced(tty, 0, at, '')
    case '\x0b': // ^K
      return replaced(tty, at, all.length, '')
    case '\x17': // ^W
      return replaced(tty, word(all, at, -1), at, '')
  }
  const same: Readonly<Record<string, string>> = {
    '\x01': 'H',
    '\x02': 'D',
    '\x05': 'F',
    '\x06': 'C',
    '\x0e': 'B',
    '\x10': 'A',
  }
  return Object.hasOwn(same, key) ? special(tty, same[key]!, false) : ''
}

/** Up and down go through what was typed before. */
function recalled(tty: Terminal, step: -1 | 1): string {
  const at = Math.max(0, Math.min(tty.history.length, (tty.at ?? tty.history.length) + step))
  tty.at = at
  const all = tty.line + (tty.rest ?? '')
  return replaced(tty, 0, all.length, tty.history[at] ?? '')
}

/** What Tab does: the word becomes as long as is certain, or what it may become is listed. */
function completed(tty: Terminal, found: Completion | undefined): string {
  const at = tty.line.length
  if (!found) return replaced(tty, at, at, '\t')
  const [first, ...others] = found.words
  if (first === undefined) return '\x07'
  let common = first
  for (const other of others) while (!other.startsWith(common)) common = common.slice(0, -1)
  const more = common.slice(found.word.length) + (others.length === 0 && !common.endsWith('/') ? ' ' : '')
  if (more !== '') return replaced(tty, at, at, more)
  const names = found.words.slice(0, listedAtMost).map((one) => /[^/]*\/?$/.exec(one)![0])
  const { line, rest = '' } = tty
  return `\r\n${names.join('  ')}\r\n${found.prompt}${line}${rest}${'\b'.repeat(width(rest))}`
}
