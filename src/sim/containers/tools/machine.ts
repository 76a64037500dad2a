import type { Mount } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { dateOf, formatDate } from './date-format.ts'
import { readFile } from './inputs.ts'
import { humanSize, namesOf } from './list.ts'
import { options } from './options.ts'
import { type Body, type Call, tools } from './tool.ts'

const date: Body = (call) => {
  const given = options(call, 'uRI::d:r:s:D:', {
    utc: 'u',
    date: 'd',
    'rfc-2822': 'R',
    'rfc-email': 'R',
    'iso-8601': 'I',
    reference: 'r',
  })
  if (!given) return 1
  const now = call.system.wall()
  let time: number | undefined = now
  if (given.has('d')) {
    time = dateOf(given.get('d')!, now)
    if (time === undefined) {
      call.say(`invalid date '${given.get('d')}'`)
      return 1
    }
  } else if (given.has('r')) {
    const status = call.system.status(given.get('r')!)
    if (isFailure(status)) return call.complain(given.get('r')!, status)
    time = status.mtime
  }
  if (given.has('s')) {
    call.say("can't set date: Operation not permitted")
    return 1
  }
  const format = given.rest.find((arg) => arg.startsWith('+'))
  if (format === undefined && given.rest.length > 0) {
    call.say(`invalid date '${given.rest[0]}'`)
    return 1
  }
  const iso: Record<string, string> = {
    '': '%Y-%m-%d',
    date: '%Y-%m-%d',
    hours: '%Y-%m-%dT%H+00:00',
    minutes: '%Y-%m-%dT%H:%M+00:00',
    seconds: '%Y-%m-%dT%H:%M:%S+00:00',
    s: '%Y-%m-%dT%H:%M:%S+00:00',
    ns: '%Y-%m-%dT%H:%M:%S,%N+00:00',
  }
  call.out(
    `${formatDate(format?.slice(1) ?? (given.has('R') ? '%a, %d %b %Y %H:%M:%S +0000' : given.has('I') ? (iso[given.get('I')!] ?? iso['']!) : '%a %b %e %H:%M:%S UTC %Y'), time)}\n`,
  )
  return 0
}

const uname: Body = (call) => {
  const given = options(call, 'amnrspvio', { all: 'a' })
  if (!given) return 1
  const fields: [string, string][] = [
    ['s', 'Linux'],
    ['n', call.system.hostname],
    ['r', '6.1.0-kubecosm'],
    ['v', '#1 SMP PREEMPT_DYNAMIC'],
    ['m', 'x86_64'],
    ['p', 'unknown'],
    ['i', 'unknown'],
    ['o', 'GNU/Linux'],
  ]
  const asked = fields.filter(([letter, text]) => (given.has('a') ? text !== 'unknown' : given.has(letter)))
  call.out(`${(asked.length > 0 ? asked : fields.slice(0, 1)).map(([, text]) => text).join(' ')}\n`)
  return 0
}

const hostname: Body = (call) => {
  const given = options(call, 'dfisF:I')
  if (!given) return 1
  const { hostname: name, addresses } = call.system
  if (given.rest.length > 0) {
    call.say('sethostname: Operation not permitted')
    return 1
  }
  const hosts =
    given.has('f') || given.has('d')
      ? (readQuietly(call, '/etc/hosts')
          .split('\n')
          .find((line) => line.split(/\s+/).includes(name)) ?? '')
      : ''
  const long = hosts.split(/\s+/)[1] ?? name
  if (given.has('i') || given.has('I'))
    call.out(`${given.has('i') ? (addresses[0] ?? '127.0.0.1') : addresses.join(' ')}\n`)
  else if (given.has('d')) call.out(`${long.includes('.') ? long.slice(long.indexOf('.') + 1) : ''}\n`)
  else call.out(`${given.has('f') ? long : given.has('s') ? name.split('.')[0] : name}\n`)
  return 0
}

function readQuietly(call: Call, path: string): string {
  return isFailure(call.system.status(path)) ? '' : (readFile(call, path) ?? '')
}

const id: Body = (call) => {
  const given = options(call, 'ugGnr', { user: 'u', group: 'g', groups: 'G', name: 'n' })
  if (!given) return 1
  const users = namesOf(call, '/etc/passwd')
  const groups = namesOf(call, '/etc/group')
  let { uid, gid } = call.system.process
  let others = [...new Set([gid, ...(call.system.process.groups ?? [])])]
  if (given.rest[0] !== undefined) {
    const line = readQuietly(call, '/etc/passwd')
      .split('\n')
      .find((one) => one.startsWith(`${given.rest[0]}:`))
    if (!line) {
      call.say(`unknown user ${given.rest[0]}`)
      return 1
    }
    uid = Number(line.split(':')[2])
    gid = Number(line.split(':')[3])
    others = [gid]
  }
  const name = (names: Map<number, string>, one: number) =>
    given.has('n') ? (names.get(one) ?? String(one)) : String(one)
  const both = (names: Map<number, string>, one: number) => (names.has(one) ? `${one}(${names.get(one)})` : String(one))
  if (given.has('u')) call.out(`${name(users, uid)}\n`)
  else if (given.has('g')) call.out(`${name(groups, gid)}\n`)
  else if (given.has('G')) call.out(`${others.map((one) => name(groups, one)).join(' ')}\n`)
  else
    call.out(
      `uid=${both(users, uid)} gid=${both(groups, gid)} groups=${others.map((one) => both(groups, one)).join(',')}\n`,
    )
  return 0
}

const diskKilobytes = 102_400_000
const mountName = ({ type }: Mount) => (type === 'tmpfs' ? 'tmpfs' : '/dev/vda1')

const df: Body = (call) => {
  const given = options(call, 'hkmPTia', { 'human-readable': 'h' })
  if (!given) return 1
  const human = given.has('h')
  call.out(
    human
      ? 'Filesystem                Size      Used Available Use% Mounted on\n'
      : 'Filesystem           1K-blocks      Used Available Use% Mounted on\n',
  )
  const show = (name: string, kilobytes: number, used: number, path: string) => {
    const size = (value: number) => (human ? humanSize(value * 1024).replace(/^0$/, '0') : String(value))
    call.out(
      `${name.padEnd(20)} ${size(kilobytes).padStart(human ? 9 : 9)} ${size(used).padStart(9)} ${size(kilobytes - used).padStart(9)} ${String(Math.ceil((used / kilobytes) * 100)).padStart(3)}% ${path}\n`,
    )
  }
  show('overlay', diskKilobytes, 18_432_000, '/')
  show('tmpfs', 65536, 0, '/dev')
  for (const mount of call.system.mounts())
    show(
      mountName(mount),
      mount.type === 'tmpfs' ? 4_071_788 : diskKilobytes,
      mount.type === 'tmpfs' ? 4 : 18_432_000,
      mount.path,
    )
  return 0
}

const du: Body = (call) => {
  const given = options(call, 'aHLdclshmkxbd:', { summarize: 's', 'human-readable': 'h', 'max-depth': 'd', all: 'a' })
  if (!given) return 1
  const deepest = given.has('s') ? 0 : Number(given.get('d') ?? 1000)
  let code = 0
  let total = 0
  const show = (kilobytes: number, path: string) =>
    call.out(
      `${given.has('h') ? humanSize(kilobytes * 1024).replace(/^(\d+)$/, '$1') : given.has('m') ? Math.ceil(kilobytes / 1024) : kilobytes}\t${path}\n`,
    )
  const visit = (path: string, depth: number): number => {
    const status = call.system.status(path, { follow: false })
    if (isFailure(status)) {
      code = call.complain(path, status)
      return 0
    }
    if (status.type !== 'directory') {
      const size = status.type === 'file' ? Math.ceil(status.size / 4096) * 4 : 0
      if (depth === 0 || (given.has('a') && depth <= deepest)) show(size, path)
      return size
    }
    let size = 4
    const names = call.system.list(path)
    if (path !== '/proc' && depth < 60)
      for (const name of isFailure(names) ? [] : names)
        size += visit(path.endsWith('/') ? path + name : `${path}/${name}`, depth + 1)
    if (depth <= deepest) show(size, path)
    return size
  }
  for (const path of given.rest.length > 0 ? given.rest : ['.']) total += visit(path, 0)
  if (given.has('c')) show(total, 'total')
  return code
}

const free: Body = (call) => {
  const given = options(call, 'bkmgh')
  if (!given) return 1
  const info = new Map(
    (readFile(call, '/proc/meminfo') ?? '')
      .split('\n')
      .map((line) => [line.split(':')[0]!, Number(/(\d+)/.exec(line)?.[1] ?? 0)]),
  )
  const get = (name: string) => info.get(name) ?? 0
  const unit = given.has('b') ? 1 / 1024 : given.has('m') ? 1024 : given.has('g') ? 1 << 20 : 1
  const show = (kilobytes: number) =>
    (given.has('h') ? humanSize(kilobytes * 1024) : String(Math.floor(kilobytes / unit))).padStart(11)
  const cached = get('Buffers') + get('Cached')
  call.out(
    `              total        used        free      shared  buff/cache   available\nMem:   ${[get('MemTotal'), get('MemTotal') - get('MemFree') - cached, get('MemFree'), 4312, cached, get('MemAvailable')].map(show).join(' ')}\nSwap:  ${[0, 0, 0].map(show).join(' ')}\n`,
  )
  return 0
}

/** Tools that tell of the machine and who one is. */
export const machineTools = tools({
  date,
  uname,
  hostname,
  id,
  whoami: (call) => {
    const { uid } = call.system.process
    const name = namesOf(call, '/etc/passwd').get(uid)
    if (name === undefined) {
      call.say(`unknown uid ${uid}`)
      return 1
    }
    call.out(`${name}\n`)
    return 0
  },
  groups: (call) => {
    const groups = namesOf(call, '/etc/group')
    const { gid, groups: others = [] } = call.system.process
    call.out(`${[...new Set([gid, ...others])].map((one) => groups.get(one) ?? one).join(' ')}\n`)
    return 0
  },
  arch: (call) => (call.out('x86_64\n'), 0),
  nproc: (call) => (call.out('2\n'), 0),
  logname: (call) => (call.say('getlogin: No such file or directory'), 1),
  who: () => 0,
  df,
  du,
  free,
  uptime: (call) => {
    const seconds = Math.floor(call.system.now() / 1000)
    const days = Math.floor(seconds / 86_400)
    const hours = Math.floor((seconds % 86_400) / 3600)
    const minutes = Math.floor((seconds % 3600) / 60)
    call.out(
      ` ${formatDate('%H:%M:%S', call.system.wall())} up ${days > 0 ? `${days} day${days > 1 ? 's' : ''}, ` : ''}${hours > 0 ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, '0')}` : `${minutes} min`},  0 users,  load average: 0.00, 0.01, 0.05\n`,
    )
    return 0
  },
  mount: (call) => {
    if (call.args.length > 0 && !call.args[0]!.startsWith('-')) {
      call.say('permission denied (are you root?)')
      return 1
    }
    for (const line of (readFile(call, '/proc/mounts') ?? '').split('\n')) {
      const [name, path, type, how] = line.split(' ')
      if (path) call.out(`${name} on ${path} type ${type} (${how})\n`)
    }
    return 0
  },
  umount: (call) => {
    call.say(`can't unmount ${call.args[0]}: Operation not permitted`)
    return 1
  },
  stty: (call) => {
    const terminal = call.system.terminal(0)
    if (!terminal) {
      call.say('standard input: Inappropriate ioctl for device')
      return 1
    }
    if (call.args[0] === 'size') call.out(`${terminal.rows} ${terminal.columns}\n`)
    else if (call.args[0] === 'raw' || call.args[0] === '-icanon') call.system.setRaw(0, true)
    else if (call.args[0] === 'sane' || call.args[0] === 'icanon' || call.args[0] === '-raw')
      call.system.setRaw(0, false)
    else if (call.args.length === 0) call.out('speed 38400 baud; line = 0;\n')
    return 0
  },
  sysctl: (call) => {
    const given = options(call, 'neqwap')
    if (!given) return 1
    let code = 0
    for (const arg of given.rest) {
      const [name, value] = arg.split('=')
      const path = `/proc/sys/${name!.replaceAll('.', '/')}`
      if (value !== undefined) {
        if (given.has('w') || value !== '') call.out(`${name} = ${value}\n`)
        continue
      }
      const text = readQuietly(call, path)
      if (text === '') {
        call.say(`error: '${name}' is an unknown key`)
        code = 255
      } else call.out(given.has('n') ? text : `${name} = ${text}`)
    }
    return code
  },
})
