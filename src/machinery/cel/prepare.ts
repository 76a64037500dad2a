import type { Token } from './tokens.ts'

/** What the parser's grammar lacks, taken out of the source without moving anything else. */
export interface Prepared {
  readonly text: string
  /** `{` of a message → the message's name. */
  readonly structs: ReadonlyMap<number, { readonly name: string; readonly at: number }>
  /** Where a `?` stood before an entry or an item. */
  readonly optionals: readonly number[]
  /** Start of a quoted field → its name. */
  readonly quoted: ReadonlyMap<number, string>
}

/** Messages (`Object{a: 1}`), optional entries (`{?k: v}`) and quoted fields (`` a.`x-y` ``) become what the parser reads. */
export function prepare(source: string, tokens: readonly Token[]): Prepared {
  const chars = [...Array(source.length).keys()].map((index) => source[index]!)
  const structs = new Map<number, { name: string; at: number }>()
  const optionals: number[] = []
  const quoted = new Map<number, string>()
  const textOf = (token: Token | undefined) => (token ? source.slice(token.start, token.end) : '')
  const fill = (from: number, to: number, char: string) => {
    for (let index = from; index < to; index++) chars[index] = char
  }
  for (const [index, token] of tokens.entries()) {
    const text = textOf(token)
    const previous = tokens[index - 1]
    if (token.type === 'quoted') {
      quoted.set(token.start, text.slice(1, -1))
      fill(token.start, token.end, 'q')
    } else if (text === '{' && previous?.type === 'name' && textOf(previous) !== 'in') {
      let first = index - 1
      while (textOf(tokens[first - 1]) === '.' && tokens[first - 2]?.type === 'name') first -= 2
      const start = tokens[first]!.start
      structs.set(token.start, { name: source.slice(start, previous.end).replace(/\s/g, ''), at: token.start })
      fill(start, previous.end, ' ')
    } else if (text === '?' && isEntryStart(tokens, index, textOf)) {
      optionals.push(token.start)
      fill(token.start, token.end, ' ')
    }
  }
  return { text: chars.join(''), structs, optionals, quoted }
}

/** Behind `{` or `,`, or behind a `[` that begins a list rather than an index. */
function isEntryStart(tokens: readonly Token[], index: number, textOf: (token: Token | undefined) => string): boolean {
  const before = textOf(tokens[index - 1])
  if (before === '{' || before === ',') return true
  if (before !== '[') return false
  const operand = tokens[index - 2]
  if (!operand) return true
  return operand.type === 'sign' && !')]}'.includes(textOf(operand))
}
