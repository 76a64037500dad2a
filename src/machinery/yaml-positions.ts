import { EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, type Event } from 'js-yaml'
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
  const found = nodeAt(treeOf(source), fieldPathParts(path))
  const lines = source.split('\n')
  const firstLine = countNewlines(text, part.start) + 1
  if (!found) return { line: part.line, column: 1, endColumn: (lines[part.line - firstLine]?.length ?? 1) + 1 }
  const startsAt = placeOf(source, found[0])
  const endsAt = placeOf(source, Math.max(found[0], found[1]))
  const lineText = lines[startsAt.line - 1] ?? ''
  const endColumn = endsAt.line === startsAt.line ? endsAt.column : lineText.trimEnd().length + 1
  // The first line of a part may begin after `---`.
  const shift = startsAt.line === 1 ? part.start - (text.lastIndexOf('\n', part.start - 1) + 1) : 0
  return {
    line: firstLine + startsAt.line - 1,
    column: startsAt.column + shift,
    endColumn: Math.max(endColumn, startsAt.column + 1) + shift,
  }
}

/** 1-based line and column of an offset. */
function placeOf(source: string, offset: number): { line: number; column: number } {
  return { line: countNewlines(source, offset) + 1, column: offset - source.lastIndexOf('\n', offset - 1) }
}

type Range = readonly [number, number]
type PathPart = string | number | { readonly keys: Readonly<Record<string, unknown>> }

/** A node of a document with its place; keys are nodes, too. */
type Tree =
  | { readonly kind: 'scalar'; readonly text: string; readonly range: Range }
  | { readonly kind: 'map'; readonly items: { readonly key: Tree; value: Tree | undefined }[]; readonly range: Range }
  | { readonly kind: 'list'; readonly items: Tree[]; readonly range: Range }
  | { readonly kind: 'alias'; readonly name: string; readonly range: Range }

interface Parsed {
  readonly root: Tree | undefined
  readonly anchors: ReadonlyMap<string, Tree>
}

function treeOf(source: string): Parsed {
  let events: readonly Event[]
  try {
    events = parseEvents(source, {})
  } catch {
    return { root: undefined, anchors: new Map() }
  }
  const anchors = new Map<string, Tree>()
  const open: Tree[] = []
  let root: Tree | undefined
  const place = (node: Tree) => {
    const parent = open.at(-1)
    if (!parent) root ??= node
    else if (parent.kind === 'list') parent.items.push(node)
    else if (parent.kind === 'map') {
      const last = parent.items.at(-1)
      if (last && last.value === undefined) last.value = node
      else parent.items.push({ key: node, value: undefined })
    }
  }
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) continue
    if (event.type === EVENT_ID.POP) {
      open.pop()
      continue
    }
    const node = nodeOf(source, event)
    if (event.type !== EVENT_ID.ALIAS && event.anchorStart >= 0)
      anchors.set(source.slice(event.anchorStart, event.anchorEnd).replace(/^&/, ''), node)
    place(node)
    if (node.kind === 'map' || node.kind === 'list') open.push(node)
  }
  return { root, anchors }
}

function nodeOf(source: string, event: Exclude<Event, { type: typeof EVENT_ID.DOCUMENT | typeof EVENT_ID.POP }>): Tree {
  switch (event.type) {
    case EVENT_ID.MAPPING:
      return { kind: 'map', items: [], range: [event.start, event.start + 1] }
    case EVENT_ID.SEQUENCE:
      return { kind: 'list', items: [], range: [event.start, event.start + 1] }
    case EVENT_ID.ALIAS: {
      const range: Range = [event.anchorStart, event.anchorEnd]
      return { kind: 'alias', name: source.slice(...range).replace(/^\*/, ''), range }
    }
    case EVENT_ID.SCALAR: {
      const { style, valueStart, valueEnd } = event
      const quotes = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0
      return { kind: 'scalar', text: getScalarValue(source, event), range: [valueStart - quotes, valueEnd + quotes] }
    }
  }
}

function nodeAt({ root, anchors }: Parsed, parts: readonly PathPart[]): Range | undefined {
  let node = root
  let best: Range | undefined
  const resolve = (value: Tree | undefined) => (value?.kind === 'alias' ? anchors.get(value.name) : value)
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]!
    const current = resolve(node)
    if (current?.kind === 'map') {
      // A key may itself hold dots, so longer joins are tried as well.
      const match = typeof part === 'object' ? undefined : findPair(current.items, parts, index)
      if (!match) break
      index = match.last
      const { key, value } = match.pair
      node = value
      const isLast = index === parts.length - 1
      const shown = isLast && value?.kind === 'scalar' && value.range[1] > value.range[0] ? value : key
      best = shown.range
    } else if (current?.kind === 'list') {
      const item =
        typeof part === 'number'
          ? current.items[part]
          : typeof part === 'object'
            ? current.items.find((one) => hasKeys(resolve(one), part.keys))
            : current.items.find((one) => one.kind === 'scalar' && one.text === part)
      if (item === undefined) break
      node = item
      // A whole item is too much to mark: its first key stands for it.
      best = (item.kind === 'map' ? item.items[0]?.key.range : undefined) ?? item.range
    } else break
  }
  return best
}

type MapItem = Extract<Tree, { kind: 'map' }>['items'][number]

function findPair(
  items: readonly MapItem[],
  parts: readonly PathPart[],
  index: number,
): { pair: MapItem; last: number } | undefined {
  let name = ''
  for (let last = index; last < parts.length && last < index + 8; last++) {
    const part = parts[last]
    if (typeof part !== 'string' && typeof part !== 'number') break
    name = last === index ? String(part) : `${name}.${part}`
    const pair = items.find(({ key }) => key.kind === 'scalar' && key.text === name)
    if (pair) return { pair, last }
  }
  return undefined
}

function hasKeys(node: Tree | undefined, keys: Readonly<Record<string, unknown>>): boolean {
  if (node?.kind !== 'map') return false
  return Object.entries(keys).every(([name, value]) => {
    const found = node.items.find(({ key }) => key.kind === 'scalar' && key.text === name)?.value
    if (found === undefined) return name === 'protocol' && value === 'TCP'
    return found.kind === 'scalar' && found.text === String(value)
  })
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
