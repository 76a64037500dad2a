import { assignSlots, type Point, type Rect, type Slots } from '../layout.ts'
import type { CardType, Memory, NearLabel, Scene, SceneCard, SceneInput } from './scene.ts'
import { workloadRows, type NamespaceRows, type WorkloadRow } from './workload-rows.ts'

const sizes = {
  pad: 12,
  head: 26,
  /** Between columns: these gutters carry the edges. */
  gutter: 24,
  rowGap: 12,
  line: 27,
  lineGap: 4,
  above: 124,
  root: 138,
  middle: 112,
  pods: 184,
  beside: 124,
  groupGap: 20,
} as const

/** The page's usual canvas: an arrangement is good when it fits in here at the largest zoom. */
const canvas = { width: 784, height: 560 }
const top = 48
const looseColumns = 5

/**
 * Workloads a row each, by namespace: what rules it, itself, what it made, its pods, what it uses. A row keeps its
 * place, and so does everything in it, as long as it is there.
 */
export function workloadsScene(input: SceneInput, memory: Memory): Scene {
  const { namespaces, links } = workloadRows(input)
  const slots: Record<string, Slots> = {}
  const keep = (name: string, keys: readonly string[]) => (slots[name] = assignSlots(keys, memory.slots[name]))
  const besides = Math.max(1, memory.sizes.besides ?? 1, ...namespaces.flatMap(({ rows }) => rows.map(besideColumns)))
  const groups = namespaces.map((each) => groupOf(each, besides, keep, memory))
  const order = keep(
    'namespaces',
    namespaces.map((each) => each.namespace),
  )
  const columns = chooseColumns(groups, order, memory.sizes.columns)

  const cards: SceneCard[] = []
  const bottoms = new Array<number>(columns).fill(top)
  const sorted = [...groups].sort((a, b) => order.get(a.namespace)! - order.get(b.namespace)!)
  for (const group of sorted) {
    const column = order.get(group.namespace)! % columns
    const at = { x: column * (group.width + sizes.groupGap), y: bottoms[column]! }
    bottoms[column]! += group.height + sizes.groupGap
    const rect = { ...at, width: group.width, height: group.height }
    const { namespace } = group
    cards.push({
      id: `group ${namespace}`,
      type: 'GroupFrame',
      rect,
      resource: 'namespaces',
      key: namespace,
      title: namespace,
    })
    for (const card of group.cards) cards.push(moved(card, at, input.placements[card.id]))
  }
  const heights = Object.fromEntries(groups.flatMap(({ rowHeights }) => rowHeights))
  return { cards, links, memory: { slots, sizes: { ...heights, besides, columns }, points: {} } }
}

function moved(card: SceneCard, by: Point, placed: Point | undefined): SceneCard {
  const rect = { ...card.rect, x: card.rect.x + by.x, y: card.rect.y + by.y }
  return { ...card, rect: placed ? { ...rect, ...placed } : rect }
}

const linesOf = (row: WorkloadRow) => Math.max(2, row.above.length, row.middle.length, Math.ceil(row.beside.length / 3))
const besideColumns = (row: WorkloadRow) => Math.ceil(row.beside.length / linesOf(row))

interface Group {
  readonly namespace: string
  readonly cards: readonly SceneCard[]
  readonly width: number
  readonly height: number
  readonly rowHeights: readonly (readonly [string, number])[]
}

/** One namespace, from its own top left corner. */
function groupOf(
  { namespace, rows, loose }: NamespaceRows,
  besides: number,
  keep: (name: string, keys: readonly string[]) => Slots,
  memory: Memory,
): Group {
  const x = columnsOf(besides)
  const cards: SceneCard[] = []
  const rowHeights: [string, number][] = []
  const rowSlots = keep(
    `rows ${namespace}`,
    rows.map((row) => row.id),
  )
  let y = sizes.head
  const bySlot = new Map(rows.map((row) => [rowSlots.get(row.id)!, row]))
  const count = Math.max(0, ...[...rowSlots.values()].map((slot) => slot + 1))
  for (let slot = 0; slot < count; slot++) {
    const row = bySlot.get(slot)
    const lines = Math.max(row ? linesOf(row) : 2, row ? (memory.sizes[`lines ${row.id}`] ?? 2) : 2)
    const height = lines * sizes.line + (lines - 1) * sizes.lineGap
    if (row) {
      rowHeights.push([`lines ${row.id}`, lines])
      addRow(cards, row, { x, y, height }, lines, keep)
    }
    y += height + sizes.rowGap
  }
  const looseSlots = keep(`loose ${namespace}`, loose)
  for (const [id, slot] of looseSlots) {
    const at = {
      x: sizes.pad + (slot % looseColumns) * (sizes.above + 10),
      y: y + Math.floor(slot / looseColumns) * 31,
    }
    cards.push(card(id, 'LineCard', { ...at, width: sizes.above, height: sizes.line }))
  }
  const looseRows = Math.ceil(Math.max(0, ...[...looseSlots.values()].map((slot) => slot + 1)) / looseColumns)
  return { namespace, cards, width: x.end, height: y + (looseRows && looseRows * 31 + 8), rowHeights }
}

function columnsOf(besides: number) {
  const above = sizes.pad
  const root = above + sizes.above + sizes.gutter
  const middle = root + sizes.root + sizes.gutter
  const pods = middle + sizes.middle + sizes.gutter
  const beside = pods + sizes.pods + sizes.gutter
  const end = beside + besides * (sizes.beside + sizes.gutter) - sizes.gutter + sizes.pad
  return { above, root, middle, pods, beside, end }
}

function addRow(
  cards: SceneCard[],
  row: WorkloadRow,
  { x, y, height }: { x: ReturnType<typeof columnsOf>; y: number; height: number },
  lines: number,
  keep: (name: string, keys: readonly string[]) => Slots,
): void {
  const lineAt = (slot: number) => y + (slot % lines) * (sizes.line + sizes.lineGap)
  for (const [id, slot] of keep(`above ${row.id}`, row.above))
    cards.push(card(id, 'LineCard', { x: x.above, y: lineAt(slot), width: sizes.above, height: sizes.line }))
  const middle = keep(`middle ${row.id}`, row.middle)
  for (const [id, slot] of middle)
    cards.push(card(id, 'LineCard', { x: x.middle, y: lineAt(slot), width: sizes.middle, height: sizes.line }))
  for (const [id, slot] of keep(`beside ${row.id}`, row.beside)) {
    const left = x.beside + Math.floor(slot / lines) * (sizes.beside + sizes.gutter)
    cards.push(card(id, 'LineCard', { x: left, y: lineAt(slot), width: sizes.beside, height: sizes.line }))
  }
  const rootHeight = 2 * sizes.line + sizes.lineGap
  if (row.root)
    cards.push(
      card(row.id, 'ObjectCard', { x: x.root, y, width: sizes.root, height: rootHeight }, [...row.pods.keys()]),
    )
  // One box takes the whole row; two, of an old and a new ReplicaSet, stand beside their owners.
  const owned = [...row.pods].map(([group, owner]) => ({ group, slot: middle.get(owner) ?? 0 }))
  const shared = owned.length > 1
  for (const { group, slot } of owned) {
    const rect = shared
      ? { x: x.pods, y: lineAt(slot), width: sizes.pods, height: sizes.line }
      : { x: x.pods, y, width: sizes.pods, height: Math.min(height, rootHeight) }
    cards.push({ id: group, type: 'PodsBox', rect, resource: '', key: '', pods: [group] })
  }
}

function card(id: string, type: CardType, rect: Rect, pods?: readonly string[], near?: NearLabel): SceneCard {
  const space = id.indexOf(' ')
  return {
    id,
    type,
    rect,
    resource: id.slice(0, space),
    key: id.slice(space + 1),
    ...(pods && { pods }),
    ...(near && { near }),
  }
}

/** How many namespaces stand beside each other. Another number moves every card, so it has to be worth it. */
function chooseColumns(groups: readonly Group[], order: Slots, before: number | undefined): number {
  const cost = (columns: number) => {
    const heights = new Array<number>(columns).fill(0)
    let width = 0
    for (const group of groups) {
      heights[order.get(group.namespace)! % columns]! += group.height + sizes.groupGap
      width = Math.max(width, group.width)
    }
    return Math.max((columns * (width + sizes.groupGap)) / canvas.width, Math.max(...heights) / canvas.height)
  }
  let best = 1
  for (let columns = 2; columns <= Math.min(8, groups.length); columns++) if (cost(columns) < cost(best)) best = columns
  return before && before <= Math.max(1, groups.length) && cost(before) < cost(best) * 1.5 ? before : best
}
