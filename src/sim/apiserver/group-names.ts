import type { Kind } from '../../kinds/kind.ts'
import type { GroupName } from '../../machinery/errors.ts'

/** Group and plural, as error texts name a resource. */
export function groupName(kind: Pick<Kind, 'group' | 'plural'>): GroupName {
  return { group: kind.group, name: kind.plural }
}

/** Group and kind, as "is invalid" texts name it. */
export function groupKind(kind: Pick<Kind, 'group' | 'kind'>): GroupName {
  return { group: kind.group, name: kind.kind }
}
