import { kubernetesFunctions } from '../cel/functions/registry.ts'
import { compileCel, yields, type Compilation, type Program } from '../cel/program.ts'
import { celTypeOf } from '../cel/schema-types.ts'
import type { CelEnvironment } from '../cel/check.ts'
import { bool, optionalOf, string } from '../cel/types.ts'
import { isEmbedded, type JsonSchema, type ValidationRule } from './json-schema.ts'

/** The rules of a schema, compiled where the schema stands. */
export interface CompiledRule {
  readonly rule: ValidationRule
  readonly compiled: Compilation
  readonly message?: Compilation
}

const environments = new WeakMap<JsonSchema, Map<string, CelEnvironment>>()

/** What a rule may name: `self`, and `oldSelf`. */
function environmentOf(schema: JsonSchema, isRoot: boolean, optionalOldSelf: boolean): CelEnvironment | undefined {
  let known = environments.get(schema)
  if (!known) environments.set(schema, (known = new Map()))
  const key = `${isRoot}${optionalOldSelf}`
  const found = known.get(key)
  if (found) return found
  const self = celTypeOf(schema, isRoot)
  if (!self) return undefined
  const environment: CelEnvironment = {
    variables: { self, oldSelf: optionalOldSelf ? optionalOf(self) : self },
    functions: kubernetesFunctions,
  }
  known.set(key, environment)
  return environment
}

const compiledRules = new WeakMap<JsonSchema, readonly CompiledRule[]>()

/** The compiled rules of one node; none where rules cannot see its values. */
export function rulesOf(schema: JsonSchema, isRoot: boolean): readonly CompiledRule[] {
  const rules = schema['x-kubernetes-validations']
  if (!rules?.length) return none
  let compiled = compiledRules.get(schema)
  if (!compiled) compiledRules.set(schema, (compiled = rules.flatMap((rule) => compileRule(schema, rule, isRoot))))
  return compiled
}
const none: readonly CompiledRule[] = []

function compileRule(schema: JsonSchema, rule: ValidationRule, isRoot: boolean): CompiledRule[] {
  const environment = environmentOf(schema, isRoot || isEmbedded(schema), rule.optionalOldSelf === true)
  if (!environment || !rule.rule?.trim()) return []
  const compiled = compileCel(rule.rule, environment)
  const message = rule.messageExpression ? compileCel(rule.messageExpression, environment) : undefined
  return [{ rule, compiled, ...(message && { message }) }]
}

/** What keeps a rule or its messageExpression from being used; undefined when nothing does. */
export function ruleProblem(compilation: Compilation): string | undefined {
  if ('problem' in compilation) return `compilation failed: ${compilation.problem}`
  return yields(compilation.program, bool) ? undefined : 'cel expression must evaluate to a bool'
}

/** The same of a messageExpression. */
export function messageProblem(compilation: Compilation): string | undefined {
  if ('problem' in compilation) return `messageExpression compilation failed: ${compilation.problem}`
  return yields(compilation.program, string) ? undefined : 'messageExpression must evaluate to a string'
}

/** A program that compiled; rules that did not are refused with their schema. */
export function programOf(compilation: Compilation | undefined): Program | undefined {
  return compilation && 'program' in compilation ? compilation.program : undefined
}
