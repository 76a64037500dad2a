import type { ProcessState, Signal } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { namesOf } from './list.ts'
import { options } from './options.ts'
import { regex } from './regex.ts'
import { signalNamed } from './signal-names.ts'
import { type Body, type Call, tools } from './tool.ts'

const nameOf = (process: ProcessState) => (process.argv[0] ?? process.program).split('/').at(-1)!.replace(/^-/, '')
const commandOf = (process: ProcessState) => (process.ended ? `[${nameOf(process)}]` : process.argv.join(' '))
const stateOf = (process: ProcessState) => (process.ended ? 'Z' : process.stopped ? 'T' : process.wait ? 'S' : 'R')

function timeOf(call: Call, process: ProcessState): string {
  const seconds = Math.floor((call.system.now() - process.startedMs) / 1000)
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes}:${String(seconds % 60).padStart(2, '0')}`
    : `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}`
}

const ps: Body = (call) => {
  // Every busybox lists all processes, whatever is asked for in the way of ps(1).
  const wanted = call.args
    .flatMap((arg, at) => (arg === '-o' ? [call.args[at + 1] ?? ''] : arg.startsWith('-o') ? [arg.slice(2)] : []))
    .join(',')
  const users = namesOf(call, '/etc/passwd')
  const user = (process: ProcessState) => users.get(process.uid) ?? String(process.uid)
  const columns: Record<string, [string, (process: ProcessState) => string, number]> = {
    pid: ['PID', ({ pid }) => String(pid), -5],
    ppid: ['PPID', ({ ppid }) => String(ppid), -5],
    user: ['USER', user, 8],
    uid: ['UID', ({ uid }) => String(uid), -5],
    group: ['GROUP', ({ gid }) => String(gid), 8],
    comm: ['COMMAND', nameOf, 16],
    args: ['COMMAND', commandOf, 0],
    time: ['TIME', () => '0:00', -5],
    etime: ['ELAPSED', (process) => timeOf(call, process), -7],
    stat: ['STAT', stateOf, 4],
    vsz: ['VSZ', () => '4400', -5],
    rss: ['RSS', () => '640', -5],
    tty: ['TT', ({ terminal }) => (terminal === undefined ? '?' : '136,0'), 6],
    nice: ['NI', () => '0', -5],
    pgid: ['PGID', ({ pid }) => String(pid), -5],
  }
  const full = call.args.some((arg) => /^-?[a-z]*f/.test(arg)) && wanted === ''
  const named = (wanted || (full ? 'pid,user,time,args' : 'pid,user,time,args'))
    .split(',')
    .map((name) => name.trim().replace(/=.*$/, ''))
    .map(
      (name) => ({ cmd: 'args', command: 'args', ucmd: 'comm', uname: 'user', s: 'stat', state: 'stat' })[name] ?? name,
    )
  for (const name of named)
    if (!Object.hasOwn(columns, name)) {
      call.say(
        `bad -o argument '${name}', supported arguments: user,group,comm,args,pid,ppid,pgid,etime,nice,rgroup,ruser,time,tty,vsz,sid,stat,rss`,
      )
      return 1
    }
  const row = (cells: readonly string[]) =>
    `${cells
      .map((cell, index) => {
        const width = columns[named[index]!]![2]
        return index === cells.length - 1 ? cell : width < 0 ? cell.padStart(-width) : cell.padEnd(width)
      })
      .join(' ')}\n`
  call.out(row(named.map((name) => columns[name]![0])))
  for (const process of call.system.processes()) call.out(row(named.map((name) => columns[name]![1](process))))
  return 0
}

const kill: Body = (call) => {
  const args = [...call.args]
  const all = call.name === 'killall'
  if (args[0] === '-l') {
    call.out(
      ' 1) HUP\n 2) INT\n 3) QUIT\n 9) KILL\n10) USR1\n12) USR2\n13) PIPE\n14) ALRM\n15) TERM\n17) CHLD\n18) CONT\n19) STOP\n28) WINCH\n',
    )
    return 0
  }
  let signal: Signal | 'none' | undefined = 'TERM'
  if (args[0]?.startsWith('-') && args[0] !== '--' && args[0].length > 1) {
    let name = args.shift()!.slice(1)
    if (name === 's' || name === 'n') name = args.shift() ?? ''
    if (name === 'q') name = 'TERM'
    signal = name === '0' ? 'none' : signalNamed(name)
    if (!signal) {
      call.say(`bad signal name '${name}'`)
      return 1
    }
  }
  if (args[0] === '--') args.shift()
  if (args.length === 0) {
    call.say('you need to specify whom to kill')
    return 1
  }
  let code = 0
  for (const arg of args) {
    const pids = all
      ? call.system
          .processes()
          .filter((process) => nameOf(process) === arg && process.pid !== call.system.process.pid)
          .map(({ pid }) => pid)
      : [Number(arg)]
    if (all && pids.length === 0) {
      call.say(`${arg}: no process killed`)
      code = 1
    }
    for (const pid of pids) {
      if (!Number.isInteger(pid)) {
        call.say(`invalid number '${arg}'`)
        code = 1
        continue
      }
      const known = pid < 0 || call.system.processes().some((process) => process.pid === pid)
      const failure =
        signal === 'none'
          ? known
            ? undefined
            : ({ errno: 'ESRCH' } as const)
          : call.system.kill(pid < -1 ? -pid : pid, signal)
      if (failure) code = call.complain(`can't kill pid ${pid}`, failure)
    }
  }
  return code
}

function matching(call: Call, pattern: string, full: boolean, exact: boolean): ProcessState[] {
  const compiled = regex(pattern, true)
  return call.system.processes().filter((process) => {
    if (process.pid === call.system.process.pid || process.ended) return false
    const text = full ? commandOf(process) : nameOf(process)
    const found = compiled.exec(text)
    return found !== undefined && (!exact || (found[0] === 0 && found[1] === text.length))
  })
}

const pgrep: Body = (call) => {
  const args = [...call.args]
  let signal: Signal = 'TERM'
  if (call.name === 'pkill' && /^-([A-Z0-9]+)$/.test(args[0] ?? ''))
    signal = signalNamed(args.shift()!.slice(1)) ?? 'TERM'
  const given = options(call, 'flanovxs:P:u:c', { full: 'f', exact: 'x' }, args)
  if (!given) return 2
  const pattern = given.rest[0] ?? ''
  let found = matching(call, pattern, given.has('f'), given.has('x'))
  if (given.has('P')) found = found.filter(({ ppid }) => String(ppid) === given.get('P'))
  if (given.has('o')) found = found.slice(0, 1)
  if (given.has('n')) found = found.slice(-1)
  for (const process of found) {
    if (call.name === 'pkill') call.system.kill(process.pid, signal)
    else
      call.out(
        `${process.pid}${given.has('a') ? ` ${commandOf(process)}` : given.has('l') ? ` ${nameOf(process)}` : ''}\n`,
      )
  }
  return found.length > 0 ? 0 : 1
}

const top: Body = (call) => {
  const data = call.data(() => {
    const given = options(
      call,
      'bn:d:m',
      {},
      call.args.map((arg) => (/^[a-z0-9]+$/.test(arg) && !/^\d+$/.test(arg) ? `-${arg}` : arg)),
    )
    return {
      left: given?.has('n') ? Number(given.get('n')) : Number.MAX_SAFE_INTEGER,
      every: Number(given?.get('d') ?? 5) * 1000,
      next: 0,
      bad: !given,
    }
  })
  if (data.bad) return 1
  for (;;) {
    if (data.left <= 0) return 0
    if (data.next > call.system.now()) return { for: 'time', until: data.next }
    data.left--
    data.next = call.system.now() + data.every
    call.out(
      'Mem: 2922096K used, 5221480K free, 4312K shrd, 120440K buff, 1834208K cached\nCPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq\nLoad average: 0.00 0.01 0.05 1/2 1\n  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n',
    )
    const users = namesOf(call, '/etc/passwd')
    for (const process of call.system.processes())
      call.out(
        `${String(process.pid).padStart(5)} ${String(process.ppid).padStart(5)} ${(users.get(process.uid) ?? String(process.uid)).padEnd(8)} ${stateOf(process).padEnd(4)}  4400   0%   0   0% ${commandOf(process)}\n`,
      )
    if (data.left <= 0) return 0
  }
}

/** Tools that tell of processes and signal them. */
export const processTools = tools({
  ps,
  kill,
  killall: kill,
  pgrep,
  pkill: pgrep,
  pidof: (call) => {
    const found = call.args
      .filter((arg) => !arg.startsWith('-'))
      .flatMap((name) => call.system.processes().filter((process) => nameOf(process) === name && !process.ended))
      .map(({ pid }) => pid)
    if (found.length > 0) call.out(`${found.reverse().join(' ')}\n`)
    return found.length > 0 ? 0 : 1
  },
  top,
  fuser: () => 1,
  lsof: (call) => {
    for (const process of call.system.processes()) call.out(`${process.pid}\t${process.argv[0]}\t0\n`)
    return isFailure(call.system.status('/')) ? 1 : 0
  },
})
