/** Splits a line as a shell does: blanks, quotes and backslashes; no variables, no globs. Throws when a quote stays open. */
export function wordsOf(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let i = 0; i < line.length; i++) {
    const character = line[i]!
    if (quote) {
      if (character === quote) quote = ''
      else if (character === '\\' && quote === '"' && i + 1 < line.length) word += line[++i]!
      else word += character
    } else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (character === '\\' && i + 1 < line.length) word = (word ?? '') + line[++i]!
    else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + character
  }
  if (quote) throw new Error(`unexpected end of line: ${quote} is still open`)
  return word === undefined ? words : [...words, word]
}

/** A command line taken apart. Flags that come several times keep all their values. */
export interface CommandLine {
  readonly args: readonly string[]
  /** What comes after `--`. */
  readonly rest: readonly string[]
  flag(name: string): string | undefined
  flags(name: string): readonly string[]
  has(name: string): boolean
}

const short: Readonly<Record<string, string>> = {
  n: 'namespace',
  A: 'all-namespaces',
  l: 'selector',
  o: 'output',
  f: 'filename',
  w: 'watch',
  c: 'container',
  p: 'previous',
  i: 'stdin',
  t: 'tty',
  L: 'label-columns',
  k: 'kustomize',
}
const withoutValue = new Set([
  'all-namespaces',
  'watch',
  'watch-only',
  'stdin',
  'tty',
  'previous',
  'show-labels',
  'no-headers',
  'all',
  'force',
  'now',
  'overwrite',
  'ignore-daemonsets',
  'delete-emptydir-data',
  'ignore-not-found',
  'follow',
  'timestamps',
  'recursive',
  'help',
  'rm',
  'all-containers',
  'list',
  'server-side',
  'force-conflicts',
  'containers',
  'namespaced',
  'show-managed-fields',
  'wait',
  'quiet',
  'expose',
  'local',
  'prefix',
  'dry-run',
])

/**
 * Reads arguments and flags as kubectl's own command lines have them: `-n shop`, `--namespace=shop`, `-it`, `-oyaml`.
 * `letters` are those that mean something else for a command: `-f` follows in logs, and is a file everywhere else.
 */
export function readCommandLine(words: readonly string[], letters: Readonly<Record<string, string>> = {}): CommandLine {
  const end = words.indexOf('--')
  const own = end < 0 ? words : words.slice(0, end)
  const args: string[] = []
  const found = new Map<string, string[]>()
  const set = (name: string, value: string) => found.set(name, [...(found.get(name) ?? []), value])
  for (let i = 0; i < own.length; i++) {
    const word = own[i]!
    if (word === '-' || !word.startsWith('-')) {
      args.push(word)
    } else if (word.startsWith('--')) {
      const [name, ...value] = word.slice(2).split('=') as [string, ...string[]]
      if (value.length > 0) set(name, value.join('='))
      else if (withoutValue.has(name)) set(name, 'true')
      else set(name, own[++i] ?? '')
    } else {
      for (let at = 1; at < word.length; at++) {
        const letter = word[at]!
        const name = letters[letter] ?? short[letter] ?? letter
        if (withoutValue.has(name)) {
          set(name, 'true')
          continue
        }
        const value = word.slice(at + 1).replace(/^=/, '')
        set(name, value === '' ? (own[++i] ?? '') : value)
        break
      }
    }
  }
  return {
    args,
    rest: end < 0 ? [] : words.slice(end + 1),
    flag: (name) => found.get(name)?.at(-1),
    flags: (name) => found.get(name) ?? [],
    has: (name) => found.has(name) && found.get(name)!.at(-1) !== 'false',
  }
}
