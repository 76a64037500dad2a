import { utf8Bytes, utf8Text } from '../../../lib/utf8.ts'

/** A text as the bytes that containers see: one character (0–255) each. */
export function toBytes(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text
  let bytes = ''
  for (const byte of utf8Bytes(text)) bytes += String.fromCharCode(byte)
  return bytes
}

/** The text behind bytes, to be shown. */
export function fromBytes(bytes: string): string {
  if (!/[^\0-\x7f]/.test(bytes)) return bytes
  return utf8Text(Array.from(bytes, (byte) => byte.charCodeAt(0)))
}
