import { Lexer } from './lexer.ts'
import { isReserved } from './reserved.ts'
import { SimpleCommands } from './simple-command.ts'
import { type Flavour, type Op, type Redirect, SyntaxFault, type Unit, type Word } from './syntax.ts'

const nestingAtMost = 100

/** Reads one complete command, from where it begins; undefined when only blanks are left. */
export function parse(
  text: string,
  at: number,
  line: number,
  flavour: Flavour,
  aliases: Readonly<Record<string, string>> = {},
): Unit {
  const parser = new Parser(flavour, aliases)
  return parser.unit(text, at, line)
}

class Parser extends SimpleCommands {
  private nested = 0

  unit(text: string, at: number, line: number): Unit {
    this.lexer = new Lexer(text, at, line, this.flavour, (lexer, end) => this.substitution(lexer, end))
    this.advance()
    while (this.isOperator('\n')) this.advance()
    if (!this.atEnd()) {
      this.blocks[0] = this.list('\n')
      if (!this.atEnd() && !this.isOperator('\n')) throw this.unexpected()
    }
    // Aliases change the text before this place, never what is after it.
    const left = this.lexer.text.length - this.lexer.at
    return {
      blocks: this.blocks,
      end: text.length - left,
      line: this.lexer.line,
      ...(this.lexer.open && { open: true as const }),
    }
  }

  /** The commands of a substitution, as a block. */
  protected substitution(lexer: Lexer, end: ')' | 'text'): number {
    const outer = { lexer: this.lexer, token: this.token }
    if (++this.nested > nestingAtMost) throw lexer.fault('nested too deeply')
    this.lexer = lexer
    this.advance()
    const ops = this.list()
    if (end === 'text' ? !this.atEnd() : !this.isOperator(')')) throw this.unexpected(end === ')' ? ')' : undefined)
    this.lexer = outer.lexer
    this.token = outer.token
    this.nested--
    return this.block(ops)
  }

  /** Commands up to something that ends a list; with a `stop`, up to the end of the line. */
  private list(stop?: '\n'): Op[] {
    const ops: Op[] = []
    for (;;) {
      if (!stop) this.skipNewlines()
      if (!this.beginsCommand()) {
        if (this.token.type === 'operator' && ['&', '|', '&&', '||', ';'].includes(this.token.text))
          throw this.unexpected()
        return ops
      }
      const { start, line } = this.token
      const piece = this.andOr()
      if (this.isOperator('&')) {
        const source = this.lexer.text.slice(start, this.token.start).trim()
        const [only] = piece
        if (piece.length === 1 && only!.op === 'pipeline') ops.push({ ...only!, background: true })
        else ops.push({ op: 'subshell', block: this.block(piece), background: true, source, line })
        this.advance()
      } else {
        push(ops, piece)
        if (this.isOperator(';')) this.advance()
        else if (!this.isOperator('\n')) return ops
      }
      if (stop && this.isOperator('\n')) return ops
    }
  }

  private beginsCommand(): boolean {
    const { token } = this
    if (token.type === 'end') return false
    if (token.type === 'redirect') return true
    if (token.type === 'operator') return token.text === '('
    return !['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}'].includes(token.text)
  }

  private andOr(): Op[] {
    let ops = this.pipeline()
    while (this.isOperator('&&') || this.isOperator('||')) {
      const and = this.isOperator('&&')
      this.advance()
      this.skipNewlines()
      if (!this.beginsCommand()) throw this.unexpected()
      const next = this.pipeline()
      ops = [...tested(ops), { op: and ? 'ifFailed' : 'ifOk', by: next.length + 1 }, ...next]
    }
    return ops
  }

  private pipeline(): Op[] {
    const inverted = this.isWord('!')
    if (inverted) this.advance()
    const { start } = this.token
    const first = this.command()
    const parts = [first]
    while (this.isOperator('|')) {
      this.advance()
      this.skipNewlines()
      if (!this.beginsCommand()) throw this.unexpected()
      parts.push(this.command())
    }
    const source = this.lexer.text.slice(start, this.token.start).trim()
    const ops: Op[] =
      parts.length === 1 ? first : [{ op: 'pipeline', blocks: parts.map((part) => this.block(part)), source }]
    return inverted ? [...tested(ops), { op: 'not' }] : ops
  }

  private command(): Op[] {
    if (++this.nested > nestingAtMost) throw this.lexer.fault('nested too deeply')
    const ops = this.compound() ?? this.simple()
    this.nested--
    return ops
  }

  private compound(): Op[] | undefined {
    const { token } = this
    const { line, start } = token
    let ops: Op[] | undefined
    if (token.type === 'operator' && token.text === '(') {
      this.advance()
      const inside = this.nonEmpty(')')
      this.expect(')')
      const source = this.lexer.text.slice(start, this.token.start).trim()
      ops = [{ op: 'subshell', block: this.block(inside), background: false, source, line }]
    } else if (token.type === 'word')
      switch (token.text) {
        case '{':
          this.advance()
          ops = this.nonEmpty('}')
          this.expect('}')
          break
        case 'if':
          this.advance()
          ops = this.conditional()
          break
        case 'while':
        case 'until':
          this.advance()
          ops = this.loop(token.text === 'while')
          break
        case 'for':
          this.advance()
          ops = this.forLoop(line)
          break
        case 'case':
          this.advance()
          ops = this.choice(line)
          break
        case 'function':
          if (this.flavour === 'ash') return this.functionKeyword()
      }
    if (!ops) {
      if (token.type === 'word' && isReserved(token.text)) throw this.unexpected()
      return undefined
    }
    const redirects: Redirect[] = []
    while (this.token.type === 'redirect') redirects.push(this.redirect())
    if (redirects.length > 0) ops = [{ op: 'redirect', redirects, by: ops.length + 2, line }, ...ops, { op: 'restore' }]
    return ops
  }

  /** A list that may not be empty. */
  private nonEmpty(expecting?: string): Op[] {
    const ops = this.list()
    if (ops.length === 0) throw this.unexpected(this.atEnd() ? expecting : undefined)
    return ops
  }

  private conditional(): Op[] {
    const condition = tested(this.nonEmpty('then'))
    this.expect('then')
    const then = this.nonEmpty('fi')
    let otherwise: Op[] = [{ op: 'status', status: 0 }]
    if (this.isWord('elif')) {
      this.advance()
      otherwise = this.conditional()
    } else {
      if (this.isWord('else')) {
        this.advance()
        otherwise = this.nonEmpty('fi')
      }
      this.expect('fi')
    }
    return [
      ...condition,
      { op: 'ifFailed', by: then.length + 2 },
      ...then,
      { op: 'jump', by: otherwise.length + 1 },
      ...otherwise,
    ]
  }

  private loop(isWhile: boolean): Op[] {
    const condition = tested(this.nonEmpty('do'))
    this.expect('do')
    const body = this.nonEmpty('done')
    this.expect('done')
    // loop, condition, if not: out, body, keep its status, again; loopStatus is that of the last body.
    const inside: Op[] = [
      ...condition,
      { op: isWhile ? 'ifFailed' : 'ifOk', by: body.length + 3 },
      ...body,
      { op: 'loopStatus' },
      { op: 'jump', by: -(condition.length + body.length + 2) },
    ]
    return [{ op: 'loop', next: 1, end: inside.length + 2 }, ...inside, { op: 'endLoop' }]
  }

  private forLoop(line: number): Op[] {
    const bad = () => new SyntaxFault(this.flavour === 'ash' ? 'bad for loop variable' : 'Bad for loop variable', line)
    const { token } = this
    if (token.type !== 'word' || !/^[A-Za-z_]\w*$/.test(token.text)) throw bad()
    const name = token.text
    this.advance()
    this.skipNewlines()
    let words: Word[] | undefined
    if (this.isWord('in')) {
      this.advance()
      words = []
      while (this.token.type === 'word') {
        words.push(this.token.word)
        this.advance()
      }
      if (!this.isOperator(';') && !this.isOperator('\n')) throw this.unexpected()
      this.advance()
    } else if (this.isOperator(';')) this.advance()
    this.skipNewlines()
    this.expect('do')
    const body = this.nonEmpty('done')
    this.expect('done')
    const inside: Op[] = [{ op: 'each', end: body.length + 2 }, ...body, { op: 'jump', by: -(body.length + 1) }]
    return [
      { op: 'for', name, ...(words && { words }), next: 1, end: inside.length + 2, line },
      ...inside,
      { op: 'endLoop' },
    ]
  }

  private choice(line: number): Op[] {
    if (this.token.type !== 'word') throw this.unexpected()
    const { word } = this.token
    this.advance()
    this.skipNewlines()
    if (!this.isWord('in')) throw this.unexpected('in')
    this.advance()
    const items: { patterns: Word[]; by: number }[] = []
    const bodies: Op[][] = []
    this.skipNewlines()
    while (!this.isWord('esac')) {
      if (this.isOperator('(')) this.advance()
      const patterns: Word[] = []
      for (;;) {
        if (this.token.type !== 'word') throw this.unexpected(this.atEnd() ? ')' : undefined)
        patterns.push(this.token.word)
        this.advance()
        if (!this.isOperator('|')) break
        this.advance()
      }
      this.expect(')')
      const body = this.list()
      items.push({ patterns, by: 0 })
      bodies.push(body.length > 0 ? body : [{ op: 'status', status: 0 }])
      if (this.isOperator(';;')) {
        this.advance()
        this.skipNewlines()
      } else if (!this.isWord('esac')) throw this.unexpected(';;')
    }
    this.advance()
    const total = bodies.reduce((sum, body) => sum + body.length + 1, 0)
    const ops: Op[] = []
    for (const [index, body] of bodies.entries()) {
      items[index]!.by = ops.length + 1
      ops.push(...body)
      ops.push({ op: 'jump', by: total - ops.length })
    }
    return [{ op: 'case', word, items, end: total + 1, line }, ...ops]
  }

  private functionKeyword(): Op[] {
    this.advance()
    if (this.token.type !== 'word') throw this.unexpected()
    const name = this.token.text
    this.advance()
    if (this.isOperator('(')) {
      this.advance()
      this.expect(')')
    }
    return this.functionBody(name)
  }

  protected functionBody(name: string): Op[] {
    this.skipNewlines()
    return [{ op: 'define', name, block: this.block(this.command()) }]
  }
}

function tested(ops: Op[]): Op[] {
  return ops.map((op) => ({ ...op, tested: true }))
}

function push(ops: Op[], more: readonly Op[]): void {
  for (const op of more) ops.push(op)
}
