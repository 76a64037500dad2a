import { decodeBase64Text, encodeBase64 } from '../../../lib/base64.ts'
import { utf8Bytes } from '../../../lib/utf8.ts'
import { hasFormat } from '../../structural/formats.ts'
import { isDns1035Label, isDns1123Label, isDns1123Subdomain, isLabelValue, isQualifiedName } from '../../names.ts'
import { CelError, Optional, type Opaque } from '../values.ts'
import { overload, type Overload } from './overload.ts'

const formatType = 'kubernetes.NamedFormat'

class NamedFormat implements Opaque {
  readonly typeName = formatType
  readonly name: string
  readonly check: (text: string) => readonly string[]
  constructor(name: string, check: (text: string) => readonly string[]) {
    this.name = name
    this.check = check
  }
  equals(other: Opaque): boolean {
    return other instanceof NamedFormat && other.name === this.name
  }
}

const byFormat = (format: string, problem: string) => (text: string) => (hasFormat(format, text) ? [] : [problem])
const prefix = (check: (text: string) => readonly string[]) => (text: string) =>
  check(text.endsWith('-') ? `${text.slice(0, -1)}a` : text)

const formats: Readonly<Record<string, (text: string) => readonly string[]>> = {
  dns1123Label: isDns1123Label,
  dns1123Subdomain: isDns1123Subdomain,
  dns1035Label: isDns1035Label,
  qualifiedName: isQualifiedName,
  dns1123LabelPrefix: prefix(isDns1123Label),
  dns1123SubdomainPrefix: prefix(isDns1123Subdomain),
  dns1035LabelPrefix: prefix(isDns1035Label),
  labelValue: isLabelValue,
  uri: byFormat('uri', 'invalid URI'),
  uuid: byFormat('uuid', 'does not match the UUID format'),
  byte: byFormat('byte', 'invalid base64'),
  date: byFormat('date', 'invalid date'),
  datetime: byFormat('date-time', 'invalid datetime'),
}

const named = (name: string) => new NamedFormat(name, formats[name]!)

/** Named formats, base64, optionals, and math. */
export const moreFunctions: readonly Overload[] = [
  overload(`format.named(string): optional(${formatType})`, ([name]) =>
    Object.hasOwn(formats, name) ? new Optional(named(name)) : Optional.none,
  ),
  ...Object.keys(formats).map((name) => overload(`format.${name}(): ${formatType}`, () => named(name))),
  overload(`${formatType}.validate(string): optional(list(string))`, ([format, text], meter) => {
    const problems = format.check(meter.text(text))
    return problems.length > 0 ? new Optional([...problems]) : Optional.none
  }),
  overload('base64.encode(bytes): string', ([bytes], meter) => {
    meter.charge(bytes.length)
    return encodeBase64(bytes)
  }),
  overload('base64.decode(string): bytes', ([text], meter) => {
    if (!hasFormat('byte', meter.text(text))) throw new CelError('illegal base64 data')
    return Uint8Array.from(utf8Bytes(decodeBase64Text(text) ?? ''))
  }),
  overload('optional.of(T): optional(T)', ([value]) => new Optional(value)),
  overload('optional.none(): optional(T)', () => Optional.none),
  overload('optional.ofNonZeroValue(T): optional(T)', ([value]) =>
    isZero(value) ? Optional.none : new Optional(value),
  ),
  overload('optional(T).hasValue(): bool', ([optional]) => optional.isPresent),
  overload('optional(T).value(): T', ([optional]) => {
    if (!optional.isPresent) throw new CelError('optional.none() dereference')
    return optional.value
  }),
  overload('optional(T).or(optional(T)): optional(T)', ([a, b]) => (a.isPresent ? a : b)),
  overload('optional(T).orValue(T): T', ([a, b]) => (a.isPresent ? a.value : b)),
]

function isZero(value: any): boolean {
  if (value === null || value === '' || value === 0 || value === 0n || value === false) return true
  return value?.length === 0 || value?.size === 0
}
