import { TemplateError } from './errors.ts'

/** A part of a template's text: what stands between actions, or the tokens of one. */
export type Piece = { readonly text: string } | { readonly tokens: readonly Token[]; readonly line: number }

export interface Token {
  readonly type: 'field' | 'variable' | 'name' | 'string' | 'number' | 'mark'
  /** Names without their dot or dollar, strings without their quotes, marks as they are. */
  readonly text: string
  /** Nothing stands between it and what is before: `(x).y`, `.x.y`. */
  readonly joined: boolean
}

const space = /^[ \t\r\n]+/
// The longest mark first. Each part matches in one way only, so none can backtrack badly.
const token =
  /"(?:[^"\\\n]|\\[\s\S])*"|`[^`]*`|'(?:[^'\\\n]|\\[^\n])[^'\n]{0,8}'|[-+]?(?:0[xX][\da-fA-F_]+|0[oObB]?[0-7_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|\$\w*|\.[\p{L}_][\p{L}\p{N}_]*|[\p{L}_][\p{L}\p{N}_]*|:=|[=|(),.]/uy

/** Cuts a template into texts and actions; trim marks and comments are dealt with here. */
export function piecesOf(source: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  let trimNext = false
  let line = 1
  for (;;) {
    const start = source.indexOf('{{', at)
    let text = source.slice(at, start < 0 ? source.length : start)
    for (const char of text) if (char === '\n') line++
    if (trimNext) text = text.replace(space, '')
    if (start < 0) {
      if (text) pieces.push({ text })
      return pieces
    }
    let from = start + 2
    if (source[from] === '-' && isSpace(source[from + 1])) {
      let end = text.length
      while (isSpace(text[end - 1])) end--
      text = text.slice(0, end)
      from += 2
    }
    if (text) pieces.push({ text })
    const comment = /^\/\*[\s\S]*?\*\//.exec(source.slice(from))
    const read = comment ? { tokens: [], end: from + comment[0].length } : tokensOf(source, from, line)
    const close = /^(?:[ \t\r\n]+(-))?\}\}/.exec(source.slice(read.end, read.end + 1000))
    if (comment && !close) throw new TemplateError(`template: ${line}: comment ends before closing delimiter`)
    if (!close) throw new TemplateError(`template: ${line}: unclosed action`)
    if (!comment) pieces.push({ tokens: read.tokens, line })
    at = read.end + close[0].length
    for (const char of source.slice(start, at)) if (char === '\n') line++
    trimNext = close[1] !== undefined
  }
}

const isSpace = (char: string | undefined) => char === ' ' || char === '\t' || char === '\r' || char === '\n'

/** The tokens of an action, up to what closes it. */
function tokensOf(source: string, from: number, line: number): { tokens: Token[]; end: number } {
  const tokens: Token[] = []
  let at = from
  for (;;) {
    const before = at
    while (isSpace(source[at])) at++
    if (source.startsWith('}}', at)) return { tokens, end: at }
    // `-}}` trims only after a space.
    if (at > before && source.startsWith('-}}', at)) return { tokens, end: before }
    if (at >= source.length) throw new TemplateError(`template: ${line}: unclosed action`)
    token.lastIndex = at
    const match = token.exec(source)?.[0]
    if (match === undefined) throw new TemplateError(`template: ${line}: ${problemAt(source[at]!)}`)
    tokens.push({ ...tokenOf(match, line), joined: at === before && tokens.length > 0 })
    at += match.length
  }
}

function problemAt(char: string): string {
  if (char === '"') return 'unterminated quoted string'
  if (char === '`') return 'unterminated raw quoted string'
  if (char === "'") return 'unterminated character constant'
  return `unexpected ${JSON.stringify(char)} in command`
}

function tokenOf(text: string, line: number): { type: Token['type']; text: string } {
  const first = text[0]!
  if (first === '"') return { type: 'string', text: unquote(text, line) }
  if (first === '`') return { type: 'string', text: text.slice(1, -1).replaceAll('\r', '') }
  if (first === "'") return { type: 'number', text: String(unquote(text, line).codePointAt(0)) }
  if (first === '$') return { type: 'variable', text: text.slice(1) }
  if (/^[-+]?\.?\d/.test(text)) return { type: 'number', text }
  if (first === '.' && text.length > 1) return { type: 'field', text: text.slice(1) }
  return { type: /^[\p{L}_]/u.test(text) ? 'name' : 'mark', text }
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

/** The text of a Go string or character constant. */
function unquote(text: string, line: number): string {
  return text
    .slice(1, -1)
    .replace(
      /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|([\s\S]))/g,
      (all, x, u, long, octal, one) => {
        if (octal) return String.fromCharCode(Number.parseInt(octal, 8))
        if (x ?? u ?? long) {
          const code = Number.parseInt(x ?? u ?? long, 16)
          if (code <= 0x10ffff) return String.fromCodePoint(code)
        } else if (Object.hasOwn(escapes, one)) return escapes[one]!
        throw new TemplateError(`template: ${line}: bad string escape ${all}`)
      },
    )
}
