/** What is wrong with a program, or with what it does. */
export class AwkError extends Error {}

/** A token of a program. */
export interface Token {
  readonly type: 'number' | 'string' | 'regex' | 'name' | 'call' | 'word' | 'op' | 'newline' | 'end'
  readonly text: string
  /** Blanks stand before it. */
  readonly spaced: boolean
}

const words = new Set([
  'BEGIN',
  'END',
  'function',
  'func',
  'if',
  'else',
  'while',
  'for',
  'do',
  'break',
  'continue',
  'next',
  'nextfile',
  'exit',
  'return',
  'delete',
  'in',
  'getline',
  'print',
  'printf',
])
/** Functions that awk has itself. */
export const builtins = new Set([
  'length',
  'substr',
  'index',
  'split',
  'sub',
  'gsub',
  'gensub',
  'match',
  'sprintf',
  'sin',
  'cos',
  'atan2',
  'exp',
  'log',
  'sqrt',
  'int',
  'rand',
  'srand',
  'tolower',
  'toupper',
  'system',
  'close',
  'fflush',
  'systime',
  'strftime',
  'mktime',
  'and',
  'or',
  'xor',
  'compl',
  'lshift',
  'rshift',
])
const operators = /^(?:\*\*=|\*\*|&&|\|\||\+\+|--|\+=|-=|\*=|\/=|%=|\^=|==|<=|>=|!=|!~|>>|[{}()[\];,+\-*/%^!<>|?:~$=])/

/** Takes a program apart. Throws AwkError. */
export function tokens(source: string): Token[] {
  const found: Token[] = []
  let at = 0
  let spaced = false
  const add = (type: Token['type'], text: string) => found.push({ type, text, spaced })
  while (at < source.length) {
    const rest = source.slice(at, at + 400)
    const blank = /^(?:[ \t\r]+|\\\r?\n|#[^\n]*)/.exec(rest)
    if (blank) {
      at += blank[0].startsWith('#') ? (source.indexOf('\n', at) + 1 || source.length + 1) - 1 - at : blank[0].length
      spaced = true
      continue
    }
    if (source[at] === '\n') {
      add('newline', '\n')
      at++
    } else if (source[at] === '"') {
      let text = ''
      for (at++; at < source.length && source[at] !== '"'; at++) {
        if (source[at] === '\n') throw new AwkError('Unexpected end of string')
        if (source[at] !== '\\') text += source[at]
        else {
          const [char, length] = escaped(source, at + 1)
          text += char
          at += length
        }
      }
      if (at >= source.length) throw new AwkError('Unexpected end of string')
      at++
      add('string', text)
    } else {
      const last = found.at(-1)
      const divides =
        last !== undefined &&
        (last.type === 'number' ||
          last.type === 'string' ||
          last.type === 'name' ||
          (last.type === 'op' && [')', ']', '$', '++', '--'].includes(last.text)) ||
          (last.type === 'word' && last.text === 'getline') ||
          (last.type === 'call' && last.text === 'length'))
      if (source[at] === '/' && !divides) {
        let text = ''
        let inside = false
        for (at++; at < source.length && (source[at] !== '/' || inside); at++) {
          if (source[at] === '\n') throw new AwkError('Unexpected end of string')
          if (source[at] === '[' && !inside) inside = true
          else if (source[at] === ']') inside = false
          if (source[at] === '\\' && at + 1 < source.length) {
            at++
            text += source[at] === '/' ? '/' : `\\${source[at]}`
          } else text += source[at]
        }
        at++
        add('regex', text)
      } else {
        const number = /^(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(rest)
        const name = /^[A-Za-z_]\w*/.exec(rest)
        const operator = operators.exec(rest)
        const text = (number ?? name ?? operator)?.[0]
        if (text === undefined) throw new AwkError('Unexpected token')
        at += text.length
        if (number) add('number', text)
        else if (name) add(words.has(text) ? 'word' : builtins.has(text) || source[at] === '(' ? 'call' : 'name', text)
        else add('op', text)
      }
    }
    spaced = false
  }
  add('end', '')
  return found
}

const simple: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  '/': '/',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
}

function escaped(source: string, at: number): [string, number] {
  const char = source[at] ?? ''
  if (char === '\n') return ['', 1]
  if (Object.hasOwn(simple, char)) return [simple[char]!, 1]
  const octal = /^[0-7]{1,3}/.exec(source.slice(at, at + 3))
  if (octal) return [String.fromCharCode(Number.parseInt(octal[0], 8) & 255), octal[0].length]
  return [`\\${char}`, 1]
}
