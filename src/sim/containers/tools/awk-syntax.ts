/** awk's programs as trees of plain arrays: the first element says what a node is. */
export type Node = readonly [string, ...(Node | string | number | readonly Node[] | undefined)[]]

export interface AwkProgram {
  readonly begin: readonly Node[]
  readonly rules: readonly { readonly from?: Node; readonly to?: Node; readonly body?: Node }[]
  readonly end: readonly Node[]
  readonly functions: ReadonlyMap<string, { readonly params: readonly string[]; readonly body: Node }>
  /** It may wait for something in the middle of a rule. */
  readonly waits: boolean
}

export class AwkError extends Error {}

interface Token {
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

function tokens(source: string): Token[] {
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

/** Reads a program. Throws AwkError. */
export function parseAwk(source: string): AwkProgram {
  return new Parser(tokens(source)).program()
}

const maxDepth = 200

class Parser {
  private readonly list: readonly Token[]
  private at = 0
  private depth = 0
  private waits = false

  constructor(list: readonly Token[]) {
    this.list = list
  }

  private get token(): Token {
    return this.list[this.at]!
  }
  private is(text: string): boolean {
    const { type } = this.token
    return this.token.text === text && (type === 'op' || type === 'word' || type === 'newline')
  }
  private take(text: string): boolean {
    if (!this.is(text)) return false
    this.at++
    return true
  }
  private need(text: string): void {
    if (!this.take(text)) throw new AwkError('Unexpected token')
  }
  private newlines(): void {
    while (this.token.type === 'newline') this.at++
  }
  private ends(): void {
    while (this.token.type === 'newline' || this.is(';')) this.at++
  }

  program(): AwkProgram {
    const begin: Node[] = []
    const end: Node[] = []
    const rules: { from?: Node; to?: Node; body?: Node }[] = []
    const functions = new Map<string, { params: string[]; body: Node }>()
    for (this.ends(); this.token.type !== 'end'; this.ends()) {
      if (this.take('BEGIN')) begin.push(this.block())
      else if (this.take('END')) end.push(this.block())
      else if (this.take('function') || this.take('func')) {
        const name = this.token.text
        this.at++
        this.need('(')
        const params: string[] = []
        while (!this.take(')')) {
          params.push(this.token.text)
          this.at++
          if (this.take(',')) this.newlines()
        }
        this.newlines()
        functions.set(name, { params, body: this.block() })
      } else if (this.is('{')) rules.push({ body: this.block() })
      else {
        const from = this.expression()
        let to: Node | undefined
        if (this.take(',')) {
          this.newlines()
          to = this.expression()
        }
        const body = this.is('{') ? this.block() : undefined
        rules.push({ from, ...(to && { to }), ...(body && { body }) })
      }
    }
    return { begin, end, rules, functions, waits: this.waits }
  }

  private block(): Node {
    this.newlines()
    this.need('{')
    const list: Node[] = []
    for (this.ends(); !this.take('}'); this.ends()) {
      if (this.token.type === 'end') throw new AwkError('Unexpected token')
      list.push(this.statement())
    }
    return ['block', list]
  }

  private deeper<Result>(read: () => Result): Result {
    if (++this.depth > maxDepth) throw new AwkError('Too deeply nested')
    const result = read()
    this.depth--
    return result
  }

  private statement(): Node {
    return this.deeper(() => this.plainStatement())
  }

  private body(): Node {
    this.newlines()
    if (this.take(';')) return ['block', []]
    return this.statement()
  }

  private plainStatement(): Node {
    if (this.is('{')) return this.block()
    if (this.take('if')) {
      this.need('(')
      const test = this.expression()
      this.need(')')
      const then = this.body()
      const before = this.at
      this.ends()
      if (this.take('else')) return ['if', test, then, this.body()]
      this.at = before
      return ['if', test, then]
    }
    if (this.take('while')) {
      this.need('(')
      const test = this.expression()
      this.need(')')
      return ['while', test, this.body()]
    }
    if (this.take('do')) {
      const body = this.body()
      this.ends()
      this.need('while')
      this.need('(')
      const test = this.expression()
      this.need(')')
      return ['do', body, test]
    }
    if (this.take('for')) return this.loop()
    const node = this.simple()
    if (!this.is('}') && this.token.type !== 'end') {
      if (!this.is(';') && this.token.type !== 'newline') throw new AwkError('Unexpected token')
      this.at++
    }
    return node
  }

  private loop(): Node {
    this.need('(')
    const [variable, is, array, close] = this.list.slice(this.at, this.at + 4)
    if (variable?.type === 'name' && is?.text === 'in' && array?.type === 'name' && close?.text === ')') {
      this.at += 4
      return ['each', variable.text, array.text, this.body()]
    }
    const first = this.is(';') ? undefined : this.simple()
    this.need(';')
    this.newlines()
    const test = this.is(';') ? undefined : this.expression()
    this.need(';')
    this.newlines()
    const next = this.is(')') ? undefined : this.simple()
    this.need(')')
    return ['for', first, test, next, this.body()]
  }

  private simple(): Node {
    for (const word of ['next', 'nextfile', 'break', 'continue']) if (this.take(word)) return [word]
    if (this.take('exit') || this.take('return')) {
      const word = this.list[this.at - 1]!.text
      return this.atEnd() ? [word] : [word, this.expression()]
    }
    if (this.take('delete')) {
      const name = this.token.text
      this.at++
      if (!this.take('[')) return ['delete', name]
      const keys = this.expressions(']')
      return ['delete', name, keys]
    }
    if (this.is('print') || this.is('printf')) return this.print()
    return ['expression', this.expression()]
  }

  private atEnd(): boolean {
    return this.is('}') || this.is(';') || this.token.type === 'newline' || this.token.type === 'end'
  }

  private print(): Node {
    const kind = this.token.text
    this.at++
    let args: Node[] = []
    const start = this.at
    const outputs = () => this.atEnd() || this.is('>') || this.is('>>') || this.is('|')
    if (this.take('(')) {
      args = this.expressions(')')
      // `print (a) b` and its like: what was in parentheses was just the first part.
      if (!outputs()) {
        this.at = start
        args = []
      }
    }
    if (args.length === 0 && !outputs()) {
      do {
        this.newlines()
        args.push(this.ternary(true))
      } while (this.take(','))
    }
    for (const way of ['>>', '>', '|'])
      if (this.take(way)) {
        if (way === '|') this.waits = true
        return [kind, args, way, this.concatenation(true)]
      }
    return [kind, args]
  }

  private expressions(close: string): Node[] {
    const list: Node[] = []
    this.newlines()
    while (!this.take(close)) {
      list.push(this.expression())
      this.newlines()
      if (!this.is(close)) this.need(',')
      this.newlines()
    }
    return list
  }

  expression(): Node {
    return this.deeper(() => this.ternary(false))
  }

  /** `inPrint`: a `>` is a redirection, not a comparison. */
  private ternary(inPrint: boolean): Node {
    const test = this.either(inPrint)
    if (this.take('?')) {
      this.newlines()
      const yes = this.deeper(() => this.ternary(inPrint))
      this.newlines()
      this.need(':')
      this.newlines()
      return ['choose', test, yes, this.deeper(() => this.ternary(inPrint))]
    }
    for (const operator of ['=', '+=', '-=', '*=', '/=', '%=', '^=', '**='])
      if (['name', 'item', 'field'].includes(test[0]) && this.take(operator)) {
        this.newlines()
        const value = this.deeper(() => this.ternary(inPrint))
        return operator === '='
          ? ['assign', test, value]
          : ['update', operator.slice(0, -1).replace('**', '^'), test, value]
      }
    return test
  }

  private either(inPrint: boolean): Node {
    let left = this.both(inPrint)
    while (this.take('||')) {
      this.newlines()
      left = ['||', left, this.both(inPrint)]
    }
    return left
  }

  private both(inPrint: boolean): Node {
    let left = this.membership(inPrint)
    while (this.take('&&')) {
      this.newlines()
      left = ['&&', left, this.membership(inPrint)]
    }
    return left
  }

  private membership(inPrint: boolean): Node {
    let left = this.matching(inPrint)
    while (this.is('in')) {
      this.at++
      left = ['in', left[0] === 'group' ? (left[1] as readonly Node[]) : [left], this.token.text]
      this.at++
    }
    return left
  }

  private matching(inPrint: boolean): Node {
    let left = this.comparison(inPrint)
    while (this.is('~') || this.is('!~')) {
      const operator = this.token.text
      this.at++
      left = [operator, left, this.comparison(inPrint)]
    }
    return left
  }

  private comparison(inPrint: boolean): Node {
    let left = this.concatenation(inPrint)
    while (['<', '<=', '==', '!=', '>=', ...(inPrint ? [] : ['>'])].some((one) => this.is(one))) {
      const operator = this.token.text
      this.at++
      left = ['compare', operator, left, this.concatenation(inPrint)]
    }
    while (!inPrint && this.is('|') && this.list[this.at + 1]?.text === 'getline') {
      this.at += 2
      this.waits = true
      left = ['getline', '|', left, this.target()]
    }
    return left
  }

  private concatenation(inPrint: boolean): Node {
    let left = this.sum()
    for (;;) {
      const { type, text } = this.token
      if (!inPrint && this.is('|') && this.list[this.at + 1]?.text === 'getline') {
        this.at += 2
        this.waits = true
        left = ['getline', '|', left, this.target()]
        continue
      }
      const begins =
        type === 'number' ||
        type === 'string' ||
        type === 'regex' ||
        type === 'name' ||
        type === 'call' ||
        (type === 'op' && ['$', '!', '(', '-', '+', '++', '--'].includes(text))
      if (!begins || this.is('in')) return left
      left = ['concat', left, this.sum()]
    }
  }

  private sum(): Node {
    let left = this.product()
    while (this.is('+') || this.is('-')) {
      const operator = this.token.text
      this.at++
      left = ['arith', operator, left, this.product()]
    }
    return left
  }

  private product(): Node {
    let left = this.unary()
    while (this.is('*') || this.is('/') || this.is('%')) {
      const operator = this.token.text
      this.at++
      left = ['arith', operator, left, this.unary()]
    }
    return left
  }

  private unary(): Node {
    for (const operator of ['!', '-', '+'])
      if (this.take(operator)) return this.deeper(() => ['unary', operator, this.unary()])
    return this.power()
  }

  private power(): Node {
    const base = this.postfix()
    if (!this.take('^') && !this.take('**')) return base
    return this.deeper(() => [
      'arith',
      '^',
      base,
      this.is('-') || this.is('+') || this.is('!') ? this.unary() : this.power(),
    ])
  }

  private postfix(): Node {
    const node = this.primary()
    if (['name', 'item', 'field'].includes(node[0])) {
      if (this.take('++')) return ['after', 1, node]
      if (this.take('--')) return ['after', -1, node]
    }
    return node
  }

  private target(): Node | undefined {
    if (this.token.type === 'name' || this.is('$')) return this.primary()
    return undefined
  }

  private primary(): Node {
    const { type, text } = this.token
    if (type === 'end') throw new AwkError('Unexpected token')
    this.at++
    switch (type) {
      case 'number':
        return ['number', Number(text)]
      case 'string':
        return ['string', text]
      case 'regex':
        return ['regex', text]
      case 'name':
        return this.take('[') ? ['item', text, this.expressions(']')] : ['name', text]
      case 'call': {
        if (['system', 'close'].includes(text)) this.waits = true
        if (this.take('(')) return ['call', text, this.expressions(')')]
        return ['call', text, []]
      }
      case 'word':
        if (text === 'getline') {
          this.waits = true
          const target = this.target()
          if (this.take('<')) return ['getline', '<', this.primary(), target]
          return ['getline', '', undefined, target]
        }
        break
      case 'op':
        if (text === '$') {
          if (this.take('++')) return ['field', ['before', 1, this.primary()]]
          if (this.take('--')) return ['field', ['before', -1, this.primary()]]
          if (this.take('-')) return ['field', ['unary', '-', this.primary()]]
          return this.deeper(() => ['field', this.primary()])
        }
        if (text === '++' || text === '--') return ['before', text === '++' ? 1 : -1, this.primary()]
        if (text === '-' || text === '+' || text === '!') {
          this.at--
          return this.unary()
        }
        if (text === '(') {
          const list = this.deeper(() => this.expressions(')'))
          if (list.length === 1 && !this.is('in')) return ['paren', list[0]!]
          return ['group', list]
        }
    }
    throw new AwkError('Unexpected token')
  }
}
