const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** UTF-8 bytes of a text as standard base64. */
export function encodeBase64Text(text: string): string {
  const bytes = utf8Bytes(text)
  let result = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = [bytes[at], bytes[at + 1], bytes[at + 2]]
    const bits = (a << 16) | (b << 8) | c
    result += alphabet[bits >> 18]! + alphabet[(bits >> 12) & 63]!
    result += at + 1 < bytes.length ? alphabet[(bits >> 6) & 63]! : '='
    result += at + 2 < bytes.length ? alphabet[bits & 63]! : '='
  }
  return result
}

/** The text behind standard base64; bytes that are no UTF-8 become U+FFFD. */
export function decodeBase64Text(encoded: string): string {
  const bytes: number[] = []
  let bits = 0
  let count = 0
  for (const character of encoded) {
    const value = alphabet.indexOf(character)
    if (value < 0) continue
    bits = (bits << 6) | value
    count += 6
    if (count < 8) continue
    count -= 8
    bytes.push((bits >> count) & 255)
  }
  return utf8Text(bytes)
}

function utf8Bytes(text: string): number[] {
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

function utf8Text(bytes: readonly number[]): string {
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at]!
    const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0
    const rest = bytes.slice(at + 1, at + length)
    if (length === 0 || rest.length < length - 1 || rest.some((byte) => (byte & 0xc0) !== 0x80)) {
      text += '\ufffd'
      at++
      continue
    }
    const start = length === 1 ? first : first & (0xff >> (length + 1))
    text += String.fromCodePoint(rest.reduce((code, byte) => (code << 6) | (byte & 63), start))
    at += length
  }
  return text
}
