/** One directive of an nginx configuration. */
export interface Directive {
  readonly name: string
  readonly args: readonly string[]
  readonly file: string
  readonly line: number
  readonly block?: readonly Directive[]
}

/** What is wrong with a configuration, as `nginx -t` says it. */
export class NginxFault extends Error {}

const depthAtMost = 16

/** Reads a file's directives. `include` is left to whoever has the files. */
export function parseNginx(text: string, file: string): Directive[] {
  const reader = { at: 0, line: 1, text, file }
  return block(reader, 0)
}

interface Reader {
  at: number
  line: number
  readonly text: string
  readonly file: string
}

const fault = (what: string, { file, line }: Reader): NginxFault => new NginxFault(`${what} in ${file}:${line}`)

function block(reader: Reader, depth: number): Directive[] {
  if (depth > depthAtMost) throw fault('too deep nesting', reader)
  const found: Directive[] = []
  let words: string[] = []
  for (;;) {
    const token = next(reader)
    if (token === undefined) {
      if (words.length > 0 || depth > 0)
        throw fault(`unexpected end of file, expecting ${words.length > 0 ? '";" or "}"' : '"}"'}`, reader)
      return found
    }
    if (token === ';' || token === '{') {
      if (words.length === 0) throw fault(`unexpected "${token}"`, reader)
      const { line, file } = reader
      const [name, ...args] = words
      words = []
      found.push({ name: name!, args, file, line, ...(token === '{' && { block: block(reader, depth + 1) }) })
    } else if (token === '}') {
      if (words.length > 0 || depth === 0) throw fault('unexpected "}"', reader)
      return found
    } else words.push(token.slice(1))
  }
}

/** `;`, `{`, `}`, or a word with a mark before it. */
function next(reader: Reader): string | undefined {
  const { text } = reader
  for (;;) {
    const char = text[reader.at]
    if (char === undefined) return undefined
    if (char === '\n') reader.line++
    if (/\s/.test(char)) {
      reader.at++
      continue
    }
    if (char === '#') {
      const end = text.indexOf('\n', reader.at)
      reader.at = end < 0 ? text.length : end
      continue
    }
    if (char === ';' || char === '{' || char === '}') {
      reader.at++
      return char
    }
    if (char === '"' || char === "'") return quoted(reader, char)
    let word = ''
    for (; reader.at < text.length; reader.at++) {
      const one = text[reader.at]!
      if (one === '\\' && reader.at + 1 < text.length) word += one + text[++reader.at]
      else if (one === '$' && text[reader.at + 1] === '{') {
        const end = text.indexOf('}', reader.at)
        if (end < 0) throw fault('the closing bracket in variable is missing', reader)
        word += text.slice(reader.at, end + 1)
        reader.at = end
      } else if (/[\s;{]/.test(one)) break
      else word += one
    }
    return `w${word}`
  }
}

function quoted(reader: Reader, mark: string): string {
  const { text } = reader
  let word = ''
  for (reader.at++; reader.at < text.length && text[reader.at] !== mark; reader.at++) {
    if (text[reader.at] === '\\' && (text[reader.at + 1] === mark || text[reader.at + 1] === '\\')) reader.at++
    if (text[reader.at] === '\n') reader.line++
    word += text[reader.at]
  }
  if (reader.at >= text.length) throw fault(`unexpected end of file, expecting "${mark}"`, reader)
  reader.at++
  return `w${word}`
}
