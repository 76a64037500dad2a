import { AwkError, type Token } from './awk-tokens.ts'

/** awk's programs as trees of plain arrays: the first element says what a node is. */
export type Node = readonly [string, ...(Node | string | number | readonly Node[] | undefined)[]]

const maxDepth = 200

/** Reads expressions, from the weakest operator to the strongest. */
export class Expressions {
  protected readonly list: readonly Token[]
  protected at = 0
  private depth = 0
  protected waits = false

  constructor(list: readonly Token[]) {
    this.list = list
  }

  protected get token(): Token {
    return this.list[this.at]!
  }
  protected is(text: string): boolean {
    const { type } = this.token
    return this.token.text === text && (type === 'op' || type === 'word' || type === 'newline')
  }
  protected take(text: string): boolean {
    if (!this.is(text)) return false
    this.at++
    return true
  }
  protected need(text: string): void {
    if (!this.take(text)) throw new AwkError('Unexpected token')
  }
  protected newlines(): void {
    while (this.token.type === 'newline') this.at++
  }
  protected ends(): void {
    while (this.token.type === 'newline' || this.is(';')) this.at++
  }

  protected deeper<Result>(read: () => Result): Result {
    if (++this.depth > maxDepth) throw new AwkError('Too deeply nested')
    const result = read()
    this.depth--
    return result
  }

  protected expressions(close: string): Node[] {
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

  protected expression(): Node {
    return this.deeper(() => this.ternary(false))
  }

  /** `inPrint`: a `>` is a redirection, not a comparison. */
  protected ternary(inPrint: boolean): Node {
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

  protected concatenation(inPrint: boolean): Node {
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
