const totalRunes = 4096
const runesOfOne = 256

/**
 * Values of Warning headers: each text once, cut when they are many. A text with control characters has none.
 * Upstream: apiserver/pkg/endpoints/filters/warning.go.
 */
export function warningHeaders(texts: readonly string[]): string[] {
  const distinct = [...new Set(texts)].filter((text) => text !== '')
  const total = distinct.reduce((sum, text) => sum + text.length, 0)
  if (total <= totalRunes) return distinct.flatMap(header)
  const headers: string[] = []
  let written = 0
  for (const text of distinct) {
    if (written >= totalRunes) break
    const cut = [...text].slice(0, runesOfOne)
    written += cut.length
    headers.push(...header(cut.join('')))
  }
  return headers
}

function header(text: string): string[] {
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) return []
  return [`299 - "${latin1(text.replace(/[\\"]/g, '\\$&'))}"`]
}

/** A header carries UTF-8 bytes, a character each. */
function latin1(text: string): string {
  // oxlint-disable-next-line no-control-regex
  if (!/[^\u0000-\u007f]/.test(text)) return text
  return encodeURIComponent(
    text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) => (found.length === 2 ? found : '\ufffd')),
  ).replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
