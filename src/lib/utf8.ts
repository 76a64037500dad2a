/** A text's UTF-8 bytes. */
export function utf8Bytes(text: string): number[] {
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0)!
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
  }
  return bytes
}

/** How many bytes a text has in UTF-8. */
export function utf8Length(text: string): number {
  let length = text.length
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= 0x800) length += code >= 0xd800 && code <= 0xdfff ? 1 : 2
    else if (code >= 0x80) length++
  }
  return length
}

/** The text behind UTF-8 bytes; what is no UTF-8 becomes U+FFFD. */
export function utf8Text(bytes: ArrayLike<number>): string {
  let text = ''
  for (let at = 0; at < bytes.length; at++) {
    const first = bytes[at]!
    if (first < 0x80) {
      text += String.fromCharCode(first)
      continue
    }
    const extra = first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3
    let code = first & (0x3f >> extra)
    let read = 0
    while (read < extra && ((bytes[at + read + 1] ?? 0) & 0xc0) === 0x80)
      code = (code << 6) | (bytes[at + ++read]! & 0x3f)
    const isTooLong = code < [0, 0x80, 0x800, 0x10000][extra]!
    if (extra === 0 || read < extra || isTooLong || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
      text += '\ufffd'
    else {
      text += String.fromCodePoint(code)
      at += extra
    }
  }
  return text
}
