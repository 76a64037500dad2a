export type Level = 'error' | 'warn' | ''

/** How bad a line says it is: by its level field, its word, or klog's letter. */
export function levelOf(text: string): Level {
  const start = text.slice(0, 200)
  if (
    /^[EF]\d{4} |\b(?:level|severity|lvl)["']?[=:]\s*"?(?:error|err|fatal|panic|crit)|\b(?:ERROR|FATAL|PANIC|CRITICAL|EMERG|ERR)\b|^(?:error|fatal|panic)\b/i.test(
      start,
    )
  )
    return 'error'
  if (/^W\d{4} |\b(?:level|severity|lvl)["']?[=:]\s*"?warn|\bWARN(?:ING)?\b|^warn/i.test(start)) return 'warn'
  return ''
}

/** A text cut where a search was found in it: every second piece is a match. */
export function piecesOf(text: string, wanted: string): string[] {
  if (!wanted) return [text]
  const pieces: string[] = []
  const low = text.toLowerCase()
  const find = wanted.toLowerCase()
  let from = 0
  for (let at = low.indexOf(find); at >= 0; at = low.indexOf(find, from)) {
    pieces.push(text.slice(from, at), text.slice(at, at + find.length))
    from = at + find.length
  }
  return [...pieces, text.slice(from)]
}

/** Which lines hold what is searched for. */
export function matchesIn(lines: readonly { readonly text: string }[], wanted: string): number[] {
  if (!wanted) return []
  const find = wanted.toLowerCase()
  return lines.flatMap(({ text }, index) => (text.toLowerCase().includes(find) ? index : []))
}
