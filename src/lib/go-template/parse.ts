import { TemplateError } from './errors.ts'
import type { Node, Operand, Pipe, Template } from './syntax.ts'
import { piecesOf, type Piece, type Token } from './tokens.ts'

const maxDepth = 100
const maxLength = 1_000_000
const keywords = new Set(['if', 'range', 'with', 'else', 'end', 'template', 'define', 'block', 'break', 'continue'])

/** Reads a Go text/template. Throws a TemplateError; which functions there are is asked when it runs. */
export function parseTemplate(source: string): Template {
  if (source.length > maxLength) throw new TemplateError('template: too long')
  return new Parser(piecesOf(source)).parse()
}

type Closing = 'end' | 'else'

class Parser {
  private readonly pieces: readonly Piece[]
  private readonly defined = new Map<string, readonly Node[]>()
  private next = 0
  private tokens: readonly Token[] = []
  private at = 0
  private line = 1
  private depth = 0
  private loops = 0

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces
  }

  parse(): Template {
    const { nodes, closing } = this.list()
    if (closing) this.fail(`unexpected {{${closing}}}`)
    // What is defined comes first: a name that is empty is the template itself.
    this.defined.set('', nodes)
    return this.defined
  }

  private fail(problem: string): never {
    throw new TemplateError(`template: ${this.line}: ${problem}`)
  }

  /** Nodes up to `end` or `else`, of which the tokens after the word are left. */
  private list(): { nodes: Node[]; closing?: Closing } {
    if (++this.depth > maxDepth) this.fail('nested too deeply')
    const nodes: Node[] = []
    while (this.next < this.pieces.length) {
      const piece = this.pieces[this.next++]!
      if ('text' in piece) {
        nodes.push({ kind: 'text', text: piece.text })
        continue
      }
      this.tokens = piece.tokens
      this.line = piece.line
      this.at = 0
      const first = this.tokens[0]
      const word = first?.type === 'name' && keywords.has(first.text) ? first.text : undefined
      if (word) this.at++
      if (word === 'end' || word === 'else') {
        this.depth--
        if (word === 'end') this.finish()
        return { nodes, closing: word }
      }
      const node = word ? this.keyword(word) : this.action()
      if (node) nodes.push(node)
    }
    this.depth--
    return { nodes }
  }

  private action(): Node {
    if (this.tokens.length === 0) this.fail('missing value for command')
    const pipe = this.pipe()
    this.finish()
    return { kind: 'action', pipe }
  }

  private keyword(word: string): Node | undefined {
    switch (word) {
      case 'if':
      case 'range':
      case 'with':
        return this.control(word)
      case 'break':
      case 'continue':
        this.finish()
        if (this.loops === 0) this.fail(`{{${word}}} outside {{range}}`)
        return { kind: word }
      case 'template':
      case 'block': {
        const name = this.name(word)
        const pipe = this.peek() || word === 'block' ? this.pipe() : undefined
        this.finish()
        if (word === 'block') this.define(name)
        return { kind: 'template', name, ...(pipe && { pipe }) }
      }
      default: {
        const name = this.name(word)
        this.finish()
        this.define(name)
        return undefined
      }
    }
  }

  private define(name: string): void {
    const loops = this.loops
    this.loops = 0
    const { nodes, closing } = this.list()
    this.loops = loops
    if (closing !== 'end') this.fail(closing ? 'unexpected {{else}} in define clause' : 'unexpected EOF')
    this.defined.set(name, nodes)
  }

  private name(context: string): string {
    const token = this.tokens[this.at++]
    if (token?.type !== 'string') this.fail(`unexpected token in ${context} clause`)
    return token.text
  }

  private control(kind: 'if' | 'range' | 'with'): Node {
    const pipe = this.pipe(kind === 'range')
    this.finish()
    if (kind === 'range') this.loops++
    const { nodes: body, closing } = this.list()
    if (kind === 'range') this.loops--
    if (!closing) this.fail('unexpected EOF')
    return { kind, pipe, body, otherwise: closing === 'else' ? this.otherwise(kind) : [] }
  }

  private otherwise(kind: 'if' | 'range' | 'with'): readonly Node[] {
    const token = this.peek()
    if (kind !== 'range' && token?.type === 'name' && token.text === kind) {
      this.at++
      // `else if` is an `if` in the `else`, with which it shares its end.
      if (++this.depth > maxDepth) this.fail('nested too deeply')
      const node = this.control(kind)
      this.depth--
      return [node]
    }
    this.finish()
    const { nodes, closing } = this.list()
    if (closing !== 'end') this.fail(closing ? 'expected end; found {{else}}' : 'unexpected EOF')
    return nodes
  }

  private peek(): Token | undefined {
    return this.tokens[this.at]
  }

  private finish(): void {
    const token = this.peek()
    if (token) this.fail(`unexpected ${JSON.stringify(token.text)} in command`)
  }

  private isMark(text: string, at = this.at): boolean {
    const token = this.tokens[at]
    return token?.type === 'mark' && token.text === text
  }

  private pipe(inRange = false): Pipe {
    if (++this.depth > maxDepth) this.fail('nested too deeply')
    const variables: string[] = []
    let assigns = false
    const second = inRange && this.isMark(',', this.at + 1) ? 2 : 0
    const sign = this.tokens[this.at + second + 1]
    if (this.peek()?.type === 'variable' && sign?.type === 'mark' && (sign.text === ':=' || sign.text === '=')) {
      for (let index = 0; index <= second; index += 2) variables.push(this.tokens[this.at + index]!.text)
      assigns = sign.text === '='
      this.at += second + 2
    }
    const commands = [this.command()]
    while (this.isMark('|')) {
      this.at++
      const command = this.command()
      const [first] = command
      if (first!.kind !== 'function') this.fail('non executable command in pipeline')
      commands.push(command)
    }
    this.depth--
    return { variables, assigns, commands }
  }

  private command(): readonly Operand[] {
    const operands: Operand[] = []
    for (let token = this.peek(); token && !this.isMark('|') && !this.isMark(')'); token = this.peek())
      operands.push(this.operand())
    if (operands.length === 0) this.fail('missing value for command')
    return operands
  }

  private operand(): Operand {
    let operand = this.term()
    const fields: string[] = []
    for (let token = this.peek(); token?.type === 'field' && token.joined; token = this.peek()) {
      fields.push(token.text)
      this.at++
    }
    if (fields.length > 0) {
      if (operand.kind === 'constant') this.fail(`unexpected . after term ${JSON.stringify(operand.value)}`)
      if (operand.kind === 'fields') operand = { ...operand, fields: [...operand.fields, ...fields] }
      else operand = { kind: 'fields', of: operand, fields }
    }
    return operand
  }

  private term(): Operand {
    const token = this.tokens[this.at++]!
    switch (token.type) {
      case 'field':
        return { kind: 'fields', of: { kind: 'dot' }, fields: [token.text] }
      case 'variable':
        return { kind: 'variable', name: token.text }
      case 'string':
        return { kind: 'constant', value: token.text }
      case 'number':
        return { kind: 'constant', value: this.number(token.text) }
      case 'name':
        if (token.text === 'true' || token.text === 'false') return { kind: 'constant', value: token.text === 'true' }
        if (token.text === 'nil') return { kind: 'constant', value: null }
        return { kind: 'function', name: token.text }
      default: {
        if (token.text === '.') return { kind: 'dot' }
        if (token.text !== '(') this.fail(`unexpected ${JSON.stringify(token.text)} in operand`)
        const pipe = this.pipe()
        if (!this.isMark(')')) this.fail('unclosed left paren')
        this.at++
        return { kind: 'pipe', pipe }
      }
    }
  }

  private number(text: string): number {
    const plain = text.replaceAll('_', '')
    const digits = plain.replace(/^[-+]/, '')
    const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits
    const value = Number(octal)
    if (Number.isNaN(value)) this.fail(`bad number syntax: ${JSON.stringify(text)}`)
    return plain[0] === '-' ? -value : value
  }
}
