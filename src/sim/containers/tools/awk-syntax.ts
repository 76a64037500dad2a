import { Expressions, type Node } from './awk-expressions.ts'
import { AwkError, tokens } from './awk-tokens.ts'

/** A program that has been read. */
export interface AwkProgram {
  readonly begin: readonly Node[]
  readonly rules: readonly { readonly from?: Node; readonly to?: Node; readonly body?: Node }[]
  readonly end: readonly Node[]
  readonly functions: ReadonlyMap<string, { readonly params: readonly string[]; readonly body: Node }>
  /** It may wait for something in the middle of a rule. */
  readonly waits: boolean
}

/** Reads a program. Throws AwkError. */
export function parseAwk(source: string): AwkProgram {
  return new Parser(tokens(source)).program()
}

class Parser extends Expressions {
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
}
