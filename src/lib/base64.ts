import { utf8Bytes, utf8Text } from './utf8.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** UTF-8 bytes of a text as standard base64. */
export function encodeBase64Text(text: string): string {
  return encodeBase64(utf8Bytes(text))
}

/** Bytes as standard base64. */
export function encodeBase64(bytes: ArrayLike<number>): string {
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
  return utf8Text(base64Bytes(encoded))
}

/** The bytes behind standard base64, as a text of one character each. */
export function decodeBase64(encoded: string): string {
  let out = ''
  for (const byte of base64Bytes(encoded)) out += String.fromCharCode(byte)
  return out
}

function base64Bytes(encoded: string): number[] {
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
  return bytes
}
