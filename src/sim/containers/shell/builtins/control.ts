import { isFailure } from '../../kernel/walk.ts'
import { errorText } from '../../tools/errors.ts'
import { become } from '../external.ts'
import { ShellFault } from '../expand.ts'
import { keep, restore } from '../redirects.ts'
import type { Frame } from '../memory.ts'
import type { Shell } from '../shell.ts'
import type { Builtin } from './builtin.ts'

/** Ends what a frame's instruction was at, and puts back what it had changed. */
function leave(shell: Shell, frame: Frame): void {
  if (frame.work?.saves) restore(shell, frame.work.saves)
  if (frame.work?.variables) shell.putBack(frame.work.variables)
  delete frame.work
}

const loopJump =
  (again: boolean): Builtin =>
  (shell, args) => {
    const { frames } = shell.memory
    const wanted = Number(args[0] ?? 1)
    if (!/^\d+$/.test(args[0] ?? '1') || wanted < 1) throw new ShellFault(illegalNumber(args[0]!))
    // An eval's break is that of the loop around it; in ash so is a function's.
    const through = ['eval', 'file', ...(shell.ash ? ['function'] : [])]
    let depth = frames.length - 1
    while (depth > 0 && frames[depth]!.loops.length === 0 && through.includes(frames[depth]!.kind)) depth--
    const frame = frames[depth]!
    if (frame.loops.length === 0) return 0
    shell.unwind(depth + 1)
    leave(shell, frame)
    frame.loops.splice(Math.max(1, frame.loops.length - wanted + 1))
    const loop = frame.loops.at(-1)!
    while (frame.redirects.length > loop.saves) restore(shell, frame.redirects.pop()!)
    shell.memory.status = 0
    loop.status = 0
    if (!again) frame.loops.pop()
    frame.pc = again ? loop.next : loop.end
    return 'left'
  }

const illegalNumber = (text: string) => `Illegal number: ${text}`

const statusOf = (shell: Shell, text: string | undefined): number => {
  if (text === undefined) return shell.memory.status
  if (!/^\d+$/.test(text)) throw new ShellFault(illegalNumber(text))
  // dash cuts a status off only where the process ends.
  return shell.ash ? Number(text) & 255 : Number(text)
}

const giveBack: Builtin = (shell, [text]) => {
  const { frames } = shell.memory
  const status = statusOf(shell, text)
  const depth = frames.findLastIndex(({ kind }) => kind === 'function' || kind === 'file')
  if (depth < 0) {
    shell.exit(status)
    return 'left'
  }
  shell.unwind(depth)
  shell.memory.status = status
  return 'left'
}

const exit: Builtin = (shell, [text]) => {
  const trap = shell.memory.frames.findLast(({ kind }) => kind === 'trap')
  shell.exit(text === undefined && trap?.status !== undefined ? trap.status : statusOf(shell, text))
  return 'left'
}

const evaluate: Builtin = (shell, args, _work, { tested }) => {
  const text = args.join(' ')
  if (text.trim() === '') return 0
  delete shell.memory.builtin
  shell.pushScript('eval', text, shell.ash ? shell.memory.line : 1, tested ? { tested } : {})
  return 'called'
}

const source: Builtin = (shell, [file, ...args], _work, { tested }) => {
  const { memory, system } = shell
  if (file === undefined) throw new ShellFault('filename argument required')
  const path = file.includes('/') ? file : readableInPath(shell, file)
  const fd = system.open(path, { read: true })
  let text = ''
  let failure = isFailure(fd) ? fd : undefined
  if (!isFailure(fd)) {
    for (;;) {
      const piece = system.read(fd)
      if (isFailure(piece)) failure = piece
      if (typeof piece !== 'string' || piece === '') break
      text += piece
    }
    system.close(fd)
  }
  if (failure)
    throw new ShellFault(
      shell.ash
        ? `can't open '${file}': ${errorText(failure)}`
        : `cannot open ${file}: ${failure.errno === 'ENOENT' ? 'No such file' : errorText(failure)}`,
    )
  memory.status = 0
  delete memory.builtin
  shell.pushScript('file', text, 1, {
    name: path,
    ...(tested && { tested }),
    ...(args.length > 0 && shell.ash && { params: memory.params }),
  })
  if (args.length > 0 && shell.ash) memory.params = args
  return 'called'
}

function readableInPath(shell: Shell, file: string): string {
  for (const directory of (shell.parameter('PATH') ?? '').split(':')) {
    const path = `${directory || '.'}/${file}`
    if (shell.system.allowed(path, 'read')) return path
  }
  return file
}

const execute: Builtin = (shell, args, work) => {
  if (args.length === 0) {
    keep(shell, work.saves ?? [])
    delete work.saves
    return 0
  }
  const flush = shell.flush()
  if (flush) return flush
  const failed = become(shell, args[0] === '--' ? args.slice(1) : args, shell.env())
  if (failed === undefined) return 'again'
  shell.exit(failed)
  return 'left'
}

const shift: Builtin = (shell, [text = '1']) => {
  const { memory } = shell
  if (!/^\d+$/.test(text)) throw new ShellFault(illegalNumber(text))
  if (Number(text) > memory.params.length) {
    if (shell.ash) return 1
    throw new ShellFault("can't shift that many")
  }
  memory.params = memory.params.slice(Number(text))
  return 0
}

export const control = {
  ':': () => 0,
  '.': source,
  source,
  break: loopJump(false),
  continue: loopJump(true),
  return: giveBack,
  exit,
  eval: evaluate,
  exec: execute,
  shift,
  true: () => 0,
  false: () => 1,
} satisfies Record<string, Builtin>
