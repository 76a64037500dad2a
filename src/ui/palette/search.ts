/** What can be found: both texts in lower case, the name being what one would type first. */
export interface Searchable {
  readonly name: string
  readonly words: string
}

/** How well an item fits all of the typed words; 0 when one of them is nowhere in it. */
export function scoreOf({ name, words }: Searchable, tokens: readonly string[]): number {
  let score = 0
  for (const token of tokens) {
    const one = inName(name, token) || inWords(words, token) || scattered(name, token)
    if (one === 0) return 0
    score += one
  }
  // Of two that fit alike, the shorter name holds less that was not asked for.
  return score - Math.min(name.length, 90) / 1000
}

/** The typed words, in lower case. */
export function tokensOf(query: string): string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean)
}

/** The items that fit best, the best first; those that fit alike stay in their order. */
export function bestOf<T extends Searchable>(items: readonly T[], tokens: readonly string[], limit: number): T[] {
  if (tokens.length === 0) return items.slice(0, limit)
  // Only the best so far are kept in order: to sort tens of thousands would take longer than to look at them.
  const best: { readonly item: T; readonly score: number }[] = []
  for (const item of items) {
    const score = scoreOf(item, tokens)
    if (score <= 0 || (best.length >= limit && score <= best.at(-1)!.score)) continue
    let at = best.length
    while (at > 0 && best[at - 1]!.score < score) at--
    best.splice(at, 0, { item, score })
    if (best.length > limit) best.pop()
  }
  return best.map(({ item }) => item)
}

function inName(name: string, token: string): number {
  const at = name.indexOf(token)
  if (at < 0) return 0
  if (at === 0) return name.length === token.length ? 100 : 80
  return isBoundary(name, at) ? 60 : 40
}

function inWords(words: string, token: string): number {
  const at = words.indexOf(token)
  if (at < 0) return 0
  return isBoundary(words, at) ? 30 : 15
}

/** Does a word begin here? Scripts without blanks begin one with each letter. */
function isBoundary(text: string, at: number): boolean {
  if (at === 0) return true
  const before = text.charCodeAt(at - 1)
  const isDigit = before >= 48 && before <= 57
  const isLetter = before >= 97 && before <= 122
  return !isDigit && !isLetter
}

/** Letters in their order with gaps: `chk` finds `checkout`. Two letters would find nearly everything. */
function scattered(name: string, token: string): number {
  if (token.length < 3) return 0
  let at = name.indexOf(token[0]!)
  if (at < 0) return 0
  const first = at
  for (let i = 1; i < token.length; i++) {
    at = name.indexOf(token[i]!, at + 1)
    if (at < 0) return 0
  }
  const spread = at - first + 1
  return spread <= token.length * 3 ? 5 + (5 * token.length) / spread : 0
}
