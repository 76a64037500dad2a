import { formatDate } from '../tools/date-format.ts'
import type { System } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { flagged } from './arguments.ts'
import { escapeHtml, pathFrom, readText, typeOf } from './files.ts'
import type { HttpAnswer, HttpRequest } from './http.ts'
import { nginx } from './nginx.ts'
import { filled, type Server } from './server.ts'
import { body, type Simple, simpleServer } from './simple.ts'

/** A line of a common log, as httpd has it. */
const commonLog = (request: HttpRequest, { status, body: text = '' }: HttpAnswer, system: System): string =>
  filled(
    `${request.peer} - - [{%d/%b/%Y:%H:%M:%S +0000}] "${request.method} ${request.path}${request.query} ${request.version}" ${status} ${text.length || '-'}`,
    system,
  )

/** Files below a directory; directories are listed where nobody has an index. */
function files(system: System, base: string, request: HttpRequest, title: string, lists = true): HttpAnswer {
  if (request.method !== 'GET' && request.method !== 'HEAD') return page(501, 'Unsupported method')
  const path = pathFrom(request.path)
  const real = `${base}${path}`.replace(/(.)\/+$/, '$1')
  const status = system.status(real)
  if (isFailure(status))
    return page(status.errno === 'EACCES' ? 403 : 404, status.errno === 'EACCES' ? 'Forbidden' : 'Not Found')
  if (status.type === 'directory') {
    if (!request.path.endsWith('/')) return { status: 301, headers: { Location: `${request.path}/` } }
    for (const name of ['index.html', 'index.htm']) {
      const text = readText(system, `${real}/${name}`)
      if (typeof text === 'string') return { status: 200, headers: { 'Content-Type': 'text/html' }, body: text }
    }
    const names = lists ? system.list(real) : { errno: 'EACCES' as const }
    if (isFailure(names)) return page(403, 'Forbidden')
    const items = names.map((name) => {
      const one = system.status(`${real}/${name}`)
      const shown = escapeHtml(!isFailure(one) && one.type === 'directory' ? `${name}/` : name)
      return `<li><a href="${shown}">${shown}</a></li>\n`
    })
    const heading = `${title} ${escapeHtml(path)}`
    return body(
      `<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${heading}</title>\n</head>\n<body>\n<h1>${heading}</h1>\n<hr>\n<ul>\n${items.join('')}</ul>\n<hr>\n</body>\n</html>\n`,
    )
  }
  const text = readText(system, real)
  if (typeof text !== 'string') return page(403, 'Forbidden')
  return { status: 200, headers: { 'Content-Type': typeOf(real, 'application/octet-stream') }, body: text }
}

const page = (status: number, what: string): HttpAnswer =>
  body(
    `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${what}</title>\n</head><body>\n<h1>${what}</h1>\n</body></html>\n`,
    status,
  )

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
  http: (request, system, { config }) =>
    files(system, (config as { directory: string }).directory, request, 'Directory listing for'),
  access: (request, { status }, system) =>
    filled(
      `${request.peer} - - [{%d/%b/%Y %H:%M:%S}] "${request.method} ${request.path}${request.query} ${request.version}" ${status} -`,
      system,
    ),
}

/** All that a request said, as the whoami servers say it. */
function whoami({ method, path, query, version, headers, peer }: HttpRequest, system: System): HttpAnswer {
  const ips = ['127.0.0.1', ...system.addresses].map((one) => `IP: ${one}\n`).join('')
  const name = system.process.env['WHOAMI_NAME']
  const lines = Object.entries(headers)
    .map(([key, value]) => `${title(key)}: ${value}\n`)
    .toSorted()
  return {
    status: 200,
    body: `${name ? `Name: ${name}\n` : ''}Hostname: ${system.hostname}\n${ips}RemoteAddr: ${peer}:40000\n${method} ${path}${query} ${version}\n${lines.join('')}\n`,
  }
}

export const title = (name: string): string => name.replace(/(^|-)[a-z]/g, (text) => text.toUpperCase())

/** echoserver's text. */
function echo(request: HttpRequest, system: System): HttpAnswer {
  const { method, path, query, version, headers, peer, port, body: text } = request
  const lines = Object.entries(headers)
    .map(([key, value]) => `\t${key}=${value}\n`)
    .toSorted()
  return {
    status: 200,
    body: `\n\nHostname: ${system.hostname}\n\nPod Information:\n\t-no pod information available-\n\nServer values:\n\tserver_version=nginx: 1.14.2 - lua: 10015\n\nRequest Information:\n\tclient_address=${peer}\n\tmethod=${method}\n\treal path=${path}${query}\n\tquery=${query.slice(1)}\n\trequest_version=${version.slice(5)}\n\trequest_scheme=http\n\trequest_uri=http://${headers['host'] ?? ''}:${port}${path}\n\nRequest Headers:\n${lines.join('')}\nRequest Body:\n${text || '\t-no body in request-'}\n\n`,
  }
}

/** httpbin's most used paths. */
function httpbin(request: HttpRequest, system: System): HttpAnswer {
  const { path, query, headers, peer, method } = request
  const shown = Object.fromEntries(Object.entries(headers).map(([key, value]) => [title(key), value]))
  const args = Object.fromEntries(
    query
      .slice(1)
      .split('&')
      .filter(Boolean)
      .map((one) => one.split('=', 2))
      .filter(([key]) => key !== '__proto__'),
  )
  const all = { args, headers: shown, origin: peer, url: `http://${headers['host'] ?? ''}${path}${query}` }
  const json = (value: unknown, status = 200) => body(`${JSON.stringify(value, undefined, 2)}\n`, status)
  const status = /^\/status\/(\d{3})$/.exec(path)
  if (status) return { status: Number(status[1]) }
  if (path === '/headers') return json({ headers: shown })
  if (path === '/ip') return json({ origin: peer })
  if (path === '/user-agent') return json({ 'user-agent': headers['user-agent'] ?? '' })
  if (path === '/uuid') return json({ uuid: `00000000-0000-4000-8000-${String(system.below(1e12)).padStart(12, '0')}` })
  if (path === '/') return body('<!DOCTYPE html>\n<html><head><title>httpbin.org</title></head></html>\n')
  if (/^\/(get|post|put|delete|patch|anything)/.test(path))
    return json(method === 'GET' ? all : { ...all, data: request.body, files: {}, form: {}, json: null })
  return page(404, 'Not Found')
}

/** podinfo: what it is, how it is, and failures on demand. */
function podinfo({ path, headers, body: sent }: HttpRequest, system: System): HttpAnswer {
  const json = (value: unknown, status = 200) => body(`${JSON.stringify(value, undefined, 2)}\n`, status)
  const { env } = system.process
  const info = {
    hostname: system.hostname,
    version: '6.9.2',
    revision: 'e86405a8674ecab990d0a389824c7ebbd82973b5',
    color: env['PODINFO_UI_COLOR'] ?? '#34577c',
    logo: 'https://raw.githubusercontent.com/stefanprodan/podinfo/gh-pages/cuddle_clap.gif',
    message: env['PODINFO_UI_MESSAGE'] ?? 'greetings from podinfo v6.9.2',
    goos: 'linux',
    goarch: 'amd64',
    runtime: 'go1.25.0',
    num_goroutine: '8',
    num_cpu: '4',
  }
  const status = /^\/status\/(\d{3})$/.exec(path)
  if (status) return json({ status: Number(status[1]) }, Number(status[1]))
  if (path === '/' || path === '/api/info') return json(info)
  if (path === '/healthz' || path === '/readyz') return json({ status: 'OK' })
  if (path === '/version') return json({ version: info.version, commit: info.revision })
  if (path === '/env') return json(Object.entries(env).map(([key, value]) => `${key}=${value}`))
  if (path === '/headers') return json(headers)
  if (path === '/echo' || path === '/api/echo') return body(sent || JSON.stringify(info))
  if (path === '/metrics')
    return body(
      '# HELP http_requests_total The total number of HTTP requests.\n# TYPE http_requests_total counter\nhttp_requests_total{status="200"} 1\n',
    )
  if (path === '/panic') return { status: 500 }
  return json({ code: 404, message: 'Not Found' }, 404)
}

const metrics = (name: string) =>
  `# HELP ${name}_build_info A metric with a constant '1' value.\n# TYPE ${name}_build_info gauge\n${name}_build_info 1\n`
const ok = 'ok'
const klog = 'I{%m%d %H:%M:%S}.000000       1 '
const logfmt = 'time={%Y-%m-%dT%H:%M:%S}.000Z level=INFO '

const table: Readonly<Record<string, Simple>> = {
  'hello-app': {
    ports: [8080],
    memoryMiB: 8,
    ready: '{%Y/%m/%d %H:%M:%S} Server listening on port {port}',
    other: (_request, system) => ({
      status: 200,
      body: `Hello, world!\nVersion: ${system.process.env['APP_VERSION'] ?? '1.0.0'}\nHostname: ${system.hostname}\n`,
    }),
    access: ({ path }, _answer, system) => filled(`{%Y/%m/%d %H:%M:%S} Serving request: ${path}`, system),
  },
  whoami: {
    ports: [80],
    memoryMiB: 6,
    startupMs: 20,
    ready: '{%Y/%m/%d %H:%M:%S} Starting up on port {port}',
    routes: { '/health': '' },
    other: whoami,
  },
  echoserver: { ports: [8080], memoryMiB: 8, ready: 'Generating self-signed cert\nStarting nginx', other: echo },
  'echo-server': { ports: [8080], memoryMiB: 8, ready: 'Echo server listening on port {port}.', other: whoami },
  httpbin: {
    ports: [80, 8080],
    memoryMiB: 45,
    startupMs: 800,
    ready: '[{%Y-%m-%d %H:%M:%S} +0000] [1] [INFO] Listening at: http://0.0.0.0:{port} (1)',
    other: httpbin,
    serverHeader: 'gunicorn/19.9.0',
  },
  podinfo: {
    ports: [9898, 9999, 9797],
    memoryMiB: 16,
    milliCPU: 2,
    startupMs: 100,
    ready:
      '{"level":"info","ts":"{%Y-%m-%dT%H:%M:%S}.000Z","caller":"podinfo/main.go:153","msg":"Starting podinfo","version":"6.9.2","port":"{port}"}',
    other: podinfo,
    stop: {
      TERM: {
        ms: 100,
        log: '{"level":"info","ts":"{%Y-%m-%dT%H:%M:%S}.000Z","caller":"signals/shutdown.go:51","msg":"Shutting down HTTP/HTTPS server"}',
      },
    },
  },
  'kubernetes-bootcamp': {
    ports: [8080],
    memoryMiB: 30,
    ready: 'Kubernetes Bootcamp App Started At: {%Y-%m-%dT%H:%M:%S}.000Z | Running On:  {host} ',
    other: (_request, system) => ({
      status: 200,
      body: `Hello Kubernetes bootcamp! | Running on: ${system.hostname} | v=1\n`,
    }),
  },
  'random-generator': {
    ports: [8080],
    memoryMiB: 180,
    startupMs: 3000,
    ready:
      '{%Y-%m-%d %H:%M:%S}.000  INFO 1 --- [main] c.e.r.RandomGeneratorApplication : Started RandomGeneratorApplication in 2.9 seconds (JVM running for 3.1)',
    routes: { '/actuator/health': '{"status":"UP"}' },
    other: (_request, system) =>
      body(
        `{"random":${system.below(2 ** 31)},"pattern":"none","version":"1.0","id":"{host}"}`.replace(
          '{host}',
          system.hostname,
        ),
      ),
    stop: { TERM: { ms: 300, code: 143 } },
  },
  'gb-frontend': {
    ports: [80],
    memoryMiB: 30,
    routes: {
      '/': '<html ng-app="redis">\n  <head>\n    <title>Guestbook</title>\n  </head>\n  <body>\n    <h2>Guestbook</h2>\n  </body>\n</html>\n',
    },
    access: commonLog,
  },
  caddy: {
    ports: [80, 2019],
    memoryMiB: 14,
    ready: '{"level":"info","ts":{%s}.0,"msg":"serving initial configuration"}',
    other: (request, system) => files(system, '/usr/share/caddy', request, '', false),
    serverHeader: 'Caddy',
  },
  haproxy: {
    ports: [80],
    memoryMiB: 20,
    refuses: (system) =>
      isFailure(system.status('/usr/local/etc/haproxy/haproxy.cfg'))
        ? {
            log: '[NOTICE]   (1) : haproxy version is 3.2.4\n[ALERT]    (1) : config : Cannot open configuration file/directory /usr/local/etc/haproxy/haproxy.cfg : No such file or directory',
            exit: 1,
          }
        : undefined,
    ready: '[NOTICE]   (1) : New worker (8) forked\n[NOTICE]   (1) : Loading success.',
    stop: { USR1: { ms: 50 }, TERM: { ms: 20, code: 143 } },
  },
  traefik: {
    ports: [80, 8080],
    memoryMiB: 40,
    milliCPU: 2,
    startupMs: 400,
    ready: '{%Y-%m-%dT%H:%M:%SZ} INF Traefik version 3.5.0 built on 2025-07-23T12:10:57Z version=3.5.0',
    routes: { '/ping': 'OK' },
    other: () => ({ status: 404, body: '404 page not found\n' }),
  },
  envoy: { ports: [10000, 9901], memoryMiB: 30, routes: { '/ready': 'LIVE\n', '/stats': '' } },
  prometheus: {
    ports: [9090],
    memoryMiB: 80,
    milliCPU: 10,
    startupMs: 900,
    log: `${logfmt}source=main.go:735 msg="Starting Prometheus Server" mode=server version="(version=3.5.0, branch=HEAD)"`,
    ready: `${logfmt}source=main.go:1288 msg="Server is ready to receive web requests."`,
    routes: {
      '/-/healthy': 'Prometheus Server is Healthy.\n',
      '/-/ready': 'Prometheus Server is Ready.\n',
      '/metrics': metrics('prometheus'),
      '/': '<a href="/query">Found</a>.\n\n',
    },
    stop: {
      TERM: {
        ms: 100,
        log: `${logfmt}source=main.go:1027 msg="Received an OS signal, exiting gracefully..." signal=terminated\n${logfmt}source=main.go:1470 msg="See you next time!"`,
      },
      HUP: { reload: true },
    },
  },
  grafana: {
    ports: [3000],
    memoryMiB: 95,
    milliCPU: 5,
    startupMs: 3000,
    log: 'logger=settings t={%Y-%m-%dT%H:%M:%S}Z level=info msg="Starting Grafana" version=12.1.1',
    ready:
      'logger=http.server t={%Y-%m-%dT%H:%M:%S}Z level=info msg="HTTP Server Listen" address=[::]:{port} protocol=http subUrl= socket=',
    routes: {
      '/api/health': '{\n  "database": "ok",\n  "version": "12.1.1"\n}',
      '/login': '<!DOCTYPE html><html><title>Grafana</title></html>',
      '/healthz': 'Ok',
      '/metrics': metrics('grafana'),
      '/': '<a href="/login">Found</a>.\n',
    },
  },
  node_exporter: {
    ports: [9100],
    memoryMiB: 12,
    ready: `${logfmt}source=node_exporter.go:216 msg="Starting node_exporter"`,
    routes: { '/metrics': metrics('node_exporter'), '/': '<html><title>Node Exporter</title></html>' },
  },
  exporter: {
    ports: [9121],
    memoryMiB: 10,
    routes: {
      '/metrics': metrics('exporter'),
      '/health': ok,
      '/healthz': ok,
      '/': '<html><title>Exporter</title></html>',
    },
  },
  'kube-state-metrics': {
    ports: [8080, 8081],
    memoryMiB: 20,
    ready: `${klog}server.go:199] "Started metrics server" metricsServerAddress="[::]:{port}"`,
    routes: { '/healthz': 'OK', '/livez': 'OK', '/readyz': 'OK', '/metrics': metrics('kube_state_metrics') },
  },
  'metrics-server': {
    ports: [10250, 4443],
    memoryMiB: 20,
    milliCPU: 4,
    startupMs: 800,
    ready: `${klog}secure_serving.go:211] Serving securely on [::]:{port}`,
    routes: { '/livez': ok, '/readyz': ok, '/healthz': ok },
  },
  coredns: {
    ports: [53, 8080, 8181, 9153],
    memoryMiB: 14,
    milliCPU: 2,
    opaque: true,
    ready: '.:53\n[INFO] plugin/reload: Running configuration SHA512 = 0\nCoreDNS-1.12.1\nlinux/amd64, go1.24.1',
    routes: { '/health': 'OK', '/ready': 'OK', '/metrics': metrics('coredns') },
    stop: {
      TERM: {
        ms: 5000,
        log: '[INFO] SIGTERM: Shutting down servers then terminating\n[INFO] plugin/health: Going into lameduck mode for 5s',
      },
    },
  },
  'kube-proxy': {
    ports: [10256, 10249],
    memoryMiB: 18,
    ready: `${klog}server_linux.go:146] "Using iptables Proxier"`,
    routes: { '/healthz': '{}', '/metrics': '' },
  },
  controller: {
    ports: [8080, 8081, 9443, 9120, 7472],
    memoryMiB: 24,
    milliCPU: 2,
    startupMs: 500,
    ready: `${klog}main.go:1] "starting controller"`,
    routes: { '/healthz': ok, '/readyz': ok, '/livez': ok, '/metrics': '' },
    other: ok,
  },
  'nginx-ingress-controller': {
    ports: [80, 443, 8443, 10254, 10246],
    memoryMiB: 90,
    milliCPU: 3,
    startupMs: 1500,
    ready: `-------------------------------------------------------------------------------\nNGINX Ingress controller\n  Release:       v1.13.2\n  Repository:    https://github.com/kubernetes/ingress-nginx\n-------------------------------------------------------------------------------\n${klog}nginx.go:319] "Starting NGINX process"`,
    routes: { '/healthz': '' },
    other: () =>
      body(
        '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
        404,
      ),
  },
  fluentd: {
    ports: [24224, 24231],
    memoryMiB: 60,
    milliCPU: 4,
    startupMs: 1500,
    opaque: true,
    log: '{%Y-%m-%d %H:%M:%S} +0000 [info]: parsing config file is succeeded path="/fluentd/etc/fluent.conf"',
    ready: '{%Y-%m-%d %H:%M:%S} +0000 [info]: #0 fluentd worker is now running worker=0',
    stop: { TERM: { ms: 300, log: '{%Y-%m-%d %H:%M:%S} +0000 [info]: Received graceful stop' } },
  },
  'fluent-bit': {
    ports: [2020],
    memoryMiB: 12,
    ready: '[{%Y/%m/%d %H:%M:%S}] [ info] [http_server] listen iface=0.0.0.0 tcp_port={port}',
  },
  registry: {
    ports: [5000],
    memoryMiB: 15,
    ready: 'time="{%Y-%m-%dT%H:%M:%SZ}" level=info msg="listening on [::]:{port}" go.version=go1.23.7',
    routes: { '/v2/': '{}', '/': '' },
    stop: { TERM: { code: 2 } },
  },
  jenkins: {
    ports: [8080, 50000],
    memoryMiB: 500,
    startupMs: 15000,
    log: 'Running from: /usr/share/jenkins/jenkins.war',
    ready:
      '{%Y-%m-%d %H:%M:%S}.000+0000 [id=24]\tINFO\thudson.lifecycle.Lifecycle#onReady: Jenkins is fully up and running',
    routes: { '/login': '<html><title>Sign in - Jenkins</title></html>' },
    other: () => body('<html>Authentication required</html>', 403),
    stop: { TERM: { ms: 1500, code: 143 } },
  },
  gitea: {
    ports: [3000, 22],
    memoryMiB: 110,
    startupMs: 2500,
    routes: { '/api/healthz': '{"status":"pass"}', '/': '<html><title>Gitea</title></html>' },
  },
  nextcloud: {
    ports: [80],
    memoryMiB: 60,
    startupMs: 3000,
    routes: { '/status.php': '{"installed":false}' },
    other: '<html><title>Nextcloud</title></html>',
  },
  catalina: {
    ports: [8080],
    memoryMiB: 120,
    startupMs: 2500,
    log: '{%d-%b-%Y %H:%M:%S}.000 INFO [main] org.apache.catalina.startup.VersionLoggerListener.log Server version name:   Apache Tomcat/11.0.10',
    ready:
      '{%d-%b-%Y %H:%M:%S}.000 INFO [main] org.apache.coyote.AbstractProtocol.start Starting ProtocolHandler ["http-nio-8080"]\n{%d-%b-%Y %H:%M:%S}.000 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [431] milliseconds',
    other: () => page(404, 'Not Found'),
    stop: { TERM: { ms: 300, code: 143 } },
  },
  chromedriver: {
    ports: [4444, 7900],
    memoryMiB: 300,
    startupMs: 3000,
    routes: { '/wd/hub/status': '{"value":{"ready":true}}', '/status': '{"value":{"ready":true}}' },
    other: ok,
  },
  jaeger: {
    ports: [16686, 4317, 4318, 14250, 14268, 14269, 9411, 5778],
    memoryMiB: 40,
    opaque: true,
    routes: { '/': ok, '/search': '<html><title>Jaeger UI</title></html>' },
  },
  'liveness-server': {
    ports: [8080],
    memoryMiB: 6,
    startupMs: 20,
    // Fine for ten seconds, then not any more: what the documentation shows a liveness probe with.
    other: (_request, system) => {
      const ms = system.now() - system.process.startedMs
      return ms < 10_000 ? { status: 200, body: ok } : { status: 500, body: `error: ${formatDate('%S', ms)}` }
    },
  },
}

/** Web servers, proxies, small applications of tutorials, and what runs a cluster. */
export const webServers: readonly Server[] = [
  nginx,
  httpd,
  apachePhp,
  hpaExample,
  httpEcho,
  pythonHttp,
  ...Object.entries(table).map(([name, one]) => simpleServer(name, one)),
]
