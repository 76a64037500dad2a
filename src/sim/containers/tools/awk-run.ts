import { isFailure } from '../kernel/walk.ts'
import { callBuiltin } from './awk-builtins.ts'
import type { Node } from './awk-expressions.ts'
import { type AwkArray, AwkRecord, type AwkState } from './awk-record.ts'
import type { AwkProgram } from './awk-syntax.ts'
import type { Surroundings } from './awk-surroundings.ts'
import { AwkError, builtins } from './awk-tokens.ts'
import { busyboxOrder, arithmetic, compare, isTrue, toNumber, toText, type Value, formatted } from './awk-values.ts'
import type { Regex } from './regex.ts'

type Flow = 'break' | 'continue' | 'next' | 'nextfile' | 'exit' | 'return' | undefined

interface Cell {
  value: Value
  array?: () => AwkArray
}

const maxOperations = 30_000_000
const maxCalls = 400

/** Runs a program's parts over its state. */
export class AwkRun extends AwkRecord {
  readonly program: AwkProgram
  readonly around: Surroundings
  operations = 0
  private frame: Map<string, Cell> | undefined
  private calls = 0
  private returned: Value

  constructor(program: AwkProgram, state: AwkState, around: Surroundings) {
    super(state)
    this.program = program
    this.around = around
  }

  /* ---- variables ---- */

  array(name: string): AwkArray {
    const cell = this.frame?.get(name)
    if (cell) {
      if (!cell.array) {
        const own: AwkArray = {}
        cell.array = () => own
      }
      return cell.array()
    }
    const { arrays } = this.state
    if (!Object.hasOwn(arrays, name)) arrays[name] = {}
    return arrays[name]!
  }

  key(nodes: readonly Node[]): string {
    return `:${nodes.map((node) => this.show(this.value(node))).join(nodes.length > 1 ? this.text('SUBSEP') : '')}`
  }

  assign(target: Node, value: Value): Value {
    if (target[0] === 'name') {
      const name = target[1] as string
      const cell = this.frame?.get(name)
      if (cell) cell.value = value
      else this.setGlobal(name, value)
    } else if (target[0] === 'item')
      this.array(target[1] as string)[this.key(target[2] as readonly Node[])] = value ?? null
    else {
      const index = Math.trunc(toNumber(this.value(target[1] as Node)))
      if (index < 0 || index > 10_000) throw new AwkError('Access to negative field')
      if (index === 0) this.setRecord(this.show(value))
      else {
        const fields = this.split()
        while (fields.length < index) fields.push('')
        fields[index - 1] = this.show(value)
        this.join()
      }
    }
    return value
  }

  /** A pattern as it stands, or what a value has as its text. */
  pattern(node: Node): Regex {
    return this.compiled(node[0] === 'regex' ? (node[1] as string) : this.show(this.value(node)))
  }

  /* ---- expressions ---- */

  value(node: Node): Value {
    if (++this.operations > maxOperations) throw new AwkError('too much work in one go')
    switch (node[0]) {
      case 'number':
      case 'string':
        return node[1] as number | string
      case 'regex':
        return this.compiled(node[1] as string).exec(this.state.record) ? 1 : 0
      case 'paren':
        return this.value(node[1] as Node)
      case 'group':
        return (node[1] as readonly Node[]).map((one) => this.show(this.value(one))).join(this.text('SUBSEP'))
      case 'name': {
        const cell = this.frame?.get(node[1] as string)
        return cell ? cell.value : this.global(node[1] as string)
      }
      case 'item': {
        const array = this.array(node[1] as string)
        const key = this.key(node[2] as readonly Node[])
        if (!Object.hasOwn(array, key)) array[key] = null
        return array[key] ?? undefined
      }
      case 'field': {
        const index = Math.trunc(toNumber(this.value(node[1] as Node)))
        if (index === 0) return { s: this.state.record }
        if (index < 0) throw new AwkError('Access to negative field')
        const field = this.split()[index - 1]
        return field === undefined ? undefined : { s: field }
      }
      case 'assign': {
        const value = this.value(node[2] as Node)
        return this.assign(node[1] as Node, value)
      }
      case 'update': {
        const target = node[2] as Node
        return this.assign(
          target,
          arithmetic(node[1] as string, toNumber(this.value(target)), toNumber(this.value(node[3] as Node))),
        )
      }
      case 'before':
      case 'after': {
        const before = toNumber(this.value(node[2] as Node))
        this.assign(node[2] as Node, before + (node[1] as number))
        return node[0] === 'after' ? before : before + (node[1] as number)
      }
      case 'choose':
        return this.value((isTrue(this.value(node[1] as Node)) ? node[2] : node[3]) as Node)
      case '||':
        return isTrue(this.value(node[1] as Node)) || isTrue(this.value(node[2] as Node)) ? 1 : 0
      case '&&':
        return isTrue(this.value(node[1] as Node)) && isTrue(this.value(node[2] as Node)) ? 1 : 0
      case 'in':
        return Object.hasOwn(this.array(node[2] as string), this.key(node[1] as readonly Node[])) ? 1 : 0
      case '~':
      case '!~': {
        const text = this.show(this.value(node[1] as Node))
        return (this.pattern(node[2] as Node).exec(text) !== undefined) === (node[0] === '~') ? 1 : 0
      }
      case 'compare': {
        const order = compare(this.value(node[2] as Node), this.value(node[3] as Node))
        const operator = node[1]
        const holds =
          operator === '<'
            ? order < 0
            : operator === '<='
              ? order <= 0
              : operator === '=='
                ? order === 0
                : operator === '!='
                  ? order !== 0
                  : operator === '>'
                    ? order > 0
                    : order >= 0
        return holds ? 1 : 0
      }
      case 'concat': {
        const left = this.show(this.value(node[1] as Node))
        return left + this.show(this.value(node[2] as Node))
      }
      case 'arith': {
        const left = toNumber(this.value(node[2] as Node))
        return arithmetic(node[1] as string, left, toNumber(this.value(node[3] as Node)))
      }
      case 'unary': {
        const value = this.value(node[2] as Node)
        return node[1] === '!' ? (isTrue(value) ? 0 : 1) : node[1] === '-' ? -toNumber(value) : toNumber(value)
      }
      case 'getline':
        return this.getline(node)
      case 'call':
        return this.call(node[1] as string, node[2] as readonly Node[])
    }
    throw new AwkError('Unexpected token')
  }

  private call(name: string, args: readonly Node[]): Value {
    if (builtins.has(name)) return callBuiltin(this, name, args)
    const called = this.program.functions.get(name)
    if (!called) throw new AwkError('Call to undefined function')
    if (++this.calls > maxCalls) throw new AwkError('too many calls within calls')
    const frame = new Map<string, Cell>()
    called.params.forEach((param, index) => {
      const node = args[index]
      if (!node) return frame.set(param, { value: undefined })
      if (node[0] !== 'name') return frame.set(param, { value: this.value(node) })
      const name = node[1] as string
      const own = this.frame
      const value = this.value(node)
      // A name without a value may turn out to be an array.
      const isArray = own?.has(name)
        ? value === undefined
        : value === undefined || Object.hasOwn(this.state.arrays, name)
      return frame.set(param, {
        value,
        ...(isArray && {
          array: () => {
            const inner = this.frame
            this.frame = own
            const array = this.array(name)
            this.frame = inner
            return array
          },
        }),
      })
    })
    const before = this.frame
    this.frame = frame
    this.returned = undefined
    const flow = this.run(called.body)
    this.frame = before
    this.calls--
    if (flow === 'exit' || flow === 'next') throw flow
    const { returned } = this
    this.returned = undefined
    return returned
  }

  private getline(node: Node): Value {
    const target = node[3] as Node | undefined
    let line: string | undefined
    if (node[1] === '') {
      line = this.around.record()
      if (line !== undefined) this.counted('NR', 'FNR')
    } else {
      const name = this.show(this.value(node[2] as Node))
      const held = node[1] === '<' ? this.state.files : this.state.commands
      const key = `:${name}`
      if (!Object.hasOwn(held, key)) {
        const text = node[1] === '<' ? this.readFile(name) : this.around.result('read', name).text
        if (text === undefined) return -1
        held[key] = text
      }
      const rest = held[key]!
      if (rest !== '') {
        const end = rest.indexOf('\n')
        line = end < 0 ? rest : rest.slice(0, end)
        held[key] = end < 0 ? '' : rest.slice(end + 1)
        if (node[1] === '|') this.counted('NR')
      }
    }
    if (line === undefined) return 0
    if (target) this.assign(target, { s: line })
    else this.setRecord(line)
    return 1
  }

  private counted(...names: string[]): void {
    for (const name of names) this.state.globals[name] = toNumber(this.global(name)) + 1
  }

  private readFile(path: string): string | undefined {
    const { system } = this.around.call
    const fd = system.open(path === '-' ? '/dev/stdin' : path, { read: true })
    if (isFailure(fd)) return undefined
    let text = ''
    for (
      let chunk = system.read(fd);
      typeof chunk === 'string' && chunk !== '' && text.length < 1 << 24;
      chunk = system.read(fd)
    )
      text += chunk
    system.close(fd)
    return text
  }

  /* ---- statements ---- */

  run(node: Node): Flow {
    if (++this.operations > maxOperations) throw new AwkError('too much work in one go')
    switch (node[0]) {
      case 'block':
        for (const one of node[1] as readonly Node[]) {
          const flow = this.run(one)
          if (flow) return flow
        }
        return undefined
      case 'expression':
        this.value(node[1] as Node)
        return undefined
      case 'if':
        if (isTrue(this.value(node[1] as Node))) return this.run(node[2] as Node)
        return node[3] ? this.run(node[3] as Node) : undefined
      case 'while':
        return this.loop(() => isTrue(this.value(node[1] as Node)), node[2] as Node)
      case 'do': {
        let first = true
        return this.loop(() => {
          if (!first) return isTrue(this.value(node[2] as Node))
          first = false
          return true
        }, node[1] as Node)
      }
      case 'for':
        if (node[1]) this.run(node[1] as Node)
        return this.loop(
          () => !node[2] || isTrue(this.value(node[2] as Node)),
          node[4] as Node,
          () => {
            if (node[3]) this.run(node[3] as Node)
          },
        )
      case 'each': {
        const array = this.array(node[2] as string)
        for (const key of busyboxOrder(Object.keys(array).map((one) => one.slice(1)))) {
          this.assign(['name', node[1] as string], { s: key })
          const flow = this.run(node[3] as Node)
          if (flow === 'break') break
          if (flow && flow !== 'continue') return flow
        }
        return undefined
      }
      case 'delete': {
        const array = this.array(node[1] as string)
        if (node[2]) delete array[this.key(node[2] as readonly Node[])]
        else for (const key of Object.keys(array)) delete array[key]
        return undefined
      }
      case 'print':
      case 'printf':
        this.print(node)
        return undefined
      case 'exit':
        if (node[1]) this.state.exit = Math.trunc(toNumber(this.value(node[1] as Node))) & 255
        return 'exit'
      case 'return':
        this.returned = node[1] ? this.value(node[1] as Node) : undefined
        return 'return'
    }
    return node[0] as Flow
  }

  private loop(test: () => boolean, body: Node, after?: () => void): Flow {
    while (test()) {
      const flow = this.run(body)
      if (flow === 'break') return undefined
      if (flow && flow !== 'continue') return flow
      after?.()
    }
    return undefined
  }

  private print(node: Node): void {
    const values = (node[1] as readonly Node[]).map((one) => this.value(one))
    const output = (value: Value) =>
      typeof value === 'number' && !Number.isInteger(value) ? toText(value, this.text('OFMT') || '%.6g') : toText(value)
    const text =
      node[0] === 'printf'
        ? formatted(this.show(values[0]), values.slice(1))
        : (values.length > 0 ? values.map(output).join(this.text('OFS')) : this.state.record) + this.text('ORS')
    if (!node[2]) return this.around.out(text)
    const name = this.show(this.value(node[3] as Node))
    const key = `:${name}`
    if (node[2] === '|') {
      this.state.pipes[key] = (Object.hasOwn(this.state.pipes, key) ? this.state.pipes[key]! : '') + text
      return
    }
    const { call } = this.around
    if (name === '/dev/stdout' || name === '-') return this.around.out(text)
    if (name === '/dev/stderr') return call.err(text)
    const begun = node[2] === '>>' || Object.hasOwn(this.state.written, key)
    const fd = call.system.open(
      name,
      begun ? { write: true, create: true, append: true } : { write: true, create: true, truncate: true },
    )
    if (isFailure(fd)) throw new AwkError(`${name}: can't open`)
    this.state.written[key] = true
    if (text !== '') call.system.write(fd, text)
    call.system.close(fd)
  }
}
