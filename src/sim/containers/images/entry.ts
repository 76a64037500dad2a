import type { Signal } from '../kernel/types.ts'
import type { Flavour } from './roots.ts'
import type { Entries } from './tree.ts'

/** A well-known image in a line. */
export interface Entry {
  /** Last parts of names, or more of them where the last alone would be somebody else's too. */
  readonly names: string
  readonly on: Flavour
  /** As pulled. */
  readonly sizeMiB: number
  /** What runs when nothing else is asked for; options given instead of arguments go to its first word. */
  readonly run?: string
  /** The first word is an argument of a script, as images of databases have it: another command takes its place. */
  readonly script?: string
  /** Arguments alone go to it, as an ENTRYPOINT takes them; otherwise all of `run` can be replaced. */
  readonly entry?: true
  /** More programs in /usr/local/bin, or where their paths say: `name`, `name=program`. */
  readonly has?: string
  readonly files?: Entries
  readonly env?: Readonly<Record<string, string>>
  readonly user?: string
  readonly cwd?: string
  readonly stop?: Signal
}

/** A directory that is there. */
export const data = (path: string, owner: number): Entries => ({ [path]: { directory: 0o755, owner } })
/** A line of the table of users. */
export const account = (name: string, id: number, home = '/nonexistent'): string =>
  `${name}:x:${id}:${id}:${name}:${home}:/bin/sh\n`
/** The table of users. */
export const people = (...more: string[]): Entries => ({
  '/etc/passwd': `root:x:0:0:root:/root:/bin/sh\n${more.join('')}nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n`,
})
export const nonroot = '65532:65532'
