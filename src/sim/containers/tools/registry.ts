import type { Program } from '../kernel/types.ts'
import { awkTools } from './awk.ts'
import { catTools } from './cat.ts'
import { columnTools } from './columns.ts'
import { echoTools } from './echo.ts'
import { grepTools } from './grep.ts'
import { sedTools } from './sed.ts'
import { sortTools } from './sort.ts'

/** All tools by name. */
export const tools: Readonly<Record<string, Program>> = Object.fromEntries(
  [...awkTools, ...catTools, ...columnTools, ...echoTools, ...grepTools, ...sedTools, ...sortTools].map((program) => [
    program.name,
    program,
  ]),
)
