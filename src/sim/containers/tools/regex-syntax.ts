/** POSIX's two syntaxes of patterns, put into RE2's words. */

export class BadPattern extends Error {}

/** Backreferences stand as these characters, which no text of bytes holds. */
export const referenceBase = 0xe000

/** Translates a basic or extended pattern; `groups` says how many it has. Throws BadPattern with the C library's words. */
export function translate(
  pattern: string,
  extended: boolean,
): { readonly source: string; readonly references: boolean } {
  let out = ''
  let open = 0
  let references = false
  /** What stands before can be repeated; what has been repeated is so once more in vain. */
  let atom: 'none' | 'atom' | 'repeated' = 'none'
  const put = (text: string) => {
    out += text
    atom = 'atom'
  }
  const repeat = (text: string) => {
    if (atom === 'none') return put(`\\${text[0]}${text.slice(1)}`)
    if (atom === 'atom') out += text
    else if (!out.endsWith('*')) out = out.replace(/(?:[+?*]|\{[\d,]*\})$/, '*')
    atom = 'repeated'
  }
  const special = (letter: string, at: number): boolean => {
    switch (letter) {
      case '(':
        open++
        out += '('
        atom = 'none'
        return true
      case ')':
        if (open === 0) {
          if (!extended) throw new BadPattern('Unmatched ) or \\)')
          put('\\)')
          return true
        }
        open--
        if (out.endsWith('(') || out.endsWith('|')) out += '(?:)'
        put(')')
        return true
      case '|':
        out += '|'
        atom = 'none'
        return true
      case '+':
      case '?':
        repeat(letter)
        return true
      case '{': {
        const count = /^(\d*)(,?)(\d*)/.exec(pattern.slice(at))!
        const after = at + count[0].length
        const closed = pattern.startsWith(extended ? '}' : '\\}', after)
        if (!closed || (count[1] === '' && count[2] === '')) {
          if (extended) return (put('\\{'), true)
          throw new BadPattern('Unmatched \\{')
        }
        if (Number(count[1] || 0) > 1000 || Number(count[3] || 0) > 1000)
          throw new BadPattern('Regular expression too big')
        if (count[3] !== '' && Number(count[1] || 0) > Number(count[3]))
          throw new BadPattern('Invalid content of \\{\\}')
        repeat(`{${count[1] || 0}${count[2]}${count[3]}}`)
        skip = after + (extended ? 1 : 2)
        return true
      }
    }
    return false
  }
  let skip = 0
  for (let at = 0; at < pattern.length;) {
    const char = pattern[at]!
    skip = at + 1
    if (char === '\\') {
      const next = pattern[at + 1]
      if (next === undefined) throw new BadPattern('Trailing backslash')
      skip = at + 2
      if (!extended && special(next, at + 2)) {
        // A group, a count, a choice.
      } else if (next >= '1' && next <= '9') {
        references = true
        put(String.fromCharCode(referenceBase + Number(next)))
      } else if (/[wWsS]/.test(next)) put(`\\${next}`)
      else if (/[bB]/.test(next)) out += `\\${next}`
      else if (next === '<' || next === '>') out += '\\b'
      else if (next === '`') out += '\\A'
      else if (next === "'") out += '\\z'
      else if (next === 'n') put('\\n')
      else put(quote(next))
    } else if (char === '[') {
      const end = bracketEnd(pattern, at)
      put(bracket(pattern.slice(at + 1, end)))
      skip = end + 1
    } else if (char === '.') put('.')
    else if (char === '*') repeat('*')
    else if (char === '^') {
      const before = out === '' || /\((?!\?)$|\|$/.test(out)
      if (extended || before) out += '^'
      else put('\\^')
    } else if (char === '$') {
      const rest = pattern.slice(at + 1)
      if (extended || rest === '' || rest.startsWith('\\)') || rest.startsWith('\\|')) out += '$'
      else put('\\$')
    } else if (!extended || !special(char, at + 1)) put(quote(char))
    at = skip
  }
  if (open > 0) throw new BadPattern('Unmatched ( or \\(')
  return { source: out, references }
}

const quote = (char: string) => (/[\\^$.|?*+()[\]{}]/.test(char) ? `\\${char}` : char)

/** Where a bracket expression ends. */
export function bracketEnd(pattern: string, start: number): number {
  let at = start + 1
  if (pattern[at] === '^') at++
  if (pattern[at] === ']') at++
  for (; at < pattern.length && pattern[at] !== ']'; at++) {
    const kind = pattern[at] === '[' ? pattern[at + 1] : undefined
    if (kind === ':' || kind === '.' || kind === '=') {
      const end = pattern.indexOf(`${kind}]`, at + 2)
      if (end > 0) at = end + 1
    }
  }
  if (at >= pattern.length) throw new BadPattern('Unmatched [, [^, [:, [., or [=')
  return at
}

function bracket(inside: string): string {
  let at = 0
  let out = '['
  if (inside[0] === '^') {
    out += '^'
    at = 1
  }
  for (; at < inside.length; at++) {
    const char = inside[at]!
    const kind = char === '[' ? inside[at + 1] : undefined
    if (kind === ':' || kind === '.' || kind === '=') {
      const end = inside.indexOf(`${kind}]`, at + 2)
      if (end > 0) {
        const name = inside.slice(at + 2, end)
        if (kind === ':' && !/^(alnum|alpha|blank|cntrl|digit|graph|lower|print|punct|space|upper|xdigit)$/.test(name))
          throw new BadPattern('Invalid character class name')
        out += kind === ':' ? `[:${name}:]` : quoteInside(name)
        at = end + 1
        continue
      }
    }
    if (char === '-' && at > 0 && at < inside.length - 1 && !(at === 1 && inside[0] === '^')) {
      if (inside.charCodeAt(at - 1) > inside.charCodeAt(at + 1)) throw new BadPattern('Invalid range end')
      out += '-'
    } else out += quoteInside(char)
  }
  return `${out}]`
}

const quoteInside = (text: string) => text.replace(/[\\\][^-]/g, '\\$&')
