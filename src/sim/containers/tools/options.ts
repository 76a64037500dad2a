import type { Call } from './tool.ts'

/** Options as getopt reads them. */
export interface Options {
  readonly rest: string[]
  has(letter: string): boolean
  get(letter: string): string | undefined
  all(letter: string): string[]
  /** Letters in their order. */
  readonly order: readonly string[]
}

/**
 * Reads options: letters, with a colon behind those that take an argument, two when it may be left out; a leading `+`
 * ends them at the first operand. Undefined: it was not to be read, and that was said.
 */
export function options(
  call: Call,
  letters: string,
  long: Readonly<Record<string, string>> = {},
  args: readonly string[] = call.args,
): Options | undefined {
  const found: [string, string][] = []
  const rest: string[] = []
  const takes = (letter: string) => {
    const at = letter === ':' ? -1 : letters.indexOf(letter)
    return at < 0 ? -1 : letters.startsWith('::', at + 1) ? 2 : letters[at + 1] === ':' ? 1 : 0
  }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (arg === '--') {
      rest.push(...args.slice(i + 1))
      break
    }
    if (arg.startsWith('--')) {
      const [name, value] = split(arg.slice(2))
      const letter = Object.hasOwn(long, name) ? long[name]! : undefined
      if (letter === undefined) {
        call.err(`${call.name}: unrecognized option '${arg}'\n`)
        call.usage()
        return undefined
      }
      found.push([letter, value ?? (takes(letter) === 1 ? (args[++i] ?? '') : '')])
    } else if (arg.startsWith('-') && arg.length > 1) {
      for (let at = 1; at < arg.length; at++) {
        const letter = arg[at]!
        const kind = takes(letter)
        if (kind < 0) {
          call.err(`${call.name}: invalid option -- '${letter}'\n`)
          call.usage()
          return undefined
        }
        if (kind === 0) {
          found.push([letter, ''])
          continue
        }
        const tail = arg.slice(at + 1)
        if (kind === 1 && tail === '' && i + 1 >= args.length) {
          call.err(`${call.name}: option requires an argument -- '${letter}'\n`)
          call.usage()
          return undefined
        }
        found.push([letter, tail !== '' || kind === 2 ? tail : args[++i]!])
        break
      }
    } else if (letters.startsWith('+')) {
      rest.push(...args.slice(i))
      break
    } else rest.push(arg)
  }
  return {
    rest,
    order: found.map(([letter]) => letter),
    has: (letter) => found.some(([one]) => one === letter),
    get: (letter) => found.findLast(([one]) => one === letter)?.[1],
    all: (letter) => found.filter(([one]) => one === letter).map(([, value]) => value),
  }
}

function split(text: string): [string, string | undefined] {
  const at = text.indexOf('=')
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

const suffixes: Readonly<Record<string, number>> = {
  '': 1,
  b: 512,
  k: 1024,
  K: 1024,
  m: 1 << 20,
  M: 1 << 20,
  G: 1 << 30,
}

/** A number with a suffix (`2k`); undefined when it is none. */
export function sizeOf(text: string): number | undefined {
  const match = /^(\d+)([bkKmMG]?)(?:i?B)?$/.exec(text)
  return match ? Number(match[1]) * suffixes[match[2]!]! : undefined
}
