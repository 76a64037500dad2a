import { Lexer, type Token } from './lexer.ts'
import { type Assignment, type Op, type Redirect, SyntaxFault, type Word } from './syntax.ts'
import { TokenReader } from './token-reader.ts'

/** Reads commands that are words, with their assignments, redirections and aliases. */
export abstract class SimpleCommands extends TokenReader {
  private expanding: string[] = []
  /** An alias's text that ends with a blank ends here: the next word may be an alias too. */
  private aliasEnd = Infinity

  /** The commands of a substitution, as a block. */
  protected abstract substitution(lexer: Lexer, end: ')' | 'text'): number
  protected abstract functionBody(name: string): Op[]

  protected simple(): Op[] {
    const assignments: Assignment[] = []
    const words: Word[] = []
    const redirects: Redirect[] = []
    const { line } = this.token
    this.expanding = []
    this.aliasEnd = Infinity
    for (;;) {
      const { token } = this
      if (token.type === 'redirect') redirects.push(this.redirect())
      else if (token.type === 'word') {
        const assignment = words.length === 0 ? assignmentOf(token) : undefined
        if (assignment) assignments.push(assignment)
        else if ((words.length === 0 || token.start >= this.aliasEnd) && this.alias(token)) continue
        else words.push(token.word)
        this.advance()
        if (words.length === 1 && assignments.length === 0 && redirects.length === 0 && this.isOperator('(')) {
          const called = (token as { text: string }).text
          this.advance()
          if (!this.isOperator(')')) throw this.unexpected(')', true)
          if (!/^[A-Za-z_]\w*$/.test(called))
            throw new SyntaxFault(this.flavour === 'ash' ? 'bad function name' : 'Bad function name', line)
          this.advance()
          return this.functionBody(called)
        }
      } else break
    }
    if (assignments.length + words.length + redirects.length === 0) throw this.unexpected()
    return [{ op: 'run', assignments, words, redirects, line }]
  }

  /** Where an alias stands its text is read in its place. */
  private alias(token: Token & { type: 'word' }): boolean {
    if (!Object.hasOwn(this.aliases, token.text) || this.expanding.includes(token.text)) return false
    if (token.start >= this.aliasEnd) this.expanding = []
    this.expanding.push(token.text)
    const value = this.aliases[token.text]!
    this.aliasEnd = /\s$/.test(value) ? token.start + value.length : Infinity
    const rest = this.lexer.text.slice(token.start + token.text.length)
    const outer = this.lexer
    const text = `${outer.text.slice(0, token.start)}${value}${rest}`
    const lexer = new Lexer(text, token.start, token.line, this.flavour, (one, end) => this.substitution(one, end))
    this.lexer = lexer
    this.advance()
    return true
  }

  protected redirect(): Redirect {
    const { fd, operator } = this.token as Token & { type: 'redirect' }
    const { lexer } = this
    if (operator === '<<' || operator === '<<-') {
      const { end, quoted } = lexer.documentEnd()
      const redirect: Redirect = { ...(fd !== undefined && { fd }), operator: '<<', word: [] }
      lexer.waiting.push({ redirect, tabs: operator === '<<-', end, quoted })
      this.advance()
      return redirect
    }
    this.advance()
    if (this.token.type !== 'word') throw this.unexpected()
    const redirect = {
      ...(fd !== undefined && { fd }),
      operator: operator as Redirect['operator'],
      word: this.token.word,
    }
    this.advance()
    return redirect
  }
}

function assignmentOf(token: Token & { type: 'word' }): Assignment | undefined {
  const first = token.word[0]
  if (first?.kind !== 'text' || first.quoted) return undefined
  const found = /^([A-Za-z_]\w*)=/.exec(first.text)
  if (!found || found[1] === '__proto__') return undefined
  const rest = first.text.slice(found[0].length)
  const word: Word = [...(rest === '' ? [] : [{ ...first, text: rest }]), ...token.word.slice(1)]
  return { name: found[1]!, word }
}
