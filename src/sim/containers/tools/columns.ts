import { characterClasses } from '../shell/patterns.ts'
import { cannotOpen, lineTool } from './line-tool.ts'
import { inputsOf, type Inputs, readInputs } from './inputs.ts'
import { options } from './options.ts'
import { type Body, type Call, tools } from './tool.ts'

type Range = readonly [number, number]

function rangesOf(call: Call, text: string): Range[] | undefined {
  const ranges: Range[] = []
  for (const part of text.split(',')) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part)
    if (!match || (match[1] === '' && match[3] === '')) {
      call.say(`invalid number '${part}'`)
      return undefined
    }
    const from = match[1] === '' ? 1 : Number(match[1])
    const to = match[2] === '' ? from : match[3] === '' ? Number.MAX_SAFE_INTEGER : Number(match[3])
    if (from === 0 || to < from) {
      call.say(`invalid range ${match[1] || 0}-${match[3] || 0}`)
      return undefined
    }
    ranges.push([from, to])
  }
  return ranges
}

const cut = lineTool<{
  kind: string
  ranges: Range[]
  delimiter: string
  joint: string
  only: boolean
  invert: boolean
}>(
  'b:c:f:d:snO:Di',
  (call, _paths, given) => {
    const kind = ['b', 'c', 'f', 'F'].find((one) => given.has(one))
    if (kind === undefined) {
      call.say('expected a list of bytes, characters, or fields')
      return 1
    }
    const ranges = rangesOf(call, given.get(kind)!)
    if (!ranges) return 1
    const delimiter = given.get('d') ?? '\t'
    return { kind, ranges, delimiter, joint: given.get('O') ?? delimiter, only: given.has('s'), invert: false }
  },
  (call, { kind, ranges, delimiter, joint, only }) => {
    const wanted = (index: number) => ranges.some(([from, to]) => index >= from && index <= to)
    return {
      line: (line) => {
        if (kind === 'f') {
          if (delimiter !== '' && !line.includes(delimiter)) {
            if (!only || line === '') call.out(`${line}\n`)
          } else
            call.out(
              `${line
                .split(delimiter)
                .filter((_, index) => wanted(index + 1))
                .join(joint)}\n`,
            )
        } else call.out(`${[...line].filter((_, index) => wanted(index + 1)).join('')}\n`)
      },
    }
  },
  undefined,
  { 'output-delimiter': 'O', delimiter: 'd', fields: 'f', characters: 'c', bytes: 'b', 'only-delimited': 's' },
)

/** A set of characters as tr writes it. */
function expandSet(text: string): string {
  const plain: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\\': '\\' }
  let out = ''
  const one = (at: number): [string, number] => {
    if (text[at] !== '\\' || at + 1 >= text.length) return [text[at]!, at + 1]
    const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))
    if (octal) return [String.fromCharCode(Number.parseInt(octal[0], 8) & 255), at + 1 + octal[0].length]
    const next = text[at + 1]!
    return [Object.hasOwn(plain, next) ? plain[next]! : next, at + 2]
  }
  for (let at = 0; at < text.length;) {
    const named = /^\[:(\w+):\]/.exec(text.slice(at, at + 12))
    if (named && Object.hasOwn(characterClasses, named[1]!)) {
      for (let code = 0; code < 256; code++)
        if (characterClasses[named[1]!]!.test(String.fromCharCode(code))) out += String.fromCharCode(code)
      at += named[0].length
      continue
    }
    const same = /^\[=(.)=\]/.exec(text.slice(at, at + 6))
    if (same) {
      out += same[1]
      at += 5
      continue
    }
    const [from, after] = one(at)
    if (text[after] === '-' && after + 1 < text.length) {
      const [to, end] = one(after + 1)
      for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++) out += String.fromCharCode(code)
      at = end
    } else {
      out += from
      at = after
    }
  }
  return out
}

const tr: Body = (call) => {
  const data = call.data<{
    state?: { from: string; to: string; delete: boolean; squeeze: boolean; last: string; two: boolean }
    inputs: Inputs
    code: number
  }>(() => {
    const given = options(call, '+cCds')
    const inputs = inputsOf([])
    if (!given) return { code: 1, inputs }
    const [first, second] = given.rest
    if (first === undefined || (second === undefined && !given.has('d') && !given.has('s'))) {
      call.usage('[-cds] STRING1 [STRING2]')
      return { code: 1, inputs }
    }
    let from = expandSet(first)
    if (given.has('c') || given.has('C')) {
      let others = ''
      for (let code = 0; code < 256; code++)
        if (!from.includes(String.fromCharCode(code))) others += String.fromCharCode(code)
      from = others
    }
    return {
      inputs,
      code: 0,
      state: {
        from,
        to: second === undefined ? '' : expandSet(second),
        two: second !== undefined,
        delete: given.has('d'),
        squeeze: given.has('s'),
        last: '',
      },
    }
  })
  const { state } = data
  if (!state) return data.code
  const map = new Map<string, string>()
  if (state.two && !state.delete)
    for (let at = 0; at < state.from.length; at++)
      map.set(state.from[at]!, state.to[Math.min(at, state.to.length - 1)] ?? state.from[at]!)
  const gone = state.delete ? new Set(state.from) : undefined
  const squeezed = state.squeeze ? new Set(state.two ? state.to : state.from) : undefined
  const wait = readInputs(call, data.inputs, {
    text: (chunk) => {
      let out = ''
      for (const char of chunk) {
        if (gone?.has(char)) continue
        const result = map.get(char) ?? char
        if (squeezed && result === state.last && squeezed.has(result)) continue
        state.last = result
        out += result
      }
      call.out(out)
    },
  })
  return wait ?? 0
}

const fold = lineTool<{ width: number; spaces: boolean; bytes: boolean }>(
  'bsw:',
  (call, _paths, given) => {
    const width = Number(given.get('w') ?? 80)
    if (Number.isInteger(width) && width > 0) return { width, spaces: given.has('s'), bytes: given.has('b') }
    call.say(`invalid number '${given.get('w')}'`)
    return 1
  },
  (call, { width, spaces }) => ({
    line: (line, whole) => {
      let rest = line
      let out = ''
      while (rest.length > width) {
        const space = spaces ? rest.lastIndexOf(' ', width - 1) : -1
        const end = space >= 0 ? space + 1 : width
        out += `${rest.slice(0, end)}\n`
        rest = rest.slice(end)
      }
      call.out(out + rest + (whole ? '\n' : ''))
    },
  }),
  undefined,
  { width: 'w', spaces: 's', bytes: 'b' },
)

const expand = lineTool<{ width: number; first: boolean }>(
  'it:',
  (_call, _paths, given) => ({ width: Number(given.get('t') ?? 8) || 8, first: given.has('i') }),
  (call, { width, first }) => ({
    line: (line, whole) => {
      let out = ''
      let begun = false
      for (const char of line) {
        if (char === '\t' && !(first && begun)) out += ' '.repeat(width - (out.length % width))
        else out += char
        if (char !== '\t' && char !== ' ') begun = true
      }
      call.out(out + (whole ? '\n' : ''))
    },
  }),
)

const unexpand = lineTool<{ width: number; all: boolean }>(
  'fat:',
  (_call, _paths, given) => ({ width: Number(given.get('t') ?? 8) || 8, all: given.has('a') }),
  (call, { width }) => ({
    line: (line, whole) => {
      const blank = /^ */.exec(line)![0].length
      call.out(
        '\t'.repeat(Math.floor(blank / width)) + ' '.repeat(blank % width) + line.slice(blank) + (whole ? '\n' : ''),
      )
    },
  }),
)

/** paste reads its files at once; here each is read whole first, which shows no difference unless one never ends. */
const paste = lineTool<{ columns: string[][]; serial: boolean; delimiters: string; paths: readonly string[] }>(
  'd:s',
  (_call, paths, given) => ({
    columns: [],
    serial: given.has('s'),
    delimiters: expandSet(given.get('d') ?? '\t'),
    paths,
  }),
  (call, state) => ({
    failed: cannotOpen(call),
    open: () => {
      state.columns.push([])
    },
    line: (line) => {
      state.columns.at(-1)!.push(line)
    },
  }),
  (call, { columns, serial, delimiters, paths }) => {
    const join = (parts: readonly string[]) =>
      parts
        .map(
          (part, index) =>
            part + (index < parts.length - 1 && delimiters !== '' ? delimiters[index % delimiters.length] : ''),
        )
        .join('')
    if (serial) {
      for (const column of columns) call.out(`${join(column)}\n`)
      return
    }
    // `paste - -` takes lines of standard input in turns.
    const shared = paths.filter((path) => path === '-').length
    if (shared > 1 && shared === paths.length) {
      const lines = columns.flat()
      for (let at = 0; at < lines.length; at += shared)
        call.out(`${join(Array.from({ length: shared }, (_, index) => lines[at + index] ?? ''))}\n`)
      return
    }
    const rows = Math.max(0, ...columns.map((column) => column.length))
    for (let row = 0; row < rows; row++) call.out(`${join(columns.map((column) => column[row] ?? ''))}\n`)
  },
)

/** Tools that take lines apart by columns and characters. */
export const columnTools = tools({ cut, tr, fold, expand, unexpand, paste })
