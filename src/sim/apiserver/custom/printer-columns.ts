import { ageOf, column } from '../../../kinds/columns.ts'
import type { CrdColumn } from '../../../kinds/customresourcedefinition/types.ts'
import type { PrinterColumn } from '../../../kinds/kind.ts'
import { findAll, parseJsonPath } from '../../../machinery/structural/json-path.ts'

/** What `kubectl get` prints of custom objects after their names. Upstream: tableconvertor. */
export function printerColumns(columns: readonly CrdColumn[] | undefined): PrinterColumn[] {
  const all = columns ?? [
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: ageDescription },
  ]
  return all.map((one) => columnOf(one))
}

/** The field whose documentation describes the column. */
const ageDescription = 'meta.v1.ObjectMeta.creationTimestamp'

function columnOf({ name, type, format, description, priority, jsonPath }: CrdColumn): PrinterColumn {
  const path = parseJsonPath(jsonPath)
  const cell: PrinterColumn['cell'] = (object, nowMs) => {
    if ('problem' in path) return null
    const found = findAll(path, object)
    if (found.length === 0) return null
    return cellOf(type, found, nowMs)
  }
  return column(name, cell, {
    type: type as PrinterColumn['type'],
    format: format ?? '',
    description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    priority: priority ?? 0,
  })
}

/** Upstream: cellForJSONValue. What does not fit the column's type is nothing. */
function cellOf(type: string, found: readonly unknown[], nowMs: number): string | number | boolean | null {
  const [value] = found
  if (value === null || value === undefined) return null
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : typeof value === 'boolean' ? Number(value) : null
    case 'number':
      return typeof value === 'number' ? value : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date':
      if (typeof value !== 'string') return null
      return /^\d{4}-\d\d-\d\dT/.test(value) ? ageOf(value, nowMs) : '<invalid>'
    default:
      return found.map(text).join(' ')
  }
}

/** As Go prints a value of JSONPath. */
function text(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null) return JSON.stringify(value)
  return value === null ? '' : String(value)
}
