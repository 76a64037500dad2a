import { nginxFiles } from '../native/nginx-pages.ts'
import type { Signal } from '../kernel/types.ts'
import type { Flavour } from './roots.ts'
import type { Entries } from './tree.ts'

/** A well-known image in a line. */
export interface Entry {
  /** Last parts of names, or more of them where the last alone would be somebody else's too. */
  readonly names: string
  readonly on: Flavour
  /** As pulled. */
  readonly sizeMiB: number
  /** What runs when nothing else is asked for; options given instead of arguments go to its first word. */
  readonly run?: string
  /** The first word is an argument of a script, as images of databases have it: another command takes its place. */
  readonly script?: string
  /** Arguments alone go to it, as an ENTRYPOINT takes them; otherwise all of `run` can be replaced. */
  readonly entry?: true
  /** More programs in /usr/local/bin, or where their paths say: `name`, `name=program`. */
  readonly has?: string
  readonly files?: Entries
  readonly env?: Readonly<Record<string, string>>
  readonly user?: string
  readonly cwd?: string
  readonly stop?: Signal
}

const data = (path: string, owner: number): Entries => ({ [path]: { directory: 0o755, owner } })
const account = (name: string, id: number, home = '/nonexistent'): string =>
  `${name}:x:${id}:${id}:${name}:${home}:/bin/sh\n`
const people = (...more: string[]): Entries => ({
  '/etc/passwd': `root:x:0:0:root:/root:/bin/sh\n${more.join('')}nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n`,
})
const nonroot = '65532:65532'

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

/** The catalogue. The first line that has a name wins. */
export const catalogue: readonly Entry[] = [
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
    names: 'redis redis-stack-server redismod',
    on: 'debian',
    sizeMiB: 45,
    run: 'redis-server',
    script: '/usr/local/bin/docker-entrypoint.sh',
    cwd: '/data',
    has: 'redis-cli redis-sentinel=redis-server gosu',
    files: { ...data('/data', 999), ...people(account('redis', 999)) },
  },
  {
    names: 'valkey',
    on: 'debian',
    sizeMiB: 42,
    run: 'redis-server',
    script: '/usr/local/bin/docker-entrypoint.sh',
    cwd: '/data',
    has: 'valkey-server=redis-server valkey-cli',
    files: data('/data', 999),
  },
  { names: 'gb-redis-follower', on: 'debian', sizeMiB: 45, run: 'redis-server', entry: true, has: 'redis-cli' },
  {
    names: 'postgres postgresql postgis timescaledb',
    on: 'debian',
    sizeMiB: 155,
    run: 'postgres',
    script: '/usr/local/bin/docker-entrypoint.sh',
    stop: 'INT',
    env: { PGDATA: '/var/lib/postgresql/data', PG_MAJOR: '17' },
    has: 'psql pg_isready gosu pg_dump=quick createdb=quick',
    files: {
      ...data('/var/lib/postgresql/data', 999),
      ...data('/docker-entrypoint-initdb.d', 0),
      ...people(account('postgres', 999, '/var/lib/postgresql')),
    },
  },
  {
    names: 'mysql mysql-server percona',
    on: 'debian',
    sizeMiB: 230,
    run: 'mysqld',
    script: '/usr/local/bin/docker-entrypoint.sh',
    has: 'mysql mysqladmin mysqldump=quick gosu',
    files: { ...data('/var/lib/mysql', 999), ...people(account('mysql', 999, '/var/lib/mysql')) },
  },
  {
    names: 'mariadb',
    on: 'ubuntu',
    sizeMiB: 105,
    run: 'mariadbd',
    script: '/usr/local/bin/docker-entrypoint.sh',
    has: 'mysqld=mariadbd mariadb mysql mariadb-admin mysqladmin healthcheck.sh=mariadb-admin gosu',
    files: { ...data('/var/lib/mysql', 999), ...people(account('mysql', 999, '/var/lib/mysql')) },
  },
  {
    names: 'mongo mongodb',
    on: 'ubuntu',
    sizeMiB: 290,
    run: 'mongod',
    script: '/usr/local/bin/docker-entrypoint.sh',
    has: 'mongosh mongo gosu',
    files: data('/data/db', 999),
  },
  { names: 'mongo-express', on: 'alpine', sizeMiB: 60, run: 'node' },
  {
    names: 'memcached',
    on: 'debian',
    sizeMiB: 32,
    run: 'memcached',
    script: '/usr/local/bin/docker-entrypoint.sh',
    user: '11211',
  },
  {
    names: 'rabbitmq',
    on: 'ubuntu',
    sizeMiB: 100,
    run: 'rabbitmq-server',
    script: '/usr/local/bin/docker-entrypoint.sh',
    has: 'rabbitmqctl rabbitmq-diagnostics rabbitmq-plugins=quick gosu',
    files: data('/var/lib/rabbitmq', 999),
  },
  {
    names: 'elasticsearch opensearch elasticsearch-oss',
    on: 'ubuntu',
    sizeMiB: 650,
    run: 'elasticsearch',
    script: '/usr/local/bin/docker-entrypoint.sh',
    user: '1000',
    cwd: '/usr/share/elasticsearch',
    has: 'curl',
  },
  { names: 'kibana logstash', on: 'ubuntu', sizeMiB: 500, run: 'controller', entry: true, user: '1000' },
  {
    names: 'cassandra',
    on: 'ubuntu',
    sizeMiB: 170,
    run: 'cassandra',
    script: '/usr/local/bin/docker-entrypoint.sh',
    has: 'nodetool=quick cqlsh=quick',
  },
  {
    names: 'zookeeper kubernetes-zookeeper',
    on: 'debian',
    sizeMiB: 110,
    run: 'zookeeper',
    script: '/docker-entrypoint.sh',
    has: 'start-zookeeper=zookeeper zookeeper-ready=quick zkServer.sh=quick',
  },
  { names: 'kafka cp-kafka kafka-native', on: 'alpine', sizeMiB: 190, run: 'kafka', entry: true },
  { names: 'nats nats-streaming', on: 'scratch', sizeMiB: 8, run: 'nats-server', entry: true },
  { names: 'etcd', on: 'distroless', sizeMiB: 24, run: 'etcd', has: 'etcdctl=quick' },
  { names: 'consul', on: 'alpine', sizeMiB: 60, run: 'consul', script: '/usr/local/bin/docker-entrypoint.sh' },
  { names: 'vault', on: 'alpine', sizeMiB: 160, run: 'vault', entry: true },
  { names: 'minio', on: 'distroless', sizeMiB: 60, run: 'minio', script: '/usr/bin/docker-entrypoint.sh' },
  { names: 'influxdb', on: 'debian', sizeMiB: 110, run: 'influxd', script: '/entrypoint.sh' },

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

  {
    names: 'prometheus',
    on: 'busybox',
    sizeMiB: 110,
    run: '/bin/prometheus --config.file=/etc/prometheus/prometheus.yml',
    entry: true,
    has: '/bin/prometheus=prometheus /bin/promtool=quick',
    user: '65534',
    cwd: '/prometheus',
    files: data('/prometheus', 65534),
  },
  {
    names: 'alertmanager pushgateway blackbox-exporter',
    on: 'busybox',
    sizeMiB: 30,
    run: '/bin/exporter',
    entry: true,
    has: '/bin/exporter=exporter',
    user: '65534',
  },
  {
    names: 'grafana grafana-oss',
    on: 'alpine',
    sizeMiB: 190,
    run: '/run.sh',
    entry: true,
    has: '/run.sh=grafana curl',
    user: '472',
    cwd: '/usr/share/grafana',
    files: data('/var/lib/grafana', 472),
  },
  { names: 'loki tempo mimir', on: 'distroless', sizeMiB: 30, run: 'controller', entry: true },
  {
    names: 'node-exporter',
    on: 'busybox',
    sizeMiB: 12,
    run: '/bin/node_exporter',
    entry: true,
    has: '/bin/node_exporter=node_exporter',
    user: '65534',
  },
  {
    names:
      'redis_exporter nginx-exporter mysqld-exporter postgres-exporter rabbitmq-exporter nginx-prometheus-exporter',
    on: 'scratch',
    sizeMiB: 8,
    run: '/exporter',
    entry: true,
    has: '/exporter=exporter',
    user: '59000',
  },
  {
    names: 'kube-state-metrics',
    on: 'distroless',
    sizeMiB: 17,
    run: '/kube-state-metrics',
    entry: true,
    has: '/kube-state-metrics=kube-state-metrics',
    user: '65534',
  },
  {
    names: 'metrics-server',
    on: 'distroless',
    sizeMiB: 20,
    run: '/metrics-server',
    entry: true,
    has: '/metrics-server=metrics-server',
    user: '65534',
  },
  {
    names: 'coredns',
    on: 'distroless',
    sizeMiB: 20,
    run: '/coredns',
    entry: true,
    has: '/coredns=coredns',
    user: nonroot,
  },
  { names: 'kube-proxy', on: 'distroless', sizeMiB: 30, run: '/usr/local/bin/kube-proxy' },
  {
    names: 'ingress-nginx/controller',
    on: 'alpine',
    sizeMiB: 110,
    run: '/nginx-ingress-controller',
    script: '/usr/bin/dumb-init',
    has: '/nginx-ingress-controller=nginx-ingress-controller /wait-shutdown=quick',
    user: '101',
  },
  {
    names: 'kube-webhook-certgen',
    on: 'distroless',
    sizeMiB: 22,
    run: '/kube-webhook-certgen',
    entry: true,
    has: '/kube-webhook-certgen=quick',
    user: '65532',
  },
  {
    names:
      'cert-manager-controller cert-manager-webhook cert-manager-cainjector local-path-provisioner cluster-autoscaler external-dns sealed-secrets-controller argocd argo-rollouts metallb/controller metallb/speaker',
    on: 'debian',
    sizeMiB: 40,
    run: '/controller',
    entry: true,
    has: '/controller=controller local-path-provisioner=controller argocd-application-controller=controller argocd-server=controller argocd-repo-server=controller',
  },
  { names: 'fluentd fluentd-elasticsearch', on: 'debian', sizeMiB: 45, run: 'fluentd', script: '/bin/entrypoint.sh' },
  {
    names: 'fluent-bit',
    on: 'distroless',
    sizeMiB: 30,
    run: '/fluent-bit/bin/fluent-bit',
    has: '/fluent-bit/bin/fluent-bit=fluent-bit',
  },
  {
    names: 'registry',
    on: 'alpine',
    sizeMiB: 20,
    run: 'registry serve /etc/distribution/config.yml',
    script: '/entrypoint.sh',
  },
  { names: 'jenkins', on: 'debian', sizeMiB: 270, run: 'jenkins', entry: true, user: '1000' },
  { names: 'gitea', on: 'alpine', sizeMiB: 70, run: 'gitea' },
  { names: 'nextcloud', on: 'debian', sizeMiB: 450, run: 'nextcloud', script: '/entrypoint.sh' },
  {
    names: 'tomcat',
    on: 'ubuntu',
    sizeMiB: 180,
    run: 'catalina.sh run',
    cwd: '/usr/local/tomcat',
    has: 'catalina.sh=catalina java',
  },
  { names: 'standalone-chrome standalone-firefox selenium/hub', on: 'ubuntu', sizeMiB: 600, run: 'chromedriver' },
  { names: 'all-in-one jaeger', on: 'scratch', sizeMiB: 30, run: '/jaeger', entry: true, has: '/jaeger=jaeger' },

  {
    names: 'stress stress-ng cuda-vector-add-stress resource-consumer',
    on: 'alpine',
    sizeMiB: 4,
    run: '/stress',
    has: '/stress=stress stress stress-ng=stress consume-mem=stress',
  },
  { names: 'perl', on: 'debian', sizeMiB: 330, run: 'perl -de0', has: 'perl curl' },
  {
    names: 'python pypy',
    on: 'debian',
    sizeMiB: 380,
    run: 'python3',
    has: 'python python3 pip=quick pip3=quick curl wget gunicorn=unknown uvicorn=unknown flask=unknown',
  },
  {
    names: 'node',
    on: 'debian',
    sizeMiB: 390,
    run: 'node',
    has: 'node=unknown npm=unknown yarn=unknown npx=quick curl wget',
  },
  {
    names:
      'golang rust gcc ruby openjdk eclipse-temurin amazoncorretto maven gradle dotnet/sdk dotnet/aspnet dotnet/runtime',
    on: 'debian',
    sizeMiB: 280,
    run: 'bash',
    has: 'go=unknown cargo=quick java=unknown ruby=unknown bundle=quick dotnet=unknown mvn=quick gradle=quick curl wget git=quick',
  },
  {
    names: 'bash',
    on: 'alpine',
    sizeMiB: 7,
    run: 'bash',
    script: '/usr/local/bin/docker-entrypoint.sh',
    has: 'bash=sh',
  },
  { names: 'curl', on: 'alpine', sizeMiB: 9, run: 'curl', script: '/entrypoint.sh', user: '100', has: 'curl' },
  {
    names: 'netshoot dnsutils jessie-dnsutils tiny-tools network-multitool nettools',
    on: 'alpine',
    sizeMiB: 200,
    run: 'sh',
    has: 'bash=sh curl dig host ip ss netstat nslookup jq',
  },
  { names: 'kubectl', on: 'distroless', sizeMiB: 25, run: 'kubectl', entry: true, has: 'kubectl=quick' },
  { names: 'git', on: 'alpine', sizeMiB: 15, run: 'git', entry: true, has: 'git=quick' },
  { names: 'hello-world', on: 'scratch', sizeMiB: 0.01, run: '/hello', has: '/hello=hello' },
  { names: 'busybox', on: 'busybox', sizeMiB: 2.1, run: 'sh' },
  { names: 'alpine', on: 'alpine', sizeMiB: 3.6, run: '/bin/sh' },
  { names: 'ubuntu', on: 'ubuntu', sizeMiB: 29, run: '/bin/bash' },
  {
    names: 'debian fedora centos rockylinux almalinux amazonlinux opensuse ubi ubi-minimal ubi8 ubi9',
    on: 'debian',
    sizeMiB: 48,
    run: 'bash',
    has: 'yum=quick dnf=quick curl',
  },
  {
    names: 'distroless/static distroless/base distroless/cc distroless/static-debian12',
    on: 'distroless',
    sizeMiB: 1,
    user: nonroot,
  },
]
