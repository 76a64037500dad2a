import { isIpv6 } from '../../names.ts'
import { CelError, LazyMap, type Opaque } from '../values.ts'
import { overload, type Overload } from './overload.ts'

const ipType = 'net.IP'
const cidrType = 'net.CIDR'
const urlType = 'kubernetes.URL'

class Ip implements Opaque {
  readonly typeName = ipType
  readonly bits: bigint
  readonly family: 4 | 6
  constructor(bits: bigint, family: 4 | 6) {
    this.bits = bits
    this.family = family
  }
  equals(other: Opaque): boolean {
    return other instanceof Ip && other.bits === this.bits && other.family === this.family
  }
  get width(): number {
    return this.family === 4 ? 32 : 128
  }
}

class Cidr implements Opaque {
  readonly typeName = cidrType
  readonly ip: Ip
  readonly prefix: number
  constructor(ip: Ip, prefix: number) {
    this.ip = ip
    this.prefix = prefix
  }
  equals(other: Opaque): boolean {
    return other instanceof Cidr && other.prefix === this.prefix && other.ip.equals(this.ip)
  }
  contains(ip: Ip): boolean {
    const shift = BigInt(this.ip.width - this.prefix)
    return ip.family === this.ip.family && ip.bits >> shift === this.ip.bits >> shift
  }
}

function parseIp(text: string): Ip | undefined {
  if (!text.includes(':')) {
    const parts = text.split('.')
    if (parts.length !== 4 || parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255))
      return undefined
    return new Ip(BigInt(parts.reduce((total, part) => total * 256 + Number(part), 0)), 4)
  }
  if (text.length > 45 || !isIpv6(text)) return undefined
  const last = text.slice(text.lastIndexOf(':') + 1)
  let hex = text
  if (last.includes('.')) {
    const four = parseIp(last)
    if (!four) return undefined
    hex = `${text.slice(0, -last.length)}${(four.bits >> 16n).toString(16)}:${(four.bits & 0xffffn).toString(16)}`
  }
  const [head = '', tail] = hex.split('::')
  const left = head.split(':').filter(Boolean)
  const right = (tail ?? '').split(':').filter(Boolean)
  const groups =
    tail === undefined ? left : [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
  return new Ip(
    groups.reduce((total, group) => (total << 16n) | BigInt(Number.parseInt(group, 16)), 0n),
    6,
  )
}

/** As Go's netip prints an address: the longest run of zeros, of two at least, shortened. */
function ipText({ bits, family }: Ip): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 255n)).join('.')
  const groups = [...Array(8).keys()].map((index) => ((bits >> BigInt(112 - 16 * index)) & 0xffffn).toString(16))
  let best = { start: -1, length: 1 }
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (start + length < 8 && groups[start + length] === '0') length++
    if (length > best.length) best = { start, length }
  }
  if (best.start < 0) return groups.join(':')
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`
}

function requireIp(text: string): Ip {
  const ip = parseIp(text)
  if (!ip)
    throw new CelError(
      `IP Address ${JSON.stringify(text)} parse error during conversion from string: ParseAddr(${JSON.stringify(text)}): unable to parse IP`,
    )
  return ip
}

function parseCidr(text: string): Cidr | undefined {
  const slash = text.lastIndexOf('/')
  const ip = slash < 0 ? undefined : parseIp(text.slice(0, slash))
  const prefix = text.slice(slash + 1)
  if (!ip || !/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > ip.width) return undefined
  return new Cidr(ip, Number(prefix))
}

function requireCidr(text: string): Cidr {
  const cidr = parseCidr(text)
  if (!cidr)
    throw new CelError(
      `network address parse error during conversion from string: netip.ParsePrefix(${JSON.stringify(text)}): no '/'`,
    )
  return cidr
}

function masked({ ip, prefix }: Cidr): Cidr {
  const shift = BigInt(ip.width - prefix)
  return new Cidr(new Ip((ip.bits >> shift) << shift, ip.family), prefix)
}

const within = (network: string) => {
  const cidr = parseCidr(network)!
  return (ip: Ip) => cidr.contains(ip)
}
const loopback4 = within('127.0.0.0/8')
const linkLocal = [within('169.254.0.0/16'), within('fe80::/10')]
const multicast = [within('224.0.0.0/4'), within('ff00::/8')]
const linkLocalMulticast = [within('224.0.0.0/24'), within('ff02::/16')]
const isLoopback = (ip: Ip) => loopback4(ip) || (ip.family === 6 && ip.bits === 1n)
const any = (tests: readonly ((ip: Ip) => boolean)[]) => (ip: Ip) => tests.some((test) => test(ip))

class Url implements Opaque {
  readonly typeName = urlType
  readonly text: string
  readonly scheme: string
  readonly host: string
  readonly path: string
  readonly query: string
  constructor(text: string, [, scheme, host, path, query]: RegExpExecArray) {
    this.text = text
    this.scheme = scheme ?? ''
    this.host = host ?? ''
    this.path = path ?? ''
    this.query = query ?? ''
  }
  equals(other: Opaque): boolean {
    return other instanceof Url && other.text === this.text
  }
}

const urlPattern =
  /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:[^/?#@\s]*@)?(\[[0-9A-Fa-f:.]+\](?::\d*)?|[^/?#\s:]*(?::\d*)?))?([^?#\s]*)(?:\?([^#\s]*))?$/

/** Go's url.ParseRequestURI: absolute, or an absolute path. */
function parseUrl(text: string): Url | undefined {
  if (text.length > 8192) return undefined
  const parts = urlPattern.exec(text)
  if (!parts || /%(?![0-9A-Fa-f]{2})/.test(text)) return undefined
  const isAbsolute = parts[1] !== undefined && (parts[2] !== undefined || parts[3]!.startsWith('/'))
  return isAbsolute || (parts[1] === undefined && parts[2] === undefined && text.startsWith('/'))
    ? new Url(text, parts)
    : undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '))
  } catch {
    return text
  }
}

function queryOf({ query }: Url): LazyMap {
  const values = new Map<string, string[]>()
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const key = decoded(equals < 0 ? pair : pair.slice(0, equals))
    values.set(key, [...(values.get(key) ?? []), equals < 0 ? '' : decoded(pair.slice(equals + 1))])
  }
  return new LazyMap(
    () => [...values.keys()],
    (key) => values.get(key as string),
  )
}

const port = (host: string) => /:(\d*)$/.exec(host)?.[1] ?? ''

/** Kubernetes' ip, cidr and url libraries. */
export const networkFunctions: readonly Overload[] = [
  overload(`ip(string): ${ipType}`, ([text]) => requireIp(text)),
  overload('isIP(string): bool', ([text]) => parseIp(text) !== undefined),
  overload('ip.isCanonical(string): bool', ([text]) => ipText(requireIp(text)) === text),
  overload(`string(${ipType}): string`, ([ip]) => ipText(ip)),
  overload(`${ipType}.family(): int`, ([ip]) => BigInt(ip.family)),
  overload(`${ipType}.isUnspecified(): bool`, ([ip]) => ip.bits === 0n),
  overload(`${ipType}.isLoopback(): bool`, ([ip]) => isLoopback(ip)),
  overload(`${ipType}.isLinkLocalMulticast(): bool`, ([ip]) => any(linkLocalMulticast)(ip)),
  overload(`${ipType}.isLinkLocalUnicast(): bool`, ([ip]) => any(linkLocal)(ip)),
  overload(
    `${ipType}.isGlobalUnicast(): bool`,
    ([ip]) =>
      ip.bits !== 0n &&
      !isLoopback(ip) &&
      !any(multicast)(ip) &&
      !any(linkLocal)(ip) &&
      !(ip.family === 4 && ip.bits === 0xffffffffn),
  ),
  overload(`cidr(string): ${cidrType}`, ([text]) => requireCidr(text)),
  overload('isCIDR(string): bool', ([text]) => parseCidr(text) !== undefined),
  overload(`string(${cidrType}): string`, ([cidr]) => `${ipText(cidr.ip)}/${cidr.prefix}`),
  overload(`${cidrType}.containsIP(string): bool`, ([cidr, text]) => cidr.contains(requireIp(text))),
  overload(`${cidrType}.containsIP(${ipType}): bool`, ([cidr, ip]) => cidr.contains(ip)),
  overload(`${cidrType}.containsCIDR(string): bool`, ([cidr, text]) => containsCidr(cidr, requireCidr(text))),
  overload(`${cidrType}.containsCIDR(${cidrType}): bool`, ([cidr, other]) => containsCidr(cidr, other)),
  overload(`${cidrType}.ip(): ${ipType}`, ([cidr]) => cidr.ip),
  overload(`${cidrType}.masked(): ${cidrType}`, ([cidr]) => masked(cidr)),
  overload(`${cidrType}.prefixLength(): int`, ([cidr]) => BigInt(cidr.prefix)),
  overload(`url(string): ${urlType}`, ([text]) => {
    const url = parseUrl(text)
    if (!url)
      throw new CelError(
        `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
      )
    return url
  }),
  overload('isURL(string): bool', ([text]) => parseUrl(text) !== undefined),
  overload(`${urlType}.getScheme(): string`, ([url]) => url.scheme),
  overload(`${urlType}.getHost(): string`, ([url]) => url.host),
  overload(`${urlType}.getHostname(): string`, ([url]) => url.host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1')),
  overload(`${urlType}.getPort(): string`, ([url]) => port(url.host)),
  overload(`${urlType}.getEscapedPath(): string`, ([url]) => url.path),
  overload(`${urlType}.getQuery(): map(string, list(string))`, ([url]) => queryOf(url)),
]

function containsCidr(outer: Cidr, inner: Cidr): boolean {
  return outer.prefix <= inner.prefix && outer.contains(inner.ip)
}
