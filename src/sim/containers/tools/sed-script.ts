import { bracketEnd } from './regex-syntax.ts'

export type Address =
  | { readonly type: 'line'; readonly line: number }
  | { readonly type: 'last' }
  | { readonly type: 'step'; readonly first: number; readonly step: number }
  /** Empty: the last pattern that was used. */
  | { readonly type: 'match'; readonly pattern: string; readonly ignore: boolean }
  | { readonly type: 'plus' | 'multiple'; readonly count: number }

export interface Command {
  readonly name: string
  readonly first?: Address
  readonly second?: Address
  readonly negated: boolean
  readonly text: string
  /** s: */
  readonly pattern?: string
  readonly flags?: string
  readonly file?: string
  /** Where `{` is closed. */
  end?: number
}

export class BadScript extends Error {}

/** Reads a sed script. Throws BadScript in busybox's words. */
export function parseSed(script: string): Command[] {
  const commands: Command[] = []
  const open: number[] = []
  let at = 0
  const skip = (what: RegExp) => {
    while (at < script.length && what.test(script[at]!)) at++
  }
  /** Text up to a delimiter; `\n` and the delimiter itself are unescaped. */
  const delimited = (delimiter: string, isPattern: boolean): string => {
    let text = ''
    for (; at < script.length; at++) {
      const char = script[at]!
      if (char === delimiter) {
        at++
        return text
      }
      if (char === '\\' && at + 1 < script.length) {
        const next = script[++at]!
        if (next === delimiter)
          text += isPattern && /[.*[\]^$+?(){}|]/.test(next) && delimiter !== '/' ? `\\${next}` : next
        else if (next === 'n') text += isPattern ? '\n' : '\\n'
        else if (isPattern && next === 't') text += '\t'
        else text += `\\${next}`
      } else if (char === '[' && isPattern) {
        let end = -1
        try {
          end = bracketEnd(script, at)
        } catch {
          // Not closed: it is told when the pattern is read.
        }
        if (end < 0) text += char
        else {
          text += script
            .slice(at, end + 1)
            .replaceAll('\\n', '\n')
            .replaceAll('\\t', '\t')
          at = end
        }
      } else text += char
    }
    throw new BadScript(`unmatched '${delimiter}'`)
  }
  const number = () => {
    const digits = /^\d+/.exec(script.slice(at))
    at += digits?.[0].length ?? 0
    return Number(digits?.[0] ?? 0)
  }
  const address = (isSecond: boolean): Address | undefined => {
    const char = script[at]
    if (char === undefined) return undefined
    if (isSecond && (char === '+' || char === '~')) {
      at++
      return { type: char === '+' ? 'plus' : 'multiple', count: number() }
    }
    if (/\d/.test(char)) {
      const line = number()
      if (script[at] !== '~') return { type: 'line', line }
      at++
      return { type: 'step', first: line, step: number() }
    }
    if (char === '$') {
      at++
      return { type: 'last' }
    }
    if (char !== '/' && char !== '\\') return undefined
    const delimiter = char === '\\' ? script[++at]! : char
    at++
    const pattern = delimited(delimiter, true)
    const ignore = script[at] === 'I'
    if (ignore) at++
    return { type: 'match', pattern, ignore }
  }
  while (at < script.length) {
    skip(/[\s;]/)
    if (at >= script.length) break
    if (script[at] === '#') {
      while (at < script.length && script[at] !== '\n') at++
      continue
    }
    const first = address(false)
    let second: Address | undefined
    if (first) {
      skip(/[ \t]/)
      if (script[at] === ',') {
        at++
        skip(/[ \t]/)
        second = address(true)
        if (!second) throw new BadScript('no address after comma')
      }
    }
    skip(/[ \t]/)
    let negated = false
    while (script[at] === '!') {
      negated = true
      at++
      skip(/[ \t]/)
    }
    const name = script[at]
    if (name === undefined) throw new BadScript('missing command')
    at++
    const base = { name, negated, ...(first && { first }), ...(second && { second }) }
    if (name === '{') {
      open.push(commands.length)
      commands.push({ ...base, text: '' })
    } else if (name === '}') {
      const start = open.pop()
      if (start !== undefined) commands[start]!.end = commands.length
      commands.push({ ...base, text: '' })
    } else if ('=dDgGhHlnNpPxqQzF'.includes(name)) {
      let text = ''
      skip(/[ \t]/)
      if ('qQl'.includes(name)) text = String(number() || '')
      commands.push({ ...base, text })
      end()
    } else if (name === 's') {
      const delimiter = script[at++]
      if (delimiter === undefined) throw new BadScript("unmatched '/'")
      const pattern = delimited(delimiter, true)
      const text = delimited(delimiter, false)
      const given = /^[gpIiMme0-9]*/.exec(script.slice(at))![0]
      at += given.length
      let file: string | undefined
      skip(/[ \t]/)
      if (script[at] === 'w') {
        at++
        file = rest().trim()
      }
      commands.push({ ...base, text, pattern, flags: given, ...(file !== undefined && { file }) })
      if (file === undefined) end()
    } else if (name === 'y') {
      const delimiter = script[at++] ?? '/'
      const from = delimited(delimiter, false)
      commands.push({ ...base, text: unescaped(delimited(delimiter, false)), pattern: unescaped(from) })
      if (commands.at(-1)!.text.length !== commands.at(-1)!.pattern!.length)
        throw new BadScript('y command strings have different lengths')
      end()
    } else if ('aic'.includes(name)) {
      skip(/[ \t]/)
      if (script[at] === '\\') {
        at++
        skip(/[ \t]/)
        if (script[at] === '\n') at++
      }
      let text = ''
      for (; at < script.length && script[at] !== '\n'; at++) {
        if (script[at] === '\\' && at + 1 < script.length) at++
        text += script[at]
      }
      commands.push({ ...base, text: `${text}\n` })
    } else if (':btTrwR'.includes(name)) {
      skip(/[ \t]/)
      const text =
        name === ':' || 'btT'.includes(name)
          ? /^[^;\n}]*/.exec(script.slice(at))![0]
          : /^[^\n]*/.exec(script.slice(at))![0]
      at += text.length
      commands.push({ ...base, text: text.trim() })
    } else throw new BadScript(`unsupported command ${name}`)
  }
  for (const start of open) commands[start]!.end = commands.length
  for (const { name, text } of commands)
    if ('btT'.includes(name) && text !== '' && !commands.some((one) => one.name === ':' && one.text === text))
      throw new BadScript(`can't find label for jump to '${text}'`)
  return commands

  function rest(): string {
    const text = /^[^\n]*/.exec(script.slice(at))![0]
    at += text.length
    return text
  }
  function end(): void {
    skip(/[ \t]/)
    if (at < script.length && !/[;\n}#]/.test(script[at]!))
      throw new BadScript(
        script[at - 1] === ' ' || commands.at(-1)!.name !== 's'
          ? 'unknown command: ' + script[at]
          : 'bad option in substitution expression',
      )
  }
}

const unescaped = (text: string) =>
  text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char === 't' ? '\t' : char))
