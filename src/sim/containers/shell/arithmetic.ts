/** An expression that cannot be worked out; the message is that of the shell's flavour. */
export class ArithmeticFault extends Error {}

export interface Names {
  get(name: string): string | undefined
  set(name: string, value: string): void
}

const binary: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
  '**': 11,
}
const assigning = new Set(['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>='])
const nestingAtMost = 100
const tokens = {
  ash: /\s*(?:(\d\w*(?:#\w+)?)|([A-Za-z_]\w*)|(<<=|>>=|\*\*|[-+*/%&|^=!<>]=|<<|>>|&&|\|\||\+\+|--|[-+*/%&|^=!<>~?:(),]))/y,
  dash: /\s*(?:(\d\w*)|([A-Za-z_]\w*)|(<<=|>>=|[-+*/%&|^=!<>]=|<<|>>|&&|\|\||[-+*/%&|^=!<>~?:(),]))/y,
}

/** Works out $((…)), with 64 bits, as both shells do; ash knows some operators more. */
export function arithmetic(text: string, names: Names, ash: boolean, depth = 0): bigint {
  return new Evaluator(text, names, ash, depth).all()
}

class Evaluator {
  private readonly text: string
  private readonly names: Names
  private readonly ash: boolean
  private depth: number
  private at = 0
  private current = ''
  private kind: 'number' | 'name' | 'operator' | 'end' = 'end'
  /** What is not taken (`0 && x++`) has no effect. */
  private idle = 0

  constructor(text: string, names: Names, ash: boolean, depth: number) {
    this.text = text
    this.names = names
    this.ash = ash
    this.depth = depth
    this.advance()
  }

  private isKind(kind: Evaluator['kind']): boolean {
    return this.kind === kind
  }

  all(): bigint {
    if (this.isKind('end')) {
      if (this.ash || this.text.trim() !== '') return 0n
      throw this.fault('expecting primary')
    }
    const value = this.comma()
    if (!this.isKind('end')) throw this.fault('expecting EOF')
    return value
  }

  private fault(dash: string, ash = 'arithmetic syntax error'): ArithmeticFault {
    return new ArithmeticFault(this.ash ? ash : `arithmetic expression: ${dash}: "${this.text}"`)
  }

  private advance(): void {
    const token = this.ash ? tokens.ash : tokens.dash
    token.lastIndex = this.at
    const found = token.exec(this.text)
    if (!found) {
      if (this.text.slice(this.at).trim() !== '') throw this.fault('expecting EOF')
      this.kind = 'end'
      this.current = ''
      return
    }
    this.at = token.lastIndex
    this.current = found[1] ?? found[2] ?? found[3]!
    this.kind = found[1] !== undefined ? 'number' : found[2] !== undefined ? 'name' : 'operator'
  }

  private is(operator: string): boolean {
    return this.isKind('operator') && this.current === operator
  }

  private comma(): bigint {
    let value = this.assignment()
    while (this.ash && this.is(',')) {
      this.advance()
      value = this.assignment()
    }
    return value
  }

  private assignment(): bigint {
    if (++this.depth > nestingAtMost) throw this.fault('expecting primary', 'expression recursion loop detected')
    try {
      if (this.isKind('name')) {
        const { at, current: name } = this
        this.advance()
        if (this.isKind('operator') && assigning.has(this.current)) {
          const operator = this.current.slice(0, -1)
          this.advance()
          const right = this.assignment()
          const value = operator === '' ? right : this.apply(operator, this.value(name), right)
          this.assign(name, value)
          return value
        }
        this.at = at
        this.kind = 'name'
        this.current = name
      }
      return this.ternary()
    } finally {
      this.depth--
    }
  }

  private ternary(): bigint {
    const condition = this.level(1)
    if (!this.is('?')) return condition
    this.advance()
    const yes = this.taken(condition !== 0n, () => this.comma())
    if (!this.is(':')) throw this.fault("expecting ':'")
    this.advance()
    const no = this.taken(condition === 0n, () => this.assignment())
    return condition !== 0n ? yes : no
  }

  private taken(really: boolean, evaluate: () => bigint): bigint {
    if (!really) this.idle++
    const value = evaluate()
    if (!really) this.idle--
    return value
  }

  private level(minimum: number): bigint {
    let left = this.unary()
    for (;;) {
      const operator = this.current
      const level = this.isKind('operator') && Object.hasOwn(binary, operator) ? binary[operator]! : 0
      if (level < minimum || level === 0) return left
      this.advance()
      // ** binds to the right.
      const right = () => this.level(operator === '**' ? level : level + 1)
      if (operator === '&&') left = this.taken(left !== 0n, right) !== 0n && left !== 0n ? 1n : 0n
      else if (operator === '||') left = left !== 0n ? (this.taken(false, right), 1n) : right() !== 0n ? 1n : 0n
      else left = this.apply(operator, left, right())
    }
  }

  private apply(operator: string, left: bigint, right: bigint): bigint {
    const bit = (value: boolean) => (value ? 1n : 0n)
    const wrap = (value: bigint) => BigInt.asIntN(64, value)
    switch (operator) {
      case '|':
        return left | right
      case '^':
        return left ^ right
      case '&':
        return left & right
      case '==':
        return bit(left === right)
      case '!=':
        return bit(left !== right)
      case '<':
        return bit(left < right)
      case '>':
        return bit(left > right)
      case '<=':
        return bit(left <= right)
      case '>=':
        return bit(left >= right)
      case '<<':
        return wrap(left << (right & 63n))
      case '>>':
        return left >> (right & 63n)
      case '+':
        return wrap(left + right)
      case '-':
        return wrap(left - right)
      case '*':
        return wrap(left * right)
      case '**':
        if (right < 0n) throw this.fault('', 'exponent less than 0')
        return power(left, right)
      default:
        if (right === 0n) {
          if (this.idle > 0) return 0n
          throw this.fault('division by zero', 'divide by zero')
        }
        return wrap(operator === '/' ? left / right : left % right)
    }
  }

  private unary(): bigint {
    if (++this.depth > nestingAtMost) throw this.fault('expecting primary', 'expression recursion loop detected')
    try {
      if (this.isKind('operator')) {
        const operator = this.current
        if (operator === '++' || operator === '--') {
          this.advance()
          if (this.isKind('name')) {
            const name = this.current
            this.advance()
            return this.assign(name, BigInt.asIntN(64, this.value(name) + (operator === '++' ? 1n : -1n)))
          }
          return this.unary()
        }
        if ('+-!~'.includes(operator)) {
          this.advance()
          const value = this.unary()
          return operator === '+'
            ? value
            : operator === '-'
              ? BigInt.asIntN(64, -value)
              : operator === '!'
                ? value === 0n
                  ? 1n
                  : 0n
                : ~value
        }
      }
      return this.primary()
    } finally {
      this.depth--
    }
  }

  private primary(): bigint {
    const { kind, current } = this
    if (kind === 'operator' && current === '(') {
      this.advance()
      const value = this.comma()
      if (!this.is(')')) throw this.fault("expecting ')'")
      this.advance()
      return value
    }
    if (kind === 'number') {
      this.advance()
      return this.number(current)
    }
    if (kind !== 'name') throw this.fault('expecting primary')
    this.advance()
    const value = this.value(current)
    if (this.is('++') || this.is('--')) {
      this.assign(current, BigInt.asIntN(64, value + (this.is('++') ? 1n : -1n)))
      this.advance()
    }
    return value
  }

  private assign(name: string, value: bigint): bigint {
    if (this.idle === 0) this.names.set(name, String(value))
    return value
  }

  private value(name: string): bigint {
    const text = this.names.get(name)?.trim()
    if (text === undefined || text === '') return 0n
    if (/^[-+]?\d\w*$/.test(text))
      return text.startsWith('-') ? -this.number(text.slice(1)) : this.number(text.replace(/^\+/, ''))
    // ash takes what a variable holds for an expression.
    if (!this.ash) throw new ArithmeticFault(`Illegal number: ${this.names.get(name)}`)
    return arithmetic(text, this.names, true, this.depth + 1)
  }

  private number(text: string): bigint {
    const based = /^(\d+)#(\w+)$/.exec(text)
    const [base, digits] = based
      ? [Number(based[1]), based[2]!]
      : /^0[xX]/.test(text)
        ? [16, text.slice(2)]
        : text.length > 1 && text.startsWith('0')
          ? [8, text.slice(1)]
          : [10, text]
    if (base === 10 && /^\d+$/.test(digits)) return clamp(BigInt(digits))
    let value = 0n
    for (const digit of digits.toLowerCase()) {
      const one = Number.parseInt(digit, 36)
      if (!(one < base)) throw this.fault('expecting EOF')
      value = value * BigInt(base) + BigInt(one)
    }
    return clamp(value)
  }
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let factor = base
  for (let left = BigInt.asUintN(63, exponent); left > 0n; left >>= 1n) {
    if (left & 1n) result = BigInt.asIntN(64, result * factor)
    factor = BigInt.asIntN(64, factor * factor)
  }
  return result
}

const most = 9223372036854775807n
const clamp = (value: bigint) => (value > most ? most : value)
