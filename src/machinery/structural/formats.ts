import { isIp, isIpv6 } from '../names.ts'

const days = (year: number, month: number) =>
  new Uint8Array([31, leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[month - 1] ?? 0
const leap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

function isDate(text: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  return parts !== null && Number(parts[3]) >= 1 && Number(parts[3]) <= days(Number(parts[1]), Number(parts[2]))
}

const time = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?(z|[+-]\d\d:\d\d)$/i
const hostname = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i
const uuid = (version: string) =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$`, 'i')
const [uuidAny, uuid3, uuid4, uuid5] = [uuid('[0-9a-f]'), uuid('3'), uuid('4'), uuid('5')]
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const goDuration = /^[+-]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))*$/
const otherDuration = /^(\d+)\s*(ns|us|µs|ms|s|m|h|d|w|(nano|micro|milli)?seconds?|minutes?|hours?|days?|weeks?)$/

function isCidr(text: string): boolean {
  const slash = text.indexOf('/')
  const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)]
  return slash > 0 && isIp(address) && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIpv6(address) ? 128 : 32)
}

/** Formats that strings are held to; a format that is not here means nothing. Upstream: kube-openapi, strfmt. */
const formats: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: (text) => /^[0-9a-f]{24}$/i.test(text),
  uri: (text) => /^[a-z][a-z0-9+.-]*:\S+$/i.test(text) || /^\/\S*$/.test(text),
  email: (text) => text.length < 500 && /^[^\s@<>]+@[^\s@<>]+$/.test(text),
  hostname: (text) => text.length < 256 && hostname.test(text),
  ipv4: (text) => isIp(text) && !isIpv6(text),
  ipv6: (text) => isIp(text) && isIpv6(text),
  cidr: isCidr,
  mac: (text) => /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$|^([0-9a-f]{4}\.){2}[0-9a-f]{4}$/i.test(text),
  uuid: (text) => uuidAny.test(text),
  uuid3: (text) => uuid3.test(text),
  uuid4: (text) => uuid4.test(text),
  uuid5: (text) => uuid5.test(text),
  hexcolor: (text) => /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.test(text),
  rgbcolor: (text) => /^rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)$/.test(text),
  byte: (text) => base64.test(text),
  date: isDate,
  duration: (text) => text === '0' || goDuration.test(text) || otherDuration.test(text),
  'date-time': (text) => isDate(text.slice(0, 10)) && /[t ]/i.test(text[10] ?? '') && time.test(text.slice(11)),
}

/** Is a string of that format? */
export function hasFormat(format: string, text: string): boolean {
  const name =
    format === 'datetime' ? 'date-time' : format.replace(/^(uuid\d?|ipv[46]|mac|cidr)$/i, (one) => one.toLowerCase())
  const test = Object.hasOwn(formats, name) ? formats[name] : undefined
  return !test || test(text)
}
