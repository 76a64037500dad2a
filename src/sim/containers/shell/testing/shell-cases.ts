import { commandsCases } from './commands-cases.ts'
import { flowCases } from './flow-cases.ts'
import { scriptsCases } from './scripts-cases.ts'
import { wordsCases } from './words-cases.ts'

/** Scripts that the shells are held to: what dash and busybox's sh do with them. */
export const shellCases: Readonly<Record<string, readonly string[]>> = {
  ...wordsCases,
  ...flowCases,
  ...commandsCases,
  ...scriptsCases,
}
