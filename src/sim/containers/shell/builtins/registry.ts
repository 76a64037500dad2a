import type { Shell } from '../shell.ts'
import type { Builtin } from './builtin.ts'
import { control } from './control.ts'
import { jobs } from './jobs.ts'
import { names } from './names.ts'
import { options } from './options.ts'
import { output } from './output.ts'
import { read } from './read.ts'
import { variables } from './variables.ts'

const all: Readonly<Record<string, Builtin>> = {
  ...control,
  ...jobs,
  ...names((shell, name) => builtins(shell, name) !== undefined),
  ...options,
  ...output,
  ...read,
  ...variables,
}

/** What may be called without a file. */
export const builtinNames: readonly string[] = Object.keys(all)

/** What only ash has. */
const ashOnly = new Set(['[[', 'let', 'source'])
/** The builtin of a name. */
export function builtins(shell: Shell, name: string): Builtin | undefined {
  if (!Object.hasOwn(all, name) || (!shell.ash && ashOnly.has(name))) return undefined
  return all[name]
}
