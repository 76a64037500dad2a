/** A shell's pattern, read: what each place must match. */
type Item = { readonly many: true } | { readonly any: true } | { readonly set: (char: string) => boolean } | string

/** POSIX's classes of characters, in the C locale. */
export const characterClasses: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[^ -~\x80-\xff]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\r\f\v]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
}

function read(pattern: string): Item[] {
  const items: Item[] = []
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!
    if (char === '\\' && at + 1 < pattern.length) items.push(pattern[++at]!)
    else if (char === '*') {
      const last = items.at(-1)
      if (typeof last !== 'object' || !('many' in last)) items.push({ many: true })
    } else if (char === '?') items.push({ any: true })
    else if (char === '[') {
      const bracket = readBracket(pattern, at)
      if (bracket) {
        items.push({ set: bracket.set })
        at = bracket.end
      } else items.push(char)
    } else items.push(char)
  }
  return items
}

function readBracket(pattern: string, start: number): { set: (char: string) => boolean; end: number } | undefined {
  let at = start + 1
  const negated = pattern[at] === '!' || pattern[at] === '^'
  if (negated) at++
  const tests: ((char: string) => boolean)[] = []
  for (let first = true; ; first = false) {
    let char = pattern[at]
    if (char === undefined) return undefined
    if (char === ']' && !first) break
    const named = char === '[' && pattern[at + 1] === ':' ? /^\[:(\w+):\]/.exec(pattern.slice(at, at + 12)) : null
    if (named && Object.hasOwn(characterClasses, named[1]!)) {
      const one = characterClasses[named[1]!]!
      tests.push((candidate) => one.test(candidate))
      at += named[0].length
      continue
    }
    if (char === '\\' && at + 1 < pattern.length) char = pattern[++at]!
    at++
    if (pattern[at] === '-' && pattern[at + 1] !== undefined && pattern[at + 1] !== ']') {
      let last = pattern[at + 1]!
      at += 2
      if (last === '\\' && pattern[at] !== undefined) last = pattern[at++]!
      const first = char
      tests.push((candidate) => candidate >= first && candidate <= last)
    } else {
      const only = char
      tests.push((candidate) => candidate === only)
    }
  }
  return { set: (char) => tests.some((one) => one(char)) !== negated, end: at }
}

const fits = (item: Item, char: string): boolean =>
  typeof item === 'string' ? item === char : 'any' in item || ('set' in item && item.set(char))

/** Does a whole text match a pattern? A backslash takes away what the next character means. */
export function matches(pattern: string, text: string): boolean {
  return matchItems(read(pattern), text)
}

function matchItems(items: readonly Item[], text: string): boolean {
  let at = 0
  let item = 0
  let star = -1
  let retry = 0
  while (at < text.length) {
    const one = items[item]
    if (one !== undefined && !(typeof one === 'object' && 'many' in one) && fits(one, text[at]!)) {
      at++
      item++
    } else if (typeof one === 'object' && 'many' in one) {
      star = item++
      retry = at
    } else if (star >= 0) {
      item = star + 1
      at = ++retry
    } else return false
  }
  while (item < items.length && typeof items[item] === 'object' && 'many' in (items[item] as object)) item++
  return item === items.length
}

/** How far a match that begins here goes, at the least and at the most; all states at once, so that nothing is slow. */
function reach(items: readonly Item[], text: string, from: number): { least: number; most: number } | undefined {
  let states = new Set<number>()
  const enter = (set: Set<number>, state: number) => {
    set.add(state)
    for (let at = state; isMany(items[at]); at++) set.add(at + 1)
  }
  enter(states, 0)
  let found: { least: number; most: number } | undefined
  for (let at = from; ; at++) {
    if (states.has(items.length)) found = { least: found?.least ?? at, most: at }
    if (at >= text.length || states.size === 0) return found
    const next = new Set<number>()
    for (const state of states) {
      const item = items[state]
      if (isMany(item)) enter(next, state)
      else if (item !== undefined && fits(item, text[at]!)) enter(next, state + 1)
    }
    states = next
  }
}

const isMany = (item: Item | undefined): boolean => typeof item === 'object' && 'many' in item

/** Without what matches at its start (or its end): the least of it, or the most. */
export function strip(text: string, pattern: string, where: 'start' | 'end', most: boolean): string {
  const items = read(pattern)
  const found = where === 'start' ? reach(items, text, 0) : reach(items.toReversed(), [...text].reverse().join(''), 0)
  const length = found ? found[most ? 'most' : 'least'] : 0
  return where === 'start' ? text.slice(length) : text.slice(0, text.length - length)
}

/** ${x/pattern/replacement}: the first longest match, or all of them. */
export function replace(text: string, pattern: string, replacement: string, all: boolean): string {
  if (pattern === '') return text
  const items = read(pattern)
  let result = ''
  let at = 0
  while (at < text.length) {
    const end = reach(items, text, at)?.most ?? at
    if (end === at) {
      result += text[at++]
      continue
    }
    result += replacement
    at = end
    if (!all) break
  }
  return result + text.slice(at)
}

/** Is there anything in this that is not just text? */
export const isPattern = (text: string): boolean => /[*?[]/.test(text.replace(/\\[^]/g, ''))

export const escapePattern = (text: string): string => text.replace(/[\\*?[\]!^-]/g, '\\$&')
export const unescapePattern = (text: string): string => text.replace(/\\([^])/g, '$1')
