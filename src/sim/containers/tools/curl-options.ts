import type { Call } from './tool.ts'

/** What a command line of curl asks for: plain data. */
export interface CurlOptions {
  urls: string[]
  method?: string
  headers: [string, string][]
  data: { text: string; raw?: true; keep?: true }[]
  /** What stands between the parts of the body. */
  form: string
  type: string
  reads: boolean
  silent: boolean
  showErrors: boolean
  fail: boolean
  failWithBody: boolean
  include: boolean
  head: boolean
  verbose: boolean
  follow: boolean
  get: boolean
  output?: string
  remoteName: boolean
  format?: string
  user?: string
  agent: string
  connectMs?: number
  mostMs?: number
  retries: number
  retryMs?: number
  retryRefused: boolean
  /** `host:port` → address. */
  resolve: Record<string, string>
}

type Set = (options: CurlOptions, value: string) => void
const ms = (value: string) => Math.round(Number(value) * 1000) || 0
const body =
  (more: { raw?: true; keep?: true } = {}, type?: string): Set =>
  (options, value) => {
    options.data.push({ text: value, ...more })
    if (type !== undefined) {
      options.type = type
      options.form = ''
    }
    if (value === '@-' && !more.raw) options.reads = true
  }

/** By their long name; those whose function has a second parameter take a value. */
const known: Readonly<Record<string, Set>> = {
  request: (options, value) => (options.method = value),
  header: (options, value) => {
    const colon = value.search(/[:;]/)
    if (colon > 0) options.headers.push([value.slice(0, colon), value.slice(colon + 1).trim()])
  },
  data: body(),
  'data-ascii': body(),
  'data-raw': body({ raw: true }),
  'data-binary': body({ keep: true }),
  'data-urlencode': (options, value) => {
    const [name, rest] = value.includes('=')
      ? [value.slice(0, value.indexOf('=') + 1), value.slice(value.indexOf('=') + 1)]
      : ['', value]
    options.data.push({ text: name + encodeURIComponent(rest), raw: true })
  },
  json: (options, value) => {
    body({ keep: true }, 'application/json')(options, value)
    options.headers.push(['Accept', 'application/json'])
  },
  form: body({ raw: true }),
  silent: (options) => (options.silent = true),
  'show-error': (options) => (options.showErrors = true),
  fail: (options) => (options.fail = true),
  'fail-with-body': (options) => (options.fail = options.failWithBody = true),
  include: (options) => (options.include = true),
  head: (options) => (options.head = true),
  verbose: (options) => (options.verbose = true),
  location: (options) => (options.follow = true),
  get: (options) => (options.get = true),
  output: (options, value) => (options.output = value),
  'remote-name': (options) => (options.remoteName = true),
  'write-out': (options, value) => (options.format = value),
  user: (options, value) => (options.user = value),
  'user-agent': (options, value) => (options.agent = value),
  cookie: (options, value) => options.headers.push(['Cookie', value]),
  referer: (options, value) => options.headers.push(['Referer', value]),
  'connect-timeout': (options, value) => (options.connectMs = ms(value)),
  'max-time': (options, value) => (options.mostMs = ms(value)),
  retry: (options, value) => (options.retries = Number(value) || 0),
  'retry-delay': (options, value) => (options.retryMs = ms(value)),
  'retry-connrefused': (options) => (options.retryRefused = true),
  'retry-all-errors': (options) => (options.retryRefused = true),
  url: (options, value) => options.urls.push(value),
  'oauth2-bearer': (options, value) => options.headers.push(['Authorization', `Bearer ${value}`]),
  resolve: (options, value) => {
    const match = /^\+?([^:]+):(\d+):(.+)$/.exec(value)
    if (match) options.resolve[`${match[1]}:${match[2]}`] = match[3]!
  },
}

/** Known, and without effect here; these take a value. */
const ignored = new Set(
  'cacert cert key retry-max-time interface limit-rate max-redirs proxy noproxy unix-socket cookie-jar range tls-max ciphers keepalive-time dns-servers'.split(
    ' ',
  ),
)
const plain = new Set(
  'insecure compressed http1.0 http1.1 http2 ipv4 ipv6 no-buffer globoff no-progress-meter progress-bar tlsv1.2 tlsv1.3 http2-prior-knowledge create-dirs path-as-is parallel no-keepalive'.split(
    ' ',
  ),
)
const short: Readonly<Record<string, string>> = {
  X: 'request',
  H: 'header',
  d: 'data',
  F: 'form',
  s: 'silent',
  S: 'show-error',
  f: 'fail',
  i: 'include',
  I: 'head',
  v: 'verbose',
  L: 'location',
  G: 'get',
  o: 'output',
  O: 'remote-name',
  w: 'write-out',
  u: 'user',
  A: 'user-agent',
  b: 'cookie',
  e: 'referer',
  m: 'max-time',
  k: 'insecure',
  N: 'no-buffer',
  g: 'globoff',
  '4': 'ipv4',
  '6': 'ipv6',
  '0': 'http1.0',
  '#': 'progress-bar',
  E: 'cert',
  x: 'proxy',
  c: 'cookie-jar',
  r: 'range',
}

const takesValue = (name: string) => ignored.has(name) || (Object.hasOwn(known, name) && known[name]!.length > 1)

/** Reads curl's arguments; what cannot be read is said. */
export function curlOptions(call: Call): CurlOptions | { readonly bad: number } {
  const options: CurlOptions = {
    urls: [],
    headers: [],
    data: [],
    form: '&',
    type: 'application/x-www-form-urlencoded',
    reads: false,
    silent: false,
    showErrors: false,
    fail: false,
    failWithBody: false,
    include: false,
    head: false,
    verbose: false,
    follow: false,
    get: false,
    remoteName: false,
    agent: 'curl/8.14.1',
    retries: 0,
    retryRefused: false,
    resolve: {},
  }
  const help = "curl: try 'curl --help' or 'curl --manual' for more information\n"
  const wrong = (message: string) => {
    call.err(`curl: ${message}\n${help}`)
    return { bad: 2 }
  }
  const { args } = call
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!
    if (!arg.startsWith('-') || arg === '-') {
      options.urls.push(arg)
      continue
    }
    const names = arg.startsWith('--') ? [arg.slice(2)] : [...arg.slice(1)]
    for (const [index, letter] of names.entries()) {
      if (letter === 'version' || letter === 'V') {
        call.out('curl 8.14.1 (x86_64-pc-linux-gnu) libcurl/8.14.1\nProtocols: http https\nFeatures: IPv6\n')
        return { bad: 0 }
      }
      const name = arg.startsWith('--') ? letter : (short[letter] ?? '')
      if (takesValue(name)) {
        const rest = arg.startsWith('--') ? '' : arg.slice(index + 2)
        const value = rest || args[++at]
        if (value === undefined) return wrong(`option ${arg}: requires parameter`)
        if (Object.hasOwn(known, name)) known[name]!(options, value)
        break
      }
      if (Object.hasOwn(known, name)) known[name]!(options, '')
      else if (!plain.has(name)) return wrong(`option ${arg}: is unknown`)
    }
  }
  return options.urls.length > 0 ? options : wrong('(2) no URL specified')
}
