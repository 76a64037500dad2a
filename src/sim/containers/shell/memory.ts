import type { Data } from '../kernel/types.ts'
import type { Flavour } from './syntax.ts'

/** A variable; without a value it is only marked. */
export interface Variable {
  readonly value?: string
  readonly exported?: true
  readonly readOnly?: true
}

/** A script's text, as long as something refers to it. */
export interface ScriptText {
  readonly text: string
  /** Aliases in force where it was read. */
  readonly aliases?: Readonly<Record<string, string>>
}

/** Where in a script: which text, which of its complete commands, which block of it. */
export interface Place {
  readonly text: number
  readonly at: number
  readonly line: number
  readonly block: number
}

export interface Loop {
  readonly end: number
  readonly next: number
  status: number
  /** Redirections that were in force when it began. */
  readonly saves: number
  items?: string[]
  name?: string
  index?: number
}

/** What was a descriptor before a redirection: kept at a high number, or closed. */
export interface Save {
  readonly fd: number
  readonly kept?: number
}

export interface Frame {
  readonly kind: 'script' | 'block' | 'function' | 'eval' | 'file' | 'trap'
  place: Place
  pc: number
  /** A script: where its next complete command begins. */
  next?: { at: number; line: number }
  loops: Loop[]
  redirects: Save[][]
  tested?: true
  /** Of a function or a file: what it hides of who called it. */
  locals?: Record<string, Variable | null>
  params?: readonly string[]
  name?: string
  /** Of a trap: the status that it does not change. */
  status?: number
  /** What its current instruction has come to. */
  work?: Work
}

export interface Work {
  phase: 'expand' | 'called' | 'builtin' | 'wait'
  fields: string[]
  word: number
  /** Results of what is in the current word, in its order. */
  cache: (string | null)[]
  /** A substitution that runs: its process and where its output comes from. */
  substitution?: { readonly pid: number; readonly fd: number; text: string; ended?: true }
  /** Status of the last substitution. */
  status?: number
  saves?: Save[]
  /** Variables to put back. */
  variables?: Record<string, Variable | null>
  pids?: number[]
  statuses?: Record<string, number>
  /** Why a here-document could not be expanded. */
  fault?: string
  /** Expanded redirections. */
  targets?: string[]
  /** After `command`: no builtin is special. */
  plain?: true
  /** Its output could not be written. */
  failed?: true
  data?: Data
}

export interface Job {
  readonly id: number
  readonly pids: readonly number[]
  readonly source: string
  status?: number
  signal?: string
  waited?: true
}

/** All that a shell knows. */
export interface ShellMemory {
  flavour: Flavour
  variables: Record<string, Variable>
  /** $0 */
  name: string
  params: readonly string[]
  status: number
  /** $$: of the shell that subshells come from. */
  pid: number
  lastJob?: number
  options: Record<string, true>
  functions: Record<string, Place>
  traps: Record<string, string>
  aliases: Record<string, string>
  texts: Record<string, ScriptText>
  nextText: number
  frames: Frame[]
  jobs: Job[]
  /** Builtins' output that was not taken yet. */
  queue: [number, string][]
  /** Signals that came and whose traps have not run. */
  caught: string[]
  exiting?: { status: number; trapped?: true }
  /** The word of getopts that is read: its letter. */
  option?: number
  subshell?: true
  /** A function runs that subshell: it may have variables of its own. */
  inFunction?: true
  /** What read the commands of a subshell: eval, or a file. */
  within?: string
  /** Its command line has been read. */
  started?: true
  /** Commands are read from standard input: what has come of the next one; on a terminal with prompts. */
  input?: { text: string; terminal?: true; prompted?: true }
  /** A file whose commands are read. */
  script?: string
  /** The name that stands in errors before a line number, of a builtin that runs. */
  builtin?: string
  line: number
}

const valid = /^[A-Za-z_]\w*$/

export const isName = (name: string): boolean => valid.test(name) && name !== '__proto__'

/** A fresh shell. */
export function freshMemory(flavour: Flavour, pid: number, env: Readonly<Record<string, string>>): ShellMemory {
  const variables: Record<string, Variable> = {}
  for (const [name, value] of Object.entries(env)) if (isName(name)) variables[name] = { value, exported: true }
  variables['IFS'] = { value: ' \t\n' }
  variables['OPTIND'] = { value: '1' }
  variables['PS1'] ??= { value: '$ ' }
  variables['PS2'] ??= { value: '> ' }
  variables['PS4'] ??= { value: '+ ' }
  return {
    flavour,
    variables,
    name: 'sh',
    params: [],
    status: 0,
    pid,
    options: {},
    functions: {},
    traps: {},
    aliases: {},
    texts: {},
    nextText: 1,
    frames: [],
    jobs: [],
    queue: [],
    caught: [],
    line: 1,
  }
}
