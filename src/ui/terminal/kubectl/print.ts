import { dump } from 'js-yaml'
import type { Loose, Resource } from './api.ts'
import { KubectlError } from './api.ts'

/** Lines as kubectl's tab writer sets them: each column as wide as its widest cell and three blanks, the last as it is. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(Math.max(6, widths[index]! + 3))))
      .join('')
      .trimEnd(),
  )
}

export interface TableOptions {
  readonly wide?: boolean
  readonly withNamespace?: boolean
  readonly withLabels?: boolean
  readonly labelColumns?: readonly string[]
  /** `pod.`: what comes before names when several kinds are listed. */
  readonly prefix?: string
  readonly noHeaders?: boolean
}

/** The header and rows of a Table answer. */
export function tableRows({ columnDefinitions, rows }: Loose, options: TableOptions): string[][] {
  const shown = [...columnDefinitions.entries()].filter(([, { priority }]) => options.wide || !priority)
  const labels = options.labelColumns ?? []
  const head = [
    ...(options.withNamespace ? ['NAMESPACE'] : []),
    ...shown.map(([, { name }]) => name.toUpperCase()),
    ...labels.map((label) => label.split('/').at(-1)!.toUpperCase()),
    ...(options.withLabels ? ['LABELS'] : []),
  ]
  const body = (rows as Loose[]).map(({ cells, object }) => [
    ...(options.withNamespace ? [object.metadata.namespace ?? ''] : []),
    ...shown.map(
      ([index, { name }]) => `${options.prefix && name === 'Name' ? options.prefix : ''}${cellText(cells[index])}`,
    ),
    ...labels.map((label) => object.metadata.labels?.[label] ?? ''),
    ...(options.withLabels ? [labelsText(object.metadata.labels)] : []),
  ])
  return options.noHeaders ? body : [head, ...body]
}

const cellText = (cell: unknown) => (cell === null || cell === undefined ? '<none>' : String(cell))

export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.length === 0 ? '<none>' : entries.map(([name, value]) => `${name}=${value}`).join(',')
}

/** An object or a list in one of the forms that `-o` names. */
export function formatted(object: Loose, output: string, withManagedFields: boolean): string {
  const shown = withManagedFields ? object : withoutManagedFields(object)
  if (output === 'json') return JSON.stringify(shown, null, 4)
  if (output === 'yaml') return dump(shown, { noRefs: true, lineWidth: -1, sortKeys: true }).trimEnd()
  if (output.startsWith('jsonpath=')) return jsonPath(shown, output.slice(9))
  throw new KubectlError(
    `error: unable to match a printer suitable for the output format "${output}", allowed formats are: custom-columns,json,jsonpath,name,wide,yaml`,
  )
}

function withoutManagedFields(object: Loose): Loose {
  if (Array.isArray(object.items)) return { ...object, items: object.items.map(withoutManagedFields) }
  const { managedFields: _, ...metadata } = object.metadata ?? {}
  return { ...object, metadata }
}

/** `{.items[*].metadata.name}` and text around it: fields, indices, stars and quoted text. */
export function jsonPath(object: Loose, template: string): string {
  const bare = template.includes('{') ? template : `{${template}}`
  return bare.replace(/\{([^}]*)\}/g, (_, expression: string) => {
    const quoted = /^"(.*)"$/.exec(expression.trim())?.[1]
    if (quoted !== undefined) return quoted.replaceAll('\\n', '\n').replaceAll('\\t', '\t')
    return valuesAt(object, expression.trim())
      .map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))
      .join(' ')
  })
}

function valuesAt(object: Loose, path: string): unknown[] {
  const steps = path.replace(/^[$@]/, '').match(/\['[^']*'\]|\[[^\]]*\]|(?:\\\.|[^.[\]])+/g) ?? []
  let values: Loose[] = [object]
  for (const step of steps) {
    const key = step.replace(/^\['?|'?\]$/g, '').replaceAll('\\.', '.')
    values = values.flatMap((value) => {
      if (value === null || typeof value !== 'object') return []
      if (key === '*') return Object.values(value)
      const index = Array.isArray(value) && /^-?\d+$/.test(key) ? value.at(Number(key)) : value[key]
      return index === undefined ? [] : [index]
    })
  }
  return values
}

/** `NAME:.metadata.name,NODE:.spec.nodeName` */
export function customColumns(items: readonly Loose[], spec: string): string[][] {
  const parts = spec.split(',').map((part) => {
    const at = part.indexOf(':')
    return { head: part.slice(0, at), path: part.slice(at + 1) }
  })
  if (parts.some(({ head, path }) => !head || !path))
    throw new KubectlError(`error: expected <header>:<json-path-expr>, got: ${spec}`)
  const rows = items.map((item) =>
    parts.map(
      ({ path }) =>
        valuesAt(item, path.replace(/^\{|\}$/g, ''))
          .map(String)
          .join(',') || '<none>',
    ),
  )
  return [parts.map(({ head }) => head), ...rows]
}

/** `deployment.apps/web`, as kubectl names what it did something to. */
export function typedName({ singularName, group }: Resource, name: string): string {
  return `${group ? `${singularName}.${group}` : singularName}/${name}`
}
