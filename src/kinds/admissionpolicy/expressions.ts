import { compileCel, yields, type Compilation } from '../../machinery/cel/program.ts'
import type { CelEnvironment } from '../../machinery/cel/check.ts'
import { typeText, type CelType } from '../../machinery/cel/types.ts'
import { invalid, required, type FieldError } from '../../machinery/field-errors.ts'

/** What is wrong with a compiled expression that has to yield one of some types; undefined when nothing is. */
export function compilationProblem(compilation: Compilation, wanted: readonly CelType[]): string | undefined {
  if ('problem' in compilation) return `compilation failed: ${compilation.problem}`
  const { program } = compilation
  if (program.type.kind === 'dyn' || wanted.some((type) => yields(program, type) || type.kind === program.type.kind))
    return undefined
  const names = wanted.map(typeText)
  const must = names.length === 1 ? `must evaluate to ${names[0]}` : `must evaluate to one of [${names.join(' ')}]`
  return names.length === 1 ? `${must} but got ${typeText(program.type)}` : must
}

/** An expression that has to be there, to compile, and to yield one of some types. */
export function validateExpression(
  expression: string | undefined,
  field: string,
  environment: CelEnvironment,
  wanted: readonly CelType[],
): FieldError[] {
  if (!expression?.trim()) return [required(field, 'expression is not specified')]
  const problem = compilationProblem(compileCel(expression, environment), wanted)
  return problem ? [invalid(field, expression, problem)] : []
}
