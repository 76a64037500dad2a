import type { System } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { regex } from '../tools/regex.ts'
import { defaultPage, nginxFiles } from './nginx-pages.ts'
import { escapeHtml, pathFrom, readText, typeOf } from './files.ts'
import { reasonOf, type HttpAnswer, type HttpRequest } from './http.ts'
import { type NginxConfig, type NginxLocation, type NginxRules, type NginxServer, readNginx } from './nginx-config.ts'
import { NginxFault } from './nginx-syntax.ts'
import { filled } from './log.ts'
import type { Asked, Asking, Server } from './types.ts'
import { formatDate } from '../tools/date-format.ts'

const version = '1.29.3'
const configuration = '/etc/nginx/nginx.conf'

const notice = '{%Y/%m/%d %H:%M:%S} [notice] 1#1: '
const emerg = (system: System, what: string) =>
  filled(`{%Y/%m/%d %H:%M:%S} [emerg] 1#1: ${what}\nnginx: [emerg] ${what}`, system)

/** Upstream: ngx_open_listening_sockets. */
const bindTries = 5

/** nginx: serves files, returns, redirects and passes on as its configuration says. */
export const nginx: Server = {
  name: 'nginx',
  memoryMiB: 8,
  milliCPU: 0,
  cpuMs: 0.2,
  serverHeader: `nginx/${version}`,
  stop: {
    QUIT: {
      ms: 20,
      log: `${notice}signal 3 (SIGQUIT) received, shutting down\n${notice}gracefully shutting down\n${notice}exit`,
    },
    TERM: { ms: 20, log: `${notice}signal 15 (SIGTERM) received, exiting\n${notice}exit` },
    INT: { ms: 20, log: `${notice}signal 2 (SIGINT) received, exiting\n${notice}exit` },
    HUP: { reload: true },
    USR1: { reload: true },
  },
  begin(system) {
    const { argv } = system.process
    if (argv.includes('-v') || argv.includes('-V'))
      return { ports: [], log: `nginx version: nginx/${version}`, exit: 0 }
    const at = argv.indexOf('-c')
    const file = at > 0 ? (argv[at + 1] ?? configuration) : configuration
    const tests = argv.includes('-t') || argv.includes('-T')
    try {
      const stock = file === configuration && isStock(system)
      const config = stock ? stockConfig : readNginx(system, file)
      if (tests)
        return {
          ports: [],
          log: `nginx: the configuration file ${file} syntax is ok\nnginx: configuration file ${file} test is successful`,
          exit: 0,
        }
      if (argv.includes('-s')) return signalled(system, argv[argv.indexOf('-s') + 1])
      const ports = [...new Set(config.servers.flatMap((one) => one.ports))]
      return {
        ports,
        // The runtime's own start is all that one sees of it.
        startupMs: 0,
        ...(!stock && { config: config as never }),
        ready: `${notice}using the "epoll" event method\n${notice}nginx/${version}\n${notice}OS: Linux 6.1.0-kubecosm\n${notice}start worker processes`,
      }
    } catch (thrown) {
      if (!(thrown instanceof NginxFault)) throw thrown
      const failed = tests ? `\nnginx: configuration file ${file} test failed` : ''
      return { ports: [], log: emerg(system, thrown.message) + failed, exit: 1 }
    }
  },
  taken(port, tries, system) {
    const what = isFailure(system.status('/etc/alpine-release')) ? 'Address already in use' : 'Address in use'
    const log = `${emerg(system, `bind() to 0.0.0.0:${port} failed (98: ${what})`)}\n${notice}try again to bind() after 500ms`
    return tries <= bindTries ? { log, retryMs: 500 } : { log: emerg(system, 'still could not bind()') }
  },
  http: (request, system, memory, asked) => {
    const config = (memory.config as unknown as NginxConfig | undefined) ?? stockConfig
    const server = serverFor(config, request)
    return server ? answer(config, server, request, system, asked) : page(404)
  },
  access: (request, { status, body = '' }, system) =>
    filled(
      `${request.peer} - - [{%d/%b/%Y:%H:%M:%S +0000}] "${request.method} ${request.path}${request.query} ${request.version}" ${status} ${body.length} "${request.headers['referer'] ?? '-'}" "${request.headers['user-agent'] ?? '-'}" "${request.headers['x-forwarded-for'] ?? '-'}"`,
      system,
    ),
  reload(system, memory) {
    try {
      memory.config = readNginx(system, configuration) as never
      return `${notice}signal 1 (SIGHUP) received from 1, reconfiguring\n${notice}reconfiguring`
    } catch (thrown) {
      if (!(thrown instanceof NginxFault)) throw thrown
      return emerg(system, thrown.message).split('\n')[0]!
    }
  },
}

/** Is the configuration the image's own? Then nobody need remember it. */
function isStock(system: System): boolean {
  const names = system.list('/etc/nginx/conf.d')
  if (isFailure(names) || names.length !== 1) return false
  // What an image holds is older than all that is written later.
  return [configuration, '/etc/nginx/conf.d/default.conf'].every((path) => {
    const status = system.status(path)
    return !isFailure(status) && status.mtime === 0 && status.size === nginxFiles[path]!.length
  })
}

const html = { root: ['/usr/share/nginx/html'], 'error_page 500': ['500', '502', '503', '504', '/50x.html'] }

/** What the image's own configuration comes to. */
const stockConfig: NginxConfig = {
  servers: [
    {
      ports: [80],
      names: ['localhost'],
      isDefault: false,
      rules: html,
      locations: [
        { kind: 'prefix', path: '/', rules: { ...html, index: ['index.html', 'index.htm'] } },
        { kind: 'exact', path: '/50x.html', rules: html },
      ],
    },
  ],
  upstreams: {},
}

/** `nginx -s reload` tells the server that runs. */
function signalled(system: System, what: string | undefined) {
  const signals = { reload: 'HUP', quit: 'QUIT', stop: 'TERM', reopen: 'USR1' } as const
  if (what === undefined || !Object.hasOwn(signals, what))
    return { ports: [], log: `nginx: invalid option: "-s ${what ?? ''}"`, exit: 1 }
  system.kill(1, signals[what as keyof typeof signals])
  return { ports: [], log: `${notice}signal process started`, exit: 0 }
}

function serverFor({ servers }: NginxConfig, { port, headers }: HttpRequest): NginxServer | undefined {
  const here = servers.filter(({ ports }) => ports.includes(port))
  const host = (headers['host'] ?? '').replace(/:\d+$/, '').toLowerCase()
  const named = here.find(({ names }) =>
    names.some((name) => name === host || (name.startsWith('*.') && host.endsWith(name.slice(1)))),
  )
  return named ?? here.find(({ isDefault }) => isDefault) ?? here[0]
}

function locationFor({ locations }: NginxServer, path: string): NginxLocation | undefined {
  const exact = locations.find((one) => one.kind === 'exact' && one.path === path)
  if (exact) return exact
  let best: NginxLocation | undefined
  for (const one of locations)
    if ((one.kind === 'prefix' || one.kind === 'stop') && path.startsWith(one.path))
      if (!best || one.path.length > best.path.length) best = one
  if (best?.kind === 'stop') return best
  return locations.find((one) => one.kind === 'regex' && matches(one, path)) ?? best
}

function matches({ path: pattern, insensitive }: NginxLocation, path: string): boolean {
  try {
    return regex(pattern.replace(/\\\//g, '/'), true, insensitive ?? false).exec(path) !== undefined
  } catch {
    return false
  }
}

function answer(
  config: NginxConfig,
  server: NginxServer,
  request: HttpRequest,
  system: System,
  asked: readonly Asked[] | undefined,
): HttpAnswer | Asking {
  const path = pathFrom(request.path)
  const location = locationFor(server, path)
  const rules = location?.rules ?? server.rules
  const fill = (text: string) => variables(text, request, system, path)
  if (asked) return passedBack(asked[0]!, system, request, rules)
  if (rules['deny']?.[0] === 'all') return page(403)
  const said = rules['return']
  if (said) return returned(said.map(fill), rules)
  if (rules['stub_status'])
    return text(
      200,
      'Active connections: 1 \nserver accepts handled requests\n 1 1 1 \nReading: 0 Writing: 1 Waiting: 0 \n',
    )
  const target = rules['proxy_pass']?.[0]
  if (target !== undefined) return passOn(config, fill(target), target, request, location, path, rules, fill)
  if (rules['fastcgi_pass'] || rules['uwsgi_pass'] || rules['grpc_pass']) return page(502)
  return withHeaders(rules, serve(system, server, location, rules, path, fill))
}

function returned([code, ...rest]: readonly string[], rules: NginxRules): HttpAnswer {
  const status = /^\d{3}$/.test(code ?? '') ? Number(code) : 302
  const value = /^\d{3}$/.test(code ?? '') ? rest[0] : code
  if (status >= 300 && status < 400 && value !== undefined)
    return { ...page(status), headers: { 'Content-Type': 'text/html', Location: value } }
  if (value === undefined) return status === 200 || status === 204 ? { status } : page(status)
  const type = rules['default_type']?.[0] ?? 'text/plain'
  return withHeaders(rules, { status, headers: { 'Content-Type': type }, body: value.replace(/\\n/g, '\n') })
}

function withHeaders(rules: NginxRules, answer: HttpAnswer): HttpAnswer {
  const added: Record<string, string> = {}
  for (const [key, args] of Object.entries(rules)) if (key.startsWith('add_header ')) added[args[0]!] = args[1] ?? ''
  return Object.keys(added).length > 0 ? { ...answer, headers: { ...answer.headers, ...added } } : answer
}

/** A file, an index, or what is to be tried instead. */
function serve(
  system: System,
  server: NginxServer,
  location: NginxLocation | undefined,
  rules: NginxRules,
  path: string,
  fill: (text: string) => string,
): HttpAnswer {
  const base = (rules['root'] ?? server.rules['root'] ?? ['/etc/nginx/html'])[0]!
  const alias = rules['alias']?.[0]
  const fileOf = (url: string) =>
    alias !== undefined && location ? `${alias}${url.slice(location.path.length)}` : `${base}${url}`
  const tries = rules['try_files']
  if (tries) {
    for (const one of tries.slice(0, -1)) {
      const url = fill(one)
      const status = system.status(fileOf(url.replace(/\/$/, '') || '/'))
      if (!isFailure(status) && (status.type === 'directory') === url.endsWith('/'))
        return file(system, rules, fileOf(url), url)
    }
    const last = fill(tries.at(-1)!)
    if (/^=\d{3}$/.test(last)) return errorPage(system, rules, base, Number(last.slice(1)))
    return file(system, rules, fileOf(last.split('?')[0]!), last.split('?')[0]!)
  }
  const found = file(system, rules, fileOf(path), path)
  return found.status >= 400 ? errorPage(system, rules, base, found.status) : found
}

function file(system: System, rules: NginxRules, path: string, url: string): HttpAnswer {
  const status = system.status(path.replace(/(.)\/+$/, '$1'))
  if (isFailure(status)) return page(status.errno === 'EACCES' ? 403 : 404)
  if (status.type === 'directory') {
    if (!url.endsWith('/')) return { ...page(301), headers: { 'Content-Type': 'text/html', Location: `${url}/` } }
    for (const name of rules['index'] ?? ['index.html'])
      if (!isFailure(system.status(`${path}/${name}`))) return file(system, rules, `${path}/${name}`, `${url}${name}`)
    return rules['autoindex']?.[0] === 'on' ? listing(system, path, url) : page(403)
  }
  const body = readText(system, path)
  if (typeof body !== 'string') return page(403)
  const headers = {
    'Content-Type': typeOf(path, rules['default_type']?.[0] ?? 'application/octet-stream'),
    'Last-Modified': formatDate('%a, %d %b %Y %H:%M:%S GMT', status.mtime),
    'Accept-Ranges': 'bytes',
  }
  return { status: 200, headers, body }
}

function listing(system: System, path: string, url: string): HttpAnswer {
  const names = system.list(path)
  const lines = (isFailure(names) ? [] : names).map((name) => {
    const status = system.status(`${path}/${name}`)
    const shown = !isFailure(status) && status.type === 'directory' ? `${name}/` : name
    return `<a href="${escapeHtml(shown)}">${escapeHtml(shown)}</a>\r\n`
  })
  const title = `Index of ${escapeHtml(url)}`
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<h1>${title}</h1><hr><pre><a href="../">../</a>\r\n${lines.join('')}</pre><hr></body>\r\n</html>\r\n`
  return { status: 200, headers: { 'Content-Type': 'text/html' }, body }
}

function errorPage(system: System, rules: NginxRules, base: string, status: number): HttpAnswer {
  for (const [key, args] of Object.entries(rules)) {
    if (!key.startsWith('error_page ') || !args.includes(String(status))) continue
    const body = readText(system, `${base}${args.at(-1)!}`)
    if (typeof body === 'string') return { status, headers: { 'Content-Type': 'text/html' }, body }
  }
  return page(status)
}

/** What nginx says when it has nothing else to show. */
function page(status: number): HttpAnswer {
  return { status, headers: { 'Content-Type': 'text/html' }, body: defaultPage(status, reasonOf(status), version) }
}

const text = (status: number, body: string): HttpAnswer => ({ status, headers: { 'Content-Type': 'text/plain' }, body })

function variables(
  text: string,
  { headers, query, method, peer, port }: HttpRequest,
  system: System,
  path: string,
): string {
  return text.replace(/\$\{?(\w+)\}?/g, (_all, name: string) => {
    if (name.startsWith('http_')) return headers[name.slice(5).replaceAll('_', '-')] ?? ''
    if (name.startsWith('arg_')) return new RegExp(`[?&]${name.slice(4)}=([^&]*)`).exec(query)?.[1] ?? ''
    const values: Record<string, string> = {
      uri: path,
      document_uri: path,
      request_uri: path + query,
      args: query.slice(1),
      query_string: query.slice(1),
      is_args: query ? '?' : '',
      host: (headers['host'] ?? '').replace(/:\d+$/, ''),
      http_host: headers['host'] ?? '',
      hostname: system.hostname,
      server_addr: system.addresses[0] ?? '',
      server_port: String(port),
      server_name: '',
      remote_addr: peer,
      proxy_add_x_forwarded_for: headers['x-forwarded-for'] ? `${headers['x-forwarded-for']}, ${peer}` : peer,
      request_method: method,
      scheme: 'http',
      time_local: formatDate('%d/%b/%Y:%H:%M:%S +0000', system.wall()),
      time_iso8601: formatDate('%Y-%m-%dT%H:%M:%S+00:00', system.wall()),
      nginx_version: version,
      pid: String(system.process.pid),
      request_id: String(system.below(1e9)),
    }
    return Object.hasOwn(values, name) ? values[name]! : ''
  })
}

function passOn(
  { upstreams }: NginxConfig,
  target: string,
  said: string,
  request: HttpRequest,
  location: NginxLocation | undefined,
  path: string,
  rules: NginxRules,
  fill: (text: string) => string,
): HttpAnswer | Asking {
  const match = /^(https?):\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(target)
  if (!match) return page(500)
  const [, scheme, name, port, uri] = match as unknown as [
    string,
    string,
    string,
    string | undefined,
    string | undefined,
  ]
  const backend = (Object.hasOwn(upstreams, name) && upstreams[name]![0]) || `${name}${port ? `:${port}` : ''}`
  const [host, number] = backend.split(':') as [string, string | undefined]
  // With a path of its own, it takes the place of what the location matched.
  const url =
    uri === undefined
      ? request.path + request.query
      : said.includes('$')
        ? uri
        : uri + path.slice(location?.path.length ?? 0) + request.query
  const headers: Record<string, string> = {}
  for (const [key, value] of Object.entries(request.headers))
    if (!['host', 'connection', 'content-length', 'transfer-encoding'].includes(key)) headers[key] = value
  const set = rules['proxy_set_header']
  headers['host'] = set?.[0]?.toLowerCase() === 'host' ? fill(set[1] ?? '') : port ? `${name}:${port}` : name
  const lines = Object.entries({ ...headers, connection: 'close', 'content-length': String(request.body.length) })
  const text = lines.map(([key, value]) => `${key}: ${value}\r\n`).join('')
  return {
    ask: [
      {
        host,
        port: Number(number ?? (scheme === 'https' ? 443 : 80)),
        request: `${request.method} ${url} HTTP/1.1\r\n${text}\r\n${request.body}`,
      },
    ],
  }
}

function passedBack(came: Asked, system: System, request: HttpRequest, rules: NginxRules): HttpAnswer {
  if (typeof came !== 'string') {
    const headers: Record<string, string> = {}
    for (const [key, value] of Object.entries(came.headers ?? {}))
      if (!['connection', 'content-length', 'transfer-encoding', 'server', 'date'].includes(key)) headers[key] = value
    return withHeaders(rules, { status: came.status, headers, body: came.body ?? '' })
  }
  const why =
    came === 'refused'
      ? '111: Connection refused'
      : came === 'timeout'
        ? '110: Operation timed out'
        : '113: Host is unreachable'
  system.write(
    2,
    filled(
      `{%Y/%m/%d %H:%M:%S} [error] 29#29: *1 connect() failed (${why}) while connecting to upstream, client: ${request.peer}, server: , request: "${request.method} ${request.path} ${request.version}", host: "${request.headers['host'] ?? ''}"\n`,
      system,
    ),
  )
  return page(came === 'timeout' ? 504 : 502)
}
