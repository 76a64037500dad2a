import type { Kind } from './kind.ts'

/** The kinds with a folder of their own. */
export const ownKinds: readonly Kind[] = []
