import { expandFields, expandText, Pending, type Results, ShellFault } from './expand.ts'
import type { Frame, Work } from './memory.ts'
import type { Shell } from './shell.ts'
import { startSubstitution } from './substitution.ts'
import type { Op, Redirect, Word } from './syntax.ts'

/** What an instruction has come to: it goes on there after a wait. */
export const workOf = (frame: Frame): Work => (frame.work ??= { phase: 'expand', fields: [], word: 0, cache: [] })

/** Expands the words one by one; undefined while a substitution has to run first. */
export function expandAll(shell: Shell, frame: Frame, words: readonly Word[]): string[] | undefined {
  const work = workOf(frame)
  while (work.word < words.length) {
    const fields = expanded(shell, work, (results) => expandFields(shell, words[work.word]!, results))
    if (!fields) return undefined
    for (const field of fields) work.fields.push(field)
    nextWord(work)
  }
  return work.fields
}

/** That word is done. */
export function nextWord(work: Work): void {
  work.word++
  work.cache = []
}

/** An expansion, or undefined when a substitution was started for it. */
export function expanded<Result>(shell: Shell, work: Work, expand: (results: Results) => Result): Result | undefined {
  try {
    return expand({ cache: work.cache, next: 0 })
  } catch (thrown) {
    if (!(thrown instanceof Pending)) throw thrown
    startSubstitution(shell, work, thrown.block)
    return undefined
  }
}

/** Is its failure asked for? Then `set -e` does not mind it. */
export const isTested = (frame: Frame, op: Op): boolean => op.tested === true || frame.tested === true

/** An instruction's status is known: the next one follows. */
export function finish(shell: Shell, frame: Frame, op: Op, status: number): undefined {
  delete frame.work
  shell.memory.status = status
  frame.pc++
  checkStatus(shell, frame, op)
  return undefined
}

/** `set -e`. */
export function checkStatus(shell: Shell, frame: Frame, op: Op): void {
  if (shell.memory.status !== 0 && shell.option('e') && !isTested(frame, op)) shell.exit(shell.memory.status)
}

/** What a redirection is to. A here-document whose text cannot be expanded fails as one to a missing file does. */
export function targetText(shell: Shell, work: Work, { operator, word }: Redirect, results: Results): string {
  try {
    return expandText(shell, word, results)
  } catch (thrown) {
    if (!(thrown instanceof ShellFault) || operator !== '<<') throw thrown
    work.fault = thrown.message
    return ''
  }
}
