/** Patterns in RE2's syntax, as Go reads them, parsed to a tree. */

/** Does a code point belong? */
export type CharTest = (code: number) => boolean

export type Node =
  | { readonly type: 'empty' }
  | { readonly type: 'char'; readonly test: CharTest }
  | { readonly type: 'assert'; readonly at: 'start' | 'end' | 'lineStart' | 'lineEnd' | 'word' | 'notWord' }
  | { readonly type: 'concat'; readonly parts: readonly Node[] }
  | { readonly type: 'either'; readonly parts: readonly Node[] }
  | { readonly type: 'group'; readonly inner: Node; readonly index: number }
  | {
      readonly type: 'repeat'
      readonly inner: Node
      readonly min: number
      readonly max: number
      readonly greedy: boolean
    }

/** What is wrong with a pattern, as Go's regexp package says it. */
export class PatternError extends Error {}

interface Flags {
  readonly foldCase: boolean
  readonly dotAll: boolean
  readonly multiLine: boolean
  readonly ungreedy: boolean
}

/** Upstream: regexp/syntax, maxHeight and maxRunes. */
const maxRepeat = 1000
const maxDepth = 200

const isWord: CharTest = (c) => (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95
const isDigit: CharTest = (c) => c >= 48 && c <= 57
const isSpace: CharTest = (c) => c === 32 || c === 9 || c === 10 || c === 12 || c === 13
const not =
  (test: CharTest): CharTest =>
  (c) =>
    !test(c)

const perl: Readonly<Record<string, CharTest>> = {
  d: isDigit,
  w: isWord,
  s: isSpace,
  D: not(isDigit),
  W: not(isWord),
  S: not(isSpace),
}

const isAlpha: CharTest = (c) => (c >= 65 && c <= 90) || (c >= 97 && c <= 122)
const posix: Readonly<Record<string, CharTest>> = {
  alnum: (c) => isAlpha(c) || isDigit(c),
  alpha: isAlpha,
  ascii: (c) => c < 128,
  blank: (c) => c === 32 || c === 9,
  cntrl: (c) => c < 32 || c === 127,
  digit: isDigit,
  graph: (c) => c > 32 && c < 127,
  lower: (c) => c >= 97 && c <= 122,
  print: (c) => c >= 32 && c < 127,
  punct: (c) => c > 32 && c < 127 && !isAlpha(c) && !isDigit(c),
  space: (c) => isSpace(c) || c === 11,
  upper: (c) => c >= 65 && c <= 90,
  word: isWord,
  xdigit: (c) => isDigit(c) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102),
}

const escapes: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 }

/** The code point as the other case has it. */
function folded(code: number): number {
  const text = String.fromCodePoint(code)
  const lower = text.toLowerCase()
  const other = lower === text ? text.toUpperCase() : lower
  return other.codePointAt(0)!
}

function foldTest(test: CharTest): CharTest {
  return (code) => test(code) || test(folded(code))
}

export interface ParsedPattern {
  readonly tree: Node
  readonly groups: number
}

/** Reads a pattern. Throws PatternError with Go's words. */
export function parsePattern(source: string): ParsedPattern {
  const parser = new Parser(source)
  const tree = parser.either({ foldCase: false, dotAll: false, multiLine: false, ungreedy: false }, 0)
  if (!parser.atEnd()) throw fail('unexpected )', source)
  return { tree, groups: parser.groups }
}

function fail(code: string, what: string): PatternError {
  return new PatternError(`error parsing regexp: ${code}: \`${what}\``)
}

class Parser {
  private readonly chars: readonly string[]
  private at = 0
  private readonly source: string
  private readonly names = new Set<string>()
  private flags: Flags | undefined
  groups = 0

  constructor(source: string) {
    this.source = source
    this.chars = Array.from(source)
  }

  atEnd(): boolean {
    return this.at >= this.chars.length
  }

  either(flags: Flags, depth: number): Node {
    if (depth > maxDepth) throw fail('expression nests too deeply', this.source)
    const parts: Node[] = []
    let current = flags
    for (;;) {
      const sequence: Node[] = []
      while (!this.atEnd() && this.chars[this.at] !== '|' && this.chars[this.at] !== ')') {
        this.flags = undefined
        const node = this.repeated(current, depth)
        // `(?i)` in the middle holds for the rest of the group.
        current = this.flags ?? current
        if (node.type !== 'empty') sequence.push(node)
      }
      parts.push(sequence.length === 1 ? sequence[0]! : { type: 'concat', parts: sequence })
      if (this.chars[this.at] !== '|') break
      this.at++
    }
    return parts.length === 1 ? parts[0]! : { type: 'either', parts }
  }

  private repeated(flags: Flags, depth: number): Node {
    const start = this.at
    let node = this.atom(flags, depth)
    let repeats = 0
    for (;;) {
      const operatorAt = this.at
      const range = this.quantifier()
      if (!range) return node
      if (node.type === 'empty' && this.flags)
        throw fail('missing argument to repetition operator', this.slice(operatorAt))
      let greedy = !flags.ungreedy
      if (this.chars[this.at] === '?') {
        this.at++
        greedy = !greedy
      }
      if (repeats++ > 0) throw fail('invalid nested repetition operator', this.slice(start + 1))
      if (range[0] > maxRepeat || (range[1] !== Infinity && (range[1] > maxRepeat || range[1] < range[0])))
        throw fail('invalid repeat count', this.slice(operatorAt))
      node = { type: 'repeat', inner: node, min: range[0], max: range[1], greedy }
    }
  }

  private slice(from: number): string {
    return this.chars.slice(from, this.at).join('')
  }

  private quantifier(): [number, number] | undefined {
    const char = this.chars[this.at]
    if (char === '*' || char === '+' || char === '?') {
      this.at++
      return char === '*' ? [0, Infinity] : char === '+' ? [1, Infinity] : [0, 1]
    }
    if (char !== '{') return undefined
    let end = this.at + 1
    let text = ''
    while (end < this.chars.length && this.chars[end] !== '}' && text.length < 12) text += this.chars[end++]
    const counted = this.chars[end] === '}' ? /^(\d+)(,(\d*))?$/.exec(text) : null
    if (!counted) return undefined
    this.at = end + 1
    const min = Number(counted[1])
    return [min, counted[2] === undefined ? min : counted[3] === '' ? Infinity : Number(counted[3])]
  }

  private atom(flags: Flags, depth: number): Node {
    const char = this.chars[this.at]!
    switch (char) {
      case '(':
        return this.group(flags, depth)
      case '[':
        return { type: 'char', test: this.charClass(flags) }
      case '.':
        this.at++
        return { type: 'char', test: flags.dotAll ? () => true : (code) => code !== 10 }
      case '^':
        this.at++
        return { type: 'assert', at: flags.multiLine ? 'lineStart' : 'start' }
      case '$':
        this.at++
        return { type: 'assert', at: flags.multiLine ? 'lineEnd' : 'end' }
      case '*':
      case '+':
      case '?':
        this.at++
        throw fail('missing argument to repetition operator', char)
      case '\\':
        return this.escape(flags)
    }
    this.at++
    return this.literal(char.codePointAt(0)!, flags)
  }

  private literal(code: number, flags: Flags): Node {
    const test: CharTest = (one) => one === code
    return { type: 'char', test: flags.foldCase ? foldTest(test) : test }
  }

  private group(flags: Flags, depth: number): Node {
    const start = this.at
    this.at++
    let inner = flags
    let index = 0
    if (this.chars[this.at] === '?') {
      const rest = this.chars.slice(this.at, this.at + 80).join('')
      const named = /^\?P?<([^>]*)>/.exec(rest)
      if (named) {
        const name = named[1]!
        this.at += Array.from(named[0]).length
        if (!/^\w+$/.test(name)) throw fail('invalid named capture', this.slice(start))
        if (this.names.has(name)) throw fail('duplicate capture group name', name)
        this.names.add(name)
        index = ++this.groups
      } else {
        const options = /^\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest)
        if (!options || (options[0] === '?)' && rest.startsWith('?)')))
          throw fail('invalid or unsupported Perl syntax', this.chars.slice(start, start + 3).join(''))
        this.at += options[0].length
        inner = withFlags(flags, options[1]!, options[2] ?? '')
        if (options[3] === ')') {
          this.flags = inner
          return { type: 'empty' }
        }
      }
    } else index = ++this.groups
    const tree = this.either(inner, depth + 1)
    if (this.chars[this.at] !== ')') throw fail('missing closing )', this.source)
    this.at++
    this.flags = undefined
    // A group is a node of its own even when empty, so that it can be repeated.
    return index > 0
      ? { type: 'group', inner: tree, index }
      : tree.type === 'empty'
        ? { type: 'concat', parts: [] }
        : tree
  }

  private escape(flags: Flags): Node {
    const next = this.chars[this.at + 1]
    if (next === undefined) throw fail('trailing backslash at end of expression', '')
    if (next === 'b' || next === 'B' || next === 'A' || next === 'z') {
      this.at += 2
      const at = next === 'b' ? 'word' : next === 'B' ? 'notWord' : next === 'A' ? 'start' : 'end'
      return { type: 'assert', at }
    }
    if (next === 'Q') {
      this.at += 2
      const parts: Node[] = []
      while (!this.atEnd() && !(this.chars[this.at] === '\\' && this.chars[this.at + 1] === 'E'))
        parts.push(this.literal(this.chars[this.at++]!.codePointAt(0)!, flags))
      if (!this.atEnd()) this.at += 2
      return { type: 'concat', parts }
    }
    const set = this.escapedClass()
    if (set) return { type: 'char', test: set }
    return this.literal(this.escapedChar(), flags)
  }

  /** `\d`, `\pL`; undefined when the escape is a single character. */
  private escapedClass(): CharTest | undefined {
    const next = this.chars[this.at + 1]!
    if (Object.hasOwn(perl, next)) {
      this.at += 2
      return perl[next]
    }
    if (next !== 'p' && next !== 'P') return undefined
    const start = this.at
    let name = this.chars[this.at + 2] ?? ''
    this.at += 3
    if (name === '{') {
      name = ''
      while (!this.atEnd() && this.chars[this.at] !== '}') name += this.chars[this.at++]
      this.at++
    }
    let negated = next === 'P'
    if (name.startsWith('^')) {
      negated = !negated
      name = name.slice(1)
    }
    const test = /^\w+$/.test(name) ? unicodeClass(name) : undefined
    if (!test) throw fail('invalid character class range', this.slice(start))
    return negated ? not(test) : test
  }

  private escapedChar(): number {
    const start = this.at
    const next = this.chars[this.at + 1]
    this.at += 2
    if (next === undefined) throw fail('trailing backslash at end of expression', '')
    if (Object.hasOwn(escapes, next)) return escapes[next]!
    if (next === 'x') {
      const rest = this.chars.slice(this.at, this.at + 10).join('')
      const hex = /^(?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{2}))/.exec(rest)
      const code = hex ? Number.parseInt(hex[1] ?? hex[2]!, 16) : Infinity
      if (!hex || code > 0x10ffff) throw fail('invalid escape sequence', this.slice(start))
      this.at += hex[0].length
      return code
    }
    if (next === '0' || (next >= '1' && next <= '7' && /[0-7]/.test(this.chars[this.at] ?? ''))) {
      let text = next
      while (text.length < 3 && /[0-7]/.test(this.chars[this.at] ?? '')) text += this.chars[this.at++]
      return Number.parseInt(text, 8)
    }
    const code = next.codePointAt(0)!
    if (code < 128 && !isWord(code)) return code
    throw fail('invalid escape sequence', this.slice(start))
  }

  private charClass(flags: Flags): CharTest {
    const start = this.at
    this.at++
    let negated = false
    if (this.chars[this.at] === '^') {
      negated = true
      this.at++
    }
    const tests: CharTest[] = []
    let first = true
    while (this.chars[this.at] !== ']' || first) {
      if (this.atEnd()) throw fail('missing closing ]', this.slice(start))
      first = false
      const named = /^\[:(\^?)(\w+):\]/.exec(this.chars.slice(this.at, this.at + 12).join(''))
      if (named) {
        this.at += named[0].length
        const test = Object.hasOwn(posix, named[2]!) ? posix[named[2]!] : undefined
        if (!test) throw fail('invalid character class range', named[0])
        tests.push(named[1] ? not(test) : test)
        continue
      }
      const set =
        this.chars[this.at] === '\\' && this.chars[this.at + 1] !== undefined ? this.escapedClass() : undefined
      if (set) {
        tests.push(set)
        continue
      }
      const rangeStart = this.at
      const low = this.classChar()
      let high = low
      if (this.chars[this.at] === '-' && this.chars[this.at + 1] !== ']' && this.chars[this.at + 1] !== undefined) {
        this.at++
        high = this.classChar()
        if (high < low) throw fail('invalid character class range', this.slice(rangeStart))
      }
      tests.push((code) => code >= low && code <= high)
    }
    this.at++
    const any: CharTest = tests.length === 1 ? tests[0]! : (code) => tests.some((test) => test(code))
    const test = flags.foldCase ? foldTest(any) : any
    return negated ? not(test) : test
  }

  private classChar(): number {
    if (this.chars[this.at] === '\\') return this.escapedChar()
    return this.chars[this.at++]!.codePointAt(0)!
  }
}

function withFlags(flags: Flags, on: string, off: string): Flags {
  const value = (letter: string, before: boolean) => (off.includes(letter) ? false : on.includes(letter) || before)
  return {
    foldCase: value('i', flags.foldCase),
    dotAll: value('s', flags.dotAll),
    multiLine: value('m', flags.multiLine),
    ungreedy: value('U', flags.ungreedy),
  }
}

/** Tests one character at a time, so the engine's own expressions are harmless here. */
function unicodeClass(name: string): CharTest | undefined {
  if (name === 'Any') return () => true
  for (const property of [name, `Script=${name}`]) {
    try {
      const expression = new RegExp(`^\\p{${property}}$`, 'u')
      return (code) => expression.test(String.fromCodePoint(code))
    } catch {
      // Not a general category: the next try takes it for a script.
    }
  }
  return undefined
}
