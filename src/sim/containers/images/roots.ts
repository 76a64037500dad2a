import type { DirectoryNode } from '../kernel/types.ts'
import { type Entries, treeWith } from './tree.ts'

/** What an image is built on. */
export type Flavour = 'busybox' | 'alpine' | 'debian' | 'ubuntu' | 'scratch' | 'distroless' | 'unknown'

/** Tools that busybox does not have. */
const notBusybox = new Set(
  'bash busybox curl dig dumb-init gawk getent gosu host jq mawk pause ss stdbuf su-exec tini'.split(' '),
)
/** Tools that Debian's own image does not have, which people miss in it. */
const notDebian = new Set(
  (
    'busybox curl dig dumb-init fuser gawk gosu hd host hexdump httpd ifconfig ip jq killall less nc netstat nslookup pause ' +
    'pgrep ping pkill ps ss strings su-exec telnet tini top traceroute uptime usleep vi watch wget xxd free pidof arping sysctl ' +
    'unzip route ipcalc'
  ).split(' '),
)

const people = {
  root: 'root:x:0:0:root:/root:/bin/sh',
  daemon: 'daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin',
  wwwData: 'www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin',
  nobody: 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
}

const common: Entries = {
  '/tmp': { directory: 0o1777 },
  '/root': { directory: 0o700 },
  '/home': { directory: 0o755 },
  '/etc/nsswitch.conf': 'hosts: files dns\n',
  '/var/tmp': { directory: 0o1777 },
  '/var/log': { directory: 0o755 },
  '/var/lib': { directory: 0o755 },
  '/var/cache': { directory: 0o755 },
  '/run': { directory: 0o755 },
  '/opt': { directory: 0o755 },
  '/mnt': { directory: 0o755 },
  '/srv': { directory: 0o755 },
  '/sys': { directory: 0o555 },
  '/usr/local/bin': { directory: 0o755 },
  '/usr/local/sbin': { directory: 0o755 },
  '/var/run': { link: '/run' },
}

const accounts = (...more: string[]): Entries => ({
  '/etc/passwd': `${[people.root, people.daemon, ...more, people.nobody].join('\n')}\n`,
  '/etc/group': `root:x:0:\ndaemon:x:1:\n${more.map((one) => `${one.split(':')[0]}:x:${one.split(':')[3]}:\n`).join('')}nobody:x:65534:\n`,
})

const osRelease = (name: string, id: string, version: string, codename = ''): string =>
  `PRETTY_NAME="${name} ${version}${codename && ` (${codename})`}"\nNAME="${name}"\nVERSION_ID="${version}"\nID=${id}\n`

function commands(names: Iterable<string>, directory: string, program?: string): Entries {
  return Object.fromEntries([...names].map((name) => [`${directory}/${name}`, { program: program ?? name }]))
}

function build(flavour: Flavour, tools: readonly string[]): DirectoryNode {
  const busybox = tools.filter((name) => !notBusybox.has(name))
  switch (flavour) {
    case 'scratch':
      return treeWith(undefined, {})
    case 'distroless':
      return treeWith(undefined, {
        ...accounts('nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin'),
        '/tmp': { directory: 0o1777 },
        '/home/nonroot': { directory: 0o700, owner: 65532 },
        '/etc/os-release': osRelease('Distroless', 'debian', '12'),
        '/etc/ssl/certs/ca-certificates.crt': '',
      })
    case 'busybox':
      return treeWith(undefined, {
        ...common,
        ...accounts(people.wwwData),
        ...commands(['sh', 'ash', 'busybox', ...busybox], '/bin', 'busybox'),
      })
    case 'alpine':
    case 'unknown':
      return treeWith(undefined, {
        ...common,
        ...accounts(people.wwwData, 'guest:x:405:100:guest:/dev/null:/sbin/nologin'),
        '/etc/os-release': osRelease('Alpine Linux', 'alpine', '3.22.1'),
        '/etc/alpine-release': '3.22.1\n',
        '/etc/ssl/certs/ca-certificates.crt': '',
        ...commands(['sh', 'ash', 'busybox', ...busybox], '/bin', 'busybox'),
        ...commands(
          ['env', 'awk', 'printf', 'test', '[', 'cut', 'sort', 'head', 'tail', 'wget', 'nc'],
          '/usr/bin',
          'busybox',
        ),
        ...(flavour === 'alpine'
          ? { '/sbin/apk': { program: 'quick' } }
          : {
              ...otherPeoples,
              ...commands(
                tools.filter((name) => more.has(name)),
                '/usr/bin',
              ),
            }),
      })
    case 'debian':
    case 'ubuntu':
      return treeWith(undefined, {
        ...common,
        ...accounts(people.wwwData),
        '/etc/os-release':
          flavour === 'debian'
            ? osRelease('Debian GNU/Linux', 'debian', '12', 'bookworm')
            : osRelease('Ubuntu', 'ubuntu', '24.04'),
        ...(flavour === 'debian' && { '/etc/debian_version': '12.11\n' }),
        '/etc/ssl/certs/ca-certificates.crt': '',
        ...commands(
          tools.filter((name) => !notDebian.has(name)),
          '/usr/bin',
        ),
        '/bin': { link: '/usr/bin' },
        '/usr/bin/sh': { program: 'dash' },
        '/usr/bin/dash': { program: 'dash' },
        '/usr/bin/bash': { program: 'sh' },
        ...commands(['apt-get', 'apt', 'dpkg'], '/usr/bin', 'quick'),
        ...commands(
          ['ps', 'top', 'free', 'uptime', 'pgrep', 'pkill', 'watch'].filter(
            (name) => flavour === 'ubuntu' && tools.includes(name),
          ),
          '/usr/bin',
        ),
      })
  }
}

/** Tools that many images add. */
const more = new Set('curl dig host ip jq ss getent dumb-init tini gosu su-exec'.split(' '))

/** What an image that nobody knows may hold beside a shell: tools that do what they are for and are done. */
const otherPeoples: Entries = {
  '/bin/bash': { program: 'sh' },
  ...commands('psql pg_isready mysql mysqladmin mariadb redis-cli valkey-cli mongosh'.split(' '), '/usr/bin'),
  ...commands(
    (
      'apk apt apt-get aws az bundle cargo composer createdb dotnet-ef flask-migrate gcloud git go gsutil helm ' +
      'kubectl make mc mongodump mysqldump npm openssl pg_dump pg_restore pip pip3 poetry rails rake restic rclone skopeo ' +
      'ssh-keygen terraform trivy tox unzip update-ca-certificates uv vault yarn yum dnf grpc_health_probe grpc-health-probe'
    ).split(' '),
    '/usr/bin',
    'quick',
  ),
}

const roots = new Map<Flavour, DirectoryNode>()

/** The tree of a flavour: made once. `tools` are all there are. */
export function rootOf(flavour: Flavour, tools: readonly string[]): DirectoryNode {
  let root = roots.get(flavour)
  if (!root) roots.set(flavour, (root = build(flavour, tools)))
  return root
}
