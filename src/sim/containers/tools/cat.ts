import { cannotOpen, lineTool, wholeTool } from './line-tool.ts'
import { tools } from './tool.ts'

const cat = lineTool<{
  number: boolean
  filled: boolean
  ends: boolean
  tabs: boolean
  odd: boolean
  squeeze: boolean
  empty: boolean
  count: number
}>(
  'nbeETtvsAu',
  (_call, _paths, given) => ({
    number: given.has('n'),
    filled: given.has('b'),
    ends: given.has('e') || given.has('E') || given.has('A'),
    tabs: given.has('t') || given.has('T') || given.has('A'),
    odd: given.has('v') || given.has('e') || given.has('t') || given.has('A'),
    squeeze: given.has('s'),
    empty: false,
    count: 0,
  }),
  (call, state) => {
    const failed = cannotOpen(call)
    if (!state.number && !state.filled && !state.ends && !state.tabs && !state.odd && !state.squeeze)
      return { text: (chunk) => call.out(chunk), failed }
    return {
      failed,
      line: (line, whole) => {
        if (state.squeeze && line === '' && state.empty) return
        state.empty = line === ''
        if (state.number || (state.filled && line !== '')) call.out(`${String(++state.count).padStart(6)}\t`)
        else if (state.filled) call.out('')
        call.out(
          shown(line, state.odd, state.tabs) +
            (state.ends && whole ? '$' : '') +
            (whole || state.number || state.filled ? '\n' : ''),
        )
      },
    }
  },
)

function shown(line: string, odd: boolean, tabs: boolean): string {
  let text = line
  if (tabs) text = text.replaceAll('\t', '^I')
  if (!odd) return text
  return text.replace(/[^\t -~]/g, (char) => {
    const code = char.charCodeAt(0)
    const meta = code >= 128 ? 'M-' : ''
    const low = code & 127
    return meta + (low < 32 ? `^${String.fromCharCode(low + 64)}` : low === 127 ? '^?' : String.fromCharCode(low))
  })
}

const tac = wholeTool<{ text: string }>(
  'brs:',
  () => ({ text: '' }),
  (call, { text }) => {
    const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
    call.out(lines.reverse().join(''))
  },
  true,
)

const rev = lineTool(
  '',
  () => ({}),
  (call) => ({
    line: (line, whole) => call.out([...line].reverse().join('') + (whole ? '\n' : '')),
  }),
)

const nl = lineTool<{ at: number; step: number; width: number; separator: string; all: boolean; none: boolean }>(
  'pb:i:l:n:s:v:w:',
  (_call, _paths, given) => ({
    at: Number(given.get('v') ?? 1),
    step: Number(given.get('i') ?? 1),
    width: Number(given.get('w') ?? 6),
    separator: given.get('s') ?? '\t',
    all: given.get('b') === 'a',
    none: given.get('b') === 'n',
  }),
  (call, state) => ({
    line: (line) => {
      const numbered = !state.none && (state.all || line !== '')
      call.out(
        (numbered
          ? String(state.at).padStart(state.width) + state.separator
          : ' '.repeat(state.width + state.separator.length)) +
          line +
          '\n',
      )
      if (numbered) state.at += state.step
    },
  }),
)

interface Counts {
  lines: number
  words: number
  chars: number
  bytes: number
  longest: number
  column: number
  inWord: boolean
}
const noCounts = (): Counts => ({ lines: 0, words: 0, chars: 0, bytes: 0, longest: 0, column: 0, inWord: false })

const wc = lineTool<{ show: string; paths: readonly string[]; now: Counts; total: Counts }>(
  'lwcmL',
  (_call, paths, given) => ({
    show: ['l', 'w', 'm', 'c', 'L']
      .filter((one) => (given.order.length > 0 ? given.has(one) : 'lwc'.includes(one)))
      .join(''),
    paths,
    now: noCounts(),
    total: noCounts(),
  }),
  (call, state) => ({
    open: () => {
      state.now = noCounts()
    },
    text: (chunk) => count(state.now, chunk),
    close: (path) => {
      const { now, total } = state
      call.out(wcLine(state.show, now, state.paths.length === 0 ? '' : path))
      total.lines += now.lines
      total.words += now.words
      total.chars += now.chars
      total.bytes += now.bytes
      total.longest = Math.max(total.longest, now.longest)
    },
    failed: (path, message) => call.say(`${path}: ${message.replace('read error: ', '')}`),
  }),
  (call, { show, paths, total }) => {
    if (paths.length > 1) call.out(wcLine(show, total, 'total'))
  },
)

function count(now: Counts, chunk: string): void {
  now.bytes += chunk.length
  for (let at = 0; at < chunk.length; at++) {
    const code = chunk.charCodeAt(at)
    if (code < 128 || code >= 192) now.chars++
    if (code === 10) {
      now.lines++
      now.column = 0
    } else if (code === 9) now.column = (now.column | 7) + 1
    else if (code >= 32) now.column++
    now.longest = Math.max(now.longest, now.column)
    const space = code === 32 || (code >= 9 && code <= 13)
    if (!space && !now.inWord && code > 32) {
      now.words++
      now.inWord = true
    } else if (space) now.inWord = false
  }
}

function wcLine(show: string, counts: Counts, name: string): string {
  const values: Record<string, number> = {
    l: counts.lines,
    w: counts.words,
    m: counts.chars,
    c: counts.bytes,
    L: counts.longest,
  }
  const width = show.length > 1 ? 9 : 0
  return `${[...show].map((one) => String(values[one]).padStart(width)).join(' ')}${name && ` ${name}`}\n`
}

/** Tools that show files, or count what is in them. */
export const catTools = tools({ cat, tac, rev, nl, wc })
