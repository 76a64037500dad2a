/** A text as a shell would read it back; `sparing`: only when it has to be quoted. */
export function quoted(text: string, sparing = false): string {
  if (sparing && text !== '' && /^[\w./:@%+,-]*$/.test(text)) return text
  return `'${text.replace(/'/g, `'\\''`)}'`
}
