import { typeNames, qualifiedName, type CelEnvironment } from './check.ts'
import type { Overload } from './functions/overload.ts'
import type { Meter } from './meter.ts'
import type { Expr, Item, Loop } from './syntax.ts'
import type { CelType } from './types.ts'
import {
  CelCostError,
  CelError,
  Duration,
  isList,
  isMapValue,
  isOpaque,
  listItem,
  mapKeys,
  mapValue,
  Message,
  Optional,
  Timestamp,
  toKey,
  TypeValue,
  typeNameOf,
  Uint,
} from './values.ts'

/** Values of the variables; undefined for one that has none. */
export type Lookup = (name: string) => unknown

interface Scope {
  readonly name: string
  readonly value: unknown
  readonly outer: Scope | undefined
}

/** The value of an expression. Throws CelError, and CelCostError when the meter runs out. */
export function evaluateCel(expr: Expr, environment: CelEnvironment, lookup: Lookup, meter: Meter): unknown {
  return new Evaluation(environment, lookup, meter).run(expr, undefined)
}

class Evaluation {
  private readonly environment: CelEnvironment
  private readonly lookup: Lookup
  private readonly meter: Meter

  constructor(environment: CelEnvironment, lookup: Lookup, meter: Meter) {
    this.environment = environment
    this.lookup = lookup
    this.meter = meter
  }

  run(expr: Expr, scope: Scope | undefined): unknown {
    this.meter.step()
    switch (expr.type) {
      case 'literal':
        return expr.value
      case 'ident':
        return this.ident(expr.name, scope)
      case 'select':
        return this.select(expr, scope)
      case 'has':
        return this.has(expr, scope)
      case 'call':
        return this.call(expr, scope)
      case 'list':
        return this.items(expr.items, scope)
      case 'map':
        return this.map(expr, scope)
      case 'struct': {
        const fields = new Map<string, unknown>()
        for (const { name, value, optional } of expr.fields) {
          const result = this.present(this.run(value, scope), optional)
          if (result !== undefined) fields.set(name, result)
        }
        return new Message(expr.name, fields)
      }
      case 'loop':
        return this.loop(expr, scope)
      case 'bind':
        return this.run(expr.body, { name: expr.name, value: this.run(expr.value, scope), outer: scope })
    }
  }

  private resolved(name: string, scope: Scope | undefined): unknown {
    for (let one = scope; one; one = one.outer) if (one.name === name) return one.value
    if (Object.hasOwn(this.environment.variables, name)) return this.lookup(name)
    return Object.hasOwn(typeNames, name) ? new TypeValue(name) : undefined
  }

  private ident(name: string, scope: Scope | undefined): unknown {
    const value = this.resolved(name, scope)
    if (value === undefined) throw new CelError(`no such attribute(s): ${name}`)
    return value
  }

  private select(expr: Extract<Expr, { type: 'select' }>, scope: Scope | undefined): unknown {
    const name = qualifiedName(expr)
    if (name && Object.hasOwn(typeNames, name)) return new TypeValue(name)
    if (name && Object.hasOwn(this.environment.variables, name)) return this.lookup(name)
    const operand = this.run(expr.operand, scope)
    const isOptional = operand instanceof Optional
    if (!isOptional && !expr.optional) return fieldOf(operand, expr.field)
    const inner = isOptional ? operand.value : operand
    const value = inner === undefined ? undefined : fieldIfPresent(inner, expr.field)
    return value === undefined ? Optional.none : new Optional(value)
  }

  private has(expr: Extract<Expr, { type: 'has' }>, scope: Scope | undefined): boolean {
    const operand = this.run(expr.operand, scope)
    if (operand instanceof Optional) return operand.isPresent && fieldIfPresent(operand.value, expr.field) !== undefined
    return fieldIfPresent(operand, expr.field) !== undefined
  }

  private call(expr: Extract<Expr, { type: 'call' }>, scope: Scope | undefined): unknown {
    const { name, target, args } = expr
    switch (name) {
      case '_&&_':
        return this.logical(args, scope, false)
      case '_||_':
        return this.logical(args, scope, true)
      case '_?_:_': {
        const condition = this.run(args[0]!, scope)
        if (typeof condition !== 'boolean') throw new CelError('no such overload')
        return this.run(condition ? args[1]! : args[2]!, scope)
      }
      case '_[_]':
      case '_[?_]':
        return this.index(this.run(args[0]!, scope), this.run(args[1]!, scope), name === '_[?_]')
    }
    if (!target)
      return this.apply(
        name,
        false,
        args.map((arg) => this.run(arg, scope)),
      )
    if (target.type === 'ident' && this.resolved(target.name, scope) === undefined) {
      const qualified = `${target.name}.${name}`
      if (this.environment.functions.find(qualified, false))
        return this.apply(
          qualified,
          false,
          args.map((arg) => this.run(arg, scope)),
        )
    }
    const receiver = this.run(target, scope)
    if (name === 'optMap' || name === 'optFlatMap') return this.optionalMap(name, receiver, args[0]!, scope)
    return this.apply(name, true, [receiver, ...args.map((arg) => this.run(arg, scope))])
  }

  /** An error on one side does not matter when the other one decides. */
  private logical([left, right]: readonly Expr[], scope: Scope | undefined, decides: boolean): boolean {
    let failure: CelError | undefined
    for (const side of [left!, right!]) {
      try {
        const value = this.run(side, scope)
        if (value === decides) return decides
        if (typeof value !== 'boolean') failure ??= new CelError('no such overload')
      } catch (error) {
        if (!(error instanceof CelError) || error instanceof CelCostError) throw error
        failure ??= error
      }
    }
    if (failure) throw failure
    return !decides
  }

  private index(container: unknown, key: unknown, isOptional: boolean): unknown {
    if (container instanceof Optional) {
      if (!container.isPresent) return Optional.none
      return this.index(container.value, key, true)
    }
    const value = indexed(container, key)
    if (isOptional) return value === undefined ? Optional.none : new Optional(value)
    if (value !== undefined) return value
    if (isList(container)) throw new CelError(`index out of bounds: ${String(toKey(key))}`)
    throw new CelError(`no such key: ${String(toKey(key))}`)
  }

  private optionalMap(name: string, receiver: unknown, body: Expr, scope: Scope | undefined): unknown {
    if (!(receiver instanceof Optional)) throw new CelError('no such overload')
    if (!receiver.isPresent) return Optional.none
    const { name: variable, body: expr } = body as Extract<Expr, { type: 'bind' }>
    const result = this.run(expr, { name: variable, value: receiver.value, outer: scope })
    return name === 'optMap' ? new Optional(result) : result
  }

  private apply(name: string, member: boolean, args: unknown[]): unknown {
    const candidates = this.environment.functions.find(name, member) ?? []
    const found = candidates.find((one) => accepts(one, args))
    if (found) return found.run(args, this.meter)
    if (/^[^a-z]/.test(name)) throw new CelError('no such overload')
    const types = args.map(typeNameOf)
    throw new CelError(
      `no such overload: ${member ? `${types[0]}.${name}(${types.slice(1).join(', ')})` : `${name}(${types.join(', ')})`}`,
    )
  }

  private present(value: unknown, optional: boolean): unknown {
    if (!optional) return value
    if (!(value instanceof Optional)) throw new CelError('cannot initialize optional entry from non-optional value')
    return value.value
  }

  private items(items: readonly Item[], scope: Scope | undefined): unknown[] {
    const result: unknown[] = []
    for (const { value, optional } of items) {
      const item = this.present(this.run(value, scope), optional)
      if (item !== undefined) result.push(item)
    }
    return result
  }

  private map(expr: Extract<Expr, { type: 'map' }>, scope: Scope | undefined): Map<unknown, unknown> {
    const result = new Map<unknown, unknown>()
    for (const { key, value, optional } of expr.entries) {
      const name = toKey(this.run(key, scope))
      if (!['string', 'bigint', 'boolean'].includes(typeof name))
        throw new CelError(`unsupported key type: ${typeNameOf(name)}`)
      const item = this.present(this.run(value, scope), optional)
      if (item === undefined) continue
      if (result.has(name)) throw new CelError(`insert failed: key ${String(name)} already exists`)
      result.set(name, item)
    }
    return result
  }

  private loop(loop: Loop, scope: Scope | undefined): unknown {
    const range = this.run(loop.range, scope)
    const each = (run: (inner: Scope, key: unknown) => boolean) => {
      for (const [key, value] of entriesOf(range)) {
        this.meter.step()
        const inner: Scope =
          loop.variables.length === 2
            ? { name: loop.variables[1]!, value, outer: { name: loop.variables[0]!, value: key, outer: scope } }
            : { name: loop.variables[0]!, value: isList(range) ? value : key, outer: scope }
        if (loop.filter && !this.condition(loop.filter, inner)) continue
        if (!run(inner, key)) return
      }
    }
    switch (loop.kind) {
      case 'all':
        return this.quantified(loop, each, false)
      case 'exists':
        return this.quantified(loop, each, true)
      case 'exists_one': {
        let count = 0
        each((inner) => {
          if (this.condition(loop.body, inner)) count++
          return true
        })
        return count === 1
      }
      case 'transformMap':
      case 'transformMapEntry':
        return this.transformMap(loop, each)
      default: {
        const result: unknown[] = []
        each((inner) => {
          if (loop.kind !== 'filter') result.push(this.run(loop.body, inner))
          else if (this.condition(loop.body, inner)) result.push(inner.value)
          return true
        })
        return result
      }
    }
  }

  private transformMap(loop: Loop, each: (run: (inner: Scope, key: unknown) => boolean) => void): unknown {
    const result = new Map<unknown, unknown>()
    each((inner, key) => {
      const value = this.run(loop.body, inner)
      if (loop.kind === 'transformMap') result.set(toKey(key), value)
      else if (isMapValue(value)) {
        for (const name of mapKeys(value)) {
          if (result.has(toKey(name))) throw new CelError(`insert failed: key ${String(name)} already exists`)
          result.set(toKey(name), mapValue(value, name))
        }
      } else throw new CelError('no such overload')
      return true
    })
    return result
  }

  private condition(expr: Expr, scope: Scope): boolean {
    const value = this.run(expr, scope)
    if (typeof value !== 'boolean') throw new CelError('no such overload')
    return value
  }

  /** `all` and `exists`: an item's error does not matter when another one decides. */
  private quantified(
    loop: Loop,
    each: (run: (inner: Scope, key: unknown) => boolean) => void,
    decides: boolean,
  ): boolean {
    let failure: CelError | undefined
    let decided = false
    each((inner) => {
      try {
        decided = this.condition(loop.body, inner) === decides
      } catch (error) {
        if (!(error instanceof CelError) || error instanceof CelCostError) throw error
        failure ??= error
      }
      return !decided
    })
    if (decided) return decides
    if (failure) throw failure
    return !decides
  }
}

function fieldIfPresent(operand: unknown, field: string): unknown {
  if (isMapValue(operand)) return mapValue(operand, field)
  if (operand instanceof Message) return operand.fields.get(field)
  throw new CelError('no such overload')
}

function fieldOf(operand: unknown, field: string): unknown {
  const value = fieldIfPresent(operand, field)
  if (value === undefined) throw new CelError(`no such key: ${field}`)
  return value
}

function indexed(container: unknown, key: unknown): unknown {
  if (isMapValue(container)) return mapValue(container, key)
  if (!isList(container)) throw new CelError('no such overload')
  const index = toKey(key)
  if (typeof index !== 'bigint') throw new CelError(`unsupported index type '${typeNameOf(key)}' in list`)
  return index < 0n || index >= BigInt(container.length) ? undefined : listItem(container, Number(index))
}

function* entriesOf(range: unknown): Iterable<readonly [unknown, unknown]> {
  if (isList(range)) {
    for (let index = 0; index < range.length; index++) yield [BigInt(index), listItem(range, index)]
  } else if (isMapValue(range)) {
    for (const key of mapKeys(range)) yield [key, mapValue(range, key)]
  } else throw new CelError('no such overload')
}

function accepts({ params }: Overload, args: readonly unknown[]): boolean {
  return params.length === args.length && params.every((param, index) => isOf(args[index], param))
}

/** Is a value of a type, as far as choosing an overload goes? */
function isOf(value: unknown, type: CelType): boolean {
  switch (type.kind) {
    case 'dyn':
    case 'param':
      return true
    case 'null':
      return value === null
    case 'bool':
      return typeof value === 'boolean'
    case 'int':
      return typeof value === 'bigint'
    case 'uint':
      return value instanceof Uint
    case 'double':
      return typeof value === 'number'
    case 'string':
      return typeof value === 'string'
    case 'bytes':
      return value instanceof Uint8Array
    case 'timestamp':
      return value instanceof Timestamp
    case 'duration':
      return value instanceof Duration
    case 'list':
      // The first item stands for all.
      return isList(value) && (value.length === 0 || isOf(listItem(value, 0), type.item))
    case 'map':
      return isMapValue(value)
    case 'optional':
      return value instanceof Optional
    case 'type':
      return value instanceof TypeValue
    default:
      return isOpaque(value) && value.typeName === type.name
  }
}
