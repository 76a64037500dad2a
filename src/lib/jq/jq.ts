import {
  access,
  bounded,
  call,
  each,
  functions,
  isTruthy,
  JqError,
  levels,
  numbers,
  simple,
  type Filter,
} from './functions.ts'

export { JqError, type Filter } from './functions.ts'

const maxDepth = 60
const token =
  /\s+|"(?:[^"\\]|\\[\s\S])*"|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\.\.|\.[A-Za-z_]\w*|[A-Za-z_]\w*|==|!=|<=|>=|\/\/|[.[\]()|,:?<>+*/%-]/y

/**
 * Reads a filter of jq: paths, pipes, commas, comparisons, arithmetic, `and or not //`, `if then else end`, lists, and
 * the functions by which objects are told apart. Throws a JqError, as the filter does when it cannot go on.
 */
export function compileJq(source: string): Filter {
  if (source.length > 10_000) throw new JqError('the filter is too long')
  const tokens: string[] = []
  for (token.lastIndex = 0; token.lastIndex < source.length;) {
    const at = token.lastIndex
    const match = token.exec(source)?.[0]
    if (match === undefined) throw new JqError(`unexpected token ${JSON.stringify(source[at])}`)
    if (match.trim()) tokens.push(match)
  }
  const parser = new Parser(tokens)
  const filter = parser.pipe()
  parser.finish()
  return filter
}

class Parser {
  private readonly tokens: readonly string[]
  private at = 0
  private depth = 0

  constructor(tokens: readonly string[]) {
    this.tokens = tokens
  }

  finish(): void {
    if (this.at < this.tokens.length) throw new JqError(`unexpected token ${JSON.stringify(this.tokens[this.at])}`)
  }

  pipe(): Filter {
    if (++this.depth > maxDepth) throw new JqError('nested too deeply')
    let filter = this.comma()
    while (this.take('|')) {
      const [before, after] = [filter, this.comma()]
      filter = (value) => bounded(before(value).flatMap((one) => after(one)))
    }
    this.depth--
    return filter
  }

  private take(text: string): boolean {
    if (this.tokens[this.at] !== text) return false
    this.at++
    return true
  }

  private expect(text: string): void {
    if (!this.take(text)) throw new JqError(`unexpected ${JSON.stringify(this.tokens[this.at] ?? 'EOF')}, not ${text}`)
  }

  private comma(): Filter {
    let filter = this.alternative()
    while (this.take(',')) {
      const [before, after] = [filter, this.alternative()]
      filter = (value) => bounded([...before(value), ...after(value)])
    }
    return filter
  }

  private alternative(): Filter {
    const first = this.or()
    if (!this.take('//')) return first
    if (++this.depth > maxDepth) throw new JqError('nested too deeply')
    const second = this.alternative()
    this.depth--
    return (value) => {
      const found = orNone(first, value).filter(isTruthy)
      return found.length > 0 ? found : second(value)
    }
  }

  private or(): Filter {
    let filter = this.and()
    while (this.take('or')) {
      const [a, b] = [filter, this.and()]
      filter = (value) => [a(value).some(isTruthy) || b(value).some(isTruthy)]
    }
    return filter
  }

  private and(): Filter {
    let filter = this.binary(0)
    while (this.take('and')) {
      const [a, b] = [filter, this.binary(0)]
      filter = (value) => [a(value).some(isTruthy) && b(value).some(isTruthy)]
    }
    return filter
  }

  private binary(level: number): Filter {
    const operators = levels[level]
    if (!operators) return this.postfix()
    let filter = this.binary(level + 1)
    for (;;) {
      const name = this.tokens[this.at]
      if (name === undefined || !Object.hasOwn(operators, name)) return filter
      this.at++
      const [a, b, operator] = [filter, this.binary(level + 1), operators[name]!]
      filter = (value) => {
        const left = a(value)
        return bounded(b(value).flatMap((right) => left.map((one) => operator(one, right))))
      }
    }
  }

  private postfix(): Filter {
    let filter = this.term()
    for (;;) {
      const before = filter
      const next = this.tokens[this.at]
      if (next === '.' && this.tokens[this.at + 1] === '[') this.at++
      else if (next === '.' && this.tokens[this.at + 1]?.[0] === '"') {
        const key = JSON.parse(this.tokens[this.at + 1]!)
        this.at += 2
        filter = (value) => before(value).map((one) => access(one, key))
        continue
      } else if (next && next !== '.' && next !== '..' && next[0] === '.') {
        this.at++
        filter = (value) => before(value).map((one) => access(one, next.slice(1)))
        continue
      }
      if (this.take('[')) filter = this.bracket(before)
      else if (this.take('?')) filter = (value) => orNone(before, value)
      else return filter
    }
  }

  private bracket(before: Filter): Filter {
    if (this.take(']')) return (value) => bounded(before(value).flatMap(each))
    const index = this.pipe()
    this.expect(']')
    return (value) => {
      const of = before(value)
      return bounded(index(value).flatMap((key) => of.map((one) => access(one, key))))
    }
  }

  private term(): Filter {
    const token = this.tokens[this.at++]
    if (token === undefined) throw new JqError('unexpected EOF')
    if (token === '.') {
      // `.[0]` and `."a"` go on from here.
      if (this.tokens[this.at]?.[0] === '"') this.at--
      return (value) => [value]
    }
    if (token[0] === '.' && token !== '..') {
      this.at--
      return (value) => [value]
    }
    if (token[0] === '"') return constant(literal(token))
    if (/^\d/.test(token)) return constant(Number(token))
    if (token === '-') {
      if (++this.depth > maxDepth) throw new JqError('nested too deeply')
      const operand = this.postfix()
      this.depth--
      return (value) => operand(value).map((one) => numbers(0, one, (a, b) => a - b))
    }
    if (token === '(') {
      const filter = this.pipe()
      this.expect(')')
      return filter
    }
    if (token === '[') {
      const filter = this.take(']') ? () => [] : this.list()
      return (value) => [filter(value)]
    }
    if (token === 'if') return this.condition()
    return this.named(token)
  }

  private list(): Filter {
    const filter = this.pipe()
    this.expect(']')
    return filter
  }

  private condition(): Filter {
    const condition = this.pipe()
    this.expect('then')
    const then = this.pipe()
    const otherwise: Filter = this.take('elif') ? this.nested() : this.take('else') ? this.pipe() : (value) => [value]
    if (this.tokens[this.at - 1] !== 'end') this.expect('end')
    return (value) => bounded(condition(value).flatMap((holds) => (isTruthy(holds) ? then : otherwise)(value)))
  }

  private nested(): Filter {
    if (++this.depth > maxDepth) throw new JqError('nested too deeply')
    const filter = this.condition()
    this.depth--
    return filter
  }

  private named(name: string): Filter {
    if (name === 'true' || name === 'false') return constant(name === 'true')
    if (name === 'null') return constant(null)
    const args: Filter[] = []
    if (this.take('(')) {
      do args.push(this.pipe())
      while (this.take(':'))
      this.expect(')')
    }
    const signature = `${name}/${args.length}`
    if (Object.hasOwn(functions, signature)) return functions[signature]!(...args)
    if (Object.hasOwn(simple, signature)) return call(simple[signature]!, args)
    throw new JqError(`function not defined: ${signature}`)
  }
}

const constant =
  (value: unknown): Filter =>
  () => [value]

function literal(token: string): string {
  try {
    return JSON.parse(token)
  } catch {
    throw new JqError(`invalid string ${token}`)
  }
}

function orNone(filter: Filter, value: unknown): readonly unknown[] {
  try {
    return filter(value)
  } catch (error) {
    if (error instanceof JqError) return []
    throw error
  }
}
