import { answerText, readRequest } from '../native/http.ts'
import { isFailure } from '../kernel/walk.ts'
import { errorText } from './errors.ts'
import { options } from './options.ts'
import { type Body, type Call, tools } from './tool.ts'

interface Httpd {
  bad?: number
  port: number
  home: string
  verbose: boolean
  listener?: number
  /** Connections: what has come on each. */
  open: Record<string, string>
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  txt: 'text/plain',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  xml: 'text/xml',
}

const httpd: Body = (call) => {
  const { system } = call
  const data = call.data<Httpd>(() => {
    const given = options(call, 'c:d:e:fh:ip:r:u:vm:')
    return {
      ...(!given && { bad: 1 }),
      port: Number((given?.get('p') ?? '80').split(':').at(-1)) || 80,
      home: system.resolve(given?.get('h') ?? '.'),
      verbose: given?.has('v') ?? false,
      open: {},
      ...(given && !given.has('f') && { daemon: true }),
    }
  })
  if (data.bad) return data.bad
  if (data.listener === undefined) {
    const fd = system.listen(data.port)
    if (isFailure(fd)) {
      call.say(`bind: ${errorText(fd)}`)
      return 1
    }
    data.listener = fd
    if ('daemon' in data) {
      // It goes on in the background, and who started it does not wait.
      delete data.daemon
      const pid = system.spawn(system.process.argv, {
        fds: { [fd]: fd },
        fork: { program: 'httpd', memory: { queue: [], data: { ...data } } as never },
      })
      return isFailure(pid) ? 1 : 0
    }
  }
  for (let fd = system.accept(data.listener); fd !== undefined; fd = system.accept(data.listener)) data.open[fd] = ''
  for (const key of Object.keys(data.open)) {
    const fd = Number(key)
    const text = system.read(fd)
    if (typeof text === 'string') data.open[key] += text
    const peer = system.socket(fd)?.peer
    const asked = readRequest(data.open[key]!, peer?.address ?? '', data.port)
    if (asked === undefined && typeof text === 'string') continue
    if (asked && asked !== 'bad') {
      const answer = answerOf(call, data.home, asked.request.path)
      if (data.verbose) call.err(`[::ffff:${peer?.address}]:${peer?.port}: response:${answer.status}\n`)
      system.write(fd, answerText(answer, { method: asked.request.method, wall: system.wall(), close: true }))
    }
    system.close(fd)
    delete data.open[key]
    if (!system.spend(2)) return 'again'
  }
  return {
    for: 'any',
    of: [data.listener, ...Object.keys(data.open).map(Number)].map((fd) => ({ for: 'readable', fd }) as const),
  }
}

function answerOf(call: Call, home: string, asked: string) {
  const { system } = call
  const missing = (status: number, title: string, why: string) => ({
    status,
    headers: { 'Content-Type': 'text/html' },
    body: `<HTML><HEAD><TITLE>${status} ${title}</TITLE></HEAD>\n<BODY><H1>${status} ${title}</H1>\n${why}\n</BODY></HTML>\n`,
  })
  let path = `${home}${system.resolve(`/${decoded(asked)}`)}`
  let status = system.status(path)
  if (!isFailure(status) && status.type === 'directory') {
    if (!asked.endsWith('/')) return { status: 302, headers: { Location: `${asked}/` } }
    path = `${path.replace(/\/$/, '')}/index.html`
    status = system.status(path)
  }
  const fd = isFailure(status) ? status : system.open(path, { read: true })
  if (isFailure(fd)) return missing(404, 'Not Found', 'The requested URL was not found')
  let body = ''
  for (let text = system.read(fd); typeof text === 'string' && text !== ''; text = system.read(fd)) body += text
  system.close(fd)
  const type = types[path.split('.').at(-1)!] ?? 'application/octet-stream'
  return { status: 200, headers: { 'Content-Type': type }, body }
}

const decoded = (path: string) =>
  path.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** A web server for files, as busybox has it. */
export const httpdTools = tools({ httpd })
