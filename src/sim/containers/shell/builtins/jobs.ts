import type { Signal } from '../../kernel/types.ts'
import { signalNumbers } from '../../kernel/signals.ts'
import { errorText } from '../../tools/errors.ts'
import { signalNamed } from '../../tools/signal-names.ts'
import { sayEnd } from '../external.ts'
import { ShellFault } from '../expand.ts'
import type { Job } from '../memory.ts'
import { quoted } from '../quoting.ts'
import type { Shell } from '../shell.ts'
import type { Builtin } from './builtin.ts'

/** Sees which jobs have ended. */
function lookAtJobs(shell: Shell): void {
  for (const job of shell.memory.jobs) {
    if (job.status !== undefined) continue
    const last = job.pids.at(-1)!
    for (const pid of job.pids) {
      const child = shell.system.reap(pid)
      if (!child || pid !== last) continue
      job.status = child.status.code
      if (child.status.signal) job.signal = child.status.signal
    }
  }
}

function jobOf(shell: Shell, text: string): Job | undefined {
  const { jobs } = shell.memory
  if (!text.startsWith('%')) return jobs.find(({ pids }) => pids.some((pid) => String(pid) === text))
  if (text === '%' || text === '%%' || text === '%+') return jobs.at(-1)
  if (text === '%-') return jobs.at(-2)
  return jobs.find(({ id, source }) => String(id) === text.slice(1) || source.startsWith(text.slice(1)))
}

/** wait: for all jobs, or for these; a signal with a trap ends it. */
const wait: Builtin = (shell, args) => {
  const { memory } = shell
  lookAtJobs(shell)
  if (memory.caught.length > 0) return 128 + signalNumbers[memory.caught[0] as Signal]
  let status = 0
  for (const arg of args.filter((one) => one !== '-n')) {
    const job = jobOf(shell, arg)
    if (!job && !/^%|^\d+$/.test(arg)) throw new ShellFault(`Illegal number: ${arg}`)
    if (job && job.status === undefined) return { for: 'child' }
    if (!job && arg.startsWith('%')) shell.say(`No such job: ${arg}`)
    status = job ? job.status! : arg.startsWith('%') ? 2 : 127
  }
  if (args.length === 0 && memory.jobs.some((job) => job.status === undefined)) return { for: 'child' }
  const waited =
    args.length === 0 ? memory.jobs : memory.jobs.filter((job) => args.some((arg) => jobOf(shell, arg) === job))
  for (const job of waited)
    if (job.signal && args.length > 0) sayEnd(shell, { code: job.status!, signal: job.signal as Signal })
  for (const job of waited) job.waited = true
  return args.length === 0 ? 0 : status
}

const jobsBuiltin: Builtin = (shell, args) => {
  const { memory } = shell
  shell.forgetJobs()
  lookAtJobs(shell)
  for (const [index, job] of memory.jobs.entries()) {
    const mark = index === memory.jobs.length - 1 ? '+' : index === memory.jobs.length - 2 ? '-' : ' '
    const state =
      job.status === undefined
        ? 'Running'
        : job.signal === 'TERM'
          ? 'Terminated'
          : job.signal === 'KILL'
            ? 'Killed'
            : job.status === 0
              ? 'Done'
              : `Done(${job.status})`
    const head = shell.ash ? `[${job.id}]${mark}  ` : `[${job.id}] ${mark} `
    const source = memory.input?.terminal ? job.source : ''
    if (args.includes('-p')) shell.write(1, `${job.pids[0]}\n`)
    else shell.write(1, `${head}${args.includes('-l') ? `${job.pids[0]} ` : ''}${state.padEnd(27)}${source}\n`)
  }
  memory.jobs = memory.jobs.filter(({ status }) => status === undefined)
  return 0
}

const kill: Builtin = (shell, given) => {
  const { system } = shell
  let signal: Signal | '0' = 'TERM'
  let args = given
  if (args[0] === '-l') return listSignals(shell, args.slice(1))
  if (args[0] === '-s' || args[0] === '-n') {
    signal = wanted(args[1] ?? '')!
    if (!signal) return badSignal(shell, args[1] ?? '')
    args = args.slice(2)
  } else if (/^-./.test(args[0] ?? '') && args[0] !== '--') {
    signal = wanted(args[0]!.slice(1))!
    if (!signal) return badSignal(shell, args[0]!.slice(1))
    args = args.slice(1)
  }
  if (args[0] === '--') args = args.slice(1)
  if (args.length === 0) {
    if (!shell.ash)
      throw new ShellFault('Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]')
    shell.write(2, 'sh: you need to specify whom to kill\n')
    return 1
  }
  let status = 0
  for (const arg of args) {
    const job = arg.startsWith('%') ? jobOf(shell, arg) : undefined
    if (arg.startsWith('%') && !job) {
      shell.say(`No such job: ${arg}`)
      return 2
    }
    if (!job && !/^-?\d+$/.test(arg)) {
      if (shell.ash) shell.write(2, `sh: invalid number '${arg}'\n`)
      else shell.say(`Illegal number: ${arg}`)
      status = shell.ash ? 1 : 2
      continue
    }
    for (const pid of job?.pids ?? [Number(arg)]) {
      // A group is its first process here.
      const target = pid < -1 ? -pid : pid === 0 ? system.process.pid : pid
      const gone = signal === '0' ? !system.processes().some((one) => one.pid === target) : system.kill(target, signal)
      if (!gone) continue
      const why = errorText(gone === true ? { errno: 'ESRCH' } : gone)
      if (shell.ash) shell.write(2, `sh: can't kill pid ${pid}: ${why}\n`)
      else shell.say(`${why}\n`)
      status = 1
    }
  }
  return status
}

const wanted = (text: string): Signal | '0' | undefined => (text === '0' ? '0' : signalNamed(text))

function badSignal(shell: Shell, text: string): number {
  if (!shell.ash) throw new ShellFault(`Illegal option -${text.slice(0, 1)}`)
  shell.write(2, `sh: bad signal name '${text}'\n`)
  return 1
}

function listSignals(shell: Shell, args: readonly string[]): number {
  if (args.length === 0) {
    const all = Object.entries(signalNumbers)
    shell.write(
      1,
      all.map(([name, number]) => (shell.ash ? `${String(number).padStart(2)}) ${name}\n` : `${name}\n`)).join(''),
    )
    return 0
  }
  for (const arg of args) {
    const number = Number(arg) > 128 ? String(Number(arg) - 128) : arg
    const name = signalNamed(number)
    if (!shell.ash && !/^\d+$/.test(arg)) throw new ShellFault(`Illegal number: ${arg}`)
    shell.write(1, `${/^\d+$/.test(arg) ? (name ?? number) : name ? signalNumbers[name] : arg}\n`)
  }
  return 0
}

/** Signals that nothing here sends, but that scripts name. */
const unsent = [
  'ILL',
  'TRAP',
  'BUS',
  'FPE',
  'STKFLT',
  'TSTP',
  'TTIN',
  'TTOU',
  'URG',
  'XCPU',
  'XFSZ',
  'VTALRM',
  'PROF',
  'IO',
  'PWR',
  'SYS',
]

function conditionOf(text: string, ash: boolean): string | undefined {
  if (!ash && /^sig/i.test(text)) return undefined
  const name = text.toUpperCase().replace(/^SIG/, '')
  if (name === 'EXIT' || name === '0') return 'EXIT'
  return signalNamed(text) ?? (unsent.includes(name) ? name : undefined)
}

const trap: Builtin = (shell, given) => {
  const { memory, system } = shell
  const args = given[0] === '--' ? given.slice(1) : given
  if (args.length === 0 || args[0] === '-p') {
    const order = (name: string) => (name === 'EXIT' ? 0 : (signalNumbers[name as Signal] ?? 99))
    const shown = Object.entries(memory.traps).sort((one, other) => order(one[0]) - order(other[0]))
    for (const [name, action] of shown) shell.write(1, `trap -- ${quoted(action)} ${name}\n`)
    return 0
  }
  // A number first, or a single word, puts signals back.
  const resets = args.length === 1 || /^\d+$/.test(args[0]!)
  const action = resets ? '-' : args[0]!
  let status = 0
  for (const text of resets ? args : args.slice(1)) {
    if (resets && text === '-') continue
    const condition = conditionOf(text, shell.ash)
    if (!condition) {
      // dash says it in its own way.
      if (shell.ash) shell.say(`${text}: invalid signal specification`)
      else shell.write(2, `trap: ${text}: bad trap\n`)
      status = 1
      continue
    }
    if (action === '-') delete memory.traps[condition]
    else memory.traps[condition] = action
    if (!Object.hasOwn(signalNumbers, condition) || condition === 'KILL' || condition === 'STOP') continue
    const interrupts = condition === 'INT' && memory.input?.terminal
    system.handle(condition as Signal, action === '' ? 'ignore' : action === '-' && !interrupts ? 'default' : 'catch')
  }
  return status
}

/** Without job control: what was sent to the background is waited for. */
const foreground: Builtin = (shell, args, work, context) => {
  const job = jobOf(shell, args[0] ?? '%%')
  if (!job) throw new ShellFault('No current job')
  return wait(shell, [String(job.pids[0])], work, context)
}

export const jobs = { wait, jobs: jobsBuiltin, kill, trap, fg: foreground, bg: () => 0 } satisfies Record<
  string,
  Builtin
>
