/** Names, label keys and values. Upstream: apimachinery/pkg/api/validate/content, util/validation. All return messages, [] when valid. */

const dns1123Label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const dns1123Subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const dns1035Label = /^[a-z]([-a-z0-9]*[a-z0-9])?$/
const wildcardSubdomain = /^\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const qualifiedNamePart = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/
const configMapKey = /^[-._a-zA-Z0-9]+$/
const envVarName = /^[ -<>-~]+$/
const httpHeaderName = /^[-A-Za-z0-9]+$/

const none: readonly string[] = []
const maxBytes = (max: number) => `must be no more than ${max} bytes`
const maxCharacters = (max: number) => `must be no more than ${max} characters`

function regexError(message: string, format: string, ...examples: string[]): string {
  if (!examples.length) return `${message} (regex used for validation is '${format}')`
  return `${message} (e.g. ${examples.map((example) => `'${example}'`).join(',  or ')}, regex used for validation is '${format}')`
}

const subdomainText = regexError(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*',
  'example.com',
)
const labelText = regexError(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  '[a-z0-9]([-a-z0-9]*[a-z0-9])?',
  'my-name',
  '123-abc',
)

/** A namespace, a container: `[a-z0-9]([-a-z0-9]*[a-z0-9])?`, at most 63. */
export function isDns1123Label(value: string): readonly string[] {
  if (value.length <= 63 && dns1123Label.test(value)) return none
  const errors: string[] = []
  if (value.length > 63) errors.push(maxBytes(63))
  if (!dns1123Label.test(value)) errors.push(dns1123Subdomain.test(value) ? 'must not contain dots' : labelText)
  return errors
}

/** Most names: labels joined by dots, at most 253. */
export function isDns1123Subdomain(value: string): readonly string[] {
  if (value.length <= 253 && dns1123Subdomain.test(value)) return none
  const errors: string[] = []
  if (value.length > 253) errors.push(maxBytes(253))
  if (!dns1123Subdomain.test(value)) errors.push(subdomainText)
  return errors
}

/** Like a DNS label, but it starts with a letter. */
export function isDns1035Label(value: string): readonly string[] {
  const errors: string[] = []
  if (value.length > 63) errors.push(maxBytes(63))
  if (!dns1035Label.test(value))
    errors.push(
      regexError(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
        '[a-z]([-a-z0-9]*[a-z0-9])?',
        'my-name',
        'abc-123',
      ),
    )
  return errors
}

/** `*.example.com`. */
export function isWildcardSubdomain(value: string): readonly string[] {
  const errors: string[] = []
  if (value.length > 253) errors.push(maxBytes(253))
  if (!wildcardSubdomain.test(value))
    errors.push(
      regexError(
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
        '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*',
        '*.example.com',
      ),
    )
  return errors
}

const namePartText = regexError(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]',
  'MyName',
  'my.name',
  '123-abc',
)

/** A label key, an annotation key, a resource name: `name` or `prefix/name`. */
export function isQualifiedName(value: string): readonly string[] {
  const slash = value.indexOf('/')
  if (slash < 0 && value.length <= 63 && qualifiedNamePart.test(value)) return none
  const errors: string[] = []
  const parts = value.split('/')
  let name: string
  if (parts.length === 1) name = parts[0]!
  else if (parts.length === 2) {
    const prefix = parts[0]!
    name = parts[1]!
    if (!prefix) errors.push('prefix part must be non-empty')
    else for (const message of isDns1123Subdomain(prefix)) errors.push(`prefix part ${message}`)
  } else
    return [
      `a valid label key ${namePartText} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  if (!name) errors.push('name part must be non-empty')
  else if (name.length > 63) errors.push(`name part ${maxBytes(63)}`)
  if (!qualifiedNamePart.test(name)) errors.push(`name part ${namePartText}`)
  return errors
}

const labelValueText = regexError(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?',
  'MyValue',
  'my_value',
  '12345',
)

/** A label's value: at most 63, may be empty. */
export function isLabelValue(value: string): readonly string[] {
  if (value.length <= 63 && labelValue.test(value)) return none
  const errors: string[] = []
  if (value.length > 63) errors.push(maxBytes(63))
  if (!labelValue.test(value)) errors.push(labelValueText)
  return errors
}

/** A key of a ConfigMap or Secret. */
export function isConfigMapKey(value: string): readonly string[] {
  const errors: string[] = []
  if (value.length > 253) errors.push(maxCharacters(253))
  if (!configMapKey.test(value))
    errors.push(
      regexError(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        '[-._a-zA-Z0-9]+',
        'key.name',
        'KEY_NAME',
        'key-name',
      ),
    )
  if (value === '.') errors.push("must not be '.'")
  else if (value === '..') errors.push("must not be '..'")
  else if (value.startsWith('..')) errors.push("must not start with '..'")
  return errors
}

/** An environment variable's name, as containers take it. */
export function isEnvVarName(value: string): readonly string[] {
  return envVarName.test(value)
    ? none
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
}

/** An HTTP header's name. */
export function isHttpHeaderName(value: string): readonly string[] {
  if (httpHeaderName.test(value)) return none
  return [
    regexError("a valid HTTP header must consist of alphanumeric characters or '-'", '[-A-Za-z0-9]+', 'X-Header-Name'),
  ]
}

/** A container port's name: an IANA service name. */
export function isPortName(value: string): readonly string[] {
  const errors: string[] = []
  if (value.length > 15) errors.push(maxCharacters(15))
  if (!/^[-a-z0-9]+$/.test(value)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  if (!/[a-z]/.test(value)) errors.push('must contain at least one letter (a-z)')
  if (value.includes('--')) errors.push('must not contain consecutive hyphens')
  if (value && (value[0] === '-' || value.endsWith('-'))) errors.push('must not begin or end with a hyphen')
  return errors
}

/** 1 to 65535. */
export function isPortNumber(port: number): readonly string[] {
  return port >= 1 && port <= 65535 ? none : ['must be between 1 and 65535, inclusive']
}

/** What RBAC and a few others want of a name: it must survive in a URL path. */
export function isPathSegmentName(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`]
  return ['/', '%'].filter((character) => name.includes(character)).map((character) => `may not contain '${character}'`)
}

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/

/** An IPv4 address, or what looks like an IPv6 one. */
export function isIp(value: string): boolean {
  return ipv4.test(value) || isIpv6(value)
}

/** A textual IPv6 address. */
export function isIpv6(value: string): boolean {
  if (!value.includes(':') || !/^[0-9a-fA-F:.]+$/.test(value)) return false
  const halves = value.split('::')
  if (halves.length > 2) return false
  const groups = value.split(':').filter(Boolean)
  if (
    groups.some(
      (group, index) => !/^[0-9a-fA-F]{1,4}$/.test(group) && !(index === groups.length - 1 && ipv4.test(group)),
    )
  )
    return false
  const count = groups.length + (groups.at(-1)?.includes('.') ? 1 : 0)
  return halves.length === 2 ? count < 8 : count === 8
}

const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** `prefix` with five random characters; `random` gives numbers in [0, 1). Upstream: storage/names. */
export function generatedName(prefix: string, random: () => number): string {
  let name = prefix.slice(0, 58)
  for (let index = 0; index < 5; index++) name += suffixAlphabet[Math.floor(random() * suffixAlphabet.length)]
  return name
}

/** Any number of characters from the alphabet of generated names. */
export function randomSuffix(length: number, random: () => number): string {
  let suffix = ''
  for (let index = 0; index < length; index++) suffix += suffixAlphabet[Math.floor(random() * suffixAlphabet.length)]
  return suffix
}
