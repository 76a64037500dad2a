import { encodeBase64 } from '../../../lib/base64.ts'
import { bytesOf } from './digest.ts'
import {
  authorityOf,
  exchange,
  type Exchange,
  isOutcome,
  type Outcome,
  redirected,
  requestText,
  type Target,
  targetOf,
} from './http-exchange.ts'
import { type CurlOptions, curlOptions } from './curl-options.ts'
import { readFile, writeFile } from './inputs.ts'
import { type Body, type Call, tools } from './tool.ts'

interface Curl {
  options: CurlOptions | { readonly bad: number }
  /** What is read from standard input for @-. */
  input: string
  at: number
  url?: string
  redirects: number
  tries: number
  exchange?: Exchange
  sleepUntil?: number
  code: number
}

const curl: Body = (call) => {
  const data = call.data<Curl>(() => ({
    options: curlOptions(call),
    input: '',
    at: 0,
    redirects: 0,
    tries: 0,
    code: 0,
  }))
  const { options } = data
  if ('bad' in options) return options.bad
  if (options.reads) {
    const text = call.system.read(0)
    if (text === '') return { for: 'readable', fd: 0 }
    if (typeof text === 'string') {
      data.input += text
      return 'again'
    }
  }
  while (data.at < options.urls.length) {
    if (data.sleepUntil !== undefined && call.system.now() < data.sleepUntil)
      return { for: 'time', until: data.sleepUntil }
    const url = (data.url ??= options.urls[data.at]!)
    const target = targetOf(url)
    if (!target) {
      data.code = failed(call, options, 3, `URL using bad/illegal format or missing URL`)
      data.at++
      continue
    }
    const begun = data.exchange !== undefined
    const state = (data.exchange ??= { got: '', began: call.system.now() })
    const body = bodyOf(call, options, data.input)
    const text = request(target, options, body)
    const fixed = options.resolve[`${target.host}:${target.port}`]
    if (!begun && options.verbose) tried(call, target, fixed)
    const outcome = exchange(call.system, state, { host: fixed ?? target.host, port: target.port }, text, {
      ...(options.connectMs !== undefined && { connectUntil: state.began + options.connectMs }),
      ...(options.mostMs !== undefined && { until: state.began + options.mostMs }),
    })
    if (!isOutcome(outcome)) return outcome
    delete data.exchange
    if (options.verbose && 'answer' in outcome) told(call, target, state, text, body, outcome.head)
    const location =
      'answer' in outcome &&
      outcome.answer.status >= 300 &&
      outcome.answer.status < 400 &&
      outcome.answer.headers?.['location']
    if (options.follow && location) {
      if (options.include && 'head' in outcome) call.out(`${outcome.head}\r\n\r\n`)
      if (++data.redirects > 50) return failed(call, options, 47, 'Maximum (50) redirects followed')
      data.url = redirected(target, location)
      continue
    }
    const passing =
      'failed' in outcome
        ? outcome.failed !== 'connect' || options.retryRefused
        : [408, 429, 500, 502, 503, 504].includes(outcome.answer.status)
    if (passing && data.tries < options.retries) {
      data.sleepUntil = call.system.now() + (options.retryMs ?? 1000 * 2 ** data.tries)
      data.tries++
      continue
    }
    data.code = finish(call, options, target, state, outcome)
    data.at++
    delete data.url
    data.tries = 0
  }
  return data.code
}

function bodyOf(call: Call, { data, form }: CurlOptions, input: string): string | undefined {
  if (data.length === 0) return undefined
  const part = ({ text, raw, keep }: CurlOptions['data'][number]) => {
    if (raw || !text.startsWith('@')) return text
    const read = text === '@-' ? input : (readFile(call, text.slice(1)) ?? '')
    return keep ? read : read.replace(/[\r\n]/g, '')
  }
  return data.map(part).join(form)
}

function request(target: Target, options: CurlOptions, body: string | undefined): string {
  const given = new Map(options.headers.map(([name, value]) => [name.toLowerCase(), value]))
  const user = options.user ?? target.user
  const query = options.get && body ? `${target.path.includes('?') ? '&' : '?'}${body}` : ''
  const sent = options.get ? undefined : body
  const own: [string, string][] = [
    ['Host', authorityOf(target)],
    ...(user === undefined ? [] : [['Authorization', `Basic ${encodeBase64(bytesOf(user))}`] as [string, string]]),
    ['User-Agent', options.agent],
    ['Accept', '*/*'],
    ...(sent === undefined
      ? []
      : ([
          ['Content-Length', String(sent.length)],
          ['Content-Type', options.type],
        ] as [string, string][])),
  ]
  const all = [
    ...own.filter(([name]) => !given.has(name.toLowerCase())),
    ...options.headers.filter(([, value]) => value !== ''),
  ]
  const method = options.method ?? (options.head ? 'HEAD' : sent === undefined ? 'GET' : 'POST')
  return requestText(method, target.path + query, all, sent)
}

function tried(call: Call, { host, port }: Target, fixed: string | undefined): void {
  const [address] = call.system.lookUp(fixed ?? host)
  if (address === undefined) call.err(`* Could not resolve host: ${host}\n`)
  else {
    if (address !== host) call.err(`* Host ${host}:${port} was resolved.\n* IPv6: (none)\n* IPv4: ${address}\n`)
    call.err(`*   Trying ${address}:${port}...\n`)
  }
}

function told(
  call: Call,
  { host, port }: Target,
  { address }: Exchange,
  sent: string,
  body: string | undefined,
  head: string,
): void {
  call.err(`* Connected to ${host} (${address}) port ${port}\n`)
  const lines = (mark: string, text: string) =>
    text
      .split('\r\n')
      .map((line) => `${mark} ${line}\n`)
      .join('')
  call.err(lines('>', sent.slice(0, sent.indexOf('\r\n\r\n') + 2)))
  call.err(`* ${body ? `upload completely sent off: ${body.length} bytes` : 'Request completely sent off'}\n`)
  call.err(`${lines('<', `${head}\r\n`)}* Connection #0 to host ${host} left intact\n`)
}

function failed(call: Call, { silent, showErrors }: CurlOptions, code: number, message: string): number {
  if (!silent || showErrors) call.err(`curl: (${code}) ${message}\n`)
  return code
}

function finish(call: Call, options: CurlOptions, target: Target, state: Exchange, outcome: Outcome): number {
  const milliseconds = call.system.now() - state.began
  let code = 0
  let size = 0
  if ('failed' in outcome) {
    const messages = {
      name: [6, `Could not resolve host: ${target.host}`],
      connect: [
        7,
        `Failed to connect to ${target.host} port ${target.port} after ${milliseconds} ms: Could not connect to server`,
      ],
      connectTime: [28, `Connection timed out after ${milliseconds} milliseconds`],
      time: [28, `Operation timed out after ${milliseconds} milliseconds with ${state.got.length} bytes received`],
      empty: [52, 'Empty reply from server'],
      reset: [56, 'Recv failure: Connection reset by peer'],
    } as const
    const [number, message] = messages[outcome.failed]
    code = failed(call, options, number, message)
  } else {
    const { answer, head } = outcome
    if (options.fail && answer.status >= 400)
      code = failed(call, options, 22, `The requested URL returned error: ${answer.status}`)
    if (code === 0 || options.failWithBody) {
      const body = options.head ? '' : (answer.body ?? '')
      size = body.length
      code = put(call, options, target, `${options.include || options.head ? `${head}\r\n\r\n` : ''}${body}`) || code
    }
  }
  if (options.format !== undefined) call.out(formatted(call, options.format, target, state, outcome, code, size))
  return code
}

function put(call: Call, options: CurlOptions, target: Target, text: string): number {
  const name = options.remoteName ? target.path.replace(/\?.*/, '').split('/').at(-1)! : options.output
  if (name !== undefined && name !== '-') {
    if (!options.silent) progress(call, text.length)
    return writeFile(call, name, text) ? 0 : 23
  }
  if (!options.silent && !call.system.isTerminal(1)) progress(call, text.length)
  call.out(text)
  return 0
}

function progress(call: Call, size: number): void {
  const cell = String(size).padStart(5)
  call.err('  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n')
  call.err('                                 Dload  Upload   Total   Spent    Left  Speed\n')
  call.err(`\r100 ${cell}  100 ${cell}    0     0  ${cell}      0 --:--:-- --:--:-- --:--:-- ${cell}\n`)
}

function formatted(
  call: Call,
  format: string,
  target: Target,
  state: Exchange,
  outcome: Outcome,
  code: number,
  size: number,
): string {
  const answer = 'answer' in outcome ? outcome.answer : undefined
  const seconds = ((call.system.now() - state.began) / 1000).toFixed(6)
  const status = String(answer?.status ?? 0).padStart(3, '0')
  const values: Readonly<Record<string, string>> = {
    http_code: status,
    response_code: status,
    content_type: answer?.headers?.['content-type'] ?? '',
    size_download: String(size),
    size_header: String('head' in outcome ? outcome.head.length + 4 : 0),
    remote_ip: state.address ?? '',
    remote_port: String(target.port),
    url_effective: `${target.secure ? 'https' : 'http'}://${authorityOf(target)}${target.path}`,
    redirect_url: answer?.headers?.['location'] ? redirected(target, answer.headers['location']) : '',
    num_redirects: '0',
    http_version: '1.1',
    scheme: target.secure ? 'https' : 'http',
    method: 'GET',
    exitcode: String(code),
    errormsg: '',
    speed_download: '0',
  }
  return format.replace(/%\{(\w+)\}|%%|\\([nrt])/g, (all, name: string | undefined, escape: string | undefined) => {
    if (all === '%%') return '%'
    if (escape) return { n: '\n', r: '\r', t: '\t' }[escape as 'n']
    return name!.startsWith('time_') ? seconds : Object.hasOwn(values, name!) ? values[name!]! : ''
  })
}

/** curl, over plain HTTP whatever the URL says. */
export const curlTools = tools({ curl })
