/** A template's tree. Plain data. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipe: Pipe }
  | {
      readonly kind: 'if' | 'range' | 'with'
      readonly pipe: Pipe
      readonly body: readonly Node[]
      readonly otherwise: readonly Node[]
    }
  | { readonly kind: 'template'; readonly name: string; readonly pipe?: Pipe }
  | { readonly kind: 'break' | 'continue' }

/** `$x, $y := a b | c d` */
export interface Pipe {
  readonly variables: readonly string[]
  readonly assigns: boolean
  readonly commands: readonly (readonly Operand[])[]
}

export type Operand =
  | { readonly kind: 'constant'; readonly value: unknown }
  | { readonly kind: 'dot' }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'pipe'; readonly pipe: Pipe }
  | { readonly kind: 'fields'; readonly of: Operand; readonly fields: readonly string[] }

/** What a template is once it is read: its own nodes under the empty name, and those that it defines. */
export type Template = ReadonlyMap<string, readonly Node[]>
