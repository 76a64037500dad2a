import { encodeBase64 } from '../../../lib/base64.ts'
import { reasonOf } from '../native/http.ts'
import type { Errno } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { bytesOf } from './digest.ts'
import { errorText } from './errors.ts'
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
import { readFile, writeFile } from './inputs.ts'
import { options } from './options.ts'
import { type Body, type Call, tools } from './tool.ts'

interface Wget {
  bad?: number
  urls: string[]
  at: number
  redirects: number
  exchange?: Exchange
  code: number
  settings: {
    quiet: boolean
    show: boolean
    spider: boolean
    output?: string
    directory: string
    agent: string
    headers: [string, string][]
    body?: string
    timeoutMs: number
    tries: number
  }
}

const long = {
  quiet: 'q',
  'output-document': 'O',
  'server-response': 'S',
  timeout: 'T',
  'user-agent': 'U',
  tries: 't',
  'no-verbose': 'q',
  'directory-prefix': 'P',
  'no-check-certificate': 'k',
  continue: 'c',
  spider: '1',
  header: '2',
  'post-data': '3',
  'post-file': '4',
  method: '5',
  'body-data': '3',
  'connect-timeout': 'T',
  'read-timeout': 'T',
  'dns-timeout': 'T',
  waitretry: '6',
  'retry-connrefused': 'k',
  'max-redirect': '6',
}

function begin(call: Call): Wget {
  const given = options(
    call,
    'cqSO:o:P:U:T:t:Y:kn:12:3:4:5:6:',
    long,
    call.args.map((arg) => (arg === '-nv' ? '-q' : arg)),
  )
  const file = given?.get('4')
  const body = given?.get('3') ?? (file === undefined ? undefined : readFile(call, file))
  return {
    ...(!given && { bad: 1 }),
    ...(given?.rest.length === 0 && {
      bad: call.usage('[-qS] [--spider] [-O FILE] [--header STR] [--post-data STR] URL...'),
    }),
    urls: given?.rest ?? [],
    at: 0,
    redirects: 0,
    code: 0,
    settings: {
      quiet: given?.has('q') ?? false,
      show: given?.has('S') ?? false,
      spider: given?.has('1') ?? false,
      ...(given?.has('O') && { output: given.get('O')! }),
      directory: given?.get('P') ?? '',
      agent: given?.get('U') ?? 'Wget',
      headers: (given?.all('2') ?? []).map((text) => {
        const [name = '', ...value] = text.split(':')
        return [name.trim(), value.join(':').trim()]
      }),
      ...(body !== undefined && { body }),
      timeoutMs: (Number(given?.get('T')) || 900) * 1000,
      tries: Number(given?.get('t') ?? 1) || 1,
    },
  }
}

const wget: Body = (call) => {
  const data = call.data(() => begin(call))
  if (data.bad) return data.bad
  const { settings } = data
  while (data.at < data.urls.length) {
    const target = targetOf(data.urls[data.at]!)
    if (!target) {
      call.say(`not an http or ftp url: ${data.urls[data.at]}`)
      return 1
    }
    const asked = data.exchange === undefined
    const state = (data.exchange ??= { got: '', began: call.system.now() })
    if (asked) connecting(call, settings.quiet, target)
    const outcome = exchange(call.system, state, target, request(target, settings), {
      until: state.began + settings.timeoutMs,
    })
    if (!isOutcome(outcome)) return outcome
    delete data.exchange
    const again = finish(call, data, target, state, outcome)
    if (again === undefined) data.at++
    else if (again !== 'again') return again
  }
  return data.code
}

function connecting(call: Call, quiet: boolean, { host, port }: Target): void {
  const address = call.system.lookUp(host)[0]
  if (!quiet && address !== undefined) call.err(`Connecting to ${host} (${address}:${port})\n`)
}

function request(target: Target, { headers, body, agent, spider }: Wget['settings']): string {
  const given = new Set(headers.map(([name]) => name.toLowerCase()))
  const own: [string, string][] = [
    ['Host', authorityOf(target)],
    ['User-Agent', agent],
    ...(target.user === undefined
      ? []
      : [['Authorization', `Basic ${encodeBase64(bytesOf(target.user))}`] as [string, string]]),
    ['Connection', 'close'],
    ...(body === undefined
      ? []
      : ([
          ['Content-Type', 'application/x-www-form-urlencoded'],
          ['Content-Length', String(body.length)],
        ] as [string, string][])),
  ]
  const all = [...own.filter(([name]) => !given.has(name.toLowerCase())), ...headers]
  return requestText(spider ? 'HEAD' : body === undefined ? 'GET' : 'POST', target.path, all, body)
}

/** A number ends it all, 'again' asks again, undefined goes on with the next URL. */
function finish(
  call: Call,
  data: Wget,
  target: Target,
  state: Exchange,
  outcome: Outcome,
): number | 'again' | undefined {
  const { settings } = data
  if ('failed' in outcome) {
    const errno = outcome.errno as Errno | undefined
    if (outcome.failed === 'name') call.say(`bad address '${authorityOf(target)}'`)
    else if (outcome.failed === 'connect')
      call.say(`can't connect to remote host (${state.address}): ${errorText({ errno: errno! })}`)
    else if (outcome.failed === 'empty') call.say('error getting response')
    else if (outcome.failed === 'reset') call.say(`error getting response: ${errorText({ errno: errno! })}`)
    else call.say('download timed out')
    return 1
  }
  const { answer, head } = outcome
  if (settings.show) for (const line of head.split('\r\n')) call.err(`  ${line}\n`)
  const location = answer.headers?.['location']
  if (answer.status >= 300 && answer.status < 400 && location !== undefined) {
    if (++data.redirects > 5) {
      call.say('too many redirections')
      return 1
    }
    data.urls[data.at] = redirected(target, location)
    return 'again'
  }
  if (answer.status >= 400) {
    call.say(`server returned error: HTTP/1.1 ${answer.status} ${reasonOf(answer.status)}`)
    return 1
  }
  if (settings.spider) {
    if (!settings.quiet) call.err('remote file exists\n')
    return undefined
  }
  return save(call, settings, target, answer.body ?? '')
}

function save(
  call: Call,
  { output, quiet, directory }: Wget['settings'],
  target: Target,
  body: string,
): number | undefined {
  const last = target.path.replace(/\?.*/, '').split('/').at(-1)!
  const path = output ?? `${directory && `${directory}/`}${last || 'index.html'}`
  if (path === '-') {
    if (!quiet) call.err('writing to stdout\n')
    call.out(body)
  } else {
    if (output === undefined && !isFailure(call.system.status(path))) {
      call.say(`can't open '${path}': File exists`)
      return 1
    }
    if (!quiet) call.err(`saving to '${path}'\n`)
    if (!writeFile(call, path, body)) return 1
  }
  if (!quiet) {
    const size = body.length < 100_000 ? String(body.length) : `${(body.length / 1024).toFixed(1)}k`
    call.err(
      `${path.split('/').at(-1)!.slice(0, 20).padEnd(20)} 100% |${'*'.repeat(32)}| ${size.padStart(5)}  0:00:00 ETA\n`,
    )
    call.err(path === '-' ? 'written to stdout\n' : `'${path}' saved\n`)
  }
  return undefined
}

/** wget, as busybox has it. */
export const wgetTools = tools({ wget })
