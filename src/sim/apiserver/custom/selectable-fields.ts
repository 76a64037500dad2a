import type { CrdVersion } from '../../../kinds/customresourcedefinition/types.ts'
import type { Kind } from '../../../kinds/kind.ts'
import { findAll, parseJsonPath } from '../../../machinery/structural/json-path.ts'

/** Field selectors that a version declares: `spec.color` → its value as text, '' where there is none. */
export function customSelectableFields({ selectableFields }: CrdVersion): Kind['selectableFields'] | undefined {
  if (!selectableFields?.length) return undefined
  const paths = selectableFields.map(({ jsonPath }) => [jsonPath.replace(/^\./, ''), parseJsonPath(jsonPath)] as const)
  return (object) => {
    const fields: Record<string, string> = {}
    for (const [name, path] of paths) {
      const [value] = 'problem' in path ? [] : findAll(path, object)
      fields[name] = value === undefined || value === null ? '' : String(value)
    }
    return fields
  }
}
