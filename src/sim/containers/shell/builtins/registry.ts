import type { Step } from '../../kernel/types.ts'
import type { Frame, Work } from '../memory.ts'
import type { Shell } from '../shell.ts'
import { control } from './control.ts'
import { jobs } from './jobs.ts'
import { names } from './names.ts'
import { options } from './options.ts'
import { output } from './output.ts'
import { read } from './read.ts'
import { variables } from './variables.ts'

/** A command of the shell's own: a status, a wait, or that control went elsewhere (and for `called` comes back). */
export type Builtin = (
  shell: Shell,
  args: readonly string[],
  work: Work,
  context: { readonly frame: Frame; readonly tested: boolean },
) => number | Step | 'called' | 'left'

const all: Readonly<Record<string, Builtin>> = {
  ...control,
  ...jobs,
  ...names,
  ...options,
  ...output,
  ...read,
  ...variables,
}

/** What only ash has. */
const ashOnly = new Set(['[[', 'let', 'source'])
const special = new Set([
  'break',
  ':',
  '.',
  'continue',
  'eval',
  'exec',
  'exit',
  'export',
  'readonly',
  'return',
  'set',
  'shift',
  'times',
  'trap',
  'unset',
  'source',
  'local',
])

/** The builtin of a name. */
export function builtins(shell: Shell, name: string): Builtin | undefined {
  if (!Object.hasOwn(all, name) || (!shell.ash && ashOnly.has(name))) return undefined
  return all[name]
}

export const isSpecial = (name: string): boolean => special.has(name)
