import type { CauseLink, JournalEntry } from '../../../bridge/protocol.ts'

/** One line of the chain: a write, what a user did to a machine, or an event. */
export interface ChainEntry {
  readonly id: string
  readonly at: number
  readonly type: 'write' | 'machine' | 'event'
  readonly actor: string
  readonly verb: string
  readonly resource: string
  readonly key: string
  readonly count: number
  /** File of an apply. */
  readonly file?: string
  readonly details?: CauseLink['details']
  readonly text?: string
}

const appliedWithinMs = 2000

/** The chain oldest first: writes that follow each other alike are one, applies know their file, machines' fates are among them. */
export function chainOf(
  links: readonly CauseLink[],
  journal: readonly JournalEntry[],
  warnings: readonly { readonly at: number; readonly reason: string; readonly message: string }[],
): ChainEntry[] {
  const entries: ChainEntry[] = []
  for (const link of links.toReversed()) {
    const { revision, at, actor, verb, resource, namespace, name, details } = link
    const key = namespace ? `${namespace}/${name}` : name
    const before = entries.at(-1)
    const isSame =
      before && before.actor === actor && before.verb === verb && before.resource === resource && before.key === key
    if (isSame && verb === 'update') {
      entries[entries.length - 1] = { ...before, count: before.count + 1, ...(details && { details }) }
      continue
    }
    const file = actor.startsWith('system:') ? undefined : fileOf(journal, at)
    entries.push({
      id: String(revision),
      at,
      type: 'write',
      actor,
      verb,
      resource,
      key,
      count: 1,
      ...(file && { file }),
      ...(details && { details }),
    })
  }
  const nodes = new Set(
    entries.flatMap(({ resource, key, details }) =>
      resource === 'nodes' ? key : typeof details?.node === 'string' ? details.node : [],
    ),
  )
  for (const [index, { at, action }] of journal.entries()) {
    if (action.type !== 'machine' || !nodes.has(action.name)) continue
    entries.push({
      id: `m${index}`,
      at,
      type: 'machine',
      actor: '',
      verb: action.change,
      resource: 'nodes',
      key: action.name,
      count: 1,
    })
  }
  for (const { at, reason, message } of warnings)
    entries.push({
      id: `e${reason}`,
      at,
      type: 'event',
      actor: '',
      verb: reason,
      resource: '',
      key: '',
      count: 1,
      text: message,
    })
  return entries.sort((a, b) => order(a) - order(b))
}

/** Events know whole seconds only: what was written in that second came before. */
function order({ at, type }: ChainEntry): number {
  return type === 'event' ? at + 999 : at
}

/** The file whose apply was under way then. */
function fileOf(journal: readonly JournalEntry[], at: number): string | undefined {
  const found = journal.findLast(
    (entry) => entry.action.type === 'apply' && entry.at <= at && at - entry.at <= appliedWithinMs,
  )
  return found?.action.type === 'apply' ? found.action.file : undefined
}
