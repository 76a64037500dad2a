import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair } from 'yaml'
import { readYaml } from './yaml.ts'

/** A place in a text, 1-based; `endColumn` is on the same line. */
export interface Position {
  readonly line: number
  readonly column: number
  readonly endColumn: number
}

/**
 * Where a field of a document stands. The path is as in API errors: `spec.containers[0].image`,
 * `metadata.labels[app.kubernetes.io/name]`, `.spec.containers[name="c"].image`. What is not there is placed at the
 * nearest thing that holds it.
 */
export function locate(text: string, documentIndex: number, path: string): Position {
  const part = readYaml(text)[documentIndex]
  if (!part) return { line: 1, column: 1, endColumn: 2 }
  const source = text.slice(part.start, part.end)
  const lineCounter = new LineCounter()
  const document = parseDocument(source, {
    lineCounter,
    version: '1.1',
    merge: true,
    uniqueKeys: false,
    strict: false,
    logLevel: 'silent',
  })
  const found = nodeAt(document, fieldPathParts(path))
  const lines = source.split('\n')
  const firstLine = countNewlines(text, part.start) + 1
  if (!found) return { line: part.line, column: 1, endColumn: (lines[part.line - firstLine]?.length ?? 1) + 1 }
  const startsAt = lineCounter.linePos(found[0])
  const endsAt = lineCounter.linePos(Math.max(found[0], found[1]))
  const lineText = lines[startsAt.line - 1] ?? ''
  const endColumn = endsAt.line === startsAt.line ? endsAt.col : lineText.trimEnd().length + 1
  // The first line of a part may begin after `---`.
  const shift = startsAt.line === 1 ? part.start - (text.lastIndexOf('\n', part.start - 1) + 1) : 0
  return {
    line: firstLine + startsAt.line - 1,
    column: startsAt.col + shift,
    endColumn: Math.max(endColumn, startsAt.col + 1) + shift,
  }
}

type Range = readonly [number, number]
type PathPart = string | number | { readonly keys: Readonly<Record<string, unknown>> }

function nodeAt(document: Document.Parsed, parts: readonly PathPart[]): Range | undefined {
  let node: unknown = document.contents
  let best: Range | undefined
  const resolve = (value: unknown): unknown => (isAlias(value) ? value.resolve(document) : value)
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]!
    const current = resolve(node)
    if (isMap(current)) {
      // A key may itself hold dots, so longer joins are tried as well.
      const match = typeof part === 'object' ? undefined : findPair(current.items as Pair[], parts, index)
      if (!match) break
      index = match.last
      const key = match.pair.key as Node | null
      const value = match.pair.value as Node | null
      node = value
      const isLast = index === parts.length - 1
      const target = isLast && isScalar(value) && value.range && value.range[1] > value.range[0] ? value : key
      best = rangeOf(target) ?? best
    } else if (isSeq(current)) {
      const item =
        typeof part === 'number'
          ? current.items[part]
          : typeof part === 'object'
            ? current.items.find((one) => hasKeys(resolve(one), part.keys))
            : current.items.find((one) => isScalar(one) && String(one.value) === part)
      if (item === undefined) break
      node = item
      const range = rangeOf(item as Node)
      const inner = resolve(item)
      // A whole item is too much to mark: its first key stands for it.
      best =
        (isMap(inner) && inner === item ? rangeOf((inner.items[0]?.key as Node | undefined) ?? null) : range) ?? best
    } else break
  }
  return best
}

function findPair(
  items: readonly Pair[],
  parts: readonly PathPart[],
  index: number,
): { pair: Pair; last: number } | undefined {
  let name = ''
  for (let last = index; last < parts.length && last < index + 8; last++) {
    const part = parts[last]
    if (typeof part !== 'string' && typeof part !== 'number') break
    name = last === index ? String(part) : `${name}.${part}`
    const pair = items.find((one) => String(isScalar(one.key) ? one.key.value : one.key) === name)
    if (pair) return { pair, last }
  }
  return undefined
}

function hasKeys(node: unknown, keys: Readonly<Record<string, unknown>>): boolean {
  return (
    isMap(node) &&
    Object.entries(keys).every(
      ([key, value]) =>
        node.get(key) === value || (node.get(key) === undefined && key === 'protocol' && value === 'TCP'),
    )
  )
}

function rangeOf(node: Node | null | undefined): Range | undefined {
  return node?.range ? [node.range[0], node.range[1]] : undefined
}

/** `spec.containers[0].image` as its parts. */
export function fieldPathParts(path: string): PathPart[] {
  const parts: PathPart[] = []
  const pattern = /\.?([^.[\]]+)|\[((?:[^\][]|\[[^\]]*\])*)\]/g
  for (const [, name, bracket] of path.matchAll(pattern)) {
    if (name !== undefined) parts.push(name)
    else if (bracket !== undefined) parts.push(bracketPart(bracket))
  }
  return parts
}

function bracketPart(text: string): PathPart {
  if (/^\d+$/.test(text)) return Number(text)
  const pairs = [...text.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)]
  if (pairs.length && pairs.map(([all]) => all).join(',') === text) {
    const keys: Record<string, unknown> = {}
    for (const [, key, value] of pairs)
      keys[key!] = value!.startsWith('"') ? JSON.parse(value!) : /^-?\d+$/.test(value!) ? Number(value) : value
    return { keys }
  }
  const set = /^="(.*)"$/.exec(text)
  return set ? set[1]! : text
}

function countNewlines(text: string, end: number): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++
  return count
}
