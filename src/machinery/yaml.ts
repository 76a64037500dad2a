import {
  CORE_SCHEMA,
  FAILSAFE_SCHEMA,
  NOT_RESOLVED,
  Schema,
  YAMLException,
  defineScalarTag,
  load,
  mergeTag,
  nullYaml11Tag,
  type ScalarTagDefinition,
} from 'js-yaml'
import { yamlDuplicates } from './yaml-duplicates.ts'

/** One document of a stream: its object, or why it has none. Lines are 1-based, in the whole text. */
export interface YamlDocument {
  /** Counts the documents that are not empty. */
  readonly index: number
  /** Line of its first content. */
  readonly line: number
  /** Where its text starts and ends in the whole text, in UTF-16 units. */
  readonly start: number
  readonly end: number
  /** Plain JSON. */
  readonly value?: unknown
  /** `line 5: key "x" already set in map`: keys that came twice, where that was let pass. */
  readonly duplicates?: readonly string[]
  readonly error?: YamlError
}

export interface YamlError {
  readonly line: number
  readonly column: number
  readonly endColumn: number
  readonly message: string
}

const limits = { characters: 5_000_000, documents: 1_000, depth: 90, nodes: 400_000, aliases: 10_000 }
const plainTag = (name: string, chars: string, resolve: (source: string) => unknown): ScalarTagDefinition<any> =>
  defineScalarTag(`tag:yaml.org,2002:${name}`, {
    implicit: true,
    implicitFirstChars: [...chars],
    identify: () => false,
    resolve: (source) => resolve(source),
  })

const truths = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'])
const falsehoods = new Set(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'])
const boolTag = plainTag('bool', 'yYnNtTfFoO', (source) =>
  truths.has(source) ? true : falsehoods.has(source) ? false : NOT_RESOLVED,
)

const integer = /^[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*)$/
const intTag = plainTag('int', '-+0123456789', (source) => {
  if (!integer.test(source)) return NOT_RESOLVED
  const plain = source.replaceAll('_', '')
  const sign = plain[0] === '-' ? -1 : 1
  const digits = plain.replace(/^[-+]/, '')
  if (/^0[xbo]/.test(digits)) return sign * Number(digits)
  return sign * (digits.length > 1 && digits[0] === '0' ? Number.parseInt(digits, 8) : Number(digits))
})
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
const floatTag = plainTag('float', '-+.0123456789', (source) => {
  const plain = source.replaceAll('_', '')
  return float.test(plain) ? Number(plain) : NOT_RESOLVED
})

/** YAML as sigs.k8s.io/yaml reads it: 1.1 booleans, merge keys, octal integers; timestamps stay text. */
const kubernetesSchema = new Schema([...FAILSAFE_SCHEMA.tags, nullYaml11Tag, boolTag, intTag, floatTag, mergeTag])

/**
 * Reads manifests. A document that cannot be read carries its error; the others are still there. `tolerant` lets keys
 * come twice, the last one counts, and tells of them.
 */
export function readYaml(text: string, options: { readonly tolerant?: boolean } = {}): YamlDocument[] {
  return readWith(text, kubernetesSchema, options.tolerant)
}

/** The same by YAML 1.2 core: `yes` and `on` are text, and there are no merge keys. */
export function readYamlCore(text: string): YamlDocument[] {
  return readWith(text, CORE_SCHEMA)
}

function readWith(text: string, schema: Schema, tolerant = false): YamlDocument[] {
  if (text.length > limits.characters) {
    const message = `the text is larger than ${limits.characters} characters`
    return [{ index: 0, line: 1, start: 0, end: text.length, error: { line: 1, column: 1, endColumn: 2, message } }]
  }
  const documents: YamlDocument[] = []
  for (const part of splitDocuments(text)) {
    const source = text.slice(part.start, part.end)
    // A line with more than a comment on it.
    const content = /^[^\S\n]*[^\s#]/m.exec(source)
    if (!content) continue
    const line = part.line + countLines(source, content.index)
    const place = { index: documents.length, line, start: part.start, end: part.end }
    if (documents.length >= limits.documents) {
      documents.push({
        ...place,
        error: { line, column: 1, endColumn: 2, message: `more than ${limits.documents} documents` },
      })
      break
    }
    documents.push({ ...place, ...readOne(source, part.line, line, schema, tolerant) })
  }
  return documents
}

function readOne(
  source: string,
  firstLine: number,
  contentLine: number,
  schema: Schema,
  tolerant: boolean,
  json = false,
): { value: unknown; duplicates?: string[] } | { error: YamlError } {
  try {
    const value = load(source, {
      schema,
      json,
      maxDepth: limits.depth,
      maxAliases: limits.aliases,
      maxTotalMergeKeys: limits.aliases,
    })
    const problem = boundsProblem(value)
    return problem ? { error: { line: contentLine, column: 1, endColumn: 2, message: problem } } : { value }
  } catch (caught) {
    if (!(caught instanceof YAMLException))
      return {
        error: {
          line: contentLine,
          column: 1,
          endColumn: 2,
          message: caught instanceof Error ? caught.message : String(caught),
        },
      }
    const { mark, reason } = caught
    if (tolerant && !json && reason.startsWith('duplicated mapping key')) {
      const read = readOne(source, firstLine, contentLine, schema, tolerant, true)
      return 'error' in read ? read : { ...read, duplicates: yamlDuplicates(source, firstLine) }
    }
    // Go's decoder takes \' within double quotes for a quote.
    if (mark && reason === 'unknown escape sequence' && source.startsWith("\\'", mark.position - 1)) {
      const mended = `${source.slice(0, mark.position - 1)}${source.slice(mark.position)}`
      return readOne(mended, firstLine, contentLine, schema, tolerant, json)
    }
    if (!mark) return { error: { line: contentLine, column: 1, endColumn: 2, message: reason } }
    const column = mark.column + 1
    const lineText = source.split('\n')[mark.line] ?? ''
    return {
      error: {
        line: firstLine + mark.line,
        column,
        endColumn: Math.max(column + 1, lineText.length + 1),
        message: reason,
      },
    }
  }
}

/** How much an object would be without sharing: aliases can make a small text huge. */
function boundsProblem(root: unknown): string | undefined {
  const sizes = new Map<object, number>()
  const open = new Set<object>()
  let problem: string | undefined
  const sizeOf = (value: unknown): number => {
    if (problem || typeof value !== 'object' || value === null) return 1
    const known = sizes.get(value)
    if (known !== undefined) return known
    if (open.has(value)) {
      problem = 'an alias refers to what it is part of'
      return 1
    }
    open.add(value)
    let size = 1
    for (const item of Object.values(value)) size += sizeOf(item)
    open.delete(value)
    if (size > limits.nodes) problem = 'document contains excessive aliasing'
    sizes.set(value, size)
    return size
  }
  sizeOf(root)
  return problem
}

interface Part {
  readonly start: number
  readonly end: number
  /** Line of its first character. */
  readonly line: number
}

/**
 * Documents as kubectl splits them: at lines that start with `---` (which end even a block scalar). What follows on
 * that line still belongs.
 */
export function splitDocuments(text: string): Part[] {
  const parts: Part[] = []
  const separator = /^---(?=[ \t\r]|$)/gm
  let start = 0
  let line = 1
  for (let match = separator.exec(text); match; match = separator.exec(text)) {
    parts.push({ start, end: match.index, line })
    line += countLines(text.slice(start, match.index + 3), match.index + 3 - start)
    start = match.index + 3
  }
  parts.push({ start, end: text.length, line })
  return parts
}

function countLines(text: string, end: number): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++
  return count
}
