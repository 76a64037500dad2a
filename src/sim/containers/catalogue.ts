/** What a well-known image does when nothing else is asked of it. Sizes are compressed, as pulled. */
export interface ImageProgram {
  readonly sizeMiB: number
  readonly ports: readonly number[]
  readonly startupMs: number
  readonly memoryMiB: number
  readonly milliCPU: number
  readonly log: readonly string[]
  /** Environment it cannot do without: one of these, or it complains and exits. */
  readonly needs?: { readonly anyOf: readonly string[]; readonly complaint: readonly string[] }
  /** A tool or a shell: ends at once when nothing is asked of it. */
  readonly ends?: boolean
}

const server = (
  sizeMiB: number,
  port: number,
  memoryMiB: number,
  startupMs: number,
  ...log: string[]
): ImageProgram => ({
  sizeMiB,
  ports: [port],
  startupMs,
  memoryMiB,
  milliCPU: 5,
  log,
})

const tool = (sizeMiB: number): ImageProgram => ({
  sizeMiB,
  ports: [],
  startupMs: 0,
  memoryMiB: 1,
  milliCPU: 0,
  log: [],
  ends: true,
})

const mysqlNeeds = {
  anyOf: ['MYSQL_ROOT_PASSWORD', 'MYSQL_ALLOW_EMPTY_PASSWORD', 'MYSQL_RANDOM_ROOT_PASSWORD'],
  complaint: [
    '[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified',
    '    You need to specify one of the following as an environment variable:',
    '    - MYSQL_ROOT_PASSWORD',
    '    - MYSQL_ALLOW_EMPTY_PASSWORD',
    '    - MYSQL_RANDOM_ROOT_PASSWORD',
  ],
}

const postgresNeeds = {
  anyOf: ['POSTGRES_PASSWORD', 'POSTGRES_HOST_AUTH_METHOD', 'POSTGRES_PASSWORD_FILE'],
  complaint: [
    'Error: Database is uninitialized and superuser password is not specified.',
    '       You must specify POSTGRES_PASSWORD to a non-empty value for the',
    '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".',
  ],
}

/** By the last part of the image's name, without tag. */
export const catalogue: Readonly<Record<string, ImageProgram>> = {
  nginx: server(
    70,
    80,
    8,
    300,
    '/docker-entrypoint.sh: Configuration complete; ready for start up',
    'start worker processes',
  ),
  'nginx-unprivileged': server(70, 8080, 8, 300, 'start worker processes'),
  httpd: server(56, 80, 10, 350, "AH00094: Command line: 'httpd -D FOREGROUND'"),
  caddy: server(18, 80, 14, 250, 'serving initial configuration'),
  haproxy: server(42, 80, 20, 250, 'New worker forked', 'Loading success.'),
  traefik: server(45, 80, 40, 500, 'Configuration loaded without flags.'),
  'echo-server': server(30, 80, 12, 200, 'Echo server listening on port 80.'),
  'http-echo': server(4, 5678, 5, 100, 'server is listening on :5678'),
  agnhost: server(50, 8080, 10, 150, 'Started HTTP server on port 8080'),
  'hello-app': server(10, 8080, 8, 150, 'Server listening on port 8080'),
  whoami: server(3, 80, 6, 100, 'Starting up on port 80'),
  redis: server(45, 6379, 10, 300, '* Running mode=standalone, port=6379.', '* Ready to accept connections tcp'),
  valkey: server(42, 6379, 10, 300, '* Ready to accept connections tcp'),
  memcached: server(32, 11211, 6, 150),
  mongo: server(260, 27017, 170, 2500, 'Waiting for connections'),
  rabbitmq: server(100, 5672, 130, 6000, 'Server startup complete; 4 plugins started.'),
  elasticsearch: server(600, 9200, 1200, 15000, 'started'),
  mysql: { ...server(180, 3306, 380, 6000, 'mysqld: ready for connections. port: 3306'), needs: mysqlNeeds },
  mariadb: {
    ...server(120, 3306, 120, 4000, 'mariadbd: ready for connections.'),
    needs: {
      ...mysqlNeeds,
      anyOf: [
        ...mysqlNeeds.anyOf,
        'MARIADB_ROOT_PASSWORD',
        'MARIADB_ALLOW_EMPTY_ROOT_PASSWORD',
        'MARIADB_RANDOM_ROOT_PASSWORD',
      ],
    },
  },
  postgres: { ...server(155, 5432, 40, 2500, 'database system is ready to accept connections'), needs: postgresNeeds },
  grafana: server(130, 3000, 90, 3000, 'HTTP Server Listen'),
  prometheus: server(105, 9090, 80, 1500, 'Server is ready to receive web requests.'),
  registry: server(10, 5000, 15, 300, 'listening on [::]:5000'),
  pause: { sizeMiB: 1, ports: [], startupMs: 0, memoryMiB: 1, milliCPU: 0, log: [] },
  busybox: tool(2),
  alpine: tool(4),
  debian: tool(50),
  ubuntu: tool(30),
  bash: tool(7),
  curl: tool(9),
  'hello-world': {
    ...tool(1),
    log: ['Hello from Docker!', 'This message shows that your installation appears to be working correctly.'],
  },
}

/** The last part of an image's name: `docker.io/library/nginx:1.27@sha256:…` is `nginx`. */
export function programName(image: string): string {
  const withoutDigest = image.split('@')[0]!
  const last = withoutDigest.slice(withoutDigest.lastIndexOf('/') + 1)
  const colon = last.indexOf(':')
  return colon < 0 ? last : last.slice(0, colon)
}
