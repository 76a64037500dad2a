import { nginxFiles } from '../native/nginx-pages.ts'
import { account, data, type Entry, nonroot, people } from './entry.ts'
import type { Entries } from './tree.ts'

const nginxLogs: Entries = {
  '/var/log/nginx/access.log': { link: '/dev/stdout' },
  '/var/log/nginx/error.log': { link: '/dev/stderr' },
  '/var/cache/nginx': { directory: 0o755, owner: 101 },
}
const nginx = {
  on: 'debian',
  run: 'nginx -g daemon%20off;',
  script: '/docker-entrypoint.sh',
  stop: 'QUIT',
  has: '/usr/sbin/nginx=nginx curl envsubst=quick',
} as const
const nginxRoot: Entries = { ...nginxFiles, ...nginxLogs, ...people(account('nginx', 101)) }
const onPort = (port: number): Entries => ({
  ...nginxRoot,
  '/etc/nginx/conf.d/default.conf': nginxFiles['/etc/nginx/conf.d/default.conf']!.replace(
    'listen       80',
    `listen       ${port}`,
  ),
})

/** Web servers, and applications of tutorials. */
export const webImages: readonly Entry[] = [
  {
    names: 'nginxdemos/hello',
    ...nginx,
    on: 'alpine',
    sizeMiB: 8,
    files: {
      ...nginxRoot,
      '/etc/nginx/conf.d/default.conf':
        "server {\n    listen 80;\n    location / {\n        default_type text/plain;\n        return 200 'Server address: $server_addr:$server_port\\nServer name: $hostname\\nDate: $time_local\\nURI: $request_uri\\nRequest ID: $request_id\\n';\n    }\n}\n",
    },
  },
  {
    names: 'nginx-unprivileged bitnami/nginx bitnamilegacy/nginx',
    ...nginx,
    sizeMiB: 70,
    user: '101',
    files: onPort(8080),
  },
  { names: 'nginx nginx-slim', ...nginx, sizeMiB: 70, files: nginxRoot },
  {
    names: 'httpd apache',
    on: 'debian',
    sizeMiB: 56,
    run: 'httpd-foreground',
    stop: 'WINCH',
    cwd: '/usr/local/apache2',
    has: 'httpd=httpd-foreground',
    files: {
      '/usr/local/apache2/htdocs/index.html': '<html><body><h1>It works!</h1></body></html>\n',
      '/usr/local/apache2/conf/httpd.conf': 'Listen 80\nDocumentRoot "/usr/local/apache2/htdocs"\n',
    },
  },
  {
    names: 'php wordpress drupal joomla phpmyadmin',
    on: 'debian',
    sizeMiB: 180,
    run: 'apache2-foreground',
    script: '/usr/local/bin/docker-entrypoint.sh',
    stop: 'WINCH',
    cwd: '/var/www/html',
    has: 'php=unknown curl',
    files: data('/var/www/html', 33),
  },
  { names: 'hpa-example', on: 'debian', sizeMiB: 180, run: 'hpa-example', has: 'apache2-foreground=hpa-example' },
  {
    names: 'agnhost e2e-test-images/liveness',
    on: 'alpine',
    sizeMiB: 53,
    run: '/agnhost pause',
    entry: true,
    has: '/agnhost=agnhost curl dig',
  },
  { names: 'liveness', on: 'busybox', sizeMiB: 3, run: '/server', entry: true, has: '/server=liveness-server' },
  {
    names: 'pause',
    on: 'scratch',
    sizeMiB: 0.3,
    run: '/pause',
    entry: true,
    has: '/pause=pause-server',
    user: '65535:65535',
  },
  { names: 'echoserver', on: 'alpine', sizeMiB: 40, run: 'echoserver' },
  { names: 'echo-server', on: 'scratch', sizeMiB: 2, run: '/bin/echo-server', has: '/bin/echo-server=echo-server' },
  {
    names: 'http-echo',
    on: 'scratch',
    sizeMiB: 4,
    run: '/http-echo',
    entry: true,
    has: '/http-echo=http-echo',
    user: nonroot,
  },
  {
    names: 'hello-app hello-app-tls',
    on: 'distroless',
    sizeMiB: 10,
    run: '/hello-app',
    has: '/hello-app=hello-app',
    user: nonroot,
  },
  { names: 'node-hello kubernetes-bootcamp', on: 'debian', sizeMiB: 200, run: 'kubernetes-bootcamp', has: 'node curl' },
  { names: 'whoami', on: 'scratch', sizeMiB: 3, run: '/whoami', entry: true, has: '/whoami=whoami' },
  { names: 'httpbin go-httpbin', on: 'ubuntu', sizeMiB: 140, run: 'httpbin', has: 'gunicorn=httpbin' },
  {
    names: 'podinfo',
    on: 'alpine',
    sizeMiB: 22,
    run: './podinfo',
    cwd: '/home/app',
    user: '100',
    has: '/home/app/podinfo=podinfo podcli=quick curl',
  },
  { names: 'random-generator', on: 'debian', sizeMiB: 180, run: 'random-generator', has: 'java' },
  { names: 'gb-frontend', on: 'debian', sizeMiB: 120, run: 'gb-frontend', has: 'apache2-foreground=gb-frontend' },
  {
    names: 'caddy',
    on: 'alpine',
    sizeMiB: 18,
    run: 'caddy run --config /etc/caddy/Caddyfile',
    files: { '/usr/share/caddy/index.html': '<!DOCTYPE html>\n<html><title>Caddy works!</title></html>\n' },
  },
  {
    names: 'haproxy',
    on: 'debian',
    sizeMiB: 42,
    run: 'haproxy -f /usr/local/etc/haproxy/haproxy.cfg',
    script: '/usr/local/bin/docker-entrypoint.sh',
    stop: 'USR1',
    user: '99',
  },
  { names: 'traefik', on: 'alpine', sizeMiB: 50, run: 'traefik', script: '/entrypoint.sh' },
  { names: 'envoy proxyv2', on: 'ubuntu', sizeMiB: 60, run: 'envoy', entry: true },
  { names: 'socat', on: 'alpine', sizeMiB: 4, run: 'unknown', entry: true },
]
