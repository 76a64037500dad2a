import { wholeTool } from './line-tool.ts'
import { writeFile } from './inputs.ts'
import { sizeOf } from './options.ts'
import { tools } from './tool.ts'

const split = wholeTool<{
  text: string
  lines: number
  bytes: number
  suffix: number
  prefix: string
  paths: readonly string[]
}>(
  'b:l:a:',
  (_call, paths, given) => ({
    text: '',
    lines: Number(given.get('l') ?? 1000) || 1000,
    bytes: given.has('b') ? (sizeOf(given.get('b')!) ?? 0) : 0,
    suffix: Number(given.get('a') ?? 2),
    prefix: paths[1] ?? 'x',
    paths: paths.slice(0, 1),
  }),
  (call, { text, lines, bytes, suffix, prefix }) => {
    const pieces: string[] = []
    if (bytes > 0) for (let at = 0; at < text.length; at += bytes) pieces.push(text.slice(at, at + bytes))
    else {
      const all = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
      for (let at = 0; at < all.length; at += lines) pieces.push(all.slice(at, at + lines).join(''))
    }
    for (const [index, piece] of pieces.entries()) {
      let name = ''
      for (let rest = index, letter = 0; letter < suffix; letter++, rest = Math.floor(rest / 26))
        name = String.fromCharCode(97 + (rest % 26)) + name
      if (index >= 26 ** suffix) {
        call.say('suffixes exhausted')
        return 1
      }
      if (!writeFile(call, prefix + name, piece)) return 1
    }
    return 0
  },
)

const shuf = wholeTool<{ text: string; most: number; given?: string[]; paths: readonly string[] }>(
  'ei:n:o:z',
  (_call, paths, given) => {
    const [low, high] = (given.get('i') ?? '').split('-').map(Number)
    const range = given.has('i')
      ? Array.from({ length: Math.min(1 << 20, high! - low! + 1) }, (_, at) => String(low! + at))
      : undefined
    return {
      text: '',
      most: Number(given.get('n') ?? Number.MAX_SAFE_INTEGER),
      ...(given.has('e') ? { given: [...paths] } : range && { given: range }),
      paths: given.has('e') || range ? ['/dev/null'] : paths,
    }
  },
  (call, { text, most, given }) => {
    const lines = given ?? text.match(/[^\n]+|\n(?=\n)/g) ?? []
    for (let at = lines.length - 1; at > 0; at--) {
      const other = call.system.below(at + 1)
      ;[lines[at], lines[other]] = [lines[other]!, lines[at]!]
    }
    for (const line of lines.slice(0, most)) call.out(`${line}\n`)
    return 0
  },
)

/** split, and shuf. */
export const splitTools = tools({ split, shuf })
