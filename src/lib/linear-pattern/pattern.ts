import { parsePattern, type CharTest, type Node } from './syntax.ts'

export { PatternError } from './syntax.ts'

/** One instruction of the machine that runs all ways through a pattern at once. */
type Instruction =
  | { readonly op: 'char'; readonly test: CharTest }
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'assert'; readonly at: string }
  | { readonly op: 'match' }

/** Where a match begins and ends, in UTF-16 units. */
export interface Match {
  readonly start: number
  readonly end: number
}

/** A pattern costs more than anybody would wait for. */
export class PatternTooCostly extends Error {
  constructor() {
    super('the pattern is too costly for this text')
  }
}

const maxInstructions = 20_000
const maxSteps = 30_000_000

/**
 * A regular expression that never backtracks: its time grows with the text's length times the pattern's, whoever wrote
 * them. RE2's syntax and preferences, as Go's regexp package has them.
 */
export class LinearPattern {
  readonly source: string
  private readonly program: Instruction[] = []

  /** Throws PatternError with Go's words. */
  constructor(source: string) {
    this.source = source
    this.emit(parsePattern(source).tree)
    this.add({ op: 'match' })
  }

  /** Its instructions: what each character of a text may cost. */
  get size(): number {
    return this.program.length
  }

  /** Does it match anywhere? */
  test(text: string): boolean {
    return this.run(text, 0, true) !== undefined
  }

  /** The leftmost match from an index on. */
  find(text: string, from = 0): Match | undefined {
    return this.run(text, from, false)
  }

  /** All matches that do not overlap, `limit` of them at most. */
  findAll(text: string, limit = Infinity): string[] {
    const found: string[] = []
    let from = 0
    let lastEnd = -1
    while (found.length < limit && from <= text.length) {
      const match = this.find(text, from)
      if (!match) break
      const isEmpty = match.end === match.start
      // An empty match right behind another one is none.
      if (!isEmpty || match.start !== lastEnd) found.push(text.slice(match.start, match.end))
      lastEnd = match.end
      from = isEmpty ? match.end + (text.codePointAt(match.end)! > 0xffff ? 2 : 1) : match.end
    }
    return found
  }

  private add(instruction: Instruction): number {
    if (this.program.length >= maxInstructions) throw new PatternTooCostly()
    return this.program.push(instruction) - 1
  }

  private emit(node: Node): void {
    switch (node.type) {
      case 'empty':
        return
      case 'char':
        this.add({ op: 'char', test: node.test })
        return
      case 'assert':
        this.add({ op: 'assert', at: node.at })
        return
      case 'concat':
        for (const part of node.parts) this.emit(part)
        return
      case 'group':
        this.emit(node.inner)
        return
      case 'either':
        return this.emitEither(node.parts)
      case 'repeat':
        return this.emitRepeat(node.inner, node.min, node.max, node.greedy)
    }
  }

  private emitEither(parts: readonly Node[]): void {
    const ends: { to: number }[] = []
    for (const [index, part] of parts.entries()) {
      if (index === parts.length - 1) {
        this.emit(part)
        break
      }
      const split = { op: 'split' as const, first: 0, second: 0 }
      this.add(split)
      split.first = this.program.length
      this.emit(part)
      const jump = { op: 'jump' as const, to: 0 }
      this.add(jump)
      ends.push(jump)
      split.second = this.program.length
    }
    for (const end of ends) end.to = this.program.length
  }

  private emitRepeat(inner: Node, min: number, max: number, greedy: boolean): void {
    for (let count = 0; count < min; count++) this.emit(inner)
    const splits: { first: number; second: number }[] = []
    const split = () => {
      const one = { op: 'split' as const, first: 0, second: 0 }
      this.add(one)
      splits.push(one)
      if (greedy) one.first = this.program.length
      else one.second = this.program.length
    }
    if (max === Infinity) {
      const start = this.program.length
      split()
      this.emit(inner)
      this.add({ op: 'jump', to: start })
    } else {
      for (let count = min; count < max; count++) {
        split()
        this.emit(inner)
      }
    }
    for (const one of splits) {
      if (greedy) one.second = this.program.length
      else one.first = this.program.length
    }
  }

  /** Upstream's rule: leftmost, and of those the one that a backtracking engine would find first. */
  private run(text: string, from: number, anyMatch: boolean): Match | undefined {
    const { program } = this
    let steps = 0
    let current: Thread[] = []
    let next: Thread[] = []
    const seen = new Int32Array(program.length).fill(-1)
    let generation = 0
    let best: Match | undefined
    const stack: number[] = []
    const follow = (list: Thread[], first: number, start: number, at: number) => {
      stack.push(first)
      while (stack.length > 0) {
        const pc = stack.pop()!
        if (seen[pc] === generation) continue
        seen[pc] = generation
        if (++steps > maxSteps) throw new PatternTooCostly()
        const instruction = program[pc]!
        if (instruction.op === 'jump') stack.push(instruction.to)
        else if (instruction.op === 'split') stack.push(instruction.second, instruction.first)
        else if (instruction.op === 'assert') {
          if (holds(instruction.at, text, at)) stack.push(pc + 1)
        } else list.push({ pc, start })
      }
    }
    for (let at = from; at <= text.length;) {
      generation++
      // Threads carried over come first; their states are marked anew in this generation.
      const carried = current
      current = []
      for (const thread of carried) follow(current, thread.pc, thread.start, at)
      if (!best) follow(current, 0, at, at)
      if (current.length === 0 && best) break
      const code = at < text.length ? text.codePointAt(at)! : -1
      next = []
      for (const { pc, start } of current) {
        const instruction = program[pc]!
        if (instruction.op === 'match') {
          best = { start, end: at }
          if (anyMatch) return best
          // What comes after this thread is less preferred.
          break
        }
        if (instruction.op === 'char' && code >= 0) {
          if (++steps > maxSteps) throw new PatternTooCostly()
          if (instruction.test(code)) next.push({ pc: pc + 1, start })
        }
      }
      current = next
      if (code < 0) break
      at += code > 0xffff ? 2 : 1
    }
    return best
  }
}

interface Thread {
  readonly pc: number
  readonly start: number
}

const isWordAt = (text: string, index: number) => index >= 0 && index < text.length && /\w/.test(text[index]!)

function holds(assertion: string, text: string, at: number): boolean {
  switch (assertion) {
    case 'start':
      return at === 0
    case 'end':
      return at === text.length
    case 'lineStart':
      return at === 0 || text[at - 1] === '\n'
    case 'lineEnd':
      return at === text.length || text[at] === '\n'
    default:
      return (isWordAt(text, at - 1) !== isWordAt(text, at)) === (assertion === 'word')
  }
}

const remembered = new Map<string, LinearPattern>()
/** In instructions, so that large patterns cannot fill the memory. */
const maxRemembered = 200_000
let rememberedSize = 0

/** A pattern compiled once; within bounds it is remembered. Throws as its constructor does. */
export function linearPattern(source: string): LinearPattern {
  let pattern = remembered.get(source)
  if (!pattern) {
    pattern = new LinearPattern(source)
    rememberedSize += pattern.size + source.length
    if (rememberedSize > maxRemembered) {
      remembered.clear()
      rememberedSize = pattern.size + source.length
    }
    remembered.set(source, pattern)
  }
  return pattern
}
