import type { Step } from '../kernel/types.ts'
import type { Work } from './memory.ts'
import { moveUp } from './redirects.ts'
import type { Shell } from './shell.ts'

/** What a substitution may come to. */
const outputAtMost = 16 * 1024 * 1024

/** Starts a command whose output is part of a word. */
export function startSubstitution(shell: Shell, work: Work, block: number): void {
  const { system } = shell
  const pipe = system.pipe()
  const fd = moveUp(shell, pipe.read)
  const out = moveUp(shell, pipe.write)
  const pid = shell.fork(block, false, { 1: out })
  system.close(out)
  work.substitution = { pid, fd, text: '' }
}

/** Reads what it prints, to its end. */
export function advanceSubstitution(shell: Shell, work: Work): Step | undefined {
  const { system } = shell
  const substitution = work.substitution!
  while (!substitution.ended) {
    const text = system.read(substitution.fd)
    if (text === '') return { for: 'readable', fd: substitution.fd }
    if (typeof text !== 'string' || substitution.text.length > outputAtMost) {
      substitution.ended = true
      system.close(substitution.fd)
    } else substitution.text += text.includes('\0') ? text.replaceAll('\0', '') : text
    if (!system.spend(1)) return 'again'
  }
  const child = system.reap(substitution.pid)
  if (!child && system.children().includes(substitution.pid)) return { for: 'child', pid: substitution.pid }
  work.status = child?.status.code ?? 0
  let end = substitution.text.length
  while (substitution.text[end - 1] === '\n') end--
  work.cache.push(substitution.text.slice(0, end))
  delete work.substitution
  return undefined
}
