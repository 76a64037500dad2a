import type { KernelHost } from './host.ts'
import type { DirectoryNode, KernelState, ProcessState, TreeNode } from './types.ts'

const file = (data: string, mode = 0o444): TreeNode => ({ type: 'file', mode, uid: 0, gid: 0, mtime: 0, data })
const link = (target: string): TreeNode => ({ type: 'link', mode: 0o777, uid: 0, gid: 0, mtime: 0, target })
const device = (name: 'null' | 'zero' | 'full' | 'random' | 'tty'): TreeNode => ({
  type: 'device',
  mode: 0o666,
  uid: 0,
  gid: 0,
  mtime: 0,
  device: name,
})
const directory = (entries: Record<string, TreeNode>, mode = 0o555): DirectoryNode => ({
  type: 'directory',
  mode,
  uid: 0,
  gid: 0,
  mtime: 0,
  entries,
})

/** /dev as runtimes make it. */
export const deviceTree: DirectoryNode = directory(
  {
    fd: link('/proc/self/fd'),
    full: device('full'),
    mqueue: directory({}, 0o1777),
    null: device('null'),
    pts: directory({}, 0o755),
    random: device('random'),
    shm: directory({}, 0o1777),
    stderr: link('/proc/self/fd/2'),
    stdin: link('/proc/self/fd/0'),
    stdout: link('/proc/self/fd/1'),
    tty: device('tty'),
    urandom: device('random'),
    zero: device('zero'),
  },
  0o755,
)

/** /proc, as far as scripts look: a directory a process, and the files that tell about the machine. */
export function procTree(state: KernelState, host: KernelHost, self: ProcessState): DirectoryNode {
  const seconds = host.now() / 1000
  const entries: Record<string, TreeNode> = {
    cmdline: file('BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 ro\n'),
    cpuinfo: file(
      [0, 1]
        .map(
          (cpu) => `processor\t: ${cpu}\nvendor_id\t: GenuineIntel\nmodel name\t: Virtual CPU\ncpu MHz\t\t: 2000.000\n`,
        )
        .join('\n'),
    ),
    filesystems: file('nodev\tproc\nnodev\ttmpfs\nnodev\toverlay\n\text4\n'),
    loadavg: file(`0.00 0.01 0.05 1/${Object.keys(state.processes).length} ${state.nextPid - 1}\n`),
    meminfo: file(
      [
        ['MemTotal', 8_143_576],
        ['MemFree', 5_221_480],
        ['MemAvailable', 6_981_320],
        ['Buffers', 120_440],
        ['Cached', 1_834_208],
        ['SwapTotal', 0],
        ['SwapFree', 0],
      ]
        .map(([name, kilobytes]) => `${`${name}:`.padEnd(16)}${String(kilobytes).padStart(8)} kB\n`)
        .join(''),
    ),
    mounts: link('self/mounts'),
    self: link(String(self.pid)),
    sys: directory({
      kernel: directory({
        hostname: file(`${state.hostname}\n`),
        osrelease: file('6.1.0-kubecosm\n'),
        ostype: file('Linux\n'),
        pid_max: file('4194304\n'),
        random: directory({ uuid: file('') }),
      }),
      net: directory({ core: directory({ somaxconn: file('4096\n') }) }),
      vm: directory({ max_map_count: file('262144\n'), overcommit_memory: file('1\n'), swappiness: file('60\n') }),
    }),
    uptime: file(`${seconds.toFixed(2)} ${seconds.toFixed(2)}\n`),
    version: file('Linux version 6.1.0-kubecosm (kubecosm) #1 SMP\n'),
  }
  for (const { pid } of visible(state, host)) entries[pid] = directory({})
  return directory(entries)
}

/** All processes that are seen inside the container. */
export function visible(state: KernelState, host: KernelHost): readonly ProcessState[] {
  const own = Object.values(state.processes)
  return host.neighbours ? [...host.neighbours(), ...own] : own
}

/** /proc/PID. */
export function processTree(state: KernelState, host: KernelHost, pid: number): DirectoryNode | undefined {
  const process = visible(state, host).find((one) => one.pid === pid)
  if (!process) return undefined
  const name = (process.argv[0] ?? process.program).split('/').at(-1)!.slice(0, 15)
  const letter = process.ended ? 'Z' : process.stopped ? 'T' : process.wait ? 'S' : 'R'
  const word = { Z: 'zombie', T: 'stopped', S: 'sleeping', R: 'running' }[letter]
  const ids = (id: number) => [id, id, id, id].join('\t')
  const fds = Object.fromEntries(
    Object.entries(process.fds).map(([fd, what]) => [
      fd,
      link(what.kind === 'pipe' ? `pipe:[${what.pipe}]` : describe(state, what)),
    ]),
  )
  return directory({
    cgroup: file('0::/\n'),
    cmdline: file(process.ended ? '' : process.argv.map((one) => `${one}\0`).join('')),
    comm: file(`${name}\n`),
    cwd: link(process.cwd),
    environ: file(
      Object.entries(process.env)
        .map(([key, value]) => `${key}=${value}\0`)
        .join(''),
      0o400,
    ),
    exe: link(process.argv[0]?.startsWith('/') ? process.argv[0] : `/bin/${name}`),
    fd: directory(fds, 0o500),
    mounts: file(mountLines(state)),
    stat: file(
      `${pid} (${name}) ${letter} ${process.ppid} ${pid} ${pid} 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 0 4321280 160\n`,
    ),
    status: file(
      `Name:\t${name}\nState:\t${letter} (${word})\nTgid:\t${pid}\nPid:\t${pid}\nPPid:\t${process.ppid}\n` +
        `Uid:\t${ids(process.uid)}\nGid:\t${ids(process.gid)}\nGroups:\t${(process.groups ?? [process.gid]).join(' ')} \nVmRSS:\t     640 kB\nThreads:\t1\n`,
    ),
  })
}

function describe(state: KernelState, what: ProcessState['fds'][string]): string {
  if (what.kind === 'file') return state.files[what.file]?.path ?? '/'
  if (what.kind === 'device') return `/dev/${what.device}`
  if (what.kind === 'stream') return state.streams[what.stream]?.tty ? '/dev/pts/0' : `pipe:[${what.channel}]`
  return 'socket:[1]'
}

/** /proc/self/mounts. */
function mountLines(state: KernelState): string {
  const root = `overlay / overlay ${state.readOnlyRoot ? 'ro' : 'rw'},relatime 0 0\n`
  const own =
    'proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\ntmpfs /dev tmpfs rw,nosuid,size=65536k,mode=755 0 0\n'
  return (
    root +
    own +
    state.mounts
      .map(({ path, readOnly, type }) => {
        const kind = type ?? 'ext4'
        return `${kind === 'tmpfs' ? 'tmpfs' : '/dev/vda1'} ${path} ${kind} ${readOnly ? 'ro' : 'rw'},relatime 0 0\n`
      })
      .join('')
  )
}

/** What /proc/sys/kernel/random/uuid reads as: another one each time. */
export function randomUuid(host: KernelHost): string {
  const hex = (length: number) => Array.from({ length }, () => host.below(16).toString(16)).join('')
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}\n`
}
