const mask = (1n << 64n) - 1n
const rotate = (value: bigint, by: bigint) => ((value >> by) | (value << (64n - by))) & mask

/** The whole root of a number, by halving. */
function root(value: bigint, power: bigint): bigint {
  let result = 0n
  for (let bit = 1n << 68n; bit > 0n; bit >>= 1n) if ((result + bit) ** power <= value) result += bit
  return result
}

/** The hash's constants are the roots of the first primes, behind the point. */
function constants(count: number, power: bigint): bigint[] {
  const primes: bigint[] = []
  for (let at = 2n; primes.length < count; at++) if (primes.every((prime) => at % prime !== 0n)) primes.push(at)
  return primes.map((prime) => root(prime << (64n * power), power) & mask)
}

let rounds: bigint[] | undefined
let first: bigint[] | undefined

/** SHA-512 (FIPS 180-4). */
export function sha512(message: Uint8Array): Uint8Array {
  rounds ??= constants(80, 3n)
  first ??= constants(8, 2n)
  const bytes = new Uint8Array(Math.ceil((message.length + 17) / 128) * 128)
  bytes.set(message)
  bytes[message.length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setBigUint64(bytes.length - 8, BigInt(message.length) * 8n)
  const state = [...first]
  const w = new Array<bigint>(80)
  for (let block = 0; block < bytes.length; block += 128) {
    for (let i = 0; i < 80; i++) {
      if (i < 16) {
        w[i] = view.getBigUint64(block + i * 8)
        continue
      }
      const [two, fifteen] = [w[i - 2]!, w[i - 15]!]
      const small = rotate(fifteen, 1n) ^ rotate(fifteen, 8n) ^ (fifteen >> 7n)
      const large = rotate(two, 19n) ^ rotate(two, 61n) ^ (two >> 6n)
      w[i] = (w[i - 16]! + small + w[i - 7]! + large) & mask
    }
    let [a, b, c, d, e, f, g, h] = state as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint]
    for (let i = 0; i < 80; i++) {
      const ofE = rotate(e, 14n) ^ rotate(e, 18n) ^ rotate(e, 41n)
      const one = h + ofE + ((e & f) ^ (~e & mask & g)) + rounds[i]! + w[i]!
      const ofA = rotate(a, 28n) ^ rotate(a, 34n) ^ rotate(a, 39n)
      const two = ofA + ((a & b) ^ (a & c) ^ (b & c))
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + one) & mask, c, b, a, (one + two) & mask]
    }
    ;[a, b, c, d, e, f, g, h].forEach((word, index) => (state[index] = (state[index]! + word) & mask))
  }
  const result = new DataView(new ArrayBuffer(64))
  state.forEach((word, index) => result.setBigUint64(index * 8, word))
  return new Uint8Array(result.buffer)
}
