/** JSON text as Go's decoder reads it: the value, or Go's words for what is wrong with it. */
export type GoJson = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string }

/** Nesting beyond which a text is refused. Go's own limit is 10,000, which is more than our recursions and snapshots hold. */
export const maxJsonDepth = 180

/** Reads a JSON text. Never throws. */
export function parseGoJson(text: string): GoJson {
  if (text.length > maxJsonDepth && isTooDeep(text)) return { ok: false, message: 'exceeded max depth' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, message: syntaxError(text) }
  }
  return { ok: true, value: text.includes('\\u') ? wellFormed(value) : value }
}

function isTooDeep(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 34) at = endOfString(text, at)
    else if (code === 123 || code === 91) {
      if (++depth > maxJsonDepth) return true
    } else if (code === 125 || code === 93) depth--
  }
  return false
}

/** The index of the quote that ends the string which begins at `start`, or the text's length. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    if (end < 0) return text.length
    let back = end - 1
    while (text.charCodeAt(back) === 92) back--
    if ((end - back) % 2 === 1) return end
  }
}

/** Go replaces halves of surrogate pairs; JSON.parse keeps them. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return repaired(value)
  if (typeof value !== 'object' || value === null) return value
  for (const key of Object.keys(value)) {
    const container = value as Record<string, unknown>
    const item = container[key]
    const better = wellFormed(item)
    const name = repaired(key)
    if (name !== key) delete container[key]
    if (better === item && name === key) continue
    Object.defineProperty(container, name, { value: better, enumerable: true, writable: true, configurable: true })
  }
  return value
}

function repaired(text: string): string {
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) =>
    found.length === 2 ? found : '\ufffd',
  )
}

const space = /[ \t\r\n]/

/** What encoding/json says of the first character that no JSON text can have there. Upstream: encoding/json scanner. */
export function syntaxError(text: string): string {
  const scanner = new Scanner(text)
  return scanner.document() ?? 'unexpected end of JSON input'
}

class Scanner {
  #at = 0
  readonly #text: string
  #error: string | undefined
  constructor(text: string) {
    this.#text = text
  }

  /** The error, or undefined when the text just ends too early. */
  document(): string | undefined {
    this.#value('looking for beginning of value')
    if (!this.#error && this.#at < this.#text.length) {
      this.#skip()
      if (this.#at < this.#text.length) this.#invalid('after top-level value')
    }
    return this.#error
  }

  /** One value, with its own stack: texts may be nested as deep as they like. */
  #value(context: string): void {
    const stack: ('{' | '[')[] = []
    let expecting = context
    for (;;) {
      this.#skip()
      const character = this.#text[this.#at]
      if (character === undefined) return
      if (character === '{' || character === '[') {
        this.#at++
        stack.push(character)
        this.#skip()
        const next = this.#text[this.#at]
        if (next === undefined) return
        if (next === (character === '{' ? '}' : ']')) {
          this.#at++
          stack.pop()
        } else if (character === '{') {
          if (!this.#key('looking for beginning of object key string')) return
          expecting = 'looking for beginning of value'
          continue
        } else {
          expecting = 'looking for beginning of value'
          continue
        }
      } else if (!this.#scalar(character, expecting)) return
      // A value has ended: what may follow depends on what holds it.
      for (;;) {
        const holder = stack.at(-1)
        if (!holder) return
        this.#skip()
        const next = this.#text[this.#at]
        if (next === undefined) return
        if (next === ',') {
          this.#at++
          if (holder === '{') {
            this.#skip()
            if (this.#text[this.#at] === undefined) return
            if (!this.#key('looking for beginning of object key string')) return
          }
          expecting = 'looking for beginning of value'
          break
        }
        if (next !== (holder === '{' ? '}' : ']')) {
          this.#invalid(holder === '{' ? 'after object key:value pair' : 'after array element')
          return
        }
        this.#at++
        stack.pop()
      }
    }
  }

  #key(context: string): boolean {
    if (this.#text[this.#at] !== '"') return this.#invalid(context)
    if (!this.#string()) return false
    this.#skip()
    const colon = this.#text[this.#at]
    if (colon === undefined) return false
    if (colon !== ':') return this.#invalid('after object key')
    this.#at++
    return true
  }

  #scalar(first: string, context: string): boolean {
    if (first === '"') return this.#string()
    if (first === 't') return this.#word('true')
    if (first === 'f') return this.#word('false')
    if (first === 'n') return this.#word('null')
    if (first === '-' || (first >= '0' && first <= '9')) return this.#number()
    return this.#invalid(context)
  }

  #word(word: string): boolean {
    for (let index = 1; index < word.length; index++) {
      const character = this.#text[++this.#at]
      if (character === undefined) return false
      if (character !== word[index]) return this.#invalid(`in literal ${word} (expecting ${quoted(word[index]!)})`)
    }
    this.#at++
    return true
  }

  #number(): boolean {
    const isDigit = (character: string | undefined) => character !== undefined && character >= '0' && character <= '9'
    const digits = (context: string): boolean => {
      if (this.#text[this.#at] === undefined) return false
      if (!isDigit(this.#text[this.#at])) return this.#invalid(context)
      while (isDigit(this.#text[this.#at])) this.#at++
      return true
    }
    if (this.#text[this.#at] === '-') this.#at++
    if (this.#text[this.#at] === '0') this.#at++
    else if (!digits('in numeric literal')) return false
    if (this.#text[this.#at] === '.') {
      this.#at++
      if (!digits('after decimal point in numeric literal')) return false
    }
    if (this.#text[this.#at] === 'e' || this.#text[this.#at] === 'E') {
      this.#at++
      if (this.#text[this.#at] === '+' || this.#text[this.#at] === '-') this.#at++
      if (!digits('in exponent of numeric literal')) return false
    }
    return true
  }

  #string(): boolean {
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at]!
      if (character === '"') {
        this.#at++
        return true
      }
      if (character < ' ') return this.#invalid('in string literal')
      if (character !== '\\') continue
      const escaped = this.#text[++this.#at]
      if (escaped === undefined) return false
      if (escaped === 'u') {
        for (let digit = 0; digit < 4; digit++) {
          const hex = this.#text[++this.#at]
          if (hex === undefined) return false
          if (!/[0-9a-fA-F]/.test(hex)) return this.#invalid('in \\u hexadecimal character escape')
        }
      } else if (!'bfnrt\\/"'.includes(escaped)) return this.#invalid('in string escape code')
    }
    return false
  }

  #skip(): void {
    while (this.#at < this.#text.length && space.test(this.#text[this.#at]!)) this.#at++
  }

  #invalid(context: string): false {
    this.#error = `invalid character ${quoted(this.#text[this.#at]!)} ${context}`
    return false
  }
}

/** A byte as Go's scanner quotes it: of a character beyond ASCII, the first one of its UTF-8. */
function quoted(character: string): string {
  if (character === "'") return "'\\''"
  if (character === '"') return `'"'`
  const code = character.codePointAt(0)!
  const byte =
    code < 0x80 ? code : code < 0x800 ? 0xc0 | (code >> 6) : code < 0xd800 || code > 0xdfff ? 0xe0 | (code >> 12) : 0xf0
  return `'${quotedByte(byte)}'`
}

const escapes: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  92: '\\\\',
}

function quotedByte(byte: number): string {
  if (escapes[byte]) return escapes[byte]
  if (byte < 0x20 || byte === 0x7f) return `\\x${byte.toString(16).padStart(2, '0')}`
  if ((byte >= 0x80 && byte <= 0xa0) || byte === 0xad) return `\\u${byte.toString(16).padStart(4, '0')}`
  return String.fromCharCode(byte)
}
