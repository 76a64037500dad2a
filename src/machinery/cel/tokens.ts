/** A token, as far as telling literals, names and signs apart goes. */
export interface Token {
  readonly type: 'name' | 'string' | 'number' | 'sign' | 'quoted' | 'unknown'
  readonly start: number
  readonly end: number
}

const patterns: readonly (readonly [Token['type'], RegExp])[] = [
  [
    'string',
    /(?:[rR][bB]?|[bB][rR]?)?(?:"""(?:[^\\"]|\\[^]|"(?!""))*"""|'''(?:[^\\']|\\[^]|'(?!''))*'''|"(?:[^\\"\n]|\\.)*"|'(?:[^\\'\n]|\\.)*')/y,
  ],
  ['number', /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[uU]?|0[xX][0-9a-fA-F]+[uU]?/y],
  ['name', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['quoted', /`[A-Za-z0-9_.\-/ ]*`/y],
  ['sign', /==|!=|<=|>=|&&|\|\||[[\]{}().,:?+\-*/%<>!]/y],
]
const blank = /(?:\s+|\/\/[^\n]*)+/y

/** The tokens of a source; what CEL does not know is told, and passed over. */
export function tokenize(source: string): { tokens: Token[]; unknown: Token[] } {
  const tokens: Token[] = []
  const unknown: Token[] = []
  let at = 0
  scan: while (at < source.length) {
    blank.lastIndex = at
    if (blank.test(source)) at = blank.lastIndex
    if (at >= source.length) break
    for (const [type, pattern] of patterns) {
      pattern.lastIndex = at
      if (!pattern.test(source)) continue
      tokens.push({ type, start: at, end: pattern.lastIndex })
      at = pattern.lastIndex
      continue scan
    }
    unknown.push({ type: 'unknown', start: at, end: at + 1 })
    at++
  }
  return { tokens, unknown }
}
