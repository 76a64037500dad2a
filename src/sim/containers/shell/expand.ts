import type { System } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { ArithmeticFault, arithmetic } from './arithmetic.ts'
import { escapePattern, isPattern, matches, replace, strip, unescapePattern } from './patterns.ts'
import type { Part, Word } from './syntax.ts'

/** What is wrong with a command as it stands: a script ends by it. */
export class ShellFault extends Error {
  readonly status: number
  constructor(message: string, status = 2) {
    super(message)
    this.status = status
  }
}

/** A substitution has to run first; then the word is expanded anew, with its result. */
export class Pending extends Error {
  readonly block: number
  constructor(block: number) {
    super('pending')
    this.block = block
  }
}

/** What expansions ask of the shell. */
export interface Expander {
  readonly system: System
  readonly ash: boolean
  /** Of a variable, a positional or a special parameter. */
  parameter(name: string): string | undefined
  readonly params: readonly string[]
  assign(name: string, value: string): void
  option(letter: string): boolean
}

/**
 * What a word's variables, substitutions and calculations came to, in their order: they happen once, although the word
 * is expanded anew after each substitution. Null is a variable that was not set.
 */
export interface Results {
  readonly cache: (string | null)[]
  next: number
}

interface Run {
  readonly text: string
  readonly quoted: boolean
  readonly split: boolean
}

type Pieces = (Run | 'break')[]

/** A word as fields: split, and with the files that its patterns match. */
export function expandFields(shell: Expander, word: Word, results: Results): string[] {
  const fields: { text: string; pattern: string }[] = []
  const ifs = shell.parameter('IFS') ?? ' \t\n'
  let text = ''
  let pattern = ''
  let has = false
  let endedByBlank = false
  const finish = () => {
    fields.push({ text, pattern })
    text = ''
    pattern = ''
    has = false
  }
  for (const piece of pieces(shell, word, results, false)) {
    if (piece === 'break') {
      if (has) finish()
      endedByBlank = false
    } else if (!piece.split || ifs === '') {
      text += piece.text
      pattern += piece.quoted ? escapePattern(piece.text) : piece.text
      has ||= piece.quoted || piece.text !== ''
      if (piece.text !== '') endedByBlank = false
    } else
      for (const char of piece.text) {
        if (!ifs.includes(char)) {
          text += char
          pattern += char === '\\' ? '\\\\' : char
          has = true
          endedByBlank = false
        } else if (' \t\n'.includes(char)) {
          if (has) {
            finish()
            endedByBlank = true
          }
        } else if (endedByBlank) endedByBlank = false
        else finish()
      }
  }
  if (has) finish()
  if (shell.option('f')) return fields.map((field) => field.text)
  return fields.flatMap((field) =>
    isPattern(field.pattern) ? (glob(shell.system, field.pattern) ?? [field.text]) : [field.text],
  )
}

/** A word as one text: of an assignment, a redirection, a here-document. */
export function expandText(shell: Expander, word: Word, results: Results): string {
  const joiner = (shell.parameter('IFS') ?? ' ').slice(0, 1)
  return pieces(shell, word, results, false)
    .map((piece) => (piece === 'break' ? joiner : piece.text))
    .join('')
}

/** A word as a pattern: what was quoted means itself. */
export function expandPattern(shell: Expander, word: Word, results: Results): string {
  return pieces(shell, word, results, false)
    .map((piece) => (piece === 'break' ? ' ' : piece.quoted ? escapePattern(piece.text) : piece.text))
    .join('')
}

function pieces(shell: Expander, word: Word, results: Results, nested: boolean): Pieces {
  const found: Pieces = []
  for (const part of word) {
    switch (part.kind) {
      case 'text':
        found.push({ text: part.text, quoted: part.quoted, split: nested && !part.quoted })
        break
      case 'variable':
        for (const piece of variable(shell, part, results)) found.push(piece)
        break
      case 'command':
        if (results.next >= results.cache.length) throw new Pending(part.block)
        found.push({ text: results.cache[results.next++] ?? '', quoted: part.quoted, split: !part.quoted })
        break
      case 'arithmetic': {
        const text = expandText(shell, part.word, results)
        found.push({ text: calculated(shell, text, results), quoted: part.quoted, split: !part.quoted })
        break
      }
      case 'home':
        found.push({ text: homeOf(shell, part.user), quoted: true, split: false })
        break
      case 'bad':
        throw new ShellFault(shell.ash ? 'syntax error: bad substitution' : 'Bad substitution')
    }
  }
  return found
}

function calculated(shell: Expander, text: string, results: Results): string {
  const known = results.cache[results.next]
  const value = known ?? String(calculate(shell, text))
  if (known === undefined) results.cache.push(value)
  results.next++
  return value
}

/** $((…)), with the shell's variables. */
export function calculate(shell: Expander, text: string): bigint {
  try {
    const names = {
      get: (name: string) => shell.parameter(name),
      set: (name: string, value: string) => shell.assign(name, value),
    }
    return arithmetic(text, names, shell.ash)
  } catch (thrown) {
    if (thrown instanceof ArithmeticFault) throw new ShellFault(thrown.message)
    throw thrown
  }
}

function homeOf(shell: Expander, user: string): string {
  if (user === '') return shell.parameter('HOME') ?? '~'
  return user === 'root' ? '/root' : `~${user}`
}

function variable(shell: Expander, part: Part & { kind: 'variable' }, results: Results): Pieces {
  const { name, quoted, operator } = part
  const one = (text: string): Pieces => [{ text, quoted, split: !quoted }]
  let value = results.cache[results.next++] ?? undefined
  if (results.next > results.cache.length) {
    value = name === '@' || name === '*' ? joined(shell, name, quoted) : shell.parameter(name)
    results.cache.push(value ?? null)
  }
  if (operator === undefined) {
    if (name === '@' || (name === '*' && !quoted)) return allParameters(shell, quoted)
    if (value === undefined && shell.option('u') && name !== '*') throw new ShellFault(`${name}: parameter not set`)
    return one(value ?? '')
  }
  if (operator === 'length') {
    if (name === '@' || name === '*')
      return one(String(shell.ash ? joined(shell, '*', true).length : shell.params.length))
    if (value === undefined && shell.option('u')) throw new ShellFault(`${name}: parameter not set`)
    return one(String((value ?? '').length))
  }
  const word = part.word ?? []
  const missing = value === undefined || (operator.startsWith(':') && operator.length > 1 && value === '')
  const plain = () => (name === '@' || (name === '*' && !quoted) ? allParameters(shell, quoted) : one(value ?? ''))
  switch (operator.replace(/^:(?=.)/, '')) {
    case '-':
      return missing ? withEmpty(pieces(shell, word, results, !quoted), quoted) : plain()
    case '+':
      return missing ? (quoted ? one('') : []) : withEmpty(pieces(shell, word, results, !quoted), quoted)
    case '=': {
      if (!missing) return plain()
      if (!/^[A-Za-z_]/.test(name)) throw new ShellFault(shell.ash ? `${name}: bad variable name` : 'Bad substitution')
      const text = expandText(shell, word, results)
      shell.assign(name, text)
      return one(text)
    }
    case '?': {
      if (!missing) return plain()
      const why = `parameter not set${operator === ':?' ? ' or null' : ''}`
      throw new ShellFault(`${name}: ${word.length > 0 ? expandText(shell, word, results) : why}`)
    }
    case ':':
      return one(
        substring(
          shell,
          value ?? '',
          expandText(shell, word, results),
          part.second && expandText(shell, part.second, results),
        ),
      )
  }
  if (value === undefined && shell.option('u')) throw new ShellFault(`${name}: parameter not set`)
  const pattern = expandPattern(shell, word, results)
  if (operator.startsWith('/')) {
    const into = part.second ? expandText(shell, part.second, results) : ''
    return one(replace(value ?? '', pattern, into, operator === '//'))
  }
  return one(strip(value ?? '', pattern, operator.startsWith('#') ? 'start' : 'end', operator.length === 2))
}

/** Inside quotes, nothing is an empty text still. */
const withEmpty = (found: Pieces, quoted: boolean): Pieces =>
  quoted && found.length === 0 ? [{ text: '', quoted, split: false }] : found

function joined(shell: Expander, name: string, quoted: boolean): string {
  const ifs = shell.parameter('IFS')
  const by = name === '*' && quoted && ifs !== undefined ? ifs.slice(0, 1) : ' '
  return shell.params.join(by)
}

function allParameters(shell: Expander, quoted: boolean): Pieces {
  return shell.params.flatMap((text, index): Pieces => [
    ...(index > 0 ? (['break'] as const) : []),
    { text, quoted, split: !quoted },
  ])
}

function substring(shell: Expander, value: string, offset: string, length: string | undefined): string {
  let from = Number(calculate(shell, offset))
  if (from < 0) from = Math.max(0, value.length + from)
  if (length === undefined) return value.slice(from)
  const count = Number(calculate(shell, length))
  return count < 0 ? value.slice(from, Math.max(from, value.length + count)) : value.slice(from, from + count)
}

const matchesAtMost = 10_000

/** The paths that a pattern stands for, sorted; undefined when there are none. */
function glob(system: System, pattern: string): string[] | undefined {
  let found = [pattern.startsWith('/') ? '/' : '']
  const names = pattern.split('/').filter((name, index) => name !== '' || index === 0)
  for (const [index, name] of names.entries()) {
    if (name === '') continue
    const last = index === names.length - 1
    const next: string[] = []
    for (const base of found) {
      if (!isPattern(name)) {
        const path = base + unescapePattern(name)
        if (!isFailure(system.status(path, { follow: !last }))) next.push(last ? path : `${path}/`)
        continue
      }
      const entries = system.list(base || '.')
      if (isFailure(entries)) continue
      const candidates = name.startsWith('.') ? ['.', '..', ...entries] : entries
      for (const entry of candidates) {
        if (entry.startsWith('.') && !name.startsWith('.')) continue
        if (!matches(name, entry)) continue
        const path = base + entry
        if (last) next.push(path)
        else {
          const status = system.status(path)
          if (!isFailure(status) && status.type === 'directory') next.push(`${path}/`)
        }
        if (next.length > matchesAtMost) break
      }
    }
    found = next
  }
  if (pattern.endsWith('/')) found = found.map((path) => `${path}/`)
  return found.length > 0 ? found.sort() : undefined
}
