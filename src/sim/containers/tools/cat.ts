import type { Wait } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { inputsOf, type Inputs, longestLine, readInputs, type Reader } from './inputs.ts'
import { options, sizeOf } from './options.ts'
import { type Body, type Call, tools } from './tool.ts'

/** What most tools say about a file that they cannot open. */
export const cannotOpen = (call: Call) => (path: string, message: string) =>
  call.say(message.startsWith('read error') ? message : `can't open '${path}': ${message}`)

/** A tool that reads lines and remembers something between them. */
export function lineTool<State extends object>(
  letters: string,
  begin: (call: Call, paths: readonly string[], given: NonNullable<ReturnType<typeof options>>) => State | number,
  reader: (call: Call, state: State) => Reader,
  end?: (call: Call, state: State) => number | void,
  long?: Readonly<Record<string, string>>,
): Body {
  return (call) => {
    interface All {
      state?: State
      inputs: Inputs
    }
    const data = call.data<All>(() => ({ inputs: inputsOf([]) }))
    if (!data.state) {
      const given = options(call, letters, long)
      if (!given) return 1
      const state = begin(call, given.rest, given)
      if (typeof state === 'number') return state
      data.state = state
      data.inputs = inputsOf((state as { paths?: readonly string[] }).paths ?? given.rest)
    }
    const wait = readInputs(call, data.inputs, reader(call, data.state))
    if (wait) return wait
    return (end?.(call, data.state) ?? 0) || data.inputs.code
  }
}

/** A tool that needs all of its input before it can say anything. */
export function wholeTool<State extends { text: string; held?: number; opened?: true }>(
  letters: string,
  begin: Parameters<typeof lineTool<State>>[1],
  end: (call: Call, state: State) => number | void,
  /** Missing files are told by their name alone. */
  plain = false,
  /** The exit code when a file is missing: nothing else is done then. */
  missing?: number,
): Body {
  return lineTool<State>(
    letters,
    begin,
    (call, state) => ({
      text: (chunk) => {
        if (state.text.length > longestLine * 16) state.held = (state.held ?? 0) + chunk.length
        else state.text += chunk
      },
      open: () => {
        state.opened = true
      },
      ...(!plain && { failed: cannotOpen(call) }),
      ...(missing !== undefined && {
        failed: (path: string, message: string) => {
          call.say(`${path}: ${message}`)
          call.exit(missing)
        },
      }),
    }),
    end,
  )
}

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

interface Ends {
  paths: readonly string[]
  lines: boolean
  count: number
  /** Counted from the other end. */
  other: boolean
  headers: boolean
  left: number
  shown: number
  text: string
  held?: number
}

/** `-5` is `-n 5`, wherever it stands. */
const oldCounts = (args: readonly string[]) =>
  args.flatMap((arg, at) =>
    /^[-+]\d+[a-z]*$/.test(arg) && args[at - 1] !== '-n' && args[at - 1] !== '-c' && !(arg[0] === '+' && at > 0)
      ? ['-n', arg[0] === '+' ? arg : arg.slice(1)]
      : [arg],
  )

function endsOf(call: Call, letters: string): (Ends & { follow: boolean; every: number }) | number {
  const given = options(
    call,
    letters,
    { lines: 'n', bytes: 'c', follow: 'f', quiet: 'q', verbose: 'v' },
    oldCounts(call.args),
  )
  if (!given) return 1
  const lines = !given.has('c')
  const text = given.get(lines ? 'n' : 'c') ?? '10'
  const size = sizeOf(text.replace(/^[-+]/, ''))
  if (size === undefined) {
    call.say(`invalid number '${text}'`)
    return 1
  }
  const headers = given.has('v') || (given.rest.length > 1 && !given.has('q'))
  return {
    paths: given.rest,
    lines,
    count: size,
    other: call.name === 'head' ? text.startsWith('-') : text.startsWith('+'),
    headers,
    left: size,
    shown: 0,
    text: '',
    follow: given.has('f') || given.has('F'),
    every: Number(given.get('s') ?? 1) || 1,
  }
}

const header = (call: Call, state: Ends, path: string) => {
  if (state.headers) call.out(`${state.shown++ > 0 ? '\n' : ''}==> ${path === '-' ? 'standard input' : path} <==\n`)
}

const head: Body = (call) => {
  const data = call.data<{ state?: Ends; inputs: Inputs; code: number }>(() => {
    const state = endsOf(call, 'n:c:qv')
    return typeof state === 'number'
      ? { code: state, inputs: inputsOf([]) }
      : { state, inputs: inputsOf(state.paths), code: 0 }
  })
  const { state } = data
  if (!state) return data.code
  const wait = readInputs(call, data.inputs, {
    failed: (path, message) =>
      call.say(message.startsWith('read error') ? `${path}: ${message.slice(12)}` : `can't open '${path}': ${message}`),
    open: (path) => {
      header(call, state, path)
      state.left = state.count
      state.text = ''
      return state.left === 0 && !state.other ? 'next' : undefined
    },
    text: (chunk) => {
      if (state.other) {
        state.text += chunk
        return undefined
      }
      let end = 0
      if (state.lines)
        while (state.left > 0 && end < chunk.length) {
          const at = chunk.indexOf('\n', end)
          end = at < 0 ? chunk.length : at + 1
          if (at >= 0) state.left--
        }
      else {
        end = Math.min(chunk.length, state.left)
        state.left -= end
      }
      call.out(chunk.slice(0, end))
      return state.left === 0 ? 'next' : undefined
    },
    close: () => {
      if (!state.other) return
      if (!state.lines) call.out(state.text.slice(0, Math.max(0, state.text.length - state.count)))
      else call.out((state.text.match(/[^\n]*\n|[^\n]+$/g) ?? []).slice(0, -state.count || undefined).join(''))
    },
  })
  return wait ?? data.inputs.code
}

const tail: Body = (call) => {
  type Tail = Ends & { follow: boolean; every: number }
  const data = call.data<{ state?: Tail; inputs: Inputs; code: number; fds?: number[] }>(() => {
    const state = endsOf(call, 'n:c:qvfFs:')
    return typeof state === 'number'
      ? { code: state, inputs: inputsOf([]) }
      : { state, inputs: inputsOf(state.paths), code: 0 }
  })
  const { state } = data
  if (!state) return data.code
  if (data.fds) return follow(call, data.fds, state)
  const wait = readInputs(call, data.inputs, {
    failed: (path, message) =>
      call.say(message.startsWith('read error') ? message : `can't open '${path}': ${message}`),
    open: (path) => {
      header(call, state, path)
      state.text = ''
      state.left = Math.max(0, state.count - 1)
    },
    text: (chunk) => {
      if (!state.other) {
        // What has no end of line is told apart when one comes.
        if (!state.lines || chunk.includes('\n')) state.text = lastOf(state.text + chunk, state)
        else if (state.text.length > longestLine) state.held = (state.held ?? 0) + chunk.length
        else state.text += chunk
        return
      }
      let from = 0
      if (!state.lines) {
        from = Math.min(chunk.length, state.left)
        state.left -= from
      } else
        while (state.left > 0 && from < chunk.length) {
          const at = chunk.indexOf('\n', from)
          from = at < 0 ? chunk.length : at + 1
          if (at >= 0) state.left--
        }
      call.out(chunk.slice(from))
    },
    close: () => {
      call.out(state.other ? '' : lastOf(state.text, state))
      state.text = ''
    },
  })
  if (wait) return wait
  if (!state.follow) return data.inputs.code
  data.fds = []
  for (const path of state.paths) {
    const fd = path === '-' ? 0 : call.system.open(path, { read: true })
    if (isFailure(fd)) continue
    // What was there has been shown.
    if (call.system.status(path).constructor && isRegular(call, path))
      for (let chunk = call.system.read(fd); typeof chunk === 'string' && chunk !== ''; chunk = call.system.read(fd));
    if (isRegular(call, path) || path === '-') data.fds.push(fd)
  }
  if (data.inputs.code && data.fds.length === 0) {
    call.say('no files')
    return 1
  }
  return follow(call, data.fds, state)
}

function isRegular(call: Call, path: string): boolean {
  const status = call.system.status(path)
  return !isFailure(status) && status.type === 'file'
}

/** Whatever comes is shown; a device brings nothing, so nobody needs to look. */
function follow(call: Call, fds: readonly number[], state: { every: number }): Wait {
  for (const fd of fds)
    for (let chunk = call.system.read(fd); typeof chunk === 'string' && chunk !== ''; chunk = call.system.read(fd))
      call.out(chunk)
  return fds.some((fd) => fd !== 0) ? { for: 'time', until: call.system.now() + state.every * 1000 } : { for: 'signal' }
}

function lastOf(text: string, { lines, count }: Ends): string {
  if (!lines) return count === 0 ? '' : text.slice(-count)
  if (count === 0) return ''
  let at = text.length - (text.endsWith('\n') ? 1 : 0)
  for (let left = count; left > 0 && at >= 0; left--) at = at === 0 ? -1 : text.lastIndexOf('\n', at - 1)
  return text.slice(at + 1)
}

/** Tools that show files, or parts of them. */
export const catTools = tools({ cat, tac, rev, nl, wc, head, tail })
