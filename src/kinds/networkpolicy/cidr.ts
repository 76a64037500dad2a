import { isIp, isIpv6 } from '../../machinery/names.ts'

/** A block of addresses: its bits, of which the first `prefix` count. */
export interface Cidr {
  readonly bits: bigint
  readonly prefix: number
  readonly width: 32 | 128
}

/** Reads `10.0.0.0/8` or `2001:db8::/32`; undefined for anything else. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([0-9a-fA-F:.]{2,45})\/(\d{1,3})$/.exec(text)
  if (!match || !isIp(match[1]!)) return undefined
  const width = isIpv6(match[1]!) ? 128 : 32
  const prefix = Number(match[2])
  if (prefix > width || (match[2]!.length > 1 && match[2]!.startsWith('0'))) return undefined
  return { bits: width === 32 ? ipv4Bits(match[1]!) : ipv6Bits(match[1]!), prefix, width }
}

/** Is all of `inner` in `outer`, which is larger? */
export function isStrictSubnet(inner: Cidr, outer: Cidr): boolean {
  if (inner.width !== outer.width || inner.prefix <= outer.prefix) return false
  const shift = BigInt(outer.width - outer.prefix)
  return inner.bits >> shift === outer.bits >> shift
}

function ipv4Bits(text: string): bigint {
  return text.split('.').reduce((bits, part) => (bits << 8n) | BigInt(Number(part)), 0n)
}

function ipv6Bits(text: string): bigint {
  const [head = '', tail] = text.split('::')
  const groups = (part: string): bigint[] =>
    part === ''
      ? []
      : part.split(':').flatMap((group) => {
          if (!group.includes('.')) return [BigInt(`0x${group || '0'}`)]
          const bits = ipv4Bits(group)
          return [bits >> 16n, bits & 0xffffn]
        })
  const first = groups(head)
  const last = tail === undefined ? [] : groups(tail)
  const middle = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => 0n)
  return [...first, ...middle, ...last].reduce((bits, group) => (bits << 16n) | group, 0n)
}
