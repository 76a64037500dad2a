import { describe, expect, test } from 'vitest'
import { treeOf } from '../kernel/test-host.ts'
import { TestContainer } from './test-container.ts'

const statusOf = (text: string | undefined) => Number(/^HTTP\/1\.1 (\d+)/.exec(text ?? '')?.[1])
const bodyOf = (text: string | undefined) => text?.slice(text.indexOf('\r\n\r\n') + 4)
const up = (image: string, started: ConstructorParameters<typeof TestContainer>[1] = {}) =>
  new TestContainer(image, started).runFor(20_000)
const mounted = (path: string, files: Record<string, string>) => ({
  mounts: [{ path, volume: 'v', readOnly: false }],
  volumes: { v: treeOf(files) },
})

describe('what well-known images do', () => {
  test.each<[image: string, port: number, path: string, status: number, body: RegExp, log: RegExp]>([
    ['nginx', 80, '/', 200, /Welcome to nginx!/, /start worker processes/],
    ['nginx:1.27-alpine', 80, '/none', 404, /404 Not Found/, /"GET \/none HTTP\/1.1" 404/],
    ['docker.io/bitnami/nginx', 8080, '/', 200, /Welcome/, /nginx/],
    ['httpd:2.4', 80, '/', 200, /It works!/, /AH00094: Command line: 'httpd -D FOREGROUND'/],
    ['registry.k8s.io/hpa-example', 80, '/', 200, /^OK!$/, /resuming normal operations/],
    [
      'gcr.io/google-samples/hello-app:1.0',
      8080,
      '/',
      200,
      /Hello, world!\nVersion: 1.0.0\nHostname: box/,
      /Server listening on port 8080/,
    ],
    ['traefik/whoami', 80, '/x', 200, /Hostname: box\n[^]*GET \/x HTTP\/1.1/, /Starting up on port 80/],
    ['ghcr.io/stefanprodan/podinfo:6.9.2', 9898, '/healthz', 200, /"status": "OK"/, /Starting podinfo/],
    ['hashicorp/http-echo', 5678, '/', 200, /^hello-world\n$/, /listening on :5678/],
    ['registry.k8s.io/echoserver:1.10', 8080, '/a?b=c', 200, /real path=\/a\?b=c/, /Starting nginx/],
    ['kennethreitz/httpbin', 80, '/status/418', 418, /^$/, /Listening at/],
    ['prom/prometheus:v3', 9090, '/-/ready', 200, /Prometheus Server is Ready/, /ready to receive web requests/],
    ['grafana/grafana', 3000, '/api/health', 200, /"database": "ok"/, /HTTP Server Listen/],
    ['registry:2', 5000, '/v2/', 200, /{}/, /listening on/],
    ['elasticsearch:9.1.3', 9200, '/_cluster/health', 200, /"status":"green"/, /started/],
    ['example.com/shop/cart:v1', 7070, '/items', 200, /box \/items/, /the server is up/],
  ])('%s on port %i answers %s with %i', (image, port, path, status, body, log) => {
    const container = up(image)
    const answer = container.get(port, path)
    expect([statusOf(answer), bodyOf(answer)]).toEqual([status, expect.stringMatching(body)])
    expect(container.output).toMatch(log)
  })

  test.each<[image: string, signal: 'TERM' | 'QUIT' | 'INT' | 'WINCH', code: number, log: RegExp]>([
    ['nginx', 'QUIT', 0, /gracefully shutting down/],
    ['nginx', 'TERM', 0, /signal 15 \(SIGTERM\) received, exiting/],
    ['redis', 'TERM', 0, /DB saved on disk\n.*Redis is now ready to exit, bye bye/],
    ['httpd', 'WINCH', 0, /shutting down gracefully/],
    ['elasticsearch', 'TERM', 143, /started/],
    ['registry.k8s.io/pause:3.9', 'TERM', 0, /^$/],
    ['mongo', 'TERM', 0, /Received signal/],
  ])('%s ends after %s with %i', (image, signal, code, log) => {
    const container = up(image).signal(signal)
    expect(container.ended).toEqual({ code })
    expect(container.output).toMatch(log)
  })

  test.each<[image: string, log: RegExp, code: number]>([
    [
      'mysql:8.4',
      /Database is uninitialized and password option is not specified\n {4}You need to specify one of[^]*- MYSQL_ROOT_PASSWORD/,
      1,
    ],
    ['mariadb', /You need to specify one of MARIADB_ROOT_PASSWORD/, 1],
    ['postgres:17', /Error: Database is uninitialized and superuser password is not specified/, 1],
    ['haproxy', /Cannot open configuration file/, 1],
    ['hello-world', /Hello from Docker!/, 0],
    ['busybox', /^$/, 0],
  ])('%s ends by itself when nothing is said', (image, log, code) => {
    const container = up(image)
    expect(container.output).toMatch(log)
    expect(container.ended).toEqual({ code })
  })

  test('perl prints digits of pi', () => {
    const container = up('perl:5.34', { argv: ['perl', '-Mbignum=bpi', '-wle', 'print bpi(50)'] })
    expect(container.output).toBe('3.14159265358979323846264338327950288419716939937510\n')
  })

  test.each<[name: string, code: string, exit: number, output: string]>([
    ['ends as it is told', 'import sys\nsys.exit(42)', 42, ''],
    ['prints', "print('hi')", 0, 'hi\n'],
    [
      'looks at its environment',
      'import os, sys\nif os.environ.get("INDEX") == "2":\n  sys.exit(0)\nelse:\n  sys.exit(7)',
      7,
      '',
    ],
    [
      'goes on after what was taken',
      'index = int(os.environ.get("INDEX"))\nif index == 1:\n  print("one")\nprint("end")',
      0,
      'one\nend\n',
    ],
  ])('python %s', (_name, code, exit, output) => {
    const container = up('python:3', { argv: ['python3', '-c', code], env: { INDEX: '1' } })
    expect([container.ended?.code, container.output]).toEqual([exit, output])
  })
})

describe('nginx', () => {
  test('serves what is mounted', () => {
    const container = up('nginx', mounted('/usr/share/nginx/html', { '/index.html': '<p>mine</p>', '/a/b.txt': 'b' }))
    expect(bodyOf(container.get(80))).toBe('<p>mine</p>')
    expect(bodyOf(container.get(80, '/a/b.txt'))).toBe('b')
    expect(statusOf(container.get(80, '/a'))).toBe(301)
    expect(statusOf(container.get(80, '/a/'))).toBe(403)
    expect(statusOf(container.get(80, '/../etc/passwd'))).toBe(404)
  })

  const conf = (text: string) => mounted('/etc/nginx/conf.d', { '/default.conf': text })
  test.each<[name: string, conf: string, path: string, status: number, body: RegExp]>([
    ['return', 'server { listen 8080; location / { return 200 "hi $hostname\\n"; } }', '/', 200, /^hi box\n$/],
    [
      'the longest prefix',
      'server { listen 8080; location /a { return 201; } location /a/b { return 202; } }',
      '/a/b/c',
      202,
      /202 Accepted/,
    ],
    [
      'a pattern',
      'server { listen 8080; location / { return 201; } location ~ \\.php$ { return 403; } }',
      '/x.php',
      403,
      /403/,
    ],
    ['exactly', 'server { listen 8080; location = /h { return 204; } }', '/h', 204, /^$/],
    [
      'try_files',
      'server { listen 8080; root /usr/share/nginx/html; location / { try_files $uri /index.html; } }',
      '/app',
      200,
      /Welcome/,
    ],
    ['a redirect', 'server { listen 8080; return 301 https://$host$request_uri; }', '/q', 301, /301/],
    [
      'proxy_pass',
      'upstream b { server web:81; } server { listen 8080; location / { proxy_pass http://b; } }',
      '/q',
      200,
      /^from web$/,
    ],
  ])('does as its configuration says: %s', (_name, text, path, status, body) => {
    const others = { web: 'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nfrom web' }
    const container = up('nginx', { ...conf(text), others })
    const answer = container.get(8080, path)
    expect([statusOf(answer), bodyOf(answer)]).toEqual([status, expect.stringMatching(body)])
  })

  test.each([
    [
      'server { listen 80; location / { proxy_pass http://backend; } }',
      'host not found in upstream "backend" in /etc/nginx/conf.d/default.conf:1',
    ],
    ['server { lisen 80; }', 'unknown directive "lisen" in /etc/nginx/conf.d/default.conf:1'],
    ['server {\n listen 80;\n', 'unexpected end of file, expecting "}" in /etc/nginx/conf.d/default.conf:3'],
  ])('will not start with %s', (text, message) => {
    const container = up('nginx', conf(text))
    expect(container.output).toContain(`nginx: [emerg] ${message}\n`)
    expect(container.ended).toEqual({ code: 1 })
  })

  test('reads its configuration again when it is told to', () => {
    const started = conf('server { listen 80; return 200 a; }')
    const container = up('nginx', started)
    expect(bodyOf(container.get(80))).toBe('a')
    started.volumes.v.entries['default.conf'] = treeOf({ '/x': 'server { listen 80; return 200 b; }' }).entries['x']!
    expect(container.run('nginx', '-s', 'reload')).toContain('signal process started')
    expect(bodyOf(container.get(80))).toBe('b')
  })

  test('502 when nobody listens behind it', () => {
    const container = up('nginx', {
      ...conf('server { listen 80; location / { proxy_pass http://web; } }'),
      others: { web: '' },
    })
    expect(statusOf(container.get(80))).toBe(502)
    expect(container.output).toMatch(/connect\(\) failed \(111: Connection refused\) while connecting to upstream/)
  })
})

describe('databases', () => {
  test('redis keeps what it is given, and redis-cli asks it', () => {
    const container = up('redis')
    expect(container.run('redis-cli', 'ping')).toBe('PONG\n')
    expect(container.run('redis-cli', 'set', 'a', '1')).toBe('OK\n')
    expect(container.run('redis-cli', 'incr', 'a')).toBe('2\n')
    expect(container.run('redis-cli', 'rpush', 'l', 'x', 'y')).toBe('2\n')
    expect(container.run('redis-cli', 'lrange', 'l', '0', '-1')).toBe('x\ny\n')
    expect(container.run('redis-cli', 'get', 'l')).toMatch(/^WRONGTYPE/)
    expect(container.run('sh', '-c', 'echo get a | redis-cli')).toBe('2\n')
    expect(container.ask(6379, 'PING\r\n')).toBe('+PONG\r\n')
  })

  test('redis wants its password', () => {
    const container = up('redis', { argv: ['docker-entrypoint.sh', 'redis-server', '--requirepass', 'secret'] })
    expect(container.run('redis-cli', 'ping')).toBe('NOAUTH Authentication required.\n')
    expect(container.run('redis-cli', '-a', 'secret', 'ping')).toBe('PONG\n')
  })

  test('what redis holds outlasts it', () => {
    const started = mounted('/data', {})
    const first = up('redis', started)
    first.run('redis-cli', 'set', 'a', '5')
    first.signal('TERM')
    expect(up('redis', started).run('redis-cli', 'get', 'a')).toBe('5\n')
  })

  test.each<[image: string, env: Record<string, string>, command: string[], output: RegExp]>([
    ['postgres', { POSTGRES_PASSWORD: 'x' }, ['pg_isready', '-U', 'postgres'], /accepting connections/],
    ['postgres', { POSTGRES_PASSWORD: 'x' }, ['psql', '-U', 'postgres', '-tAc', 'select 1'], /^1\n$/],
    ['mysql', { MYSQL_ROOT_PASSWORD: 'x' }, ['mysqladmin', 'ping'], /mysqld is alive/],
    ['mysql', { MYSQL_ROOT_PASSWORD: 'x' }, ['mysql', '-h', '127.0.0.1', '-e', 'SELECT 1'], /^1\n1\n$/],
    ['mongo', {}, ['mongosh', '--eval', 'db.adminCommand("ping")'], /ok: 1/],
    ['rabbitmq', {}, ['rabbitmq-diagnostics', 'ping'], /Ping succeeded/],
  ])('%s is asked with its own tool', (image, env, command, output) => {
    const container = up(image, { env })
    expect(container.run(...command)).toMatch(output)
    expect(container.execEnded).toBe(0)
  })

  test('a data directory that is there is not made again', () => {
    const started = mounted('/var/lib/postgresql/data', {})
    expect(up('postgres', { ...started, env: { POSTGRES_PASSWORD: 'x' } }).output).toContain('init process complete')
    const second = up('postgres', started)
    expect(second.output).toContain('Skipping initialization')
    expect(second.ended).toBeUndefined()
  })
})

describe('what nobody knows', () => {
  test('serves what it declares, and nothing else', () => {
    const container = up('shop:1', { ports: [8080] })
    expect(statusOf(container.get(8080))).toBe(200)
    expect(container.get(80)).toBeUndefined()
    expect(container.signal('TERM').ended).toEqual({ code: 0 })
  })

  test('its scripts are interpreted, and end where its tools do', () => {
    const container = up('shop:1', { argv: ['sh', '-c', 'echo a; migrate-all up; echo b $?'], isToEnd: true })
    expect([container.output, container.ended]).toEqual(['a\nb 0\n', { code: 0 }])
  })

  test.each([
    ['an init container ends', { isToEnd: true }, { code: 0 }],
    ['a server stays', {}, undefined],
  ])('%s', (_name, started, ended) => expect(up('shop:1', started).ended).toEqual(ended))

  test('a probe of its own finds it well', () => {
    const container = up('shop:1', { ports: [8080] })
    container.run('/bin/grpc_health_probe', '-addr=:8080')
    expect(container.execEnded).toBe(0)
  })
})

describe('behaviours', () => {
  const get = 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'
  test('latency holds an answer back', () => {
    const container = up('shop:1', { annotations: { latency: '200ms' } })
    expect(container.ask(80, get, 150)).toBe('')
    expect(statusOf(container.ask(80, get, 250))).toBe(200)
  })

  test('errorRate lets requests fail, but no probes', () => {
    const container = up('shop:1', { annotations: { errorRate: '100%' } })
    expect(statusOf(container.get(80))).toBe(500)
    expect(statusOf(container.get(80, '/', 'User-Agent: kube-probe/1.36\r\n'))).toBe(200)
    const half = up('shop:1', { annotations: { errorRate: '0.5' } })
    const failed = Array.from({ length: 200 }, () => statusOf(half.get(80))).filter((one) => one === 500).length
    expect(failed).toBeGreaterThan(70)
    expect(failed).toBeLessThan(130)
  })

  test('startupSeconds and crashAfter say when it begins and ends', () => {
    const container = new TestContainer('shop:1', { annotations: { startupSeconds: '30', crashAfter: '90s' } })
    expect(container.runFor(29_000).get(80)).toBeUndefined()
    expect(statusOf(container.runFor(2000).get(80))).toBe(200)
    expect(container.runFor(60_000).ended).toEqual({ code: 1 })
  })

  test.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 200, /^box/],
    ['HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n', 502, /^cart:7070\/items: status 503\n$/],
    ['', 502, /^cart:7070\/items: refused\n$/],
  ])('calls others for each request (%j)', (answer, status, body) => {
    const container = up('shop:1', { annotations: { calls: 'cart:7070/items' }, others: { cart: answer } })
    const found = container.get(80)
    expect([statusOf(found), bodyOf(found)]).toEqual([status, expect.stringMatching(body)])
  })

  test('requests cost CPU, which is told by windows of 15 s', () => {
    const container = up('registry.k8s.io/hpa-example')
    container.runFor(10_000)
    for (let second = 0; second < 15; second++) for (let i = 0; i < 5; i++) container.ask(80, get, 200)
    expect(container.kernel.usage().milliCPU).toBeGreaterThan(250)
    expect(container.runFor(45_000).kernel.usage().milliCPU).toBeLessThan(10)
  })

  test('stress grows until it has what it was asked for', () => {
    const container = up('polinux/stress', { argv: ['stress', '--vm', '1', '--vm-bytes', '150M', '--vm-hang', '1'] })
    expect(container.kernel.usage().memoryBytes).toBeGreaterThan(150 * 1000 * 1000)
  })
})

describe('servers go on where they were', () => {
  test('in the middle of an answer', () => {
    const container = up('shop:1', { annotations: { latency: '1s' } })
    container.kernel.incoming('c', 80, { address: '10.1.0.9', port: 1 })
    container.kernel.received('c', get())
    container.runFor(500)
    const state = JSON.parse(JSON.stringify(container.kernel.state))
    expect(state).toEqual(container.kernel.state)
    expect(Object.values(state.processes as Record<string, any>)[0].memory.open).toBeDefined()
  })
})

const get = () => 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'
