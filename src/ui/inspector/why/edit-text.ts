import { isMap, isNode, isScalar, isSeq, parseAllDocuments, stringify, type Document, type Node } from 'yaml'
import type { ObjectEdit } from '../../../machinery/object-edits.ts'

/** What an edit is of, as its document says it. */
export interface Named {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string
}

export interface EditedText {
  readonly text: string
  /** 1-based: where the first edit is. */
  readonly line: number
  /** Does the first edit add something that was not there? */
  readonly adds: boolean
}

type Path = readonly (string | number)[]

/**
 * A text of manifests with an object's fields edited: only what has to change does, so that comments and style stay.
 * Undefined when the object is not in the text, or not in a way that can be edited.
 */
export function editText(text: string, named: Named, edits: readonly ObjectEdit[]): EditedText | undefined {
  let current = text
  let place: { line: number; adds: boolean } | undefined
  // From the back, as the object itself is edited.
  for (const edit of [...edits].reverse()) {
    const next = editOnce(current, named, edit)
    if (!next) return undefined
    place = { line: next.line, adds: next.adds }
    current = next.text
  }
  return place && { text: current, ...place }
}

function editOnce(text: string, named: Named, { path, value }: ObjectEdit): EditedText | undefined {
  const document = documentOf(text, named)
  if (!document) return undefined
  const change = value === undefined ? removal(text, document, path) : setting(text, document, path, value)
  if (!change) return undefined
  const [from, to, inserted, adds] = change
  const result = text.slice(0, from) + inserted + text.slice(to)
  return { text: result, line: lineAt(result, from + /^\n*/.exec(inserted)![0].length), adds }
}

const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length

function documentOf(text: string, { apiVersion, kind, name, namespace }: Named): Document | undefined {
  let documents: Document[]
  try {
    documents = parseAllDocuments(text) as Document[]
  } catch {
    return undefined
  }
  return documents.find((document) => {
    if (document.errors.length > 0) return false
    const get = (...path: string[]) => document.getIn(path) as unknown
    const where = get('metadata', 'namespace')
    const inNamespace =
      namespace === undefined || where === namespace || (where === undefined && namespace === 'default')
    return get('apiVersion') === apiVersion && get('kind') === kind && get('metadata', 'name') === name && inNamespace
  })
}

type Change = readonly [from: number, to: number, text: string, adds: boolean]

/** What is replaced by what, for a value to stand at a path. */
function setting(text: string, document: Document, path: Path, value: unknown): Change | undefined {
  let holder: Node | null | undefined = document.contents
  for (const [index, part] of path.entries()) {
    const child = childOf(holder, part)
    if (child === undefined) return holder ? insertion(text, holder, path.slice(index), value) : undefined
    if (index === path.length - 1 && child.range) {
      const [from, to] = child.range
      const { raw, quoted } = scalarOf(child)
      if (raw && typeof value === 'string' && quoted) return [from, to, JSON.stringify(value), false]
      return [from, to, flow(value), false]
    }
    holder = child
  }
  return undefined
}

function scalarOf(node: Node): { raw: boolean; quoted: boolean } {
  return isScalar(node) ? { raw: true, quoted: node.type === 'QUOTE_DOUBLE' } : { raw: false, quoted: false }
}

function childOf(holder: Node | null | undefined, part: string | number): Node | undefined {
  if (isMap(holder)) {
    const value = holder.get(part, true)
    return isNode(value) && !(isScalar(value) && value.value === null && !value.source) ? value : undefined
  }
  if (isSeq(holder) && typeof part === 'number') {
    const value = holder.get(part, true)
    return isNode(value) ? value : undefined
  }
  return undefined
}

/** Something new in a map or at the end of a list. */
function insertion(text: string, holder: Node, rest: Path, value: unknown): Change | undefined {
  const [first, ...inner] = rest
  if (!holder.range || first === undefined) return undefined
  const nested = inner.reduceRight<unknown>(
    (held, part) => (part === '-' || typeof part === 'number' ? [held] : { [part]: held }),
    value,
  )
  const isFlow = (isMap(holder) || isSeq(holder)) && holder.flow
  if (isMap(holder)) {
    const known = holder.items.find(({ key }) => isScalar(key) && key.value === first)
    if (isFlow) {
      const end = holder.range[1] - 1
      const before = text.slice(0, end).trimEnd()
      const entry = `${flow(first)}: ${flow(nested)}`
      return [before.length, end, `${holder.items.length > 0 ? ', ' : ' '}${entry} `, true]
    }
    const start = (holder.items[0]?.key as Node | undefined)?.range?.[0]
    if (start === undefined) return undefined
    const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1))
    if (known) {
      // A key without a value.
      const at = (known.key as Node).range![1]
      const colon = text.indexOf(':', at) + 1
      return [colon, colon, block(nested, `${indent}  `), true]
    }
    const end = endOfContent(text, holder)
    return [end, end, `\n${indent}${flow(first)}:${block(nested, `${indent}  `)}`, true]
  }
  if (isSeq(holder)) {
    if (isFlow) {
      const end = holder.range[1] - 1
      const before = text.slice(0, end).trimEnd()
      return [before.length, end, `${holder.items.length > 0 ? ', ' : ''}${flow(nested)}`, true]
    }
    const start = (holder.items[0] as Node | undefined)?.range?.[0]
    if (start === undefined) return undefined
    const lineStart = text.lastIndexOf('\n', start - 1) + 1
    const indent = /^ */.exec(text.slice(lineStart))![0]
    const end = endOfContent(text, holder)
    return [end, end, `\n${indent}- ${flow(nested)}`, true]
  }
  return undefined
}

/** Behind the last character that belongs to a node, its last line's comment included. */
function endOfContent(text: string, node: Node): number {
  const end = text.slice(0, node.range![1]).trimEnd().length
  const rest = /^[ \t]*#[^\n]*/.exec(text.slice(end))
  return end + (rest?.[0].length ?? 0)
}

/** A key and its value go, or an item of a list; with their lines when those hold nothing else. */
function removal(text: string, document: Document, path: Path): Change | undefined {
  const holder = path.length === 1 ? document.contents : (document.getIn(path.slice(0, -1), true) as Node | undefined)
  const last = path.at(-1)!
  if (!holder || !isNode(holder)) return undefined
  if (isMap(holder)) {
    const index = holder.items.findIndex(({ key }) => isScalar(key) && key.value === last)
    const pair = holder.items[index]
    if (!pair) return undefined
    const from = (pair.key as Node).range![0]
    const to = (pair.value as Node | null)?.range?.[1] ?? (pair.key as Node).range![1] + 1
    if (holder.items.length === 1 && path.length > 1 && !holder.flow) return removal(text, document, path.slice(0, -1))
    return holder.flow ? flowRemoval(text, from, to) : lineRemoval(text, from, to)
  }
  if (isSeq(holder) && typeof last === 'number') {
    const item = holder.items[last] as Node | undefined
    if (!item?.range) return undefined
    if (holder.items.length === 1 && path.length > 1) return removal(text, document, path.slice(0, -1))
    return holder.flow
      ? flowRemoval(text, item.range[0], item.range[1])
      : lineRemoval(text, item.range[0], item.range[1])
  }
  return undefined
}

function flowRemoval(text: string, from: number, to: number): Change {
  const after = /^\s*,\s*/.exec(text.slice(to))
  if (after) return [from, to + after[0].length, '', false]
  const before = /,\s*$/.exec(text.slice(0, from))
  return [from - (before?.[0].length ?? 0), to, '', false]
}

function lineRemoval(text: string, from: number, to: number): Change | undefined {
  const lineStart = text.lastIndexOf('\n', from - 1) + 1
  const lead = text.slice(lineStart, from)
  const end = text.slice(0, to).trimEnd().length
  const lineEnd = text.indexOf('\n', end)
  const next = lineEnd < 0 ? text.length : lineEnd + 1
  // The first key of a list's item stands behind its dash: what follows has to take its place.
  if (lead.trim() === '') return [lineStart, next, '', false]
  if (/^\s*- $/.test(lead)) {
    const following = /^[ \t]*/.exec(text.slice(next))![0].length
    return following === lead.length ? [from, next + following, '', false] : [lineStart, next, '', false]
  }
  return undefined
}

/** A value on the line of its key, or on lines of its own. */
function block(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return ` ${flow(value)}`
  const text = stringify(value, { lineWidth: 0 }).trimEnd()
  return `\n${text.replace(/^/gm, indent)}`
}

function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd()
}
