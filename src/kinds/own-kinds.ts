import type { Kind } from './kind.ts'
import { Pod } from './pod/kind.ts'

/** The kinds with a folder of their own. */
export const ownKinds: readonly Kind[] = [Pod]
