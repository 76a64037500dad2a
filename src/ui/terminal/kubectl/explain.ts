import docs from '../../../machinery/schema/generated/schema-docs.json'
import type { SchemaType } from '../../../machinery/schema/schema.ts'
import { definition, schemaOfResource } from '../../../machinery/schema/schema.ts'
import type { Resource } from './api.ts'

type Docs = Record<string, { d?: string; f?: Record<string, string> }>

/** What the documentation says of a field of a kind; undefined when there is none such. */
export function explained(
  { kind, group, version, name: plural }: Resource,
  fields: readonly string[],
): string[] | undefined {
  let name = schemaOfResource(`${group ? `${group}/` : ''}${version}/${plural}`)
  if (!name) return undefined
  let words = (docs as Docs)[name]?.d
  let type = kind
  for (const field of fields) {
    const found = name === undefined ? undefined : definition(name)?.fields.get(field)
    if (!found || !name) return undefined
    words = (docs as Docs)[name]?.f?.[field]
    type = typeText(found.type)
    name = inner(found.type)
  }
  const own = name === undefined ? [] : [...(definition(name)?.fields.values() ?? [])]
  const ofName = name
  const head = [`KIND:       ${kind}`, `VERSION:    ${group ? `${group}/` : ''}${version}`, '']
  const field = fields.length > 0 ? [`FIELD: ${fields.at(-1)} <${type}>`, ''] : []
  const listed = own.flatMap((each) => [
    `  ${each.name}\t<${typeText(each.type)}>${each.required ? ' -required-' : ''}`.replace('\t', '  '),
    ...wrapped((docs as Docs)[ofName!]?.f?.[each.name] ?? '', 4),
    '',
  ])
  return [
    ...head,
    ...field,
    'DESCRIPTION:',
    ...wrapped(words ?? '<empty>', 4),
    '',
    ...(listed.length > 0 ? ['FIELDS:', ...listed] : []),
  ]
}

function inner(type: SchemaType): string | undefined {
  if (type.kind === 'ref') return type.definition?.name
  return type.items ? inner(type.items) : undefined
}

function typeText(type: SchemaType): string {
  if (type.kind === 'ref') return type.definition?.name.split('.').at(-1) ?? 'Object'
  if (type.kind === 'array') return `[]${type.items ? typeText(type.items) : 'Object'}`
  if (type.kind === 'map') return `map[string]${type.items ? typeText(type.items) : 'Object'}`
  return type.kind === 'int32' || type.kind === 'int64' ? 'integer' : type.kind
}

function wrapped(text: string, indent: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line && line.length + word.length + 1 > 76 - indent) {
      lines.push(line)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  return [...lines, line].filter(Boolean).map((each) => ' '.repeat(indent) + each)
}
