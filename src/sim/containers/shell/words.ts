import { type Flavour, type Part, SyntaxFault, type Word } from './syntax.ts'

const nestingAtMost = 200

/** Reads words as their parts: what is quoted, and what is to be expanded. */
export abstract class WordReader {
  readonly text: string
  readonly flavour: Flavour
  at: number
  line: number
  protected depth = 0

  constructor(text: string, at: number, line: number, flavour: Flavour) {
    this.text = text
    this.at = at
    this.line = line
    this.flavour = flavour
  }

  fault(message: string): SyntaxFault {
    return new SyntaxFault(message, this.line)
  }

  private unterminated(): SyntaxFault {
    return this.fault(`${this.flavour === 'ash' ? 'u' : 'U'}nterminated quoted string`)
  }

  /** Reads the commands of a `$(`, up to its end, as a block. */
  protected abstract commands(): number
  /** Reads a text as commands, as a block. */
  protected abstract commandsOf(text: string): number

  /** A word, up to a blank or an operator. */
  word(): Word {
    const parts: Part[] = []
    const { text } = this
    while (this.at < text.length && !/[\s;&|()<>]/.test(text[this.at]!)) {
      if (text[this.at] === '~' && this.homeStarts(parts)) {
        const user = /^[\w.-]*/.exec(text.slice(this.at + 1, this.at + 64))![0]
        const after = text[this.at + 1 + user.length]
        if (after === undefined || /[\s/:;&|()<>]/.test(after)) {
          parts.push({ kind: 'home', user })
          this.at += 1 + user.length
          continue
        }
      }
      this.piece(parts)
    }
    return parts
  }

  /** ~ begins a word, or the value of an assignment, or what follows a colon in one. */
  private homeStarts(parts: readonly Part[]): boolean {
    if (parts.length === 0) return true
    const first = parts[0]!
    const assignment = first.kind === 'text' && !first.quoted && /^[A-Za-z_]\w*=/.test(first.text)
    const last = parts.at(-1)!
    return assignment && last.kind === 'text' && !last.quoted && /[=:]$/.test(last.text)
  }

  /** One piece outside of quotes. */
  private piece(parts: Part[], extra = ''): void {
    const { text } = this
    const char = text[this.at]!
    if (char === "'") {
      parts.push({ kind: 'text', text: this.single(), quoted: true })
    } else if (char === '"') {
      this.at++
      this.double(parts)
    } else if (char === '\\') {
      const next = text[this.at + 1]
      this.at += next === undefined ? 1 : 2
      if (next === '\n') this.line++
      else append(parts, next ?? '\\', true)
    } else if (char === '$' || char === '`') {
      this.dollar(parts, false)
    } else {
      // At a tilde a run ends, since it may stand for a home.
      let end = this.at + 1
      while (end < text.length && !/[\s;&|()<>'"\\$`~]/.test(text[end]!) && !extra.includes(text[end]!)) end++
      if (char === '\n') this.line++
      append(parts, text.slice(this.at, end), false)
      this.at = end
    }
  }

  private single(): string {
    const start = this.at + 1
    const end = this.text.indexOf("'", start)
    if (end < 0) throw this.unterminated()
    const inside = this.text.slice(start, end)
    this.line += count(inside, '\n')
    this.at = end + 1
    return inside
  }

  /** After a double quote, up to the next. */
  private double(parts: Part[]): void {
    const before = parts.length
    while (this.text[this.at] !== '"') {
      if (this.at >= this.text.length) throw this.unterminated()
      this.quotedPiece(parts, '$`"\\')
    }
    this.at++
    // "" is a word too.
    if (parts.length === before) parts.push({ kind: 'text', text: '', quoted: true })
  }

  /** One piece inside of double quotes or a here-document; `escapable`: what a backslash quotes there. */
  protected quotedPiece(parts: Part[], escapable: string, stop = ''): void {
    const { text } = this
    const char = text[this.at]!
    if (char === '\\') {
      const next = text[this.at + 1] ?? ''
      this.at += next === '' ? 1 : 2
      if (next === '\n') this.line++
      else append(parts, next !== '' && (escapable.includes(next) || stop.includes(next)) ? next : `\\${next}`, true)
    } else if (char === '$' || char === '`') {
      this.dollar(parts, true)
    } else {
      let end = this.at + 1
      while (end < text.length && !'\\$`"'.includes(text[end]!) && !stop.includes(text[end]!)) end++
      const piece = text.slice(this.at, end)
      this.line += count(piece, '\n')
      append(parts, piece, true)
      this.at = end
    }
  }

  private dollar(parts: Part[], quoted: boolean): void {
    if (++this.depth > nestingAtMost) throw this.fault('nested too deeply')
    const { text } = this
    const next = text[this.at + 1]
    if (text[this.at] === '`') this.backquotes(parts, quoted)
    else if (next === '(' && text[this.at + 2] === '(') this.arithmetic(parts, quoted)
    else if (next === '(') {
      this.at += 2
      parts.push({ kind: 'command', block: this.commands(), quoted })
    } else if (next === '{') this.braces(parts, quoted)
    else if (next === "'" && !quoted && this.flavour === 'ash') {
      this.at += 2
      append(parts, this.ansi(), true)
    } else {
      const name = /^(?:[A-Za-z_]\w*|[0-9@*#?$!-])/.exec(text.slice(this.at + 1, this.at + 257))
      this.at++
      if (name) {
        this.at += name[0].length
        parts.push({ kind: 'variable', name: name[0], quoted })
      } else append(parts, '$', quoted)
    }
    this.depth--
  }

  /** $'…' */
  private ansi(): string {
    const { text } = this
    let result = ''
    const plain: Record<string, string> = { a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }
    while (text[this.at] !== "'") {
      if (this.at >= text.length) throw this.unterminated()
      const char = text[this.at++]!
      if (char !== '\\') {
        result += char
        continue
      }
      const number = /^(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3}))/.exec(text.slice(this.at, this.at + 3))
      if (number) {
        this.at += number[0].length
        result += String.fromCharCode(Number.parseInt(number[1] ?? number[2]!, number[1] ? 16 : 8) & 255)
      } else {
        const escaped = text[this.at++] ?? ''
        result += plain[escaped] ?? escaped
      }
    }
    this.at++
    return result
  }

  private backquotes(parts: Part[], quoted: boolean): void {
    const { text } = this
    const start = ++this.at
    let inner = ''
    while (text[this.at] !== '`') {
      if (this.at >= text.length) throw this.fault('EOF in backquote substitution')
      const next = text[this.at + 1] ?? ''
      const escaped =
        text[this.at] === '\\' && (next === '`' || next === '\\' || next === '$' || (quoted && next === '"'))
      inner += escaped ? next : text[this.at]
      this.at += escaped ? 2 : 1
    }
    this.at++
    parts.push({ kind: 'command', block: this.commandsOf(inner), quoted })
    this.line += count(text.slice(start, this.at), '\n')
  }

  /** $((…)) */
  private arithmetic(parts: Part[], quoted: boolean): void {
    const { text } = this
    let depth = 0
    this.at += 3
    const inside: Part[] = []
    while (depth > 0 || !text.startsWith('))', this.at)) {
      const char = text[this.at]
      if (char === undefined) throw this.fault(this.flavour === 'ash' ? "missing '))'" : "Missing '))'")
      if (char === '"') this.at++
      else if (char === '(' || char === ')') {
        depth = Math.max(0, depth + (char === '(' ? 1 : -1))
        append(inside, char, true)
        this.at++
      } else this.quotedPiece(inside, '$`\\"', '()')
    }
    this.at += 2
    parts.push({ kind: 'arithmetic', word: inside, quoted })
  }

  /** ${…} */
  private braces(parts: Part[], quoted: boolean): void {
    const { text } = this
    this.at += 2
    const rest = () => text.slice(this.at, this.at + 257)
    const length = /^#(?=(?:[A-Za-z_]\w*|\d+|[@*?$!#-])\})/.exec(rest())
    if (length) this.at++
    const name = /^(?:[A-Za-z_]\w*|\d+|[@*#?$!-])/.exec(rest())?.[0]
    if (name === undefined) return this.badBraces(parts)
    this.at += name.length
    if (text[this.at] === '}') {
      this.at++
      parts.push({ kind: 'variable', name, quoted, ...(length && { operator: 'length' }) })
      return
    }
    const wanted = this.flavour === 'ash' ? /^(?::?[-=?+]|%%?|##?|\/[/#%]?|:)/ : /^(?::?[-=?+]|%%?|##?)/
    const operator = wanted.exec(rest())?.[0]
    if (operator === undefined || length) return this.badBraces(parts)
    this.at += operator.length
    const pattern = /[%#/]/.test(operator)
    const stop = operator.startsWith('/') ? '/}' : operator === ':' ? ':}' : '}'
    const word = this.inBraces(stop, quoted, pattern)
    let second: Word | undefined
    if (stop !== '}' && text[this.at] !== '}') {
      this.at++
      second = this.inBraces('}', quoted, false)
    }
    this.at++
    parts.push({ kind: 'variable', name, quoted, operator, word, ...(second && { second }) })
  }

  private badBraces(parts: Part[]): void {
    const end = this.text.indexOf('}', this.at)
    if (end < 0) throw this.fault(this.flavour === 'ash' ? "missing '}'" : "Missing '}'")
    this.at = end + 1
    parts.push({ kind: 'bad' })
  }

  private inBraces(stop: string, quoted: boolean, pattern: boolean): Word {
    const parts: Part[] = []
    const { text } = this
    while (!stop.includes(text[this.at] ?? '\0')) {
      const char = text[this.at]
      if (char === undefined)
        throw quoted ? this.unterminated() : this.fault(this.flavour === 'ash' ? "missing '}'" : "Missing '}'")
      // Inside double quotes a double quote opens what is quoted still; a single one only quotes in patterns.
      if (quoted && char === '"') {
        this.at++
        this.double(parts)
      } else if (quoted && !pattern) this.quotedPiece(parts, '$`"\\}', `${stop}'`)
      else if (/[\s;&|()<>~]/.test(char)) {
        if (char === '\n') this.line++
        append(parts, char, false)
        this.at++
      } else this.piece(parts, stop)
    }
    return parts
  }
}

/** Adds text to a word. */
export function append(parts: Part[], text: string, quoted: boolean): void {
  const last = parts.at(-1)
  if (last?.kind === 'text' && last.quoted === quoted) parts[parts.length - 1] = { ...last, text: last.text + text }
  else parts.push({ kind: 'text', text, quoted })
}

const count = (text: string, char: string) => text.split(char).length - 1
