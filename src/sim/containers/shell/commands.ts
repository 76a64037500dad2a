import type { Step } from '../kernel/types.ts'
import { type Builtin, isSpecial } from './builtins/builtin.ts'
import { builtins } from './builtins/registry.ts'
import { expandFields, expandText, ShellFault } from './expand.ts'
import { external, waitFor } from './external.ts'
import { expanded, finish, isTested, nextWord, targetText, workOf } from './work.ts'
import type { Frame, Variable, Work } from './memory.ts'
import { redirect, restore } from './redirects.ts'
import type { Shell } from './shell.ts'
import { sparinglyQuoted } from './quoting.ts'
import type { Op } from './syntax.ts'

type Run = Op & { op: 'run' }

/** A simple command: expansions, redirections, then a function, a builtin or a program. */
export function runCommand(shell: Shell, frame: Frame, op: Run, ops: readonly Op[]): Step | undefined {
  const { memory } = shell
  const work = workOf(frame)
  if (work.phase === 'expand') {
    memory.line = op.line
    if (!expandCommand(shell, work, op)) return undefined
    const status = begin(shell, frame, work, op, ops)
    if (typeof status !== 'number') return status
    return end(shell, frame, op, status)
  }
  if (work.phase === 'wait') {
    const status = waitFor(shell, work)
    return typeof status === 'number' ? end(shell, frame, op, status) : status
  }
  if (work.phase === 'called') return end(shell, frame, op, memory.status)
  return builtin(shell, frame, work, op)
}

/** All words, then what redirections are to, then the values of assignments. False while a substitution runs. */
function expandCommand(shell: Shell, work: Work, op: Run): boolean {
  const { words, redirects, assignments } = op
  while (work.word < words.length) {
    const word = words[work.word]!
    const fields = expanded(shell, work, (results) =>
      declares(work.fields) && isAssignment(word)
        ? [expandText(shell, word, results)]
        : expandFields(shell, word, results),
    )
    if (!fields) return false
    for (const field of fields) work.fields.push(field)
    nextWord(work)
  }
  work.targets ??= []
  while (work.word < words.length + redirects.length + assignments.length) {
    const at = work.word - words.length
    const text = expanded(shell, work, (results) =>
      at < redirects.length
        ? targetText(shell, work, redirects[at]!, results)
        : expandText(shell, assignments[at - redirects.length]!.word, results),
    )
    if (text === undefined) return false
    work.targets.push(text)
    if (at >= redirects.length && words.length === 0) shell.assign(assignments[at - redirects.length]!.name, text)
    nextWord(work)
  }
  return true
}

/** Arguments of these that look like assignments are not split. */
const declares = (fields: readonly string[]) => ['export', 'readonly', 'local'].includes(fields[0] ?? '')
const isAssignment = (word: Run['words'][number]) =>
  word[0]?.kind === 'text' && !word[0].quoted && /^[A-Za-z_]\w*=/.test(word[0].text)

/** Starts what the expanded command says. A number is its status already. */
function begin(shell: Shell, frame: Frame, work: Work, op: Run, ops: readonly Op[]): Step | undefined | number {
  const { memory } = shell
  const targets = work.targets!
  const values = targets.slice(op.redirects.length)
  if (shell.option('x')) trace(shell, op, work.fields, values)
  const plain = withoutCommand(work)
  if (plain) work.plain = true
  const [name = '', ...args] = work.fields
  const isFunction = !plain && Object.hasOwn(memory.functions, name)
  const special = work.fields.length > 0 && !isFunction && !plain && isSpecial(name)
  const saves = work.fault ?? (op.redirects.length > 0 ? redirect(shell, op.redirects, targets) : [])
  if (typeof saves === 'string') {
    if (special) throw new ShellFault(saves, shell.ash ? 1 : 2)
    shell.say(saves)
    return shell.ash ? 1 : 2
  }
  if (saves.length > 0) work.saves = saves
  if (work.fields.length === 0) return work.status ?? 0
  const assigned = op.assignments.map(({ name: variable }, index) => [variable, values[index]!] as const)
  if (isFunction) {
    assign(shell, work, assigned, false)
    work.phase = 'called'
    shell.pushFunction(name, args, isTested(frame, op))
    return undefined
  }
  const known = builtins(shell, name)
  if (known) {
    assign(shell, work, assigned, special)
    work.phase = 'builtin'
    return undefined
  }
  return external(shell, frame, work, ops, assigned)
}

/** `command NAME`: no function, and nothing special about it. */
function withoutCommand(work: Work): boolean {
  let plain = false
  while (work.fields[0] === 'command' && work.fields.length > 1 && !/^-[vV]/.test(work.fields[1]!)) {
    work.fields.splice(0, work.fields[1] === '-p' || work.fields[1] === '--' ? 2 : 1)
    plain = true
  }
  return plain
}

/** What stands before a command counts for it alone, unless it is one of the special builtins. */
function assign(shell: Shell, work: Work, assigned: readonly (readonly [string, string])[], stays: boolean): void {
  const { variables } = shell.memory
  for (const [name, value] of assigned) {
    const before = Object.hasOwn(variables, name) ? variables[name]! : null
    shell.assign(name, value)
    if (stays) continue
    work.variables ??= {}
    if (!Object.hasOwn(work.variables, name)) work.variables[name] = before
    variables[name] = { ...variables[name], exported: true } satisfies Variable
  }
}

function builtin(shell: Shell, frame: Frame, work: Work, op: Run): Step | undefined {
  const { memory } = shell
  const depth = memory.frames.length
  const [name = '', ...args] = work.fields
  memory.line = op.line
  memory.builtin = name
  let result: ReturnType<Builtin>
  try {
    result = builtins(shell, name)!(shell, args, work, { frame, tested: isTested(frame, op) })
  } catch (thrown) {
    // Only a special builtin's error ends the script.
    if (!(thrown instanceof ShellFault) || (isSpecial(name) && !work.plain)) throw thrown
    shell.say(thrown.message)
    result = thrown.status
  }
  delete memory.builtin
  // Control went elsewhere: a function, an eval, a return, an exit.
  if (result === 'called') work.phase = 'called'
  if (
    result === 'left' ||
    result === 'called' ||
    memory.frames.length < depth ||
    (memory.exiting?.trapped === undefined && memory.exiting)
  )
    return undefined
  if (typeof result !== 'number') return result
  const blocked = shell.flush()
  if (blocked) {
    // The status is kept until all was written.
    work.phase = 'called'
    memory.status = result
    return blocked
  }
  return end(shell, frame, op, work.failed ? 1 : result)
}

function end(shell: Shell, frame: Frame, op: Run, status: number): Step | undefined {
  const { work } = frame
  const blocked = shell.flush()
  if (blocked) {
    work!.phase = 'called'
    shell.memory.status = status
    return blocked
  }
  if (work?.saves) restore(shell, work.saves)
  if (work?.variables) shell.putBack(work.variables)
  return finish(shell, frame, op, status)
}

/** `set -x` */
function trace(shell: Shell, op: Run, fields: readonly string[], values: readonly string[]): void {
  const prompt = shell.parameter('PS4') ?? ''
  // Only ash quotes what it shows.
  const show = (text: string) => (shell.ash ? sparinglyQuoted(text) : text)
  const shown = [...op.assignments.map(({ name }, index) => `${name}=${show(values[index]!)}`), ...fields.map(show)]
  shell.write(2, `${prompt}${shown.join(' ')}\n`)
}
