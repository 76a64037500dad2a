import type { ParseError } from '@marcbachmann/cel-js'
import type { Problem } from './syntax.ts'
import type { Token } from './tokens.ts'

const operands =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"
const signs: Readonly<Record<string, string>> = {
  RPAREN: "')'",
  RBRACKET: "']'",
  RBRACE: "'}'",
  COLON: "':'",
  IDENTIFIER: 'IDENTIFIER',
}
const starts = new Set(['[', '{', '(', '.', '-', '!'])

/** What keeps a source from being read, as cel-go's ANTLR grammar would say it. */
export function syntaxProblems(
  source: string,
  tokens: readonly Token[],
  unknown: readonly Token[],
  error: ParseError | undefined,
): Problem[] {
  if (!error) {
    const problems = unknown.map(({ start, end }) => ({
      at: start,
      message: `Syntax error: token recognition error at: '${source.slice(start, end)}'`,
    }))
    const last = tokens.at(-1)
    const lastText = last && source.slice(last.start, last.end)
    if (!last || (last.type === 'sign' && !')]}'.includes(lastText!))) problems.push(atEnd(source))
    return problems
  }
  const at = error.range?.start ?? 0
  const token = tokens.find(({ start }) => start >= at)
  const text = token ? source.slice(token.start, token.end) : '<EOF>'
  const place = token?.start ?? endOf(source)
  const next = token && tokens[tokens.indexOf(token) + 1]
  switch (error.code) {
    case 'unexpected_token': {
      if (!token) return [atEnd(source)]
      const isExtra = next !== undefined && (next.type !== 'sign' || starts.has(source.slice(next.start, next.end)))
      return [
        {
          at: place,
          message: `Syntax error: ${isExtra ? 'extraneous' : 'mismatched'} input '${text}' expecting ${operands}`,
        },
      ]
    }
    case 'unexpected_character': {
      const what = next ? 'mismatched' : 'extraneous'
      return [{ at: place, message: `Syntax error: ${what} input '${text}' expecting <EOF>` }]
    }
    case 'expected_token': {
      const wanted = /^Expected (\w+)/.exec(error.summary)?.[1] ?? ''
      const sign = signs[wanted] ?? wanted
      if (!token && sign.startsWith("'")) return [{ at: place, message: `Syntax error: missing ${sign} at '<EOF>'` }]
      return [{ at: place, message: `Syntax error: mismatched input '${text}' expecting ${sign}` }]
    }
    case 'reserved_identifier':
      return [{ at: place, message: `reserved identifier: ${text}` }]
    case 'invalid_macro_argument':
      return [
        {
          at: place,
          message: error.summary.startsWith('has')
            ? 'invalid argument to has() macro'
            : 'argument must be a simple name',
        },
      ]
    case 'limit_exceeded':
      return [{ at: place, message: 'Syntax error: expression recursion limit exceeded: 250' }]
    default:
      return [{ at: place, message: `Syntax error: ${error.summary}` }]
  }
}

function endOf(source: string): number {
  return source.length
}

function atEnd(source: string): Problem {
  return { at: endOf(source), message: `Syntax error: mismatched input '<EOF>' expecting ${operands}` }
}
