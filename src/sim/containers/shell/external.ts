import type { ExitStatus, Step } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { errorText } from '../tools/errors.ts'
import type { Frame, Work } from './memory.ts'
import { inherited } from './redirects.ts'
import type { Shell } from './shell.ts'
import type { Op } from './syntax.ts'

/** Starts a program; when nothing comes after it the shell becomes it. A number is why it could not be. */
export function external(
  shell: Shell,
  frame: Frame,
  work: Work,
  ops: readonly Op[],
  assigned: readonly (readonly [string, string])[],
): Step | undefined | number {
  const { system } = shell
  const env = { ...shell.env(), ...Object.fromEntries(assigned) }
  if (isLast(shell, frame, ops)) {
    const failure = become(shell, work.fields, env)
    return typeof failure === 'number' ? failure : 'again'
  }
  const fds = inherited(shell)
  shell.forgetJobs()
  const pid = system.spawn(work.fields, { env, fds })
  if (!isFailure(pid)) {
    work.pids = [pid]
    work.phase = 'wait'
    return undefined
  }
  if (pid.errno === 'ENOEXEC' && isText(shell, work.fields[0]!)) {
    const script = system.spawn(
      [system.process.argv[0] ?? 'sh', located(shell, work.fields[0]!), ...work.fields.slice(1)],
      {
        env,
        fds,
        fork: { program: system.process.program, memory: null },
      },
    )
    if (!isFailure(script)) {
      work.pids = [script]
      work.phase = 'wait'
      return undefined
    }
  }
  return notStarted(shell, work.fields[0]!, pid.errno)
}

/** Nothing comes after it, so that the shell itself may become the program. */
function isLast(shell: Shell, frame: Frame, ops: readonly Op[]): boolean {
  const { memory } = shell
  if (memory.frames.length > 1 || frame.pc < ops.length - 1 || frame.loops.length + frame.redirects.length > 0)
    return false
  if (Object.values(memory.traps).some((action) => action !== '') || memory.queue.length > 0 || memory.input)
    return false
  if (frame.kind === 'block') return true
  return (
    shell.ash &&
    frame.kind === 'script' &&
    memory.script === undefined &&
    frame.next!.at >= memory.texts[frame.place.text]!.text.length
  )
}

/** `exec`: the process goes on as another program. A number is why not. */
export function become(
  shell: Shell,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): number | undefined {
  const { system } = shell
  for (const fd of Object.keys(system.process.fds)) if (Number(fd) >= 10) system.close(Number(fd))
  const failure = system.exec(argv, env)
  if (!failure) return undefined
  return notStarted(shell, argv[0]!, failure.errno)
}

function notStarted(shell: Shell, name: string, errno: Parameters<typeof errorText>[0]['errno']): number {
  const missing = errno === 'ENOENT' || errno === 'ENOTDIR'
  shell.say(`${name}: ${missing ? 'not found' : errorText({ errno })}`)
  return missing ? 127 : 126
}

/** Where a command is, when PATH has it. */
function located(shell: Shell, name: string): string {
  return inPath(shell, name) ?? name
}

/** The file that a name stands for in PATH. */
export function inPath(shell: Shell, name: string, path = shell.parameter('PATH') ?? ''): string | undefined {
  if (name.includes('/')) return shell.system.allowed(name, 'execute') ? name : undefined
  for (const directory of path.split(':')) {
    const file = `${directory || '.'}/${name}`
    const status = shell.system.status(file)
    if (!isFailure(status) && status.type === 'file' && shell.system.allowed(file, 'execute')) return file
  }
  return undefined
}

function isText(shell: Shell, name: string): boolean {
  const status = shell.system.status(located(shell, name))
  return !isFailure(status) && status.program === undefined
}

/** Waits for all of a command's processes; the status is that of the last. */
export function waitFor(shell: Shell, work: Work): Step | number {
  const { system } = shell
  work.statuses ??= {}
  for (const pid of work.pids!) {
    if (Object.hasOwn(work.statuses, pid)) continue
    const child = system.reap(pid)
    if (!child && system.children().includes(pid)) return { for: 'child', pid }
    work.statuses[pid] = child?.status.code ?? 127
    if (child) sayEnd(shell, child.status)
  }
  return work.statuses[work.pids!.at(-1)!]!
}

const ends: Readonly<Record<string, string>> = {
  HUP: 'Hangup',
  QUIT: 'Quit',
  ABRT: 'Aborted',
  KILL: 'Killed',
  USR1: 'User defined signal 1',
  SEGV: 'Segmentation fault',
  USR2: 'User defined signal 2',
  ALRM: 'Alarm clock',
  TERM: 'Terminated',
}

/** Tells by which signal a child was ended. */
export function sayEnd(shell: Shell, { signal }: ExitStatus): void {
  if (!signal || shell.memory.subshell) return
  if (signal === 'INT') {
    if (shell.memory.input?.terminal) shell.write(2, '\n')
  } else if (Object.hasOwn(ends, signal)) shell.write(2, `${ends[signal]}\n`)
}
