import { isFailure } from '../kernel/walk.ts'
import { type Inputs, inputsOf, readFile, readInputs } from './inputs.ts'
import { options } from './options.ts'
import { BadPattern, type Found, regex } from './regex.ts'
import { type Body, type Call, tools } from './tool.ts'

interface Grep {
  patterns: readonly string[]
  flags: string
  extended: boolean
  fixed: boolean
  most: number
  before: number
  after: number
  names: boolean
  /** Of this file. */
  number: number
  count: number
  held: string[]
  still: number
  lastShown: number
  matched: boolean
  listed?: true
}

const long = {
  'ignore-case': 'i',
  'invert-match': 'v',
  'line-number': 'n',
  count: 'c',
  quiet: 'q',
  silent: 'q',
  'only-matching': 'o',
  'extended-regexp': 'E',
  'fixed-strings': 'F',
  recursive: 'r',
  'word-regexp': 'w',
  'line-regexp': 'x',
  'files-with-matches': 'l',
  'files-without-match': 'L',
  'max-count': 'm',
  regexp: 'e',
  file: 'f',
  'no-messages': 's',
  'no-filename': 'h',
  'with-filename': 'H',
  'after-context': 'A',
  'before-context': 'B',
  context: 'C',
  'line-buffered': 'u',
  color: 'y',
  colour: 'y',
  text: 'a',
}

function begin(call: Call): { state: Grep; paths: string[] } | number {
  const given = options(call, 'ivncqoEFGPrRwxlLm:e:f:shHA:B:C:uay::z', long)
  if (!given) return 2
  const patterns = given.all('e')
  const rest = [...given.rest]
  for (const file of given.all('f')) {
    const text = readFile(call, file)
    if (text === undefined) return 2
    patterns.push(...text.replace(/\n$/, '').split('\n'))
  }
  if (patterns.length === 0) {
    const pattern = rest.shift()
    if (pattern === undefined) {
      call.usage('[-HhnlLoqvsrRiwFEz] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...')
      return 2
    }
    patterns.push(pattern)
  }
  const recursive = given.has('r') || given.has('R')
  const paths = recursive ? (rest.length > 0 ? rest : ['.']).flatMap((path) => filesBelow(call, path, 0)) : rest
  const around = Number(given.get('C') ?? 0)
  const state: Grep = {
    patterns: patterns.flatMap((one) => one.split('\n')),
    flags: given.order.join(''),
    extended: given.has('E') || given.has('P') || call.name === 'egrep',
    fixed: given.has('F') || call.name === 'fgrep',
    most: Number(given.get('m') ?? Infinity),
    before: Number(given.get('B') ?? around),
    after: Number(given.get('A') ?? around),
    names: !given.has('h') && (given.has('H') || rest.length > 1 || recursive),
    number: 0,
    count: 0,
    held: [],
    still: 0,
    lastShown: 0,
    matched: false,
  }
  if (!Number.isFinite(state.most)) state.most = Number.MAX_SAFE_INTEGER
  return { state, paths: recursive && paths.length === 0 ? ['/dev/null'] : paths }
}

function filesBelow(call: Call, path: string, depth: number): string[] {
  const status = call.system.status(path, { follow: depth === 0 })
  if (isFailure(status) || status.type !== 'directory' || depth > 40)
    return !isFailure(status) && depth > 0 && status.type !== 'file' ? [] : [path]
  const names = call.system.list(path)
  return isFailure(names)
    ? []
    : names.flatMap((name) => filesBelow(call, `${path === '/' ? '' : path.replace(/\/$/, '')}/${name}`, depth + 1))
}

/** Where a line matches, from an index on. */
function findIn(state: Grep, line: string, from: number): Found | undefined {
  const [ignore, word, whole] = ['i', 'w', 'x'].map((flag) => state.flags.includes(flag))
  let best: Found | undefined
  for (const pattern of state.patterns) {
    const source = state.fixed ? pattern.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&') : pattern
    const compiled = regex(source, state.fixed || state.extended, ignore)
    let at = from
    for (;;) {
      const found = compiled.exec(line, at)
      if (!found) break
      const [start, end] = [found[0]!, found[1]!]
      const fits =
        (!word || (!/\w/.test(line[start - 1] ?? ' ') && !/\w/.test(line[end] ?? ' '))) &&
        (!whole || (start === 0 && end === line.length))
      if (fits) {
        if (!best || start < best[0]! || (start === best[0] && end > best[1]!)) best = found
        break
      }
      if (whole) {
        // A shorter way may have been taken; the whole line is asked for.
        const all = regex(
          state.fixed || state.extended ? `^(${source})$` : `^\\(${source}\\)$`,
          state.fixed || state.extended,
          ignore,
        ).exec(line)
        if (all) best = all
        break
      }
      at = start + 1
      if (at > line.length) break
    }
  }
  return best
}

const grep: Body = (call) => {
  const data = call.data<{ state?: Grep; inputs: Inputs; code: number }>(() => {
    const begun = begin(call)
    return typeof begun === 'number'
      ? { code: begun, inputs: inputsOf([]) }
      : { state: begun.state, inputs: inputsOf(begun.paths), code: 0 }
  })
  const { state } = data
  if (!state) return data.code
  const has = (flag: string) => state.flags.includes(flag)
  const label = (path: string, mark: string) =>
    state.names ? `${path === '-' ? '(standard input)' : path}${mark}` : ''
  const print = (path: string, number: number, line: string, mark: string) => {
    if (state.lastShown > 0 && number > state.lastShown + 1 && state.before + state.after > 0) call.out('--\n')
    state.lastShown = number
    call.out(`${label(path, mark)}${has('n') ? `${number}${mark}` : ''}${line}\n`)
  }
  try {
    const wait = readInputs(call, data.inputs, {
      failed: (path, message) => {
        if (!has('s') && !message.startsWith('read error')) call.say(`${path}: ${message}`)
      },
      open: () => {
        state.number = state.count = state.still = state.lastShown = 0
        state.held = []
        return state.most === 0 ? 'next' : undefined
      },
      line: (line) => {
        const path = data.inputs.paths[data.inputs.at]!
        state.number++
        const found = findIn(state, line, 0)
        if ((found !== undefined) === has('v')) {
          if (state.still > 0) {
            state.still--
            print(path, state.number, line, '-')
          } else if (state.before > 0) {
            state.held.push(line)
            if (state.held.length > state.before) state.held.shift()
          }
          return undefined
        }
        state.matched = true
        state.count++
        if (has('q')) return 'stop'
        if (has('l') || has('L')) return 'next'
        if (!has('c')) {
          state.held.forEach((one, index) => print(path, state.number - state.held.length + index, one, '-'))
          state.held = []
          if (has('o')) {
            if (!has('v')) parts(call, state, line, found!, `${label(path, ':')}${has('n') ? `${state.number}:` : ''}`)
          } else print(path, state.number, line, ':')
          state.still = state.after
        }
        return state.count >= state.most ? 'next' : undefined
      },
      close: (path) => {
        if (has('L') && state.count === 0) state.listed = true
        if (has('q')) return
        if (has('c') && !has('l') && !has('L')) call.out(`${label(path, ':')}${state.count}\n`)
        if (has('l') ? state.count > 0 : has('L') && state.count === 0)
          call.out(`${path === '-' ? '(standard input)' : path}\n`)
      },
    })
    if (wait) return wait
  } catch (error) {
    if (!(error instanceof BadPattern)) throw error
    call.say(`bad regex '${state.patterns.join('\n')}'`)
    return 2
  }
  if (state.matched && has('q')) return 0
  return data.inputs.code ? 2 : (has('L') ? state.listed : state.matched) ? 0 : 1
}

/** Each part of a line that matches (-o). */
function parts(call: Call, state: Grep, line: string, first: Found, label: string): void {
  for (let found: Found | undefined = first; found;) {
    if (found[1]! > found[0]!) call.out(`${label}${line.slice(found[0], found[1])}\n`)
    const from = Math.max(found[1]!, found[0]! + 1)
    found = from <= line.length ? findIn({ ...state }, line, from) : undefined
    // What is anchored at the start matches there only.
    if (found && !state.fixed && state.patterns.every((one) => one.startsWith('^'))) found = undefined
  }
}

/** grep and its kin. */
export const grepTools = tools({ grep, egrep: grep, fgrep: grep })
