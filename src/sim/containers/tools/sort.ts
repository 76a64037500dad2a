import { cannotOpen, lineTool, wholeTool } from './line-tool.ts'
import { writeFile } from './inputs.ts'
import { tools } from './tool.ts'

interface Key {
  readonly from: readonly [number, number]
  readonly to?: readonly [number, number]
  readonly flags: string
}

function keyOf(text: string, flags: string): Key | undefined {
  const match = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/.exec(text)
  if (!match) return undefined
  const own = (match[3] ?? '') + (match[6] ?? '')
  return {
    from: [Number(match[1]), Number(match[2] ?? 1)],
    ...(match[4] !== undefined && { to: [Number(match[4]), Number(match[5] ?? 0)] as const }),
    flags: own === '' ? flags : own,
  }
}

/** The part of a line that a key means. */
function partOf(line: string, key: Key, separator: string | undefined): string {
  const starts: number[] = [0]
  const ends: number[] = []
  if (separator !== undefined) {
    for (let at = line.indexOf(separator); at >= 0; at = line.indexOf(separator, at + 1)) {
      ends.push(at)
      starts.push(at + 1)
    }
  } else {
    for (let at = 1; at < line.length; at++)
      if (/\s/.test(line[at]!) && !/\s/.test(line[at - 1]!)) {
        ends.push(at)
        starts.push(at)
      }
  }
  ends.push(line.length)
  const place = (field: number, column: number) => {
    if (field > starts.length) return line.length
    let start = starts[field - 1]!
    if (key.flags.includes('b')) while (/\s/.test(line[start] ?? 'x')) start++
    return Math.min(line.length, start + column - 1)
  }
  const from = place(key.from[0], key.from[1])
  const to = !key.to
    ? line.length
    : key.to[1] === 0
      ? (ends[key.to[0] - 1] ?? line.length)
      : place(key.to[0], key.to[1] + 1)
  return line.slice(from, Math.max(from, to))
}

const leading = (text: string) => Number(/^\s*(-?\d*\.?\d*)/.exec(text)![1]) || 0
const units = 'KMGTPE'
const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']

function human(text: string): number {
  const match = /^\s*(-?\d*\.?\d*)([a-zA-Z]?)/.exec(text)!
  return (Number(match[1]) || 0) * 1024 ** (units.indexOf(match[2]!.toUpperCase() || '-') + 1)
}

function compareBy(flags: string, left: string, right: string): number {
  if (flags.includes('n')) return leading(left) - leading(right)
  if (flags.includes('g')) return (Number.parseFloat(left) || 0) - (Number.parseFloat(right) || 0)
  if (flags.includes('h')) return human(left) - human(right)
  if (flags.includes('M'))
    return (
      months.indexOf(left.trim().slice(0, 3).toUpperCase()) - months.indexOf(right.trim().slice(0, 3).toUpperCase())
    )
  if (flags.includes('V')) return versions(left, right)
  let [a, b] = [left, right]
  if (flags.includes('d')) [a, b] = [a.replace(/[^\w\s]|_/g, ''), b.replace(/[^\w\s]|_/g, '')]
  if (flags.includes('f')) [a, b] = [a.toUpperCase(), b.toUpperCase()]
  return a < b ? -1 : a > b ? 1 : 0
}

function versions(left: string, right: string): number {
  const [a, b] = [left.match(/\d+|\D+/g) ?? [], right.match(/\d+|\D+/g) ?? []]
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [one, two] = [a[at] ?? '', b[at] ?? '']
    const difference =
      /^\d/.test(one) && /^\d/.test(two) ? Number(one) - Number(two) : one < two ? -1 : one > two ? 1 : 0
    if (difference !== 0) return difference
  }
  return 0
}

const sort = wholeTool<{ text: string; flags: string; keys: Key[]; separator?: string; output?: string }>(
  'nrugMcszbdfimS:T:o:k:t:hV',
  (call, _paths, given) => {
    const flags = given.order.filter((one) => 'nrgMbdfihV'.includes(one)).join('')
    const keys: Key[] = []
    for (const text of given.all('k')) {
      const key = keyOf(text, flags)
      if (!key) {
        call.say('bad field specification')
        return 2
      }
      keys.push(key)
    }
    return {
      text: '',
      flags: flags + ['u', 'c', 's', 'z'].filter((one) => given.has(one)).join(''),
      keys,
      ...(given.has('t') && { separator: given.get('t') === '\\t' ? '\t' : given.get('t')! }),
      ...(given.has('o') && { output: given.get('o')! }),
    }
  },
  (call, { text, flags, keys, separator, output }) => {
    const mark = flags.includes('z') ? '\0' : '\n'
    const lines = text.split(mark)
    if (lines.at(-1) === '') lines.pop()
    const byKeys = (a: string, b: string): number => {
      for (const key of keys) {
        const difference = compareBy(key.flags, partOf(a, key, separator), partOf(b, key, separator))
        if (difference !== 0) return key.flags.includes('r') ? -difference : difference
      }
      if (keys.length > 0) return 0
      const difference = compareBy(flags, a, b)
      return flags.includes('r') ? -difference : difference
    }
    const compare = (a: string, b: string): number => {
      const difference = byKeys(a, b)
      if (difference !== 0 || flags.includes('u') || flags.includes('s')) return difference
      return (a < b ? -1 : a > b ? 1 : 0) * (flags.includes('r') ? -1 : 1)
    }
    if (flags.includes('c')) {
      const at = lines.findIndex(
        (line, index) =>
          index > 0 &&
          (flags.includes('u') ? byKeys(lines[index - 1]!, line) >= 0 : compare(lines[index - 1]!, line) > 0),
      )
      if (at < 0) return 0
      call.err(`Check line ${at}\n`)
      return 1
    }
    let sorted = lines.sort(compare)
    if (flags.includes('u'))
      sorted = sorted.filter((line, index) => index === 0 || byKeys(sorted[index - 1]!, line) !== 0)
    const result = sorted.map((line) => line + mark).join('')
    if (output === undefined) call.out(result)
    else if (!writeFile(call, output, result)) return 2
    return 0
  },
  true,
  2,
)

interface Uniq {
  last?: string
  count: number
  flags: string
  fields: number
  chars: number
  width: number
}

const uniqKey = (line: string, { flags, fields, chars, width }: Uniq) => {
  let key = line
  for (let field = 0; field < fields; field++) key = key.replace(/^\s*\S*/, '')
  key = key.slice(chars, chars + width)
  return flags.includes('i') ? key.toLowerCase() : key
}

const uniq = lineTool<Uniq & { paths: readonly string[] }>(
  'cdui f:s:w:',
  (_call, paths, given) => ({
    count: 0,
    flags: given.order.join(''),
    fields: Number(given.get('f') ?? 0),
    chars: Number(given.get('s') ?? 0),
    width: Number(given.get('w') ?? Number.MAX_SAFE_INTEGER),
    paths: paths.slice(0, 1),
  }),
  (call, state) => ({
    failed: cannotOpen(call),
    line: (line) => {
      if (state.last !== undefined && uniqKey(line, state) === uniqKey(state.last, state)) {
        state.count++
        return
      }
      told(call, state)
      state.last = line
      state.count = 1
    },
  }),
  told,
)

function told(call: { out(text: string): void }, { last, count, flags }: Uniq): void {
  if (last === undefined || (flags.includes('d') && count < 2) || (flags.includes('u') && count > 1)) return
  call.out(`${flags.includes('c') ? `${String(count).padStart(7)} ` : ''}${last}\n`)
}

/** sort and uniq. */
export const sortTools = tools({ sort, uniq })
