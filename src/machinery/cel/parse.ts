import { Environment, ParseError, type ASTNode } from '@marcbachmann/cel-js'
import { prepare, type Prepared } from './prepare.ts'
import { CelSyntaxError, type Entry, type Expr, type Item, type LoopKind } from './syntax.ts'
import { syntaxProblems } from './syntax-problems.ts'
import { tokenize } from './tokens.ts'
import { Uint } from './values.ts'

/** Only its parser is used: checking in cel-go's words, Kubernetes' functions and a budget need walks of our own. */
const environment = new Environment({
  enableOptionalTypes: true,
  limits: { maxAstNodes: 20_000, maxDepth: 120, maxListElements: 2000, maxMapEntries: 2000, maxCallArguments: 64 },
})
const maxLength = 32_768

/** Reads an expression. Throws CelSyntaxError with cel-go's words. */
export function parseCel(source: string): Expr {
  if (source.length > maxLength)
    throw new CelSyntaxError([
      { at: 0, message: `expression code point size exceeds limit: size: ${source.length}, limit ${maxLength}` },
    ])
  const { tokens, unknown } = tokenize(source)
  if (unknown.length > 0 || tokens.length === 0)
    throw new CelSyntaxError(syntaxProblems(source, tokens, unknown, undefined))
  const prepared = prepare(source, tokens)
  let ast: ASTNode
  try {
    ast = environment.parse(prepared.text).ast
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    throw new CelSyntaxError(syntaxProblems(source, tokens, [], error))
  }
  return new Converter(source, prepared).convert(ast)
}

const loops = new Set<string>(['all', 'exists', 'exists_one', 'existsOne', 'map', 'filter'])
const loopsOfTwo = new Set<string>([
  'all',
  'exists',
  'exists_one',
  'existsOne',
  'transformList',
  'transformMap',
  'transformMapEntry',
])
const operators: Readonly<Record<string, string>> = {
  '!_': '!_',
  '-_': '-_',
  in: '@in',
  '?:': '_?_:_',
  '[]': '_[_]',
}

type Node = any

class Converter {
  private readonly source: string
  private readonly prepared: Prepared

  constructor(source: string, prepared: Prepared) {
    this.source = source
    this.prepared = prepared
  }

  convert(node: Node): Expr {
    const { op, args } = node
    switch (op) {
      case 'value':
        return { type: 'literal', at: node.start, value: literal(args) }
      case 'id':
        return { type: 'ident', at: node.start, name: args }
      case '.':
      case '.?':
        return this.select(node)
      case 'call':
        return this.call(node, undefined, args[0], args[1])
      case 'rcall':
        return this.call(node, args[1], args[0], args[2])
      case 'list':
        return { type: 'list', at: node.start, items: this.items(args, node.start) }
      case 'map':
        return this.map(node)
      case '?:':
        return this.operation(node, '_?_:_', args, this.between(args[0], args[1], '?'))
      case '[]':
        return this.operation(node, '_[_]', args, this.bracket(node))
      case '[?]':
        return this.operation(node, '_[?_]', args, this.bracket(node))
      case '!_':
      case '-_':
        return this.negation(node)
      default:
        return this.operation(node, operators[op] ?? `_${op}_`, args, this.between(args[0], args[1], op))
    }
  }

  private operation(_node: Node, name: string, args: readonly Node[], at: number): Expr {
    return { type: 'call', at, name, args: args.map((arg) => this.convert(arg)) }
  }

  /** A minus before a number is part of the number. */
  private negation(node: Node): Expr {
    const inner = this.convert(node.args)
    if (node.op === '-_' && inner.type === 'literal' && /\d/.test(this.source[inner.at] ?? '')) {
      if (typeof inner.value === 'bigint' || typeof inner.value === 'number')
        return { type: 'literal', at: node.start, value: -inner.value }
    }
    return { type: 'call', at: node.start, name: node.op, args: [inner] }
  }

  private select(node: Node): Expr {
    const field = this.prepared.quoted.get(node.pos) ?? (node.args[1] as string)
    const at = this.source.lastIndexOf('.', node.pos)
    return { type: 'select', at, operand: this.convert(node.args[0]), field, optional: node.op === '.?' }
  }

  private call(node: Node, receiver: Node | undefined, name: string, args: readonly Node[]): Expr {
    const at = receiver ? this.open(receiver.end, name) : this.source.indexOf('(', node.start + name.length)
    if (name === 'has' && !receiver && args.length === 1) {
      const inner = this.convert(args[0])
      if (inner.type !== 'select')
        throw new CelSyntaxError([{ at: inner.at, message: 'invalid argument to has() macro' }])
      return { type: 'has', at, operand: inner.operand, field: inner.field }
    }
    if (receiver) {
      const macro = this.macro(at, receiver, name, args)
      if (macro) return macro
    }
    return {
      type: 'call',
      at,
      name,
      ...(receiver && { target: this.convert(receiver) }),
      args: args.map((arg) => this.convert(arg)),
    }
  }

  private macro(at: number, receiver: Node, name: string, args: readonly Node[]): Expr | undefined {
    if (receiver.op === 'id' && receiver.args === 'cel' && name === 'bind' && args.length === 3)
      return {
        type: 'bind',
        at,
        name: this.variable(args[0]),
        value: this.convert(args[1]),
        body: this.convert(args[2]),
      }
    if ((name === 'optMap' || name === 'optFlatMap') && args.length === 2) {
      // The variable's value is the evaluator's to find: the target, when it is there.
      const target = this.convert(receiver)
      return {
        type: 'call',
        at,
        name,
        target,
        args: [
          {
            type: 'bind',
            at,
            name: this.variable(args[0]),
            value: { type: 'literal', at, value: null },
            body: this.convert(args[1]),
          },
        ],
      }
    }
    const isThree = args.length === 3
    if (loops.has(name) && (args.length === 2 || (isThree && name === 'map'))) {
      return {
        type: 'loop',
        at,
        kind: (name === 'existsOne' ? 'exists_one' : name) as LoopKind,
        range: this.convert(receiver),
        variables: [this.variable(args[0])],
        ...(isThree && { filter: this.convert(args[1]) }),
        body: this.convert(args[args.length - 1]),
      }
    }
    if (!loopsOfTwo.has(name) || args.length < 3 || args.length > (name.startsWith('transform') ? 4 : 3))
      return undefined
    return {
      type: 'loop',
      at,
      kind: (name === 'existsOne' ? 'exists_one' : name) as LoopKind,
      range: this.convert(receiver),
      variables: [this.variable(args[0]), this.variable(args[1])],
      ...(args.length === 4 && { filter: this.convert(args[2]) }),
      body: this.convert(args[args.length - 1]),
    }
  }

  private variable(node: Node): string {
    if (node.op === 'id') return node.args
    throw new CelSyntaxError([{ at: node.start, message: 'argument must be a simple name' }])
  }

  private items(nodes: readonly Node[], start: number): Item[] {
    let before = start
    return nodes.map((node) => {
      const optional = this.isOptional(before, node.start)
      before = node.end
      return { value: this.convert(node), optional }
    })
  }

  private map(node: Node): Expr {
    const struct = this.prepared.structs.get(node.start)
    let before: number = node.start
    const entries = (node.args as [Node, Node][]).map(([key, value]) => {
      const optional = this.isOptional(before, key.start)
      before = value.end
      return { key, value: this.convert(value), optional }
    })
    if (!struct) {
      const all: Entry[] = entries.map(({ key, value, optional }) => ({ key: this.convert(key), value, optional }))
      return { type: 'map', at: node.start, entries: all }
    }
    const fields = entries.map(({ key, value, optional }) => {
      if (key.op !== 'id')
        throw new CelSyntaxError([
          {
            at: key.start,
            message: `Syntax error: mismatched input ${this.source.slice(key.start, key.end)} expecting {'}', IDENTIFIER, ESC_IDENTIFIER}`,
          },
        ])
      const name = this.prepared.quoted.get(key.start) ?? (key.args as string)
      return { at: this.source.indexOf(':', key.end), name, value, optional }
    })
    return { type: 'struct', at: struct.at, name: struct.name, fields }
  }

  private isOptional(from: number, to: number): boolean {
    return this.prepared.optionals.some((at) => at >= from && at < to)
  }

  /** Where a sign stands between two operands; brackets around either are passed over. */
  private between(left: Node, right: Node, sign: string): number {
    const at = this.source.indexOf(sign, left.end)
    return at >= 0 && at < right.start ? at : left.end
  }

  private bracket(node: Node): number {
    const at = this.source.indexOf('[', node.args[0].end)
    return at < 0 ? node.start : at
  }

  private open(from: number, name: string): number {
    const at = this.source.indexOf(name, from)
    return this.source.indexOf('(', at < 0 ? from : at + name.length)
  }
}

/** The parser has a class of its own for unsigned numbers. */
function literal(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return new Uint(BigInt((value as { valueOf(): bigint }).valueOf()))
}
