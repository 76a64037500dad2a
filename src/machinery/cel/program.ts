import { checkCel, type CelEnvironment } from './check.ts'
import { evaluateCel, type Lookup } from './evaluate.ts'
import type { Meter } from './meter.ts'
import { parseCel } from './parse.ts'
import { CelSyntaxError, problemsText, type Expr } from './syntax.ts'
import { assignable, type CelType } from './types.ts'

/** An expression that compiled: its type, which variables it uses, and how to run it. */
export interface Program {
  readonly source: string
  readonly type: CelType
  uses(variable: string): boolean
  /** Throws CelError, and CelCostError when the meter runs out. */
  run(lookup: Lookup, meter: Meter): unknown
}

export type Compilation = { readonly program: Program } | { readonly problem: string }

const compiled = new WeakMap<CelEnvironment, Map<string, Compilation>>()
const maxRemembered = 1000

/** Compiles an expression, once for each environment. `problem` is cel-go's text, `compilation failed: …` without the prefix. */
export function compileCel(source: string, environment: CelEnvironment): Compilation {
  let known = compiled.get(environment)
  if (!known) compiled.set(environment, (known = new Map()))
  let result = known.get(source)
  if (!result) {
    result = compile(source, environment)
    if (known.size >= maxRemembered) known.clear()
    known.set(source, result)
  }
  return result
}

function compile(source: string, environment: CelEnvironment): Compilation {
  let expr: Expr
  try {
    expr = parseCel(source)
  } catch (error) {
    if (!(error instanceof CelSyntaxError)) throw error
    return { problem: problemsText(source, error.problems) }
  }
  const { type, problems } = checkCel(expr, environment)
  if (problems.length > 0) return { problem: problemsText(source, problems) }
  const program: Program = {
    source,
    type,
    uses: (variable) => mentions(expr, variable),
    run: (lookup, meter) => evaluateCel(expr, environment, lookup, meter),
  }
  return { program }
}

/** Is its value of a type, as far as can be told beforehand? */
export function yields({ type }: Program, wanted: CelType): boolean {
  return assignable(wanted, type, new Map()) && type.kind !== 'null'
}

function mentions(expr: Expr, name: string): boolean {
  switch (expr.type) {
    case 'literal':
      return false
    case 'ident':
      return expr.name === name
    case 'select':
    case 'has':
      return mentions(expr.operand, name)
    case 'call':
      return [...(expr.target ? [expr.target] : []), ...expr.args].some((one) => mentions(one, name))
    case 'list':
      return expr.items.some(({ value }) => mentions(value, name))
    case 'map':
      return expr.entries.some(({ key, value }) => mentions(key, name) || mentions(value, name))
    case 'struct':
      return expr.fields.some(({ value }) => mentions(value, name))
    case 'loop':
      return loopParts(expr).some((one) => mentions(one, name))
    case 'bind':
      return mentions(expr.value, name) || mentions(expr.body, name)
  }
}

function loopParts({ range, filter, body }: Extract<Expr, { type: 'loop' }>): Expr[] {
  return filter ? [range, filter, body] : [range, body]
}
