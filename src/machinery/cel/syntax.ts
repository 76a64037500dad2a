/** An expression as the checker and the evaluator walk it. `at` is where cel-go would say an error is. */
export type Expr =
  | { readonly type: 'literal'; readonly at: number; readonly value: unknown }
  | { readonly type: 'ident'; readonly at: number; readonly name: string }
  | {
      readonly type: 'select'
      readonly at: number
      readonly operand: Expr
      readonly field: string
      readonly optional: boolean
    }
  | { readonly type: 'has'; readonly at: number; readonly operand: Expr; readonly field: string }
  | {
      readonly type: 'call'
      readonly at: number
      readonly name: string
      readonly target?: Expr
      readonly args: readonly Expr[]
    }
  | { readonly type: 'list'; readonly at: number; readonly items: readonly Item[] }
  | { readonly type: 'map'; readonly at: number; readonly entries: readonly Entry[] }
  | { readonly type: 'struct'; readonly at: number; readonly name: string; readonly fields: readonly StructField[] }
  | Loop
  | { readonly type: 'bind'; readonly at: number; readonly name: string; readonly value: Expr; readonly body: Expr }

export interface Item {
  readonly value: Expr
  readonly optional: boolean
}
export interface Entry extends Item {
  readonly key: Expr
}
export interface StructField extends Item {
  readonly at: number
  readonly name: string
}

export type LoopKind =
  'all' | 'exists' | 'exists_one' | 'map' | 'filter' | 'transformList' | 'transformMap' | 'transformMapEntry'

/** A macro over a list or a map. */
export interface Loop {
  readonly type: 'loop'
  readonly at: number
  readonly kind: LoopKind
  readonly range: Expr
  /** One variable, or the index (key) and the value. */
  readonly variables: readonly string[]
  readonly filter?: Expr
  readonly body: Expr
}

/** A place in a source and what is wrong there. */
export interface Problem {
  readonly at: number
  readonly message: string
}

/** An expression that cannot be read. */
export class CelSyntaxError extends Error {
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super(problems[0]?.message ?? 'Syntax error')
    this.problems = problems
  }
}

/** Problems as cel-go prints them: place, message, line, caret. */
export function problemsText(source: string, problems: readonly Problem[]): string {
  const lines = source.split('\n')
  return problems
    .map(({ at, message }) => {
      const before = source.slice(0, at).split('\n')
      const line = before.length
      const column = [...before[line - 1]!].length
      const dots = '.'.repeat(column)
      return `ERROR: <input>:${line}:${column + 1}: ${message}\n | ${lines[line - 1]!.replace(/\t/g, ' ')}\n | ${dots}^`
    })
    .join('\n')
}
