import { sha256 } from '../../../lib/sha256.ts'
import { encodeBase64 } from '../../../lib/base64.ts'
import { sha512 } from './sha512.ts'
import { cannotOpen, lineTool, wholeTool } from './line-tool.ts'
import { readFile } from './inputs.ts'
import { type Body, type Call, tools } from './tool.ts'

/** One character a byte. */
export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0))
/** A byte a character. */
export const textOf = (bytes: ArrayLike<number>): string => {
  let text = ''
  for (let at = 0; at < bytes.length; at++) text += String.fromCharCode(bytes[at]!)
  return text
}
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

function padded(message: Uint8Array, bigEndian: boolean): DataView {
  const length = Math.ceil((message.length + 9) / 64) * 64
  const bytes = new Uint8Array(length)
  bytes.set(message)
  bytes[message.length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setUint32(length - (bigEndian ? 4 : 8), (message.length << 3) >>> 0, !bigEndian)
  view.setUint32(length - (bigEndian ? 8 : 4), Math.floor(message.length / 0x20000000), !bigEndian)
  return view
}

const rotate = (value: number, by: number) => (value << by) | (value >>> (32 - by))

/** MD5 (RFC 1321). */
export function md5(message: Uint8Array): Uint8Array {
  const view = padded(message, false)
  const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let block = 0; block < view.byteLength; block += 64) {
    let [a, b, c, d] = state as [number, number, number, number]
    for (let i = 0; i < 64; i++) {
      const round = i >> 4
      const mixed =
        round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d)
      const word = view.getUint32(
        block + ((round === 0 ? i : round === 1 ? 5 * i + 1 : round === 2 ? 3 * i + 5 : 7 * i) % 16) * 4,
        true,
      )
      const sum = (a + mixed + word + Math.floor(Math.abs(Math.sin(i + 1)) * 0x100000000)) | 0
      ;[a, d, c, b] = [d, c, b, (b + rotate(sum, shifts[round * 4 + (i % 4)]!)) | 0]
    }
    ;[a, b, c, d].forEach((word, index) => (state[index] = (state[index]! + word) | 0))
  }
  return written(state, true)
}

/** SHA-1 (FIPS 180-4). */
export function sha1(message: Uint8Array): Uint8Array {
  const view = padded(message, true)
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]
  const w = new Int32Array(80)
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let i = 0; i < 80; i++)
      w[i] = i < 16 ? view.getInt32(block + i * 4) : rotate(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1)
    let [a, b, c, d, e] = state as [number, number, number, number, number]
    for (let i = 0; i < 80; i++) {
      const round = Math.floor(i / 20)
      const mixed = round === 0 ? (b & c) | (~b & d) : round === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d
      const sum = (rotate(a, 5) + mixed + e + [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][round]! + w[i]!) | 0
      ;[e, d, c, b, a] = [d, c, rotate(b, 30), a, sum]
    }
    ;[a, b, c, d, e].forEach((word, index) => (state[index] = (state[index]! + word) | 0))
  }
  return written(state, false)
}

function written(words: readonly number[], littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 4))
  words.forEach((word, index) => view.setInt32(index * 4, word, littleEndian))
  return new Uint8Array(view.buffer)
}

const sums: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  md5sum: md5,
  sha1sum: sha1,
  sha256sum: sha256,
  sha512sum: sha512,
}

function digest(): Body {
  const plain = lineTool<{ text: string; paths: readonly string[] }>(
    'cswb',
    (_call, paths) => ({ text: '', paths }),
    (call, state) => ({
      failed: cannotOpen(call),
      open: () => {
        state.text = ''
      },
      text: (chunk) => {
        state.text += chunk
      },
      close: (path) => call.out(`${hex(sums[call.name]!(bytesOf(state.text)))}  ${path}\n`),
    }),
  )
  return (call) => (call.args.some((arg) => /^-[a-z]*c/.test(arg) || arg === '--check') ? checked(call) : plain(call))
}

function checked(call: Call): number {
  const quiet = call.args.some((arg) => /^-[a-z]*s/.test(arg))
  let bad = 0
  let all = 0
  for (const list of call.args.filter((arg) => !arg.startsWith('-'))) {
    const text = readFile(call, list)
    if (text === undefined) return 1
    for (const line of text.split('\n').filter(Boolean)) {
      const [sum, path] = [line.split(/\s+/)[0]!, line.replace(/^\S+\s+\*?/, '')]
      const data = readFile(call, path)
      all++
      const ok = data !== undefined && hex(sums[call.name]!(bytesOf(data))) === sum
      if (!ok) bad++
      if (!quiet) call.out(`${path}: ${ok ? 'OK' : 'FAILED'}\n`)
    }
  }
  if (bad > 0 && !quiet) call.say(`WARNING: ${bad} of ${all} computed checksums did NOT match`)
  return bad > 0 ? 1 : 0
}

/** Bytes behind base64, one character each; undefined when it is none. */
export function decodedBase64(text: string): string | undefined {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const clean = text.replace(/\s/g, '').replace(/=+$/, '')
  let bits = 0
  let count = 0
  let out = ''
  for (const char of clean) {
    const value = alphabet.indexOf(char)
    if (value < 0) return undefined
    bits = ((bits << 6) | value) & 0xffffff
    count += 6
    if (count < 8) continue
    count -= 8
    out += String.fromCharCode((bits >> count) & 255)
  }
  return out
}

const base64 = wholeTool<{ text: string; decode: boolean; width: number }>(
  'dw:i',
  (_call, _paths, given) => ({ text: '', decode: given.has('d'), width: Number(given.get('w') ?? 76) }),
  (call, { text, decode, width }) => {
    if (!decode) {
      const encoded = encodeBase64(bytesOf(text))
      call.out(
        width > 0
          ? (encoded.match(new RegExp(`.{1,${Math.min(width, 1 << 14)}}`, 'g')) ?? [])
              .map((line) => `${line}\n`)
              .join('')
          : encoded,
      )
      return 0
    }
    const decoded = decodedBase64(text)
    if (decoded === undefined) {
      call.say('truncated input')
      return 1
    }
    call.out(decoded)
    return 0
  },
  true,
)

function crc32(bytes: Uint8Array): number {
  let crc = 0
  const shift = (byte: number) => {
    crc ^= byte << 24
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  }
  bytes.forEach(shift)
  for (let length = bytes.length; length > 0; length = Math.floor(length / 256)) shift(length & 255)
  return ~crc >>> 0
}

/** Checksums and base64. */
export const digestTools = tools({
  md5sum: digest(),
  sha1sum: digest(),
  sha256sum: digest(),
  sha512sum: digest(),
  base64,
  cksum: lineTool<{ text: string; paths: readonly string[] }>(
    '',
    (_call, paths) => ({ text: '', paths }),
    (call, state) => ({
      open: () => {
        state.text = ''
      },
      text: (chunk) => {
        state.text += chunk
      },
      close: (path) =>
        call.out(`${crc32(bytesOf(state.text))} ${state.text.length}${state.paths.length > 0 ? ` ${path}` : ''}\n`),
    }),
  ),
})
