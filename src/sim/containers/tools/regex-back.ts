import { PatternTooCostly } from '../../../lib/linear-pattern/pattern.ts'
import type { Node } from '../../../lib/linear-pattern/syntax.ts'
import { referenceBase } from './regex-syntax.ts'

const maxSteps = 300_000
const maxDepth = 2500

/** Which group a node of the pattern refers back to. */
function referenceOf(node: Node): number {
  if (node.type !== 'char' || node.test(referenceBase + 20)) return 0
  for (let group = 1; group <= 9; group++) if (node.test(referenceBase + group)) return group
  return 0
}

/** Backreferences need a search that goes back; it is given up when it takes too long. */
export function matchBack(
  tree: Node,
  groups: number,
  text: string,
  from: number,
  inner: boolean,
): readonly number[] | undefined {
  let steps = 0
  let depth = 0
  const saved = new Array<number>(groups * 2 + 2).fill(-1)
  type Then = (at: number) => boolean
  const step = (node: Node, at: number, then: Then): boolean => {
    if (++steps > maxSteps || depth > maxDepth) throw new PatternTooCostly()
    depth++
    const matched = one(node, at, then)
    depth--
    return matched
  }
  const one = (node: Node, at: number, then: Then): boolean => {
    switch (node.type) {
      case 'empty':
        return then(at)
      case 'assert':
        return holds(node.at, text, at, from, inner) && then(at)
      case 'char': {
        const group = referenceOf(node)
        if (group > 0) {
          if (group > groups || saved[group * 2 + 1]! < 0) return false
          const part = text.slice(saved[group * 2]!, saved[group * 2 + 1]!)
          return text.startsWith(part, at) && then(at + part.length)
        }
        return at < text.length && node.test(text.charCodeAt(at)) && then(at + 1)
      }
      case 'concat': {
        const parts = (index: number, place: number): boolean =>
          index === node.parts.length ? then(place) : step(node.parts[index]!, place, (end) => parts(index + 1, end))
        return parts(0, at)
      }
      case 'either':
        return node.parts.some((part) => step(part, at, then))
      case 'group': {
        const [begin, end] = [saved[node.index * 2]!, saved[node.index * 2 + 1]!]
        const matched = step(node.inner, at, (place) => {
          const before = [saved[node.index * 2]!, saved[node.index * 2 + 1]!]
          saved[node.index * 2] = at
          saved[node.index * 2 + 1] = place
          if (then(place)) return true
          saved[node.index * 2] = before[0]!
          saved[node.index * 2 + 1] = before[1]!
          return false
        })
        if (!matched) {
          saved[node.index * 2] = begin
          saved[node.index * 2 + 1] = end
        }
        return matched
      }
      case 'repeat': {
        const more = (count: number, place: number): boolean =>
          (count < node.max &&
            step(node.inner, place, (end) => (end > place || count < node.min) && more(count + 1, end))) ||
          (count >= node.min && then(place))
        return more(0, at)
      }
    }
  }
  for (let at = from; at <= text.length; at++) {
    saved.fill(-1)
    if (step(tree, at, (end) => ((saved[1] = end), true))) {
      saved[0] = at
      return [...saved]
    }
  }
  return undefined
}

const isWordAt = (text: string, at: number) => at >= 0 && at < text.length && /\w/.test(text[at]!)

/** Does an assertion hold at an index? */
export function holds(assertion: string, text: string, at: number, from: number, inner: boolean): boolean {
  if (assertion === 'start' || assertion === 'lineStart') return at === 0 && !(inner && at === from)
  if (assertion === 'end' || assertion === 'lineEnd') return at === text.length
  return (isWordAt(text, at - 1) !== isWordAt(text, at)) === (assertion === 'word')
}
