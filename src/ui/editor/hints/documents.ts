import type { Document, Node, Pair } from 'yaml'
import { isMap, isPair, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml'
import type { PlaygroundFile } from '../../../playground/model.ts'
import { resourceOfKind } from '../../inspector/resources.ts'

/** A stretch of a file, 1-based as an editor counts; it may end on a later line. */
export interface Place {
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

export type Path = readonly (string | number)[]

/** One object of a file, with the places of its fields. */
export interface ManifestDocument {
  readonly file: string
  readonly resource: string
  readonly namespace: string
  readonly name: string
  /** Plain data, as the text says it. */
  readonly object: any
  /** Where a field's value stands (or its key), or the nearest field around it that is there. */
  place(path: Path, part?: 'key' | 'value'): Place
}

const largestText = 400_000
const clusterScoped = new Set([
  'Namespace',
  'Node',
  'PersistentVolume',
  'StorageClass',
  'PriorityClass',
  'ClusterRole',
  'ClusterRoleBinding',
  'IngressClass',
  'CustomResourceDefinition',
])

/** The objects of a file, as far as it can be read; what is half typed is left out. */
export function documentsOf({ name: file, text }: PlaygroundFile): ManifestDocument[] {
  if (text.length > largestText) return []
  const lines = new LineCounter()
  try {
    const documents = parseAllDocuments(text, {
      lineCounter: lines,
      merge: true,
      uniqueKeys: false,
      logLevel: 'silent',
      version: '1.1',
    })
    return Array.isArray(documents) ? documents.flatMap((document) => readDocument(document, file, lines) ?? []) : []
  } catch {
    return []
  }
}

function readDocument(document: Document.Parsed, file: string, lines: LineCounter): ManifestDocument | undefined {
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined
  const object = document.toJS({ maxAliasCount: 100 }) as any
  const { apiVersion, kind, metadata } = object
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof metadata?.name !== 'string') return undefined
  const root = document.contents
  return {
    file,
    resource: resourceOfKind(apiVersion, kind),
    namespace: clusterScoped.has(kind) ? '' : String(metadata.namespace ?? 'default'),
    name: metadata.name,
    object,
    place: (path, part = 'value') => placeOf(rangeAt(root, path, part), lines),
  }
}

function placeOf([from, to]: readonly [number, number], lines: LineCounter): Place {
  const start = lines.linePos(from)
  const end = lines.linePos(Math.max(from, to))
  return { line: start.line, column: start.col, endLine: end.line, endColumn: end.col }
}

function rangeAt(root: Node, path: Path, part: 'key' | 'value'): readonly [number, number] {
  let node: Node = root
  let pair: Pair | undefined
  for (const step of path) {
    const next = stepInto(node, step)
    if (!next) break
    if (isPair(next)) {
      pair = next
      if (!next.value) break
      node = next.value as Node
    } else {
      pair = undefined
      node = next
    }
  }
  // A block is too much to underline: its key stands for it.
  const target = pair && (part === 'key' || !isScalar(pair.value)) ? (pair.key as Node) : node
  const range = target.range ?? [0, 0, 0]
  return target === root ? [range[0], range[0] + 1] : [range[0], range[1]]
}

function stepInto(node: Node, step: string | number): Node | Pair | undefined {
  if (isMap(node)) return node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step)) as Pair
  if (isSeq(node)) return node.items[Number(step)] as Node | undefined
  return undefined
}
