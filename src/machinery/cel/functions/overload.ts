import { parseType, splitTypes, type CelType } from '../types.ts'
import type { Meter } from '../meter.ts'

export type Implementation = (args: any[], meter: Meter) => unknown

/** One way a function can be called. The receiver of a member is its first parameter. */
export interface Overload {
  readonly name: string
  readonly member: boolean
  readonly params: readonly CelType[]
  readonly result: CelType
  readonly run: Implementation
}

/** Reads `string.charAt(int): string` or `quantity(string): kubernetes.Quantity`; types are read when first needed. */
export function overload(signature: string, run: Implementation): Overload {
  const colon = signature.lastIndexOf(': ')
  const call = signature.slice(0, colon)
  const open = outerBracket(call)
  const head = call.slice(0, open)
  const dot = memberDot(head)
  const params = [...(dot < 0 ? [] : [head.slice(0, dot)]), ...splitTypes(call.slice(open + 1, -1))].map(parseType)
  return { name: head.slice(dot + 1), member: dot >= 0, params, result: parseType(signature.slice(colon + 2)), run }
}

/** The bracket that begins the arguments: the one that the last bracket closes. */
function outerBracket(call: string): number {
  let depth = 0
  for (let at = call.length - 1; at >= 0; at--) {
    if (call[at] === ')') depth++
    else if (call[at] === '(' && --depth === 0) return at
  }
  return call.length
}

/** The dot before a member's name, if there is a receiver: a type, not a name space. */
function memberDot(head: string): number {
  const dot = head.lastIndexOf('.')
  if (dot < 0) return -1
  return nameSpaces.has(head.slice(0, dot)) ? -1 : dot
}

const nameSpaces = new Set([
  'sets',
  'math',
  'strings',
  'ip',
  'cidr',
  'optional',
  'format',
  'semver',
  'base64',
  'lists',
  'jsonpatch',
])
