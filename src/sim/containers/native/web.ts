import { readText } from './files.ts'
import { isFailure } from '../kernel/walk.ts'
import { applications } from './applications.ts'
import { flagged } from './arguments.ts'
import { clusterParts } from './cluster-parts.ts'
import { filled } from './log.ts'
import { nginx } from './nginx.ts'
import { body, simpleServer } from './simple.ts'
import { commonLog, files } from './static-files.ts'
import type { Server } from './types.ts'

const apacheStamp = '[{%a %b %d %H:%M:%S}.000000 {%Y}] '

const httpd: Server = {
  name: 'httpd-foreground',
  memoryMiB: 10,
  milliCPU: 1,
  cpuMs: 0.3,
  serverHeader: 'Apache/2.4.65 (Unix)',
  stop: {
    WINCH: {
      ms: 50,
      log: `${apacheStamp}[mpm_event:notice] [pid 1:tid 1] AH00492: caught SIGWINCH, shutting down gracefully`,
    },
    TERM: { ms: 50, log: `${apacheStamp}[mpm_event:notice] [pid 1:tid 1] AH00491: caught SIGTERM, shutting down` },
  },
  begin(system) {
    const conf = readText(system, '/usr/local/apache2/conf/httpd.conf')
    const text = typeof conf === 'string' ? conf : ''
    const port = Number(/^\s*Listen\s+(?:\S+:)?(\d+)/m.exec(text)?.[1] ?? 80)
    const root = /^\s*DocumentRoot\s+"?([^"\s]+)/m.exec(text)?.[1]
    const php = !isFailure(system.status('/var/www/html')) && isFailure(system.status('/usr/local/apache2/htdocs'))
    const address = system.addresses[0] ?? '127.0.0.1'
    return {
      ports: [port],
      startupMs: 100,
      config: { root: root ?? (php ? '/var/www/html' : '/usr/local/apache2/htdocs') },
      log: `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${address}. Set the 'ServerName' directive globally to suppress this message`,
      ready: `${apacheStamp}[mpm_event:notice] [pid 1:tid 1] AH00489: Apache/2.4.65 (Unix) configured -- resuming normal operations\n${apacheStamp}[core:notice] [pid 1:tid 1] AH00094: Command line: 'httpd -D FOREGROUND'`,
    }
  },
  taken: (port) => ({
    log: `(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:${port}\nno listening sockets available, shutting down\nAH00015: Unable to open logs`,
  }),
  http: (request, system, memory) => files(system, (memory.config as { root: string }).root, request, 'Index of', true),
  access: commonLog,
}

/** An index of PHP is shown as what the application would show. */
const apachePhp: Server = {
  ...httpd,
  name: 'apache2-foreground',
  memoryMiB: 40,
  cpuMs: 8,
  serverHeader: 'Apache/2.4.65 (Debian)',
  http: (request, system, memory) => {
    const found = files(system, (memory.config as { root: string }).root, request, 'Index of', false)
    return found.status === 403 || found.status === 404
      ? body('<!DOCTYPE html>\n<html><body><h1>It works!</h1></body></html>\n')
      : found
  },
}

/** hpa-example burns CPU for each request, so that an autoscaler has something to see. */
const hpaExample: Server = {
  ...apachePhp,
  name: 'hpa-example',
  cpuMs: 60,
  http: () => ({ status: 200, headers: { 'Content-Type': 'text/html; charset=UTF-8' }, body: 'OK!' }),
}

const httpEcho: Server = {
  ...simpleServer('http-echo', { ports: [5678], memoryMiB: 5, startupMs: 20 }),
  begin(system) {
    const { argv, env } = system.process
    const text = flagged(argv, ['text']) ?? env['ECHO_TEXT'] ?? 'hello-world'
    if (text === '') return { ports: [], log: 'Missing -text option!', exit: 127 }
    const port = Number(/(\d+)$/.exec(flagged(argv, ['listen']) ?? '')?.[1] ?? 5678)
    return {
      ports: [port],
      startupMs: 20,
      config: { text, status: Number(flagged(argv, ['status-code']) ?? 200) },
      ready: `{%Y/%m/%d %H:%M:%S} [INFO] server is listening on :${port}`,
    }
  },
  http({ path }, _system, { config }) {
    const { text, status } = config as { text: string; status: number }
    return path === '/health'
      ? body('{"status":"ok"}\n')
      : { status, body: `${text}\n`, headers: { 'X-App-Name': 'http-echo', 'X-App-Version': '1.0.0' } }
  },
  access: (request, { status, body: text = '' }, system) =>
    filled(
      `{%Y/%m/%d %H:%M:%S} ${request.headers['host'] ?? ''} ${request.peer}:40000 "${request.method} ${request.path} ${request.version}" ${status} ${text.length} "${request.headers['user-agent'] ?? ''}" 20.1µs`,
      system,
    ).replace('µ', 'u'),
}

/** `python -m http.server`, as Python says things. */
const pythonHttp: Server = {
  name: 'python-http',
  memoryMiB: 18,
  cpuMs: 1,
  serverHeader: 'SimpleHTTP/0.6 Python/3.13.7',
  stop: { TERM: { code: 143, ms: 10 }, INT: { code: 0, ms: 10, log: '\nKeyboard interrupt received, exiting.' } },
  begin(system) {
    const { argv } = system.process
    const at = argv.indexOf('http.server')
    const port = Number(
      argv.slice(at + 1).find((one, index, all) => /^\d+$/.test(one) && !/^-(b|d)$/.test(all[index - 1] ?? '')) ?? 8000,
    )
    const directory = flagged(argv, ['d', 'directory']) ?? system.process.cwd
    return {
      ports: [port],
      startupMs: 120,
      config: { directory },
      ready: `Serving HTTP on 0.0.0.0 port ${port} (http://0.0.0.0:${port}/) ...`,
    }
  },
  taken: () => ({ log: 'OSError: [Errno 98] Address already in use' }),
  http: (request, system, { config }) =>
    files(system, (config as { directory: string }).directory, request, 'Directory listing for'),
  access: (request, { status }, system) =>
    filled(
      `${request.peer} - - [{%d/%b/%Y %H:%M:%S}] "${request.method} ${request.path}${request.query} ${request.version}" ${status} -`,
      system,
    ),
}

/** Web servers, proxies, small applications of tutorials, and what runs a cluster. */
export const webServers: readonly Server[] = [
  nginx,
  httpd,
  apachePhp,
  hpaExample,
  httpEcho,
  pythonHttp,
  ...Object.entries({ ...applications, ...clusterParts }).map(([name, one]) => simpleServer(name, one)),
]
