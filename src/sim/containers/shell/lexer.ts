import type { Flavour, Part, Redirect, Word } from './syntax.ts'
import { append, WordReader } from './words.ts'

/** What a script consists of. */
export type Token =
  | { readonly type: 'word'; readonly word: Word; readonly text: string; readonly start: number; readonly line: number }
  | { readonly type: 'operator'; readonly text: string; readonly start: number; readonly line: number }
  | {
      readonly type: 'redirect'
      readonly fd?: number
      readonly operator: string
      readonly start: number
      readonly line: number
    }
  | { readonly type: 'end'; readonly start: number; readonly line: number }

const operators = [
  '&&',
  '||',
  ';;',
  '<<-',
  '<<',
  '>>',
  '<&',
  '>&',
  '<>',
  '>|',
  '&>',
  ';',
  '&',
  '|',
  '(',
  ')',
  '<',
  '>',
  '\n',
]
const redirections = new Set(['<<-', '<<', '>>', '<&', '>&', '<>', '>|', '&>', '<', '>'])

/** Reads the commands of a `$(`: the parser, which the lexer does not know. */
export type ReadCommands = (lexer: Lexer, end: ')' | 'text') => number

/** Turns a script's text into tokens, and words into their parts. */
export class Lexer extends WordReader {
  /** Here-documents whose contents begin after this line. */
  readonly waiting: { redirect: Redirect; tabs: boolean; end: string; quoted: boolean }[] = []
  /** A here-document goes on where the text ends. */
  open = false
  private readonly readCommands: ReadCommands

  constructor(text: string, at: number, line: number, flavour: Flavour, readCommands: ReadCommands) {
    super(text, at, line, flavour)
    this.readCommands = readCommands
  }

  protected commands(): number {
    return this.readCommands(this, ')')
  }

  protected commandsOf(text: string): number {
    const lexer = new Lexer(text, 0, this.line, this.flavour, this.readCommands)
    lexer.depth = this.depth
    return this.readCommands(lexer, 'text')
  }

  /** The next token; here-documents are read at the ends of their lines. */
  next(): Token {
    this.skipBlanks()
    const { text, at: start, line } = this
    if (start >= text.length) {
      this.readDocuments()
      return { type: 'end', start, line }
    }
    const number = /^\d+(?=[<>])/.exec(text.slice(start, start + 12))
    if (number) {
      this.at += number[0].length
      return { type: 'redirect', fd: Number(number[0]), operator: this.operator()!, start, line }
    }
    const operator = this.operator()
    if (operator === '\n') {
      this.line++
      this.readDocuments()
    }
    if (operator && redirections.has(operator)) return { type: 'redirect', operator, start, line }
    if (operator) return { type: 'operator', text: operator, start, line }
    const word = this.word()
    return { type: 'word', word, text: text.slice(start, this.at), start, line }
  }

  private operator(): string | undefined {
    const found = operators.find(
      (one) => this.text.startsWith(one, this.at) && (one !== '&>' || this.flavour === 'ash'),
    )
    if (found) this.at += found.length
    return found
  }

  private skipBlanks(): void {
    const { text } = this
    for (;;) {
      const char = text[this.at]
      if (char === ' ' || char === '\t') this.at++
      else if (char === '\\' && text[this.at + 1] === '\n') {
        this.at += 2
        this.line++
      } else if (char === '#') {
        const end = text.indexOf('\n', this.at)
        this.at = end < 0 ? text.length : end
      } else return
    }
  }

  /** The word after <<, as it stands there: with any quote in it the document is not expanded. */
  documentEnd(): { readonly end: string; readonly quoted: boolean } {
    this.skipBlanks()
    const start = this.at
    const word = this.word()
    const raw = this.text.slice(start, this.at)
    const quoted = /['"\\]/.test(raw)
    return { end: quoted ? word.map((part) => (part.kind === 'text' ? part.text : '')).join('') : raw, quoted }
  }

  private readDocuments(): void {
    for (const { redirect, tabs, end, quoted } of this.waiting.splice(0)) {
      let body = ''
      const line = this.line
      let found = false
      while (this.at < this.text.length) {
        const stop = this.text.indexOf('\n', this.at)
        const raw = this.text.slice(this.at, stop < 0 ? this.text.length : stop)
        const row = tabs ? raw.replace(/^\t+/, '') : raw
        this.at += raw.length + (stop < 0 ? 0 : 1)
        this.line++
        if (row === end) {
          found = true
          break
        }
        body += stop < 0 ? row : `${row}\n`
      }
      this.open ||= !found
      if (quoted) redirect.word = [{ kind: 'text', text: body, quoted: true }]
      else {
        const lexer = new Lexer(body, 0, line, this.flavour, this.readCommands)
        const parts: Part[] = []
        while (lexer.at < body.length)
          if (body[lexer.at] === '"') {
            append(parts, '"', true)
            lexer.at++
          } else lexer.quotedPiece(parts, '$`\\')
        redirect.word = parts
      }
    }
  }
}
