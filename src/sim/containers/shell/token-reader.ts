import type { Lexer, Token } from './lexer.ts'
import { isReserved } from './reserved.ts'
import { type Flavour, type Op, SyntaxFault } from './syntax.ts'

/** Where a parser is in its tokens, and what it has made of them. */
export class TokenReader {
  protected readonly blocks: Op[][] = [[]]
  protected readonly flavour: Flavour
  protected readonly aliases: Readonly<Record<string, string>>
  protected lexer!: Lexer
  protected token!: Token

  constructor(flavour: Flavour, aliases: Readonly<Record<string, string>>) {
    this.flavour = flavour
    this.aliases = aliases
  }

  protected atEnd(): boolean {
    return this.token.type === 'end'
  }

  protected block(ops: Op[]): number {
    return this.blocks.push(ops) - 1
  }

  protected advance(): void {
    this.token = this.lexer.next()
  }

  protected isOperator(text: string): boolean {
    return this.token.type === 'operator' && this.token.text === text
  }

  protected isWord(text: string): boolean {
    return this.token.type === 'word' && this.token.text === text
  }

  /** `plain`: where it stands, no word means anything. */
  protected unexpected(expecting?: string, plain = false): SyntaxFault {
    const { token } = this
    const what =
      token.type === 'end'
        ? 'end of file'
        : token.type === 'redirect'
          ? 'redirection'
          : token.text === '\n'
            ? 'newline'
            : (isReserved(token.text) && !plain) || token.type === 'operator'
              ? `"${token.text}"`
              : 'word'
    const wanted = expecting === undefined ? '' : ` (expecting "${expecting}")`
    const message = this.flavour === 'ash' ? `unexpected ${what}${wanted}` : `${what} unexpected${wanted}`
    return new SyntaxFault(message, token.line)
  }

  protected expect(word: string): void {
    const found = word === ')' ? this.isOperator(')') : this.isWord(word)
    if (!found) throw this.unexpected(word)
    this.advance()
  }

  protected skipNewlines(): void {
    while (this.isOperator('\n')) this.advance()
  }
}
