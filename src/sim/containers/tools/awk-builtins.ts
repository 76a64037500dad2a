import { formatDate } from './date-format.ts'
import type { AwkRun } from './awk-run.ts'
import type { Node } from './awk-expressions.ts'
import { AwkError } from './awk-tokens.ts'
import { formatted, toNumber, type Value } from './awk-values.ts'

/** A function of the language. */
export function callBuiltin(run: AwkRun, name: string, args: readonly Node[]): Value {
  const value = (index: number): Value => (args[index] ? run.value(args[index]) : undefined)
  const text = (index: number) => run.show(value(index))
  const number = (index: number) => toNumber(value(index))
  const { call } = run.around
  switch (name) {
    case 'length': {
      if (args.length === 0) return run.state.record.length
      const node = args[0]!
      if (node[0] === 'name' && run.value(node) === undefined) return Object.keys(run.array(node[1] as string)).length
      return text(0).length
    }
    case 'substr': {
      const all = text(0)
      const start = Math.max(0, Math.round(number(1)) - 1)
      const length = args[2] ? Math.round(number(2)) : Infinity
      return all.slice(start, start + Math.max(0, length))
    }
    case 'index':
      return text(0).indexOf(text(1)) + 1
    case 'split': {
      const all = text(0)
      const array = run.array(args[1]![1] as string)
      const separator = args[2] ? (args[2][0] === 'regex' ? (args[2][1] as string) : text(2)) : run.text('FS')
      for (const key of Object.keys(array)) delete array[key]
      const parts = run.parts(all, separator)
      parts.forEach((part, index) => (array[`:${index + 1}`] = { s: part }))
      return parts.length
    }
    case 'sub':
    case 'gsub':
      return substitute(run, args, name === 'gsub')
    case 'gensub': {
      const how = text(2)
      return replaced(
        run,
        args[0]!,
        text(1),
        args[3] ? text(3) : run.state.record,
        /^[gG]/.test(how) ? 0 : Math.max(1, Math.trunc(toNumber(how))),
        true,
      )[0]
    }
    case 'match': {
      const found = run.pattern(args[1]!).exec(text(0))
      run.setGlobal('RSTART', found ? found[0]! + 1 : 0)
      run.setGlobal('RLENGTH', found ? found[1]! - found[0]! : -1)
      return found ? found[0]! + 1 : 0
    }
    case 'sprintf':
      return formatted(
        text(0),
        args.slice(1).map((_, index) => value(index + 1)),
      )
    case 'sin':
    case 'cos':
    case 'exp':
    case 'log':
    case 'sqrt':
      return Math[name](number(0))
    case 'atan2':
      return Math.atan2(number(0), number(1))
    case 'int':
      return Math.trunc(number(0))
    case 'rand':
      run.state.seed = (Math.imul(run.state.seed, 1103515245) + 12345) & 0x7fffffff
      return run.state.seed / 0x80000000
    case 'srand': {
      const before = run.state.seed
      run.state.seed = args[0] ? number(0) | 0 : Math.floor(call.system.wall() / 1000) | 0
      return before
    }
    case 'tolower':
      return text(0).replace(/[A-Z]+/g, (part) => part.toLowerCase())
    case 'toupper':
      return text(0).replace(/[a-z]+/g, (part) => part.toUpperCase())
    case 'system':
      return run.around.result('system', text(0)).code
    case 'close': {
      const key = `:${text(0)}`
      const { pipes, commands, files, written } = run.state
      if (Object.hasOwn(pipes, key)) {
        const { code } = run.around.result('feed', key.slice(1), pipes[key]!)
        delete pipes[key]
        return code
      }
      const known = [commands, files, written].some((one) => Object.hasOwn(one, key))
      for (const one of [commands, files, written]) delete one[key]
      return known ? 0 : -1
    }
    case 'fflush':
      return 0
    case 'systime':
      return Math.floor(call.system.wall() / 1000)
    case 'strftime':
      return formatDate(args[0] ? text(0) : '%a %b %e %H:%M:%S %Z %Y', args[1] ? number(1) * 1000 : call.system.wall())
    case 'and':
      return (number(0) & number(1)) >>> 0
    case 'or':
      return (number(0) | number(1)) >>> 0
    case 'xor':
      return (number(0) ^ number(1)) >>> 0
    case 'compl':
      return ~number(0) >>> 0
    case 'lshift':
      return (number(0) << number(1)) >>> 0
    case 'rshift':
      return number(0) >>> number(1)
  }
  throw new AwkError('Call to undefined function')
}

function substitute(run: AwkRun, args: readonly Node[], all: boolean): number {
  const target: Node = args[2] ?? ['field', ['number', 0]]
  const [result, count] = replaced(
    run,
    args[0]!,
    run.show(run.value(args[1]!)),
    run.show(run.value(target)),
    all ? 0 : 1,
    false,
  )
  if (count > 0 && ['name', 'item', 'field'].includes(target[0])) run.assign(target, result)
  return count
}

/** Replaces the nth match, or all (0). */
function replaced(
  run: AwkRun,
  pattern: Node,
  by: string,
  text: string,
  nth: number,
  groups: boolean,
): [string, number] {
  const compiled = run.pattern(pattern)
  let out = ''
  let from = 0
  let seen = 0
  let count = 0
  for (let at = 0; at <= text.length;) {
    const found = compiled.exec(text, at, at > 0)
    if (!found) break
    const [start, end] = [found[0]!, found[1]!]
    if (start === end && start === from && seen > 0 && from > 0 && at === start) {
      at = start + 1
      continue
    }
    seen++
    if (nth === 0 || seen === nth) {
      count++
      out += text.slice(from, start)
      out += by.replace(/\\(\\|&|\d)|&/g, (all, escaped?: string) => {
        if (all === '&') return text.slice(start, end)
        if (groups && /\d/.test(escaped!))
          return (found[Number(escaped) * 2] ?? -1) < 0
            ? ''
            : text.slice(found[Number(escaped) * 2], found[Number(escaped) * 2 + 1])
        return /\d/.test(escaped!) ? all : escaped!
      })
      from = end
      if (nth > 0) break
    }
    at = end > start ? end : end + 1
  }
  return [out + text.slice(from), count]
}
