import { TemplateError } from './errors.ts'
import { formatValue, sortedKeys, typeName } from './format.ts'
import { builtins, isTrue, type TemplateFunctions } from './functions.ts'
import type { Node, Operand, Pipe, Template } from './syntax.ts'

export interface ExecuteOptions {
  /** Functions beside text/template's own. */
  readonly functions?: TemplateFunctions
  readonly maxSteps?: number
  readonly maxLength?: number
}

const maxDepth = 100

/** What a template makes of plain JSON. Throws a TemplateError when it cannot, or when it is too much. */
export function executeTemplate(template: Template, data: unknown, options: ExecuteOptions = {}): string {
  const execution = new Execution(template, options)
  execution.call('', data)
  return execution.text
}

type Signal = 'break' | 'continue' | undefined

class Execution {
  text = ''
  private readonly template: Template
  private readonly functions: TemplateFunctions
  private readonly maxLength: number
  private steps: number
  private depth = 0
  /** Names and values of the variables in sight, the newest last. */
  private variables: { readonly name: string; value: unknown }[] = []

  constructor(template: Template, { functions = {}, maxSteps = 200_000, maxLength = 2_000_000 }: ExecuteOptions) {
    this.template = template
    this.functions = functions
    this.steps = maxSteps
    this.maxLength = maxLength
  }

  call(name: string, data: unknown): void {
    const nodes = this.template.get(name)
    if (!nodes) throw new TemplateError(`template ${JSON.stringify(name)} not defined`)
    if (++this.depth > maxDepth) throw new TemplateError('exceeded maximum template depth')
    const outer = this.variables
    this.variables = [{ name: '', value: data }]
    this.walk(nodes, data)
    this.variables = outer
    this.depth--
  }

  private step(): void {
    if (--this.steps < 0) throw new TemplateError('the template takes too long')
  }

  private write(text: string): void {
    this.text += text
    if (this.text.length > this.maxLength) throw new TemplateError('the template writes too much')
  }

  /** Variables that come up in the nodes are gone after them. */
  private walk(nodes: readonly Node[], dot: unknown): Signal {
    const mark = this.variables.length
    let signal: Signal
    for (const node of nodes) {
      this.step()
      signal = this.node(node, dot)
      if (signal) break
    }
    this.variables.length = mark
    return signal
  }

  private node(node: Node, dot: unknown): Signal {
    switch (node.kind) {
      case 'text':
        this.write(node.text)
        return undefined
      case 'action': {
        const value = this.pipe(node.pipe, dot)
        if (node.pipe.variables.length === 0)
          this.write(value === undefined || value === null ? '<no value>' : formatValue(value))
        return undefined
      }
      case 'template':
        this.call(node.name, node.pipe && this.pipe(node.pipe, dot))
        return undefined
      case 'if':
      case 'with': {
        const mark = this.variables.length
        const value = this.pipe(node.pipe, dot)
        const holds = isTrue(value)
        const signal = this.walk(holds ? node.body : node.otherwise, holds && node.kind === 'with' ? value : dot)
        this.variables.length = mark
        return signal
      }
      case 'range':
        this.range(node, dot)
        return undefined
      default:
        return node.kind
    }
  }

  private range({ pipe, body, otherwise }: Extract<Node, { body: readonly Node[] }>, dot: unknown): void {
    const mark = this.variables.length
    const value = this.evaluate(pipe, dot)
    const items = itemsOf(value)
    let any = false
    for (const [key, item] of items) {
      any = true
      this.step()
      const { variables } = pipe
      const values = variables.length === 2 ? [key, item] : [item]
      variables.forEach((name, index) => this.set(name, values[index], pipe.assigns))
      const signal = this.walk(body, item)
      this.variables.length = mark
      if (signal === 'break') break
    }
    if (!any) this.walk(otherwise, dot)
  }

  private set(name: string, value: unknown, assigns: boolean): void {
    if (!assigns) this.variables.push({ name, value })
    else this.variable(name).value = value
  }

  private variable(name: string): { value: unknown } {
    for (let index = this.variables.length - 1; index >= 0; index--)
      if (this.variables[index]!.name === name) return this.variables[index]!
    throw new TemplateError(`undefined variable "$${name}"`)
  }

  private pipe(pipe: Pipe, dot: unknown): unknown {
    const value = this.evaluate(pipe, dot)
    for (const name of pipe.variables) this.set(name, value, pipe.assigns)
    return value
  }

  private evaluate(pipe: Pipe, dot: unknown): unknown {
    let value: unknown
    pipe.commands.forEach((command, index) => {
      value = this.command(command, dot, index === 0 ? [] : [value])
    })
    return value
  }

  private command([first, ...others]: readonly Operand[], dot: unknown, last: readonly unknown[]): unknown {
    this.step()
    if (first!.kind === 'function') return this.function(first!.name, others, dot, last)
    if (others.length > 0) throw new TemplateError("can't give argument to non-function")
    return this.operand(first!, dot)
  }

  private function(name: string, operands: readonly Operand[], dot: unknown, last: readonly unknown[]): unknown {
    if (name === 'and' || name === 'or') {
      if (operands.length + last.length === 0)
        throw new TemplateError(`wrong number of args for ${name}: want at least 1`)
      let value: unknown
      for (const operand of operands) {
        value = this.operand(operand, dot)
        if (isTrue(value) === (name === 'or')) return value
      }
      return last.length > 0 ? last[0] : value
    }
    const from = Object.hasOwn(this.functions, name) ? this.functions : builtins
    if (!Object.hasOwn(from, name)) throw new TemplateError(`function ${JSON.stringify(name)} not defined`)
    const values = [...operands.map((operand) => this.operand(operand, dot)), ...last]
    try {
      return from[name]!(...values)
    } catch (error) {
      if (error instanceof TemplateError) throw new TemplateError(`error calling ${name}: ${error.message}`)
      // A function that was given what it cannot deal with.
      if (error instanceof TypeError || error instanceof RangeError)
        throw new TemplateError(`error calling ${name}: wrong type of value`)
      throw error
    }
  }

  private operand(operand: Operand, dot: unknown): unknown {
    switch (operand.kind) {
      case 'constant':
        return operand.value
      case 'dot':
        return dot
      case 'variable':
        return this.variable(operand.name).value
      case 'pipe':
        return this.pipe(operand.pipe, dot)
      case 'function':
        return this.function(operand.name, [], dot, [])
      case 'fields':
        return operand.fields.reduce(field, this.operand(operand.of, dot))
    }
  }
}

function field(value: unknown, name: string): unknown {
  if (value === undefined || value === null) throw new TemplateError(`nil pointer evaluating interface {}.${name}`)
  if (typeof value !== 'object' || Array.isArray(value))
    throw new TemplateError(`can't evaluate field ${name} in type ${typeName(value)}`)
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}

function* itemsOf(value: unknown): Iterable<readonly [unknown, unknown]> {
  if (typeof value === 'number') for (let index = 0; index < value; index++) yield [index, index]
  else if (Array.isArray(value)) yield* value.entries()
  else if (typeof value === 'object' && value !== null)
    for (const key of sortedKeys(value)) yield [key, (value as Record<string, unknown>)[key]]
  else if (value !== undefined && value !== null)
    throw new TemplateError(`range can't iterate over ${formatValue(value)}`)
}
