import { isLabelValue, isQualifiedName } from './names.ts'
import type { Requirement } from './selectors.ts'

/** What a selector's text means, or why it has none, in the words of upstream's parser. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string }

class Unparsed extends Error {}

const symbols = ['==', '!=', '=', '!', '(', ')', ',', '<', '>']
const isSymbol = (token: string) => symbols.includes(token)
const tokenPattern = /[ \t\r\n]*(?:(==|!=|=|!|\(|\)|,|<|>)|([^ \t\r\n=!(),<>]+))/y

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  const trimmed = text.replace(/[ \t\r\n]+$/, '')
  tokenPattern.lastIndex = 0
  while (tokenPattern.lastIndex < trimmed.length) {
    const match = tokenPattern.exec(trimmed)!
    tokens.push(match[1] ?? match[2]!)
  }
  return tokens
}

/** Reads `app=web,tier in (a,b),!old`. Upstream: apimachinery/pkg/labels, Parse. */
export function parseLabelSelector(text: string): Parsed<Requirement[]> {
  const parser = new LabelParser(tokensOf(text))
  try {
    return { ok: true, value: parser.requirements() }
  } catch (error) {
    if (error instanceof Unparsed) return { ok: false, message: error.message }
    throw error
  }
}

class LabelParser {
  readonly #tokens: readonly string[]
  #at = 0
  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  requirements(): Requirement[] {
    const found: Requirement[] = []
    while (this.#peek() !== undefined) {
      if (!this.#isWord() && this.#peek() !== '!')
        throw new Unparsed(`found '${this.#peek()}', expected: !, identifier, or 'end of string'`)
      found.push(this.#prefixed())
      if (this.#peek() === undefined) break
      if (this.#peek() !== ',') throw new Unparsed(`found '${this.#peek()}', expected: ',' or 'end of string'`)
      this.#at++
      if (!this.#isWord() && this.#peek() !== '!')
        throw new Unparsed(`found '${this.#peek() ?? ''}', expected: identifier after ','`)
    }
    return found
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at]
  }

  #isWord(): boolean {
    const token = this.#peek()
    return token !== undefined && !isSymbol(token)
  }

  #take(): string {
    return this.#tokens[this.#at++] ?? ''
  }

  #prefixed(): Requirement {
    try {
      return this.#requirement()
    } catch (error) {
      if (error instanceof Unparsed) throw new Unparsed(`unable to parse requirement: ${error.message}`)
      throw error
    }
  }

  #requirement(): Requirement {
    const negated = this.#peek() === '!'
    if (negated) this.#at++
    if (!this.#isWord()) throw new Unparsed(`found '${this.#peek() ?? ''}', expected: identifier`)
    const key = this.#take()
    const bad = isQualifiedName(key)
    if (bad.length > 0) throw new Unparsed(`<nil>: Invalid value: ${JSON.stringify(key)}: ${bad.join('; ')}`)
    if (negated) return { key, operator: '!', values: [] }
    if (this.#peek() === undefined || this.#peek() === ',') return { key, operator: 'exists', values: [] }
    const operator = this.#take()
    switch (operator) {
      case 'in':
      case 'notin':
        return checked({ key, operator, values: this.#values() })
      case '=':
      case '==':
        return checked({ key, operator: 'in', values: [this.#value()] })
      case '!=':
        return checked({ key, operator: 'notin', values: [this.#value()] })
      case '>':
      case '<':
        return checked({ key, operator: operator === '>' ? 'gt' : 'lt', values: [this.#value()] })
      default:
        throw new Unparsed(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`)
    }
  }

  #value(): string {
    if (this.#peek() === undefined || this.#peek() === ',') return ''
    if (!this.#isWord()) throw new Unparsed(`found '${this.#peek()}', expected: identifier`)
    return this.#take()
  }

  #values(): string[] {
    if (this.#peek() !== '(') throw new Unparsed(`found '${this.#peek() ?? ''}' expected: '('`)
    this.#at++
    if (this.#peek() === ')') {
      this.#at++
      return ['']
    }
    if (!this.#isWord() && this.#peek() !== ',')
      throw new Unparsed(`found '${this.#peek() ?? ''}', expected: ',', ')' or identifier`)
    const values = new Set<string>()
    for (;;) {
      if (this.#isWord()) {
        values.add(this.#take())
        if (this.#peek() === ')') break
        if (this.#peek() !== ',') throw new Unparsed(`found '${this.#peek() ?? ''}', expected: ',' or ')'`)
      } else if (this.#peek() === ',') {
        this.#at++
        if (values.size === 0) values.add('')
        if (this.#peek() === ')') {
          values.add('')
          break
        }
        if (this.#peek() === ',') {
          this.#at++
          values.add('')
        }
      } else throw new Unparsed(`found '${this.#peek() ?? ''}', expected: ',', or identifier`)
    }
    this.#at++
    return [...values].sort()
  }
}

function checked(requirement: Requirement): Requirement {
  const { key, operator, values } = requirement
  if ((operator === 'gt' || operator === 'lt') && !/^[-+]?\d{1,19}$/.test(values[0]!))
    throw new Unparsed(
      `values[0]: Invalid value: ${JSON.stringify(values[0])}: for 'Gt', 'Lt' operators, the value must be an integer`,
    )
  for (const [index, value] of values.entries()) {
    const errors = isLabelValue(value)
    if (errors.length > 0)
      throw new Unparsed(`values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${errors.join('; ')}`)
  }
  return requirement
}

export interface FieldRequirement {
  readonly field: string
  readonly value: string
  readonly negated: boolean
}

/** Reads `spec.nodeName=a,status.phase!=Failed`. Upstream: apimachinery/pkg/fields, ParseSelector. */
export function parseFieldSelector(text: string): Parsed<FieldRequirement[]> {
  const requirements: FieldRequirement[] = []
  for (const term of splitTerms(text).sort()) {
    if (term === '') continue
    const operator = /!=|==|=/.exec(term)
    if (!operator) return { ok: false, message: `invalid selector: '${text}'; can't understand '${term}'` }
    const value = unescaped(term.slice(operator.index + operator[0].length))
    if (!value.ok) return value
    requirements.push({ field: term.slice(0, operator.index), value: value.value, negated: operator[0] === '!=' })
  }
  return { ok: true, value: requirements }
}

/** Commas divide terms, unless a backslash stands before them. */
function splitTerms(text: string): string[] {
  const terms: string[] = []
  let start = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === ',') {
      terms.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...terms, text.slice(start)]
}

function unescaped(value: string): Parsed<string> {
  let result = ''
  for (let at = 0; at < value.length; at++) {
    const character = value[at]!
    if (character === '\\') {
      const next = value[++at] ?? ''
      if (!'\\,='.includes(next || ' '))
        return { ok: false, message: `invalid field selector: invalid escape sequence: \\${next}` }
      result += next
    } else if (character === ',' || character === '=') {
      const message = `invalid field selector: unescaped character in value: ${character.charCodeAt(0)}`
      return { ok: false, message }
    } else result += character
  }
  return { ok: true, value: result }
}
