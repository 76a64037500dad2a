import type { Step } from '../../kernel/types.ts'
import type { Frame, Work } from '../memory.ts'
import type { Shell } from '../shell.ts'

/** A command of the shell's own: a status, a wait, or that control went elsewhere (and for `called` comes back). */
export type Builtin = (
  shell: Shell,
  args: readonly string[],
  work: Work,
  context: { readonly frame: Frame; readonly tested: boolean },
) => number | Step | 'called' | 'left'

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

/** Is it one of POSIX's special builtins, whose errors end a script? */
export const isSpecial = (name: string): boolean => special.has(name)
