import type { DirectoryNode, Signal } from '../kernel/types.ts'

/** What an image says of itself, and the tree that its containers see. */
export interface Image {
  readonly entrypoint?: readonly string[]
  readonly cmd?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** A number or a name of its /etc/passwd, perhaps with a group: `65534`, `nginx`, `101:101`. */
  readonly user?: string
  readonly workingDir?: string
  readonly stopSignal?: Signal
  /** As pulled. */
  readonly sizeBytes: number
  /** Frozen, made once, shared by all containers. */
  readonly root: DirectoryNode
  /** What runs for a command that its tree does not hold, when nobody knows what it holds. */
  readonly unknownProgram?: string
}

/** All images that there are: by the name that stands in a manifest. */
export interface Images {
  find(name: string): Image | undefined
}
