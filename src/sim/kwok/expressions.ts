import { compileJq, JqError, type Filter } from '../../lib/jq/jq.ts'
import { parseTime } from '../../lib/time.ts'
import { kubernetesFunctions } from '../../machinery/cel/functions/registry.ts'
import { parseDuration } from '../../machinery/cel/functions/time.ts'
import { Meter, perCallLimit } from '../../machinery/cel/meter.ts'
import { compileCel } from '../../machinery/cel/program.ts'
import { dyn } from '../../machinery/cel/types.ts'
import { Duration, fromJson } from '../../machinery/cel/values.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { StageError } from './stage.ts'

type Test = (object: KubeObject) => boolean

const celEnvironment = { variables: { self: dyn }, functions: kubernetesFunctions }

/** All that a filter finds; undefined where it cannot go on. */
function outputs(filter: Filter, object: KubeObject): readonly unknown[] | undefined {
  try {
    return filter(object)
  } catch (error) {
    if (error instanceof JqError) return undefined
    throw error
  }
}

function cel(source: unknown): (object: KubeObject) => unknown {
  if (typeof source !== 'string') throw new StageError('expression: not a string')
  const compiled = compileCel(source, celEnvironment)
  if ('problem' in compiled) throw new StageError(compiled.problem)
  return (object) => compiled.program.run(() => fromJson(object), new Meter(perCallLimit))
}

/** One of `matchExpressions`: jq's with an operator, or CEL's. Upstream: pkg/utils/expression. */
export function readRequirement(requirement: any): Test {
  const expression = requirement?.cel?.expression ?? requirement?.expression
  if (expression !== undefined) {
    const run = cel(expression)
    return (object) => run(object) === true
  }
  const { key, operator, values = [] } = requirement?.jq ?? requirement ?? {}
  if (typeof key !== 'string' || !Array.isArray(values)) throw new StageError('invalid expression')
  const filter = compileJq(key)
  const isAmong = (value: unknown) =>
    (typeof value === 'string' || typeof value === 'boolean' || Number.isInteger(value)) &&
    values.includes(String(value))
  const wants = operator === 'In' || operator === 'Exists'
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) throw new StageError("for 'in', 'notin' operators, values set can't be empty")
      return (object) => (outputs(filter, object) ?? []).some(isAmong) === wants
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) throw new StageError('values set must be empty for exists and does not exist')
      return (object) =>
        (outputs(filter, object) ?? []).some((value) => value !== null && value !== undefined) === wants
    default:
      throw new StageError(`operator ${JSON.stringify(operator)} is not supported`)
  }
}

/** The value that `…From` finds: the first of a filter, or that of a CEL expression. */
function readFrom(from: any): (object: KubeObject) => unknown {
  const source = from.expressionFrom ?? from.jq?.expression
  if (typeof source !== 'string') return cel(from.cel?.expression)
  const filter = compileJq(source)
  return (object) => outputs(filter, object)?.[0]
}

/** Milliseconds from a number and an expression, or undefined where neither says any. */
export function readDuration(ms: unknown, from: any): (object: KubeObject, wallMs: number) => number | undefined {
  const fixed = typeof ms === 'number' && ms >= 0 ? ms : undefined
  if (from === undefined || from === null) return () => fixed
  const find = readFrom(from)
  return (object, wallMs) => {
    const value = find(object)
    if (value === '') return undefined
    if (value instanceof Duration) return Number(value.nanos / 1_000_000n)
    if (typeof value !== 'string') return fixed
    const time = parseTime(value)
    if (!Number.isNaN(time)) return time - wallMs
    const duration = parseDuration(value)
    return duration ? Number(duration.nanos / 1_000_000n) : fixed
  }
}

/** A whole number from a number and an expression, or undefined where the expression finds none. */
export function readInteger(number: unknown, from: any): (object: KubeObject) => number | undefined {
  const fixed = typeof number === 'number' && number >= 0 ? Math.trunc(number) : 0
  if (from === undefined || from === null) return () => fixed
  const find = readFrom(from)
  return (object) => {
    const value = find(object)
    if (value === undefined || value === null) return fixed
    if (typeof value === 'bigint' || typeof value === 'number') return Math.max(0, Math.trunc(Number(value)))
    return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined
  }
}
