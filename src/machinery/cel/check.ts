import type { Functions } from './functions/registry.ts'
import type { Expr, Loop, Problem } from './syntax.ts'
import {
  assignable,
  bool,
  bytes,
  double,
  duration,
  dyn,
  errorType,
  int,
  join,
  listOf,
  mapOf,
  nullType,
  optionalOf,
  string,
  substitute,
  timestamp,
  typeText,
  uint,
  type Bindings,
  type CelType,
} from './types.ts'
import { Uint } from './values.ts'

/** What an expression may name. */
export interface CelEnvironment {
  readonly variables: Readonly<Record<string, CelType>>
  readonly functions: Functions
  /** The field of a message type, `undefined` for one it does not have; no function for an unknown type. */
  structField?(name: string): ((field: string) => CelType | undefined) | undefined
}

/** Names of types, as values. */
export const typeNames: Readonly<Record<string, CelType>> = {
  int,
  uint,
  double,
  bool,
  string,
  bytes,
  list: listOf(dyn),
  map: mapOf(dyn, dyn),
  null_type: nullType,
  type: { kind: 'type' },
  'google.protobuf.Timestamp': timestamp,
  'google.protobuf.Duration': duration,
}

interface Scope {
  readonly name: string
  readonly type: CelType
  readonly outer: Scope | undefined
}

/** The type of an expression, and what is wrong with it in cel-go's words. */
export function checkCel(expr: Expr, environment: CelEnvironment): { type: CelType; problems: readonly Problem[] } {
  const checker = new Checker(environment)
  const type = checker.check(expr, undefined)
  return { type, problems: checker.problems.sort((a, b) => a.at - b.at) }
}

const maxProblems = 100

class Checker {
  readonly problems: Problem[] = []
  /** Inside the arguments of `format`, which takes values of all kinds. */
  private mixed = false
  private readonly environment: CelEnvironment

  constructor(environment: CelEnvironment) {
    this.environment = environment
  }

  check(expr: Expr, scope: Scope | undefined): CelType {
    switch (expr.type) {
      case 'literal':
        return literalType(expr.value)
      case 'ident':
        return this.ident(expr.name, expr.at, scope)
      case 'select':
        return this.select(expr, scope)
      case 'has':
        this.fieldOf(this.check(expr.operand, scope), expr.field, expr.at)
        return bool
      case 'call':
        return this.call(expr, scope)
      case 'list':
        return listOf(this.common(expr.items, scope))
      case 'map': {
        const keys = this.common(
          expr.entries.map(({ key }) => ({ value: key, optional: false })),
          scope,
        )
        return mapOf(keys, this.common(expr.entries, scope))
      }
      case 'struct':
        return this.struct(expr, scope)
      case 'loop':
        return this.loop(expr, scope)
      case 'bind':
        return this.check(expr.body, { name: expr.name, type: this.check(expr.value, scope), outer: scope })
    }
  }

  private report(at: number, message: string): CelType {
    if (this.problems.length < maxProblems) this.problems.push({ at, message })
    return errorType
  }

  private lookUp(name: string, scope: Scope | undefined): CelType | undefined {
    for (let one = scope; one; one = one.outer) if (one.name === name) return one.type
    const { variables } = this.environment
    if (Object.hasOwn(variables, name)) return variables[name]
    return Object.hasOwn(typeNames, name) ? { kind: 'type', of: typeNames[name]! } : undefined
  }

  private ident(name: string, at: number, scope: Scope | undefined): CelType {
    return this.lookUp(name, scope) ?? this.report(at, `undeclared reference to '${name}' (in container '')`)
  }

  private select(expr: Extract<Expr, { type: 'select' }>, scope: Scope | undefined): CelType {
    const name = qualifiedName(expr)
    if (name && Object.hasOwn(this.environment.variables, name)) return this.environment.variables[name]!
    const root = name?.split('.')[0]
    if (name && !this.lookUp(root!, scope)) {
      const known = this.lookUp(name, scope)
      if (known) return known
    }
    const operand = this.check(expr.operand, scope)
    const inner = operand.kind === 'optional' ? operand.value : operand
    const field = this.fieldOf(inner, expr.field, expr.at)
    return expr.optional || operand.kind === 'optional' ? asOptional(field) : field
  }

  private fieldOf(type: CelType, field: string, at: number): CelType {
    switch (type.kind) {
      case 'dyn':
      case 'param':
        return dyn
      case 'map':
        return type.value
      case 'optional':
        return this.fieldOf(type.value, field, at)
      case 'object':
        return type.field(field) ?? this.report(at, `undefined field '${field}'`)
      default:
        return this.report(at, `type '${typeText(type)}' does not support field selection`)
    }
  }

  private call(expr: Extract<Expr, { type: 'call' }>, scope: Scope | undefined): CelType {
    const { name, target, at } = expr
    if (target && (name === 'optMap' || name === 'optFlatMap')) return this.optionalMap(expr, target, scope)
    if (target?.type === 'ident' && !this.lookUp(target.name, scope)) {
      const qualified = `${target.name}.${name}`
      if (this.environment.functions.find(qualified, false))
        return this.resolve(qualified, at, undefined, expr.args, scope)
    }
    const args = target ? [target, ...expr.args] : expr.args
    if (target) {
      const before = this.mixed
      this.mixed ||= name === 'format'
      const result = this.resolve(name, at, target, expr.args, scope)
      this.mixed = before
      return result
    }
    const types = args.map((arg) => this.check(arg, scope))
    const special = this.operator(name, at, types)
    return special ?? this.overloads(name, false, at, types)
  }

  /** `x.optMap(v, e)`: the body knows the value that is there. */
  private optionalMap(expr: Extract<Expr, { type: 'call' }>, target: Expr, scope: Scope | undefined): CelType {
    const type = this.check(target, scope)
    if (type.kind !== 'optional' && type.kind !== 'dyn') return this.noOverload(expr.name, expr.at, [type], true)
    const [body] = expr.args as [Extract<Expr, { type: 'bind' }>]
    const result = this.check(body.body, {
      name: body.name,
      type: type.kind === 'optional' ? type.value : dyn,
      outer: scope,
    })
    return expr.name === 'optMap' ? asOptional(result) : result
  }

  private resolve(
    name: string,
    at: number,
    target: Expr | undefined,
    args: readonly Expr[],
    scope: Scope | undefined,
  ): CelType {
    const types = (target ? [target, ...args] : args).map((arg) => this.check(arg, scope))
    return this.overloads(name, target !== undefined, at, types)
  }

  private overloads(name: string, member: boolean, at: number, types: readonly CelType[]): CelType {
    const candidates = this.environment.functions.find(name, member)
    if (!candidates) return this.report(at, `undeclared reference to '${name}' (in container '')`)
    let result: CelType | undefined
    for (const { params, result: given } of candidates) {
      if (params.length !== types.length) continue
      const bindings: Bindings = new Map()
      if (!params.every((param, index) => assignable(param, types[index]!, bindings))) continue
      const found = substitute(given, bindings)
      // Several may apply to values that are not known yet.
      result = result === undefined || typeText(result) === typeText(found) ? found : dyn
    }
    return result ?? this.noOverload(name, at, types, member)
  }

  private noOverload(name: string, at: number, types: readonly CelType[], member = false): CelType {
    const [receiver, ...rest] = types.map(typeText)
    const applied = member ? `${receiver}.(${rest.join(', ')})` : `(${types.map(typeText).join(', ')})`
    return this.report(at, `found no matching overload for '${name}' applied to '${applied}'`)
  }

  /** Operators that are no functions; undefined for all others. */
  private operator(name: string, at: number, types: readonly CelType[]): CelType | undefined {
    const isBool = (type: CelType | undefined) => assignable(bool, type!, new Map())
    switch (name) {
      case '_&&_':
      case '_||_':
        return types.every(isBool) ? bool : this.noOverload(name, at, types)
      case '_?_:_':
        return (isBool(types[0]) && join(types[1]!, types[2]!)) || this.noOverload(name, at, types)
      case '_[_]':
        return this.index(types[0]!, types[1]!) ?? this.noOverload(name, at, types)
      case '_[?_]': {
        const found = this.index(types[0]!, types[1]!)
        return found ? asOptional(found) : this.noOverload(name, at, types)
      }
      default:
        return undefined
    }
  }

  private index(type: CelType, key: CelType): CelType | undefined {
    switch (type.kind) {
      case 'dyn':
      case 'param':
        return dyn
      case 'list':
        return assignable(int, key, new Map()) ? type.item : undefined
      case 'map':
        return assignable(type.key, key, new Map()) ? type.value : undefined
      case 'optional': {
        const found = this.index(type.value, key)
        return found && asOptional(found)
      }
      default:
        return undefined
    }
  }

  /** The one type of all items. */
  private common(
    items: readonly { readonly value: Expr; readonly optional: boolean }[],
    scope: Scope | undefined,
  ): CelType {
    let common: CelType | undefined
    for (const { value, optional } of items) {
      const checked = this.check(value, scope)
      const type = optional && checked.kind === 'optional' ? checked.value : checked
      if (common === undefined) {
        common = type
        continue
      }
      const joined = join(common, type)
      if (joined) common = joined
      else if (this.mixed) common = dyn
      else this.report(value.at, `expected type '${typeText(common)}' but found '${typeText(type)}'`)
    }
    return common ?? { kind: 'param', name: 'T' }
  }

  private struct(expr: Extract<Expr, { type: 'struct' }>, scope: Scope | undefined): CelType {
    const field = this.environment.structField?.(expr.name)
    if (!field) this.report(expr.at, `undeclared reference to '${expr.name}' (in container '')`)
    for (const { name, value, at } of expr.fields) {
      const type = this.check(value, scope)
      const wanted = field ? field(name) : dyn
      if (!wanted) this.report(at, `undefined field '${name}'`)
      else if (!assignable(wanted, type, new Map()))
        this.report(
          at,
          `expected type of field '${name}' is '${typeText(wanted)}' but provided type is '${typeText(type)}'`,
        )
    }
    return field ? { kind: 'object', name: expr.name, field } : dyn
  }

  private loop(loop: Loop, scope: Scope | undefined): CelType {
    const range = this.check(loop.range, scope)
    const inner = this.loopScope(loop, range, scope)
    const filter = loop.filter && this.check(loop.filter, inner)
    const body = this.check(loop.body, inner)
    const isBool = (type: CelType) => assignable(bool, type, new Map())
    const item = inner.type
    if (filter && !isBool(filter)) return this.noOverload('_?_:_', loop.at, [filter, listOf(body), listOf(body)])
    switch (loop.kind) {
      case 'all':
        return isBool(body) ? bool : this.noOverload('_&&_', loop.at, [bool, body])
      case 'exists':
        return isBool(body) ? bool : this.noOverload('_||_', loop.at, [bool, body])
      case 'exists_one':
        return isBool(body) ? bool : this.noOverload('_?_:_', loop.at, [body, int, int])
      case 'filter':
        return isBool(body) ? listOf(item) : this.noOverload('_?_:_', loop.at, [body, listOf(item), listOf(item)])
      case 'map':
      case 'transformList':
        return listOf(body)
      case 'transformMap':
        return mapOf(inner.outer!.type, body)
      case 'transformMapEntry':
        return body.kind === 'map' ? body : mapOf(dyn, dyn)
    }
  }

  private loopScope(loop: Loop, range: CelType, scope: Scope | undefined): Scope {
    const [first, second] = loop.variables
    let key: CelType = dyn
    let value: CelType = dyn
    if (range.kind === 'list') [key, value] = [int, range.item]
    else if (range.kind === 'map') [key, value] = [range.key, range.value]
    else if (range.kind !== 'dyn' && range.kind !== 'param')
      this.report(
        loop.range.at,
        `expression of type '${typeText(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
      )
    if (second !== undefined) return { name: second, type: value, outer: { name: first!, type: key, outer: scope } }
    return { name: first!, type: range.kind === 'map' ? key : value, outer: scope }
  }
}

function asOptional(type: CelType): CelType {
  return type.kind === 'optional' ? type : optionalOf(type)
}

function literalType(value: unknown): CelType {
  switch (typeof value) {
    case 'bigint':
      return int
    case 'number':
      return double
    case 'boolean':
      return bool
    case 'string':
      return string
  }
  if (value === null) return nullType
  return value instanceof Uint8Array ? bytes : value instanceof Uint ? uint : uint
}

/** `a.b.c` of plain selections. */
export function qualifiedName(expr: Expr): string | undefined {
  if (expr.type === 'ident') return expr.name
  if (expr.type !== 'select' || expr.optional) return undefined
  const operand = qualifiedName(expr.operand)
  return operand && `${operand}.${expr.field}`
}
