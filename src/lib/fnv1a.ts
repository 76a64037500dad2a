/** FNV-1a over a text's UTF-16 units, 32 bits, unsigned. `salt` gives other hashes of the same text. Not for secrets. */
export function fnv1a(text: string, salt = 0): number {
  let hash = 0x811c9dc5 ^ salt
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** The same as eight hexadecimal digits. */
export function fnv1aHex(text: string, salt = 0): string {
  return fnv1a(text, salt).toString(16).padStart(8, '0')
}
