import type { System } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { flagged } from './arguments.ts'
import { redisServer } from './redis.ts'
import type { Server } from './types.ts'
import { type Simple, simpleServer } from './simple.ts'

/* What databases and queues do when they start, are refused, are asked, and stop. */

/** Are there no files yet where it keeps its data? A file is left there, so that the next one finds some. */
function isNew(system: System, directory: string, mark: string): boolean {
  const had = !isFailure(system.status(`${directory}/${mark}`))
  if (had) return false
  system.makeDirectory(directory, 0o700)
  const fd = system.open(`${directory}/${mark}`, { write: true, create: true }, 0o600)
  if (!isFailure(fd)) system.close(fd)
  return true
}

const has = ({ process: { env } }: System, names: readonly string[]): boolean => names.some((name) => env[name])

const pgStamp = '{%Y-%m-%d %H:%M:%S}.000 UTC '
const pgLog = (...lines: string[]) => lines.map((line) => `${pgStamp}[1] LOG:  ${line}`).join('\n')
const pgShutdown = (how: string) =>
  pgLog(
    `received ${how} shutdown request`,
    'aborting any active transactions',
    'shutting down',
    'checkpoint starting: shutdown immediate',
    'database system is shut down',
  )
const pgData = ({ process: { env } }: System) => env['PGDATA'] ?? '/var/lib/postgresql/data'

/** PostgreSQL, with what its image's entrypoint does before. */
const postgres: Server = {
  ...simpleServer('postgres', { ports: [5432], memoryMiB: 40, milliCPU: 2, opaque: true }),
  stop: {
    TERM: { ms: 100, log: pgShutdown('smart') },
    INT: { ms: 100, log: pgShutdown('fast') },
    QUIT: { ms: 20, code: 2, log: pgLog('received immediate shutdown request') },
    HUP: { reload: true },
  },
  reload: () => pgLog('received SIGHUP, reloading configuration files'),
  begin(system) {
    const directory = pgData(system)
    const found = system.list(directory)
    const names = isFailure(found) ? [] : found
    const fresh = !names.includes('PG_VERSION')
    if (
      fresh &&
      !has(system, ['POSTGRES_PASSWORD', 'POSTGRES_PASSWORD_FILE']) &&
      system.process.env['POSTGRES_HOST_AUTH_METHOD'] !== 'trust'
    )
      return { ports: [], startupMs: 40, log: postgresComplaint, exit: 1 }
    if (fresh && names.includes('lost+found'))
      return {
        ports: [],
        startupMs: 300,
        log: `initdb: error: directory "${directory}" exists but is not empty\ninitdb: detail: It contains a lost+found directory, perhaps due to it being a mount point.\ninitdb: hint: Using a mount point directly as the data directory is not recommended.\nCreate a subdirectory under the mount point.`,
        exit: 1,
      }
    isNew(system, directory, 'PG_VERSION')
    const port = Number(flagged(system.process.argv, ['p', 'port']) ?? 5432)
    const init = fresh
      ? `The files belonging to this database system will be owned by user "postgres".\nfixing permissions on existing directory ${directory} ... ok\ncreating subdirectories ... ok\nrunning bootstrap script ... ok\nPostgreSQL init process complete; ready for start up.\n`
      : '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n'
    return {
      ports: [port],
      startupMs: fresh ? 2500 : 400,
      log: init,
      ready: pgLog(
        'starting PostgreSQL 17.6 (Debian 17.6-1.pgdg12+1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14+deb12u1) 12.2.0, 64-bit',
        `listening on IPv4 address "0.0.0.0", port ${port}`,
        'listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432"',
        'database system is ready to accept connections',
      ),
    }
  },
}

const postgresComplaint = `Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html
`

const note = '{%Y-%m-%d %H:%M:%S+00:00} '

/** MySQL and MariaDB differ in words. */
function mysqlServer(name: 'mysqld' | 'mariadbd'): Server {
  const maria = name === 'mariadbd'
  const words = maria ? ['MariaDB', '1:11.8.3+maria~ubu2404'] : ['MySQL', '8.4.6-1.el9']
  const says = (what: string) => `${note}[Note] [Entrypoint]: ${what}`
  const asked = [
    'MYSQL_ROOT_PASSWORD',
    'MYSQL_ALLOW_EMPTY_PASSWORD',
    'MYSQL_RANDOM_ROOT_PASSWORD',
    'MYSQL_ROOT_PASSWORD_FILE',
  ]
  const own = [
    'MARIADB_ROOT_PASSWORD',
    'MARIADB_ROOT_PASSWORD_HASH',
    'MARIADB_ALLOW_EMPTY_ROOT_PASSWORD',
    'MARIADB_RANDOM_ROOT_PASSWORD',
  ]
  const complaint = maria
    ? `\tYou need to specify one of ${own.slice(0, -1).join(', ')} and ${own.at(-1)}`
    : `    You need to specify one of the following as an environment variable:\n${asked
        .slice(0, 3)
        .map((one) => `    - ${one}`)
        .join('\n')}`
  const line = (what: string) =>
    maria ? `{%Y-%m-%d %H:%M:%S} 0 [Note] ${what}` : `{%Y-%m-%dT%H:%M:%S}.000000Z 0 [System] ${what}`
  return {
    ...simpleServer(name, {
      ports: [3306],
      memoryMiB: maria ? 110 : 380,
      milliCPU: 4,
      opaque: true,
      greeting: `J\0\0\0\n${maria ? '11.8.3-MariaDB' : '8.4.6'}\0`,
    }),
    stop: {
      TERM: {
        ms: 600,
        log: maria
          ? `${line('mariadbd (initiated by: unknown): Normal shutdown')}\n${line('mariadbd: Shutdown complete')}`
          : `${line('[MY-013172] [Server] Received SHUTDOWN from user <via user signal>. Shutting down mysqld (Version: 8.4.6).')}\n${line('[MY-010910] [Server] /usr/sbin/mysqld: Shutdown complete (mysqld 8.4.6)  MySQL Community Server - GPL.')}`,
      },
    },
    begin(system) {
      const directory = flagged(system.process.argv, ['datadir']) ?? '/var/lib/mysql'
      const fresh = isFailure(system.status(`${directory}/mysql`))
      const hello = says(`Entrypoint script for ${words[0]} Server ${words[1]} started.`)
      if (fresh && !has(system, [...asked, ...(maria ? [...own, 'MARIADB_ROOT_PASSWORD_FILE'] : [])]))
        return {
          ports: [],
          startupMs: 150,
          log: `${hello}\n${note}[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n${complaint}`,
          exit: 1,
        }
      if (fresh && !maria && system.process.env['MYSQL_USER'] === 'root')
        return {
          ports: [],
          startupMs: 150,
          log: `${hello}\n${note}[ERROR] [Entrypoint]: MYSQL_USER="root", MYSQL_USER and MYSQL_PASSWORD are for configuring a regular user and cannot be used for the root user\n    Remove MYSQL_USER="root" and use one of the following to control the root user password:\n    - MYSQL_ROOT_PASSWORD\n    - MYSQL_ALLOW_EMPTY_PASSWORD\n    - MYSQL_RANDOM_ROOT_PASSWORD`,
          exit: 1,
        }
      system.makeDirectory(directory)
      system.makeDirectory(`${directory}/mysql`)
      const init = fresh
        ? `\n${says('Initializing database files')}\n${says('Database files initialized')}\n${says(`${words[0]} init process done. Ready for start up.`)}`
        : ''
      return {
        ports: [Number(flagged(system.process.argv, ['port', 'P']) ?? 3306)],
        startupMs: (fresh ? 6000 : 1200) * (maria ? 0.6 : 1),
        log: hello + init,
        ready: maria
          ? `${line('mariadbd: ready for connections.')}\nVersion: '11.8.3-MariaDB-ubu2404'  socket: '/run/mysqld/mysqld.sock'  port: 3306  mariadb.org binary distribution`
          : line(
              "[MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '8.4.6'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306  MySQL Community Server - GPL.",
            ),
      }
    },
  }
}

const mongoLine = (id: number, c: string, msg: string) =>
  `{"t":{"$date":"{%Y-%m-%dT%H:%M:%S}.000+00:00"},"s":"I",  "c":"${c}",  "id":${id},   "ctx":"initandlisten","msg":"${msg}"}`

const table: Readonly<Record<string, Simple>> = {
  mongod: {
    ports: [27017],
    memoryMiB: 170,
    milliCPU: 6,
    startupMs: 1500,
    opaque: true,
    log: mongoLine(4615611, 'CONTROL', 'MongoDB starting'),
    ready: `${mongoLine(23015, 'NETWORK', 'Listening on')}\n${mongoLine(23016, 'NETWORK', 'Waiting for connections')}`,
    stop: {
      TERM: { ms: 200, log: mongoLine(23377, 'CONTROL', 'Received signal').replace('initandlisten', 'SignalHandler') },
    },
  },
  memcached: { ports: [11211], memoryMiB: 4, startupMs: 20, opaque: true },
  'rabbitmq-server': {
    ports: [5672, 15672],
    memoryMiB: 130,
    milliCPU: 10,
    startupMs: 5000,
    opaque: true,
    log: '{%Y-%m-%d %H:%M:%S}.000000+00:00 [info] <0.254.0>  Starting RabbitMQ 4.1.4 on Erlang 27.3.4',
    ready:
      '{%Y-%m-%d %H:%M:%S}.000000+00:00 [info] <0.254.0> started TCP listener on [::]:5672\n{%Y-%m-%d %H:%M:%S}.000000+00:00 [info] <0.254.0> Server startup complete; 4 plugins started.',
    stop: {
      TERM: {
        ms: 800,
        log: '{%Y-%m-%d %H:%M:%S}.000000+00:00 [info] <0.254.0> Received a SIGTERM, will shut down gracefully',
      },
    },
  },
  elasticsearch: {
    ports: [9200, 9300],
    memoryMiB: 1100,
    milliCPU: 15,
    startupMs: 12000,
    log: '{"@timestamp":"{%Y-%m-%dT%H:%M:%S}.000Z", "log.level": "INFO", "message":"version[9.1.3], pid[1], JVM[OpenJDK 64-Bit Server VM]"}',
    ready: '{"@timestamp":"{%Y-%m-%dT%H:%M:%S}.000Z", "log.level": "INFO", "message":"started"}',
    routes: {
      '/': '{"name":"{host}","cluster_name":"docker-cluster","version":{"number":"9.1.3"},"tagline":"You Know, for Search"}\n',
      '/_cluster/health': '{"cluster_name":"docker-cluster","status":"green","timed_out":false,"number_of_nodes":1}\n',
      '/_cat/health': '1700000000 00:00:00 docker-cluster green 1 1 0 0 0 0 0 - 100.0%\n',
    },
    stop: { TERM: { ms: 1500, code: 143 } },
  },
  cassandra: {
    ports: [9042, 7000, 7001, 7199, 9160],
    memoryMiB: 900,
    milliCPU: 20,
    startupMs: 15000,
    opaque: true,
    log: 'INFO  [main] {%Y-%m-%d %H:%M:%S} YamlConfigurationLoader.java:89 - Configuration location: file:/etc/cassandra/cassandra.yaml',
    ready:
      'INFO  [main] {%Y-%m-%d %H:%M:%S} Server.java:156 - Starting listening for CQL clients on /0.0.0.0:9042 (unencrypted)...',
    stop: { TERM: { ms: 1500, code: 143 } },
  },
  zookeeper: {
    ports: [2181, 2888, 3888, 8080],
    memoryMiB: 90,
    startupMs: 1500,
    opaque: true,
    ready:
      '{%Y-%m-%d %H:%M:%S},000 [myid:1] - INFO  [main:NIOServerCnxnFactory@660] - binding to port 0.0.0.0/0.0.0.0:{port}',
    stop: { TERM: { ms: 200, code: 143 } },
  },
  kafka: {
    ports: [9092, 9093],
    memoryMiB: 350,
    milliCPU: 15,
    startupMs: 4000,
    opaque: true,
    ready:
      '[{%Y-%m-%d %H:%M:%S},000] INFO [KafkaRaftServer nodeId=1] Kafka Server started (kafka.server.KafkaRaftServer)',
    stop: { TERM: { ms: 1200, code: 143 } },
  },
  'nats-server': {
    ports: [4222, 8222],
    memoryMiB: 12,
    opaque: true,
    greeting: 'INFO {"server_id":"KUBECOSM","version":"2.11.8","max_payload":1048576}\r\n',
    ready:
      '[1] {%Y/%m/%d %H:%M:%S} [INF] Listening for client connections on 0.0.0.0:{port}\n[1] {%Y/%m/%d %H:%M:%S} [INF] Server is ready',
    routes: { '/healthz': '{"status":"ok"}', '/varz': '{}' },
  },
  etcd: {
    ports: [2379, 2380],
    grpc: true,
    memoryMiB: 30,
    milliCPU: 8,
    startupMs: 600,
    ready:
      '{"level":"info","ts":"{%Y-%m-%dT%H:%M:%S}.000000Z","caller":"embed/serve.go:187","msg":"serving client traffic insecurely; this is strongly discouraged!","address":"[::]:{port}"}',
    routes: {
      '/health': '{"health":"true","reason":""}',
      '/version': '{"etcdserver":"3.6.4","etcdcluster":"3.6.0"}',
      '/metrics': '',
    },
  },
  consul: {
    ports: [8500, 8600, 8300, 8301, 8302],
    memoryMiB: 60,
    milliCPU: 8,
    startupMs: 800,
    ready: '==> Starting Consul agent...\n==> Log data will now stream in as it occurs:',
    routes: { '/v1/status/leader': '"127.0.0.1:8300"', '/': '<html><title>Consul by HashiCorp</title></html>\n' },
  },
  minio: {
    ports: [9000, 9001],
    memoryMiB: 90,
    startupMs: 500,
    ready: 'MinIO Object Storage Server\nAPI: http://127.0.0.1:9000\nWebUI: http://127.0.0.1:9001',
    routes: { '/minio/health/live': '', '/minio/health/ready': '', '/': '<html><title>MinIO</title></html>\n' },
  },
  vault: {
    ports: [8200],
    memoryMiB: 80,
    ready: '==> Vault server started! Log data will stream in below:',
    routes: { '/v1/sys/health': '{"initialized":true,"sealed":false,"standby":false}' },
  },
  influxd: { ports: [8086], memoryMiB: 80, startupMs: 900, routes: { '/health': '{"status":"pass"}', '/ping': '' } },
  pulsar: { ports: [6650, 8080], memoryMiB: 600, startupMs: 9000, opaque: true },
}

/** Databases, caches and queues. */
export const stores: readonly Server[] = [
  redisServer,
  postgres,
  mysqlServer('mysqld'),
  mysqlServer('mariadbd'),
  ...Object.entries(table).map(([name, one]) => simpleServer(name, one)),
]
