import { BadPattern, regex } from './regex.ts'
import { type Body, tools } from './tool.ts'

class Complaint extends Error {}

/** expr's value; throws a Complaint. */
function evaluate(args: readonly string[]): string {
  let at = 0
  const isInteger = (text: string) => /^-?\d+$/.test(text)
  const integer = (text: string) => {
    if (!isInteger(text)) throw new Complaint('non-numeric argument')
    return BigInt(text)
  }
  const isTrue = (text: string) => text !== '' && !(isInteger(text) && BigInt(text) === 0n)
  const match = (text: string, pattern: string) => {
    const compiled = regex(`^${pattern}`.replace(/^\^\^/, '^'), false)
    const found = compiled.exec(text)
    if (compiled.groups > 0) return found && found[2]! >= 0 ? text.slice(found[2], found[3]) : ''
    return String(found ? found[1]! - found[0]! : 0)
  }
  const primary = (depth: number): string => {
    const word = args[at]
    if (word === undefined || depth > 100) throw new Complaint('syntax error')
    at++
    const next = () => primary(depth + 1)
    if (word === '(') {
      const value = either(depth + 1)
      if (args[at] !== ')') throw new Complaint('syntax error')
      at++
      return value
    }
    if (word === ')') throw new Complaint('syntax error')
    if (at < args.length) {
      if (word === 'length') return String(next().length)
      if (word === 'match') {
        const text = next()
        return match(text, next())
      }
      if (word === 'substr') {
        const text = next()
        const start = Number(next())
        const length = Number(next())
        return start > 0 && length > 0 ? text.slice(start - 1, start - 1 + length) : ''
      }
      if (word === 'index') {
        const text = next()
        const set = next()
        return String([...text].findIndex((char) => set.includes(char)) + 1)
      }
      if (word === '+') return args[at++]!
    }
    return word
  }
  const chain =
    (
      operators: readonly string[],
      inner: (depth: number) => string,
      apply: (operator: string, left: string, right: string) => string,
    ) =>
    (depth: number) => {
      let value = inner(depth)
      while (args[at] !== undefined && operators.includes(args[at]!)) {
        const operator = args[at++]!
        value = apply(operator, value, inner(depth))
      }
      return value
    }
  const matching = chain([':'], primary, (_, left, right) => match(left, right))
  const product = chain(['*', '/', '%'], matching, (operator, left, right) => {
    const [a, b] = [integer(left), integer(right)]
    if (operator !== '*' && b === 0n) throw new Complaint('division by zero')
    return String(operator === '*' ? a * b : operator === '/' ? a / b : a % b)
  })
  const sum = chain(['+', '-'], product, (operator, left, right) =>
    String(operator === '+' ? integer(left) + integer(right) : integer(left) - integer(right)),
  )
  const compared = chain(['<', '<=', '=', '==', '!=', '>=', '>'], sum, (operator, left, right) => {
    const order =
      isInteger(left) && isInteger(right)
        ? Number(BigInt(left) - BigInt(right))
        : left < right
          ? -1
          : left > right
            ? 1
            : 0
    const holds =
      operator === '<'
        ? order < 0
        : operator === '<='
          ? order <= 0
          : operator === '>'
            ? order > 0
            : operator === '>='
              ? order >= 0
              : operator === '!='
                ? order !== 0
                : order === 0
    return holds ? '1' : '0'
  })
  const both = chain(['&'], compared, (_, left, right) => (isTrue(left) && isTrue(right) ? left : '0'))
  const either: (depth: number) => string = chain(['|'], both, (_, left, right) => (isTrue(left) ? left : right))
  const value = either(0)
  if (at < args.length) throw new Complaint('syntax error')
  return value
}

const expr: Body = (call) => {
  if (call.args.length === 0) {
    call.say('too few arguments')
    return 2
  }
  try {
    const value = evaluate(call.args)
    call.out(`${value}\n`)
    return value === '' || /^-?0+$/.test(value) ? 1 : 0
  } catch (error) {
    if (!(error instanceof Complaint) && !(error instanceof BadPattern)) throw error
    call.say(error.message)
    return 2
  }
}

/** expr. */
export const exprTools = tools({ expr })
