import { isFailure } from '../../kernel/walk.ts'
import { ShellFault } from '../expand.ts'
import { isName } from '../memory.ts'
import type { Builtin } from './builtin.ts'

interface Reading {
  text: string
  /** Which characters were escaped, so that they do not split. */
  escaped: number[]
  backslash?: boolean
  until?: number
  prompted?: boolean
}

/** read: a line, byte by byte, so that what comes after it is left for others. */
const readBuiltin: Builtin = (shell, args, work) => {
  const { system } = shell
  const { names, raw, prompt, timeout, count, delimiter, fd } = optionsOf(args, shell.ash)
  if (names.length === 0 && !shell.ash) throw new ShellFault('arg count')
  const bad = names.find((name) => !isName(name))
  if (bad !== undefined && !shell.ash) throw new ShellFault(`${bad}: bad variable name`)
  if (bad !== undefined) {
    shell.write(2, `${shell.memory.name}: read: '${bad}': bad variable name\n`)
    return 1
  }
  const data = (work.data ??= { text: '', escaped: [] } satisfies Reading as never) as unknown as Reading
  if (!data.prompted) {
    data.prompted = true
    if (prompt !== undefined && system.isTerminal(fd)) shell.write(2, prompt)
    if (timeout !== undefined) data.until = system.now() + timeout
  }
  let status = 0
  for (;;) {
    if (count !== undefined && data.text.length >= count) break
    const char = system.read(fd, 1)
    if (isFailure(char)) return 1
    if (char === '') {
      if (data.until !== undefined && system.now() >= data.until) {
        status = 1
        break
      }
      return { for: 'readable', fd, ...(data.until !== undefined && { until: data.until }) }
    }
    if (char === undefined) {
      status = 1
      break
    }
    if (data.backslash) {
      data.backslash = false
      if (char !== '\n') {
        data.escaped.push(data.text.length)
        data.text += char
      }
    } else if (char === '\\' && !raw) data.backslash = true
    else if (char === delimiter) break
    else if (char !== '\0') data.text += char
    if (!system.spend(0)) return 'again'
  }
  const values = split(data, shell.parameter('IFS') ?? ' \t\n', Math.max(1, names.length), names.length === 0)
  for (const [index, name] of (names.length > 0 ? names : ['REPLY']).entries()) shell.assign(name, values[index] ?? '')
  return status
}

/** Fields of a line: the last name gets all that is left. */
function split({ text, escaped }: Reading, ifs: string, most: number, whole: boolean): string[] {
  if (whole) return [text]
  const kept = new Set(escaped)
  const separates = (at: number) => !kept.has(at) && ifs.includes(text[at]!)
  const blank = (at: number) => separates(at) && ' \t\n'.includes(text[at]!)
  const fields: string[] = []
  let at = 0
  while (at < text.length && blank(at)) at++
  while (at < text.length && fields.length < most - 1) {
    const start = at
    while (at < text.length && !separates(at)) at++
    fields.push(text.slice(start, at))
    while (at < text.length && blank(at)) at++
    if (at < text.length && separates(at) && !blank(at)) {
      // A separator that is no blank ends one field, with the blanks around it.
      at++
      while (at < text.length && blank(at)) at++
    }
  }
  let end = text.length
  while (end > at && blank(end - 1)) end--
  if (at < text.length || fields.length < most) {
    // A single separator at the very end belongs to the last field's end.
    if (end > at && separates(end - 1)) {
      let earlier = at
      while (earlier < end - 1 && !separates(earlier)) earlier++
      if (earlier === end - 1) end--
    }
    fields.push(text.slice(at, end))
  }
  return fields
}

function optionsOf(args: readonly string[], ash: boolean) {
  let raw = false
  let prompt: string | undefined
  let timeout: number | undefined
  let count: number | undefined
  let delimiter = '\n'
  let fd = 0
  let at = 0
  for (; at < args.length && /^-./.test(args[at]!); at++) {
    if (args[at] === '--') {
      at++
      break
    }
    const letters = args[at]!.slice(1)
    for (let index = 0; index < letters.length; index++) {
      const letter = letters[index]!
      if (letter === 'r') raw = true
      else if (letter === 's' && ash) continue
      else if (letter === 'p' || (ash && 'tndu'.includes(letter))) {
        const value = letters.slice(index + 1) || args[++at] || ''
        if (letter === 'p') prompt = value
        if (letter === 't') timeout = Math.round(Number(value) * 1000)
        if (letter === 'n') count = Number(value)
        if (letter === 'd') delimiter = value[0] ?? '\0'
        if (letter === 'u') fd = Number(value)
        break
      } else throw new ShellFault(ash ? `illegal option -${letter}` : `Illegal option -${letter}`)
    }
  }
  return { names: args.slice(at), raw, prompt, timeout, count, delimiter, fd }
}

export const read = { read: readBuiltin } satisfies Record<string, Builtin>
