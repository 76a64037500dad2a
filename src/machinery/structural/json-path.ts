import { isMap } from './json-schema.ts'

/** One step of a path: a field, an index, a slice, all of it, everything below of a name, or items that compare. */
type Step =
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'slice'; readonly start?: number; readonly end?: number; readonly single: boolean }
  | { readonly type: 'all' }
  | { readonly type: 'deep'; readonly name: string }
  | { readonly type: 'filter'; readonly path: readonly Step[]; readonly operator: string; readonly value: unknown }

export interface JsonPath {
  readonly steps: readonly Step[]
}

const maxLength = 2000
const maxFound = 1000
const maxDepth = 100

/** Reads the part of kubectl's JSONPath that columns use: `.a.b[0]`, `['k']`, `[*]`, `..x`, `[?(@.type=="Ready")].status`. */
export function parseJsonPath(source: string): JsonPath | { readonly problem: string } {
  if (source.length > maxLength) return { problem: `must not be longer than ${maxLength} characters` }
  const text = source.startsWith('{') && source.endsWith('}') ? source.slice(1, -1) : source
  const steps: Step[] = []
  let at = 0
  while (at < text.length) {
    if (text.startsWith('..', at)) {
      const name = /^[\w-]+/.exec(text.slice(at + 2, at + 300))?.[0]
      if (!name) return { problem: 'unrecognized character after ..' }
      steps.push({ type: 'deep', name })
      at += 2 + name.length
    } else if (text[at] === '.') {
      at++
      if (at === text.length) break
      if (text[at] === '[') continue
      if (text[at] === '*') {
        steps.push({ type: 'all' })
        at++
        continue
      }
      let name = ''
      while (at < text.length && !'.['.includes(text[at]!)) {
        if (text[at] === '\\' && at + 1 < text.length) at++
        name += text[at++]
      }
      steps.push({ type: 'field', name })
    } else if (text[at] === '[') {
      const end = closing(text, at)
      if (end < 0) return { problem: 'unterminated array' }
      const step = bracket(text.slice(at + 1, end).trim())
      if (!step) return { problem: `invalid array index ${text.slice(at + 1, end)}` }
      steps.push(step)
      at = end + 1
    } else return { problem: `unrecognized character in action: ${JSON.stringify(text[at])}` }
  }
  return { steps }
}

function closing(text: string, open: number): number {
  let quote = ''
  for (let at = open + 1; at < text.length; at++) {
    const char = text[at]!
    if (quote) {
      if (char === '\\') at++
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (char === ']') return at
  }
  return -1
}

function bracket(text: string): Step | undefined {
  if (text === '*') return { type: 'all' }
  const quoted = /^'((?:[^'\\]|\\.)*)'$/.exec(text) ?? /^"((?:[^"\\]|\\.)*)"$/.exec(text)
  if (quoted) return { type: 'field', name: quoted[1]!.replace(/\\(.)/g, '$1') }
  if (/^-?\d{1,9}$/.test(text)) return { type: 'slice', start: Number(text), single: true }
  const slice = /^(-?\d{1,9})?:(-?\d{1,9})?$/.exec(text)
  if (slice) {
    const [, start, end] = slice
    return {
      type: 'slice',
      single: false,
      ...(start && { start: Number(start) }),
      ...(end && { end: Number(end) }),
    }
  }
  const filter = /^\?\(\s*@([^=!<>\s]*)\s*(==|!=|<=|>=|<|>)?\s*([^)]*)\)$/.exec(text)
  if (!filter) return undefined
  const path = parseJsonPath(filter[1]!)
  if ('problem' in path || filter[1]!.includes('[?')) return undefined
  return { type: 'filter', path: path.steps, operator: filter[2] ?? '', value: literal(filter[3]!.trim()) }
}

function literal(text: string): unknown {
  const quoted = /^(["'])(.*)\1$/.exec(text)
  if (quoted) return quoted[2]
  if (text === 'true' || text === 'false') return text === 'true'
  return text !== '' && !Number.isNaN(Number(text)) ? Number(text) : text
}

/** Everything a path names, in order. */
export function findAll(path: JsonPath, value: unknown): unknown[] {
  return walk(path.steps, [value])
}

function walk(steps: readonly Step[], start: readonly unknown[]): unknown[] {
  let current = [...start]
  for (const step of steps) {
    const next: unknown[] = []
    for (const item of current) {
      next.push(...take(step, item))
      if (next.length > maxFound) break
    }
    current = next
  }
  return current
}

function take(step: Step, value: unknown): unknown[] {
  switch (step.type) {
    case 'field':
      return isMap(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : []
    case 'all':
      return Array.isArray(value) ? value : isMap(value) ? Object.values(value) : []
    case 'slice': {
      if (!Array.isArray(value)) return []
      if (step.single) return value.slice(step.start!, step.start! + 1 || undefined)
      return value.slice(step.start, step.end)
    }
    case 'deep': {
      const found: unknown[] = []
      collect(step.name, value, found, 0)
      return found
    }
    case 'filter':
      return Array.isArray(value) ? value.filter((item) => compare(walk(step.path, [item])[0], step)) : []
  }
}

function collect(name: string, value: unknown, found: unknown[], depth: number): void {
  if (depth > maxDepth || found.length > maxFound || typeof value !== 'object' || value === null) return
  if (isMap(value) && Object.hasOwn(value, name)) found.push(value[name])
  for (const item of Object.values(value)) collect(name, item, found, depth + 1)
}

function compare(left: any, { operator, value }: { operator: string; value: any }): boolean {
  switch (operator) {
    case '':
      return left !== undefined
    case '==':
      return left === value
    case '!=':
      return left !== value
    case '<':
      return left < value
    case '<=':
      return left <= value
    case '>':
      return left > value
    default:
      return left >= value
  }
}
