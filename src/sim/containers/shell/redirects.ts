import type { Failure, OpenFlags } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { errorText } from '../tools/errors.ts'
import type { Save } from './memory.ts'
import type { Shell } from './shell.ts'
import type { Redirect } from './syntax.ts'

/** Descriptors below this are a script's; what the shell keeps for itself is above. */
const firstOwn = 10

/** Moves a descriptor out of the script's way. */
export function moveUp(shell: Shell, fd: number): number {
  const { system } = shell
  let to = firstOwn
  while (Object.hasOwn(system.process.fds, to)) to++
  system.duplicate(fd, to)
  system.close(fd)
  return to
}

/** What children inherit, unless something else is given. */
export function inherited(shell: Shell, changes: Readonly<Record<number, number>> = {}): Record<number, number> {
  const fds: Record<number, number> = {}
  for (const fd of Object.keys(shell.system.process.fds)) if (Number(fd) < firstOwn) fds[Number(fd)] = Number(fd)
  return { ...fds, ...changes }
}

/** Redirects, with the expanded words. Returns what there was before, or what is wrong. */
export function redirect(shell: Shell, redirects: readonly Redirect[], targets: readonly string[]): Save[] | string {
  const saves: Save[] = []
  for (const [index, one] of redirects.entries()) {
    const fault = apply(shell, one, targets[index]!, saves)
    if (fault !== undefined) {
      restore(shell, saves)
      return fault
    }
  }
  return saves
}

/** Puts descriptors back. */
export function restore(shell: Shell, saves: readonly Save[]): void {
  for (const { fd, kept } of saves.toReversed())
    if (kept === undefined) shell.system.close(fd)
    else {
      shell.system.duplicate(kept, fd)
      shell.system.close(kept)
    }
}

/** Redirections that stay (of `exec`): what was before is let go. */
export function keep(shell: Shell, saves: readonly Save[]): void {
  for (const { kept } of saves) if (kept !== undefined) shell.system.close(kept)
}

function apply(shell: Shell, { operator, fd: given }: Redirect, target: string, saves: Save[]): string | undefined {
  const { system } = shell
  const fd = given ?? (operator.startsWith('<') ? 0 : 1)
  if ((operator === '>&' || operator === '<&') && (target === '-' || /^\d+$/.test(target))) {
    if (target !== '-' && (!Object.hasOwn(system.process.fds, target) || Number(target) >= firstOwn))
      return `${target}: Bad file descriptor`
    save(shell, fd, saves)
    if (target === '-') system.close(fd)
    else if (Number(target) !== fd) system.duplicate(Number(target), fd)
    return undefined
  }
  if (operator === '<&') return shell.ash ? 'syntax error: bad fd number' : 'Bad fd number'
  if (operator === '>&' && !shell.ash) return 'Bad fd number'
  const both = operator === '&>' || operator === '>&'
  const opened =
    operator === '<<' ? system.document(target) : system.open(target, flagsOf(shell, both ? '>' : operator, target))
  if (isFailure(opened)) return why(shell, operator, target, opened)
  const moved = moveUp(shell, opened)
  save(shell, fd, saves)
  system.duplicate(moved, fd)
  system.close(moved)
  if (both) {
    save(shell, 2, saves)
    system.duplicate(fd, 2)
  }
  return undefined
}

function save(shell: Shell, fd: number, saves: Save[]): void {
  if (!Object.hasOwn(shell.system.process.fds, fd)) {
    saves.push({ fd })
    return
  }
  let kept = firstOwn
  while (Object.hasOwn(shell.system.process.fds, kept)) kept++
  shell.system.duplicate(fd, kept)
  saves.push({ fd, kept })
}

function flagsOf(shell: Shell, operator: string, target: string): OpenFlags {
  switch (operator) {
    case '<':
      return { read: true }
    case '<>':
      return { read: true, write: true, create: true }
    case '>>':
      return { write: true, create: true, append: true }
  }
  const status = shell.option('C') && operator === '>' ? shell.system.status(target) : undefined
  const exclusive = status && !isFailure(status) && status.type === 'file'
  return { write: true, create: true, truncate: true, ...(exclusive && { exclusive }) }
}

function why(shell: Shell, operator: string, target: string, failure: Failure): string {
  const creates = operator !== '<' && operator !== '<<'
  const missing = failure.errno === 'ENOENT' || failure.errno === 'ENOTDIR'
  const verb = creates ? 'create' : 'open'
  if (shell.ash)
    return `can't ${verb} ${target}: ${missing ? (creates ? 'nonexistent directory' : 'no such file') : errorText(failure)}`
  return `cannot ${verb} ${target}: ${missing ? (creates ? 'Directory nonexistent' : 'No such file') : errorText(failure)}`
}
