import { PatternTooCostly } from '../../../lib/linear-pattern/pattern.ts'
import { type CharTest, type Node, parsePattern } from '../../../lib/linear-pattern/syntax.ts'
import { holds, matchBack } from './regex-back.ts'
import { BadPattern, translate } from './regex-syntax.ts'

export { BadPattern } from './regex-syntax.ts'

type Instruction =
  | { readonly op: 'char'; readonly test: CharTest }
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'assert'; readonly at: string }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'match' }

/** Begin and end of the match and of each group; -1 where a group took no part. */
export type Found = readonly number[]

/** A POSIX pattern that is compiled: leftmost, and of those the longest. */
export interface Regex {
  readonly groups: number
  /** The first match from an index on. `inner`: the index is not where a line begins. */
  exec(text: string, from?: number, inner?: boolean): Found | undefined
}

const maxInstructions = 20_000
const maxSteps = 20_000_000

interface Thread {
  readonly pc: number
  readonly saved: Found
}

const remembered = new Map<string, Regex>()

/** A pattern in basic or extended syntax. Throws BadPattern with the C library's words. */
export function regex(pattern: string, extended: boolean, ignoreCase = false): Regex {
  const key = `${extended ? 'e' : 'b'}${ignoreCase ? 'i' : ''}:${pattern}`
  let found = remembered.get(key)
  if (!found) {
    if (remembered.size > 500) remembered.clear()
    found = compile(pattern, extended, ignoreCase)
    remembered.set(key, found)
  }
  return found
}

function compile(pattern: string, extended: boolean, ignoreCase: boolean): Regex {
  if (!ignoreCase && /^[^\\^$.|?*+()[\]{}]+$/.test(pattern)) return literal(pattern)
  const { source, references } = translate(pattern, extended)
  let parsed
  try {
    parsed = parsePattern(`(?s${ignoreCase ? 'i' : ''}:${source})`)
  } catch {
    throw new BadPattern('Invalid preceding regular expression')
  }
  const { tree, groups } = parsed
  if (references) return { groups, exec: (text, from = 0, inner = false) => matchBack(tree, groups, text, from, inner) }
  const program = emitAll(tree)
  return { groups, exec: (text, from = 0, inner = false) => run(program, groups, text, from, inner) }
}

function literal(pattern: string): Regex {
  return {
    groups: 0,
    exec: (text, from = 0) => {
      const at = text.indexOf(pattern, from)
      return at < 0 ? undefined : [at, at + pattern.length]
    },
  }
}

function emitAll(tree: Node): Instruction[] {
  const program: Instruction[] = []
  const add = <One extends Instruction>(instruction: One): One => {
    if (program.push(instruction) > maxInstructions) throw new BadPattern('Regular expression too big')
    return instruction
  }
  const emit = (node: Node): void => {
    switch (node.type) {
      case 'char':
        add({ op: 'char', test: node.test })
        return
      case 'assert':
        add({ op: 'assert', at: node.at })
        return
      case 'concat':
        node.parts.forEach(emit)
        return
      case 'group':
        add({ op: 'save', slot: node.index * 2 })
        emit(node.inner)
        add({ op: 'save', slot: node.index * 2 + 1 })
        return
      case 'either': {
        const ends: { to: number }[] = []
        node.parts.forEach((part, index) => {
          if (index === node.parts.length - 1) return emit(part)
          const split = add({ op: 'split', first: program.length + 1, second: 0 })
          emit(part)
          ends.push(add({ op: 'jump', to: 0 }))
          split.second = program.length
        })
        for (const end of ends) end.to = program.length
        return
      }
      case 'repeat': {
        for (let count = 0; count < node.min; count++) emit(node.inner)
        const splits: { second: number }[] = []
        const start = program.length
        for (let count = node.min; count < (node.max === Infinity ? node.min + 1 : node.max); count++) {
          splits.push(add({ op: 'split', first: program.length + 1, second: 0 }))
          emit(node.inner)
        }
        if (node.max === Infinity) add({ op: 'jump', to: start })
        for (const split of splits) split.second = program.length
      }
    }
  }
  emit(tree)
  add({ op: 'match' })
  return program
}

/** All ways at once, so that the time grows with the text's length times the pattern's. */
function run(program: Instruction[], groups: number, text: string, from: number, inner: boolean): Found | undefined {
  const seen = new Int32Array(program.length).fill(-1)
  const none: Found = new Array<number>(groups * 2 + 2).fill(-1)
  const first = program[0]!
  let steps = 0
  let best: Found | undefined
  let current: Thread[] = []
  const follow = (list: Thread[], start: number, saved: Found, at: number) => {
    const stack: Thread[] = [{ pc: start, saved }]
    while (stack.length > 0) {
      const thread = stack.pop()!
      const { pc } = thread
      if (seen[pc] === at) continue
      seen[pc] = at
      if (++steps > maxSteps) throw new PatternTooCostly()
      const instruction = program[pc]!
      if (instruction.op === 'jump') stack.push({ pc: instruction.to, saved: thread.saved })
      else if (instruction.op === 'split')
        stack.push({ pc: instruction.second, saved: thread.saved }, { pc: instruction.first, saved: thread.saved })
      else if (instruction.op === 'assert') {
        if (holds(instruction.at, text, at, from, inner)) stack.push({ pc: pc + 1, saved: thread.saved })
      } else if (instruction.op === 'save') {
        const next = [...thread.saved]
        next[instruction.slot] = at
        stack.push({ pc: pc + 1, saved: next })
      } else list.push(thread)
    }
  }
  for (let at = from; at <= text.length; at++) {
    const carried = current
    current = []
    for (const { pc, saved } of carried) follow(current, pc, saved, at)
    if (!best) {
      // Most places are passed over at their first character.
      if (current.length === 0 && first.op === 'char') {
        while (at < text.length && !first.test(text.charCodeAt(at))) at++
      }
      const begun = [...none]
      begun[0] = at
      follow(current, 0, begun, at)
    } else if (current.length === 0) break
    const code = at < text.length ? text.charCodeAt(at) : -1
    const next: Thread[] = []
    for (const { pc, saved } of current) {
      const instruction = program[pc]!
      if (instruction.op === 'match') {
        if (!best || saved[0]! < best[0]! || (saved[0] === best[0] && at > best[1]!)) {
          const ended = [...saved]
          ended[1] = at
          best = ended
        }
      } else if (instruction.op === 'char' && code >= 0) {
        if (++steps > maxSteps) throw new PatternTooCostly()
        // What began later than a match is of no use any more.
        if (best && saved[0]! > best[0]!) continue
        if (instruction.test(code)) next.push({ pc: pc + 1, saved })
      }
    }
    current = next
    if (code < 0) break
  }
  return best
}
