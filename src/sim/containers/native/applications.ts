import { isFailure } from '../kernel/walk.ts'
import { echo, httpbin, podinfo, whoami } from './echoes.ts'
import { filled } from './log.ts'
import { body, type Simple } from './simple.ts'
import { commonLog, files } from './static-files.ts'

/** Applications of tutorials, and proxies. */
export const applications: Readonly<Record<string, Simple>> = {
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
    grpc: [9999],
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
}
