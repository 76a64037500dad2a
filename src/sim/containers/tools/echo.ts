import { type Body, tools } from './tool.ts'

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}

/** Reads backslashes; `stop` after a `\c`. `zeroed`: octal numbers begin with a zero (echo, %b). */
export function unescape(
  text: string,
  zeroed: boolean,
  hexadecimal = true,
): { readonly text: string; readonly stop: boolean } {
  if (!text.includes('\\')) return { text, stop: false }
  let result = ''
  for (let at = 0; at < text.length; at++) {
    const next = text[at + 1]
    if (text[at] !== '\\' || next === undefined) {
      result += text[at]
      continue
    }
    at++
    if (next === 'c') return { text: result, stop: true }
    const octal = /^[0-7]{1,3}/.exec(text.slice(zeroed && next === '0' ? at + 1 : at, at + 5))
    const hex = next === 'x' && hexadecimal ? /^[0-9a-fA-F]{1,2}/.exec(text.slice(at + 1, at + 3)) : null
    if (Object.hasOwn(escapes, next)) result += escapes[next]!
    else if (next >= '0' && next <= '7') {
      const length = (octal?.[0].length ?? 0) + (zeroed && next === '0' ? 1 : 0)
      result += String.fromCharCode(Number.parseInt(octal?.[0] ?? '0', 8) & 255)
      at += length - 1
    } else if (hex) {
      result += String.fromCharCode(Number.parseInt(hex[0], 16))
      at += hex[0].length
    } else result += `\\${next}`
  }
  return { text: result, stop: false }
}

/** What echo prints: its options are read only as long as they make sense. */
export function echoText(args: readonly string[]): string {
  let at = 0
  let newline = '\n'
  let escaped = false
  for (; at < args.length && /^-[neE]+$/.test(args[at]!); at++) {
    for (const letter of args[at]!.slice(1)) {
      if (letter === 'n') newline = ''
      else escaped = letter === 'e'
    }
  }
  const text = args.slice(at).join(' ')
  if (!escaped) return text + newline
  const { text: result, stop } = unescape(text, true)
  return stop ? result : result + newline
}

export interface Printed {
  readonly text: string
  readonly errors: readonly string[]
  /** The format itself is wrong: the last error. */
  readonly stopped?: true
}

/** What printf prints; the format is used again while arguments are left. */
export function printfText(format: string, args: readonly string[], dash = false): Printed {
  const errors: string[] = []
  let text = ''
  let next = 0
  for (;;) {
    const before = next
    const pattern =
      /%(?:%|([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlLjzt]*([a-zA-Z])?)|\\(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2}|[^])|[^%\\]+|[^]/g
    let stopped = false
    const wrong = (match: RegExpExecArray): Printed => {
      const [all, flags = '', width = '', precision, letter = ''] = match
      const rest = letter + format.slice(match.index + all.length)
      const ash = `%${flags}${width}${precision === undefined ? '' : `.${precision}`}${rest}: invalid format`
      return { text, errors: [...errors, dash ? `${all}: invalid directive` : ash], stopped: true }
    }
    for (const match of format.matchAll(pattern)) {
      const [all, flags = '', width, precision, letter] = match
      if (all === '%%') text += '%'
      else if (all.startsWith('\\')) {
        const read = unescape(all, false, !dash)
        text += read.text
        stopped = read.stop
      } else if (!all.startsWith('%') || letter === undefined) {
        if (all.startsWith('%')) return wrong(match)
        text += all
      } else {
        const number = (given: string | undefined) =>
          given === '*'
            ? Math.trunc(integer(args[next++] ?? '', errors, dash))
            : given === undefined
              ? undefined
              : Number(given)
        let wide = number(width)
        const digits = number(precision) ?? (all.includes('.') ? 0 : undefined)
        let how = flags
        if (wide !== undefined && wide < 0) {
          how += '-'
          wide = -wide
        }
        const arg = args[next++]
        if (letter === 'b') {
          const read = unescape(arg ?? '', true)
          text += pad(read.text, wide, how)
          stopped = read.stop
        } else {
          const one = convert(letter, arg ?? '', how, wide, digits, errors, dash)
          if (one === undefined) return wrong(match)
          text += one
        }
      }
      if (stopped) return { text, errors }
    }
    if (next >= args.length || next === before || text.length > 1 << 20) return { text, errors }
  }
}

function integer(text: string, errors: string[], dash = false): number {
  if (text === '') return 0
  if (/^["'].?/.test(text)) return text.charCodeAt(1) || 0
  const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*(?![0-9])|[1-9]\d*)$/.exec(text)
  if (!match) {
    if (!dash) {
      errors.push(`invalid number '${text}'`)
      return 0
    }
    const begins = Number.parseInt(text, 10)
    errors.push(`${text}: ${Number.isNaN(begins) ? 'expected numeric value' : 'not completely converted'}`)
    return begins || 0
  }
  const digits = match[2]!
  const value = /^0[0-7]/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
  return match[1] === '-' ? -value : value
}

/** One conversion of a format (`%5.2f`); undefined when there is no such letter. */
export function convert(
  letter: string,
  arg: string,
  flags: string,
  width: number | undefined,
  precision: number | undefined,
  errors: string[] = [],
  dash = false,
): string | undefined {
  switch (letter) {
    case 's':
      return pad(precision === undefined ? arg : arg.slice(0, precision), width, flags)
    case 'c':
      return pad(arg === '' ? '\0' : arg[0]!, width, flags)
    case 'd':
    case 'i':
      return number(integer(arg, errors, dash), flags, width, precision)
    case 'u':
    case 'x':
    case 'X':
    case 'o': {
      let value = BigInt(Math.trunc(integer(arg, errors, dash)) || 0)
      if (value < 0n) value += 1n << 64n
      let digits = value.toString(letter === 'o' ? 8 : letter === 'u' ? 10 : 16).padStart(precision ?? 0, '0')
      if (flags.includes('#') && value !== 0n) digits = (letter === 'o' ? '0' : letter === 'u' ? '' : '0x') + digits
      if (letter === 'X') digits = digits.toUpperCase()
      return pad(digits, width, precision === undefined ? flags : flags.replaceAll('0', ''))
    }
    case 'f':
    case 'F':
    case 'e':
    case 'E':
    case 'g':
    case 'G': {
      if (arg !== '' && !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(arg) && !/^[+-]?(inf|nan)/i.test(arg))
        errors.push(`invalid number '${arg}'`)
      return float(letter, Number.parseFloat(arg) || 0, flags, width, precision)
    }
  }
  return undefined
}

function number(value: number, flags: string, width?: number, precision?: number): string {
  const digits = Math.abs(value)
    .toLocaleString('en-US', { useGrouping: false })
    .padStart(precision ?? 0, '0')
  return signed(value < 0, digits, precision === undefined ? flags : flags.replaceAll('0', ''), width)
}

function signed(negative: boolean, digits: string, flags: string, width: number | undefined): string {
  const sign = negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  if (flags.includes('0') && !flags.includes('-')) return sign + digits.padStart((width ?? 0) - sign.length, '0')
  return pad(sign + digits, width, flags)
}

/** C rounds what is just between two numbers to the even one. */
function fixed(size: number, places: number): string {
  const twice = size * 2 ** (places + 1)
  const up = size.toFixed(places)
  if (!Number.isInteger(twice) || twice % 2 === 0 || '02468'.includes(up.at(-1)!)) return up
  return (size - 0.5 * 10 ** -places).toFixed(places)
}

/** A number in one of C's notations for fractions. */
export function float(letter: string, value: number, flags: string, width?: number, precision = 6): string {
  if (!Number.isFinite(value))
    return pad(Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf', width, flags.replaceAll('0', ''))
  const size = Math.abs(value)
  const places = Math.min(precision, 100)
  const exponential = (digits: number) => size.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2')
  let digits: string
  if (letter === 'f' || letter === 'F')
    digits = size >= 1e21 ? BigInt(size).toString() + (places ? `.${'0'.repeat(places)}` : '') : fixed(size, places)
  else if (letter === 'e' || letter === 'E') digits = exponential(places)
  else {
    const significant = places || 1
    const exponent = size === 0 ? 0 : Number(size.toExponential(significant - 1).split('e')[1])
    digits =
      exponent < -4 || exponent >= significant
        ? exponential(significant - 1)
        : size.toFixed(Math.min(100, Math.max(0, significant - 1 - exponent)))
    if (!flags.includes('#') && digits.includes('.')) digits = digits.replace(/\.?0+(?=e|$)/, '')
  }
  if (letter === 'E' || letter === 'G') digits = digits.toUpperCase()
  return signed(value < 0 || Object.is(value, -0), digits, flags, width)
}

function pad(text: string, width: number | undefined, flags: string): string {
  const wide = Math.min(width ?? 0, 1 << 16)
  return flags.includes('-') ? text.padEnd(wide) : text.padStart(wide, flags.includes('0') ? '0' : ' ')
}

const yes: Body = (call) => {
  const line = `${call.args.join(' ') || 'y'}\n`
  for (;;) {
    call.out(line.repeat(Math.max(1, Math.floor(512 / line.length))))
    const blocked = call.flush()
    if (blocked) return blocked
    if (call.ended !== undefined || !call.system.spend(1)) return 'again'
  }
}

const seq: Body = (call) => {
  const { args } = call
  const data = call.data(() => {
    let at = 0
    let separator = '\n'
    let wide = false
    for (; at < args.length && /^-[ws]/.test(args[at]!); at++) {
      if (args[at]!.startsWith('-w')) wide = true
      else separator = args[at]!.slice(2) || args[++at] || ''
    }
    const given = args.slice(at)
    const numbers = given.map(Number)
    const [first, step, last] =
      numbers.length === 1 ? [1, 1, numbers[0]!] : numbers.length === 2 ? [numbers[0]!, 1, numbers[1]!] : numbers
    const digits = Math.max(
      ...(numbers.length === 3 ? given.slice(0, 2) : given.slice(0, -1)).map((one) => one.split('.')[1]?.length ?? 0),
      0,
    )
    const width = wide ? Math.max(first!.toFixed(digits).length, last!.toFixed(digits).length) : 0
    return {
      first: first!,
      step: step!,
      last: last!,
      digits,
      width,
      separator,
      count: 0,
      bad: given.find((one) => one.trim() === '' || Number.isNaN(Number(one))),
    }
  })
  if (args.length === 0 || args.length > 6) return call.usage('[-w] [-s SEP] [FIRST [INC]] LAST')
  if (data.bad !== undefined) {
    call.say(`invalid number '${data.bad}'`)
    return 1
  }
  for (;;) {
    const value = data.first + data.count * data.step
    // The last number may be missed by what fractions lose.
    if (data.step >= 0 ? value > data.last + 1e-10 : value < data.last - 1e-10) break
    const text = value.toFixed(data.digits)
    const padded = text.startsWith('-')
      ? `-${text.slice(1).padStart(data.width - 1, '0')}`
      : text.padStart(data.width, '0')
    call.out((data.count > 0 ? data.separator : '') + padded)
    data.count++
    if (data.count % 256 === 0) {
      const blocked = call.flush()
      if (blocked) return blocked
      if (call.ended !== undefined || !call.system.spend(1)) return 'again'
    }
  }
  if (data.count > 0) call.out('\n')
  return 0
}

/** echo, printf and what else only prints. */
export const echoTools = tools({
  echo: (call) => {
    call.out(echoText(call.args))
    return 0
  },
  printf: (call) => {
    if (call.args.length === 0) return call.usage('FORMAT [ARG]...')
    const args = call.args[0] === '--' ? call.args.slice(1) : call.args
    const { text, errors } = printfText(args[0] ?? '', args.slice(1))
    call.out(text)
    for (const error of errors) call.say(error)
    return errors.length > 0 ? 1 : 0
  },
  true: () => 0,
  false: () => 1,
  ':': () => 0,
  yes,
  seq,
  clear: (call) => {
    call.out('\x1b[H\x1b[J')
    return 0
  },
  tty: (call) => {
    const is = call.system.isTerminal(0)
    if (!call.args.includes('-s')) call.out(is ? '/dev/pts/0\n' : 'not a tty\n')
    return is ? 0 : 1
  },
  sync: () => 0,
})
