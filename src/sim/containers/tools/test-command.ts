import type { System } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { type Body, tools } from './tool.ts'

class Complaint extends Error {}

const unary = 'bcdefghkLnOGprsStuwxz'

/** What `test` decides: 0 true, 1 false, 2 with a complaint (without the name of who says it). */
export function evaluateTest(
  args: readonly string[],
  system: System,
  /** Which shell's words complaints are in. */
  dash = false,
): { readonly code: number; readonly message?: string } {
  let at = 0
  const integer = (text: string) => {
    const bad = (why: string) => new Complaint(dash ? `Illegal number: ${text}` : why)
    if (!/^\s*[-+]?\d+\s*$/.test(text)) throw bad(text === '' ? 'bad number' : `${text}: bad number`)
    const value = BigInt(text.trim().replace(/^\+/, ''))
    if (BigInt.asIntN(64, value) !== value) throw bad(`${text}: out of range`)
    return value
  }
  const file = (letter: string, path: string): boolean => {
    if (letter === 't') return system.isTerminal(Number(path))
    const status = system.status(path, { follow: letter !== 'L' && letter !== 'h' })
    if (isFailure(status)) return false
    switch (letter) {
      case 'f':
        return status.type === 'file'
      case 'd':
        return status.type === 'directory'
      case 'L':
      case 'h':
        return status.type === 'link'
      case 'c':
        return status.type === 'device'
      case 's':
        return status.size > 0
      case 'r':
      case 'w':
      case 'x':
        return system.allowed(path, letter === 'r' ? 'read' : letter === 'w' ? 'write' : 'execute')
      case 'u':
        return (status.mode & 0o4000) !== 0
      case 'g':
        return (status.mode & 0o2000) !== 0
      case 'k':
        return (status.mode & 0o1000) !== 0
      case 'O':
        return status.uid === system.process.uid
      case 'G':
        return status.gid === system.process.gid
      case 'e':
        return true
    }
    return false
  }
  const binary = (left: string, operator: string, right: string): boolean | undefined => {
    switch (operator) {
      case '=':
      case '==':
        return left === right
      case '!=':
        return left !== right
      case '<':
        return left < right
      case '>':
        return left > right
      case '-eq':
        return integer(left) === integer(right)
      case '-ne':
        return integer(left) !== integer(right)
      case '-lt':
        return integer(left) < integer(right)
      case '-le':
        return integer(left) <= integer(right)
      case '-gt':
        return integer(left) > integer(right)
      case '-ge':
        return integer(left) >= integer(right)
      case '-nt':
      case '-ot': {
        const [a, b] = [system.status(left), system.status(right)]
        if (isFailure(a) || isFailure(b)) return operator === '-nt' ? !isFailure(a) : !isFailure(b)
        return operator === '-nt' ? a.mtime > b.mtime : a.mtime < b.mtime
      }
      case '-ef':
        return !isFailure(system.status(left)) && system.resolve(left) === system.resolve(right)
    }
    return undefined
  }
  const isBinary = (word: string | undefined) =>
    word !== undefined && (!dash || word !== '==') && /^(?:=|==|!=|<|>|-eq|-ne|-lt|-le|-gt|-ge|-nt|-ot|-ef)$/.test(word)
  const primary = (depth: number): boolean => {
    const word = args[at]
    if (word === undefined) throw new Complaint('argument expected')
    if (depth > 100) throw new Complaint('too deep')
    if (isBinary(args[at + 1]) && at + 2 < args.length) {
      at += 3
      return binary(word, args[at - 2]!, args[at - 1]!)!
    }
    if (word === '!') {
      at++
      if (at >= args.length) return true
      return !primary(depth + 1)
    }
    if (word === '(' && at + 1 < args.length) {
      at++
      const value = either(depth + 1)
      if (args[at] !== ')') throw new Complaint('closing paren expected')
      at++
      return value
    }
    if (word.length === 2 && word.startsWith('-') && unary.includes(word[1]!) && at + 1 < args.length) {
      at += 2
      const operand = args[at - 1]!
      return word === '-n' ? operand !== '' : word === '-z' ? operand === '' : file(word[1]!, operand)
    }
    if (isBinary(args[at + 1])) throw new Complaint(`${args[at + 1]}: argument expected`)
    at++
    return word !== ''
  }
  const both = (depth: number): boolean => {
    let value = primary(depth)
    while (args[at] === '-a') {
      at++
      const next = primary(depth)
      value &&= next
    }
    return value
  }
  const either = (depth: number): boolean => {
    let value = both(depth)
    while (args[at] === '-o') {
      at++
      const next = both(depth)
      value ||= next
    }
    return value
  }
  try {
    if (args.length === 0) return { code: 1 }
    const value = either(0)
    if (at < args.length)
      throw new Complaint(dash ? `${args[at - 1]}: unexpected operator` : `${args[at]}: unknown operand`)
    return { code: value ? 0 : 1 }
  } catch (error) {
    if (!(error instanceof Complaint)) throw error
    return { code: 2, message: error.message }
  }
}

const test: Body = (call) => {
  let { args } = call
  if (call.name === '[') {
    if (args.at(-1) !== ']') {
      call.say('missing ]')
      return 2
    }
    args = args.slice(0, -1)
  }
  const { code, message } = evaluateTest(args, call.system)
  if (message !== undefined) call.say(message)
  return code
}

/** test and [. */
export const testTools = tools({ test, '[': test })
