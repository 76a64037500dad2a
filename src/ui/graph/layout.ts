/** Where everything stands, in flow coordinates (100 % zoom: one unit is one pixel). */
export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface LayoutInput {
  /** Machines in order of appearance. */
  readonly nodes: readonly { readonly key: string; readonly zone: string }[]
  /** Ingresses and services, in the order they should stand when all are new. */
  readonly traffic: readonly string[]
  /** Claims and unclaimed volumes. */
  readonly storage: readonly string[]
  /** Top left corners that the user chose. */
  readonly placements: Readonly<Record<string, Point>>
}

/** A slot is a place in a column or a zone; it is kept until its owner goes. */
export type Slots = ReadonlyMap<string, number>

export interface Layout {
  readonly frame: Rect
  readonly controlPlane: Rect
  readonly zones: ReadonlyMap<string, Rect>
  readonly nodes: ReadonlyMap<string, Rect>
  readonly traffic: ReadonlyMap<string, Rect>
  readonly storage: ReadonlyMap<string, Rect>
  /** By how much titles and the control plane are enlarged: a large cluster is looked at from farther away. */
  readonly headScale: number
  readonly slots: {
    readonly zones: Slots
    readonly nodes: ReadonlyMap<string, Slots>
    readonly traffic: Slots
    readonly storage: Slots
    readonly shape: Shape
  }
}

interface Shape {
  /** Node cards beside each other in a zone. */
  readonly columns: number
  /** Zones beside each other in the frame. */
  readonly zoneColumns: number
}

export const sizes = {
  node: { width: 220, height: 154 },
  traffic: { width: 122, height: 46 },
  storage: { width: 92, height: 76 },
  /** Between node cards: these gutters carry the edges. */
  nodeGap: 14,
  zoneGap: 8,
  zoneHead: 24,
  zonePad: 8,
  framePad: 10,
  frameHead: 27,
  controlPlane: 60,
  /** Between the columns left and right and the frame. */
  trunk: 28,
  storageTrunk: 24,
  trafficGap: 14,
  trafficRows: 10,
  storageGap: 12,
  storageRows: 6,
} as const

/** The page's usual canvas without its margins: a layout is good when it fits in here at the largest zoom. */
const canvas = { width: 784, height: 590 }

/**
 * Places what is new beside what is there. Nothing moves that did not change: with `before`, everything keeps its
 * slot, and a slot that became free is taken by the next newcomer.
 */
export function layout(input: LayoutInput, before?: Layout): Layout {
  const zoneNames = [...new Set(input.nodes.map((node) => node.zone))]
  const zoneSlots = assignSlots(before ? zoneNames : zoneNames.sort(), before?.slots.zones)
  const nodeSlots = new Map<string, Slots>()
  for (const zone of zoneNames) {
    const keys = input.nodes.filter((node) => node.zone === zone).map((node) => node.key)
    nodeSlots.set(zone, assignSlots(keys, before?.slots.nodes.get(zone)))
  }
  const trafficSlots = assignSlots(input.traffic, before?.slots.traffic)
  const storageSlots = assignSlots(input.storage, before?.slots.storage)
  const headScale = headScaleOf(input.nodes.length)
  const shape = chooseShape(zoneSlots, nodeSlots, headScale, before?.slots.shape)

  const frameX = 164
  const frameY = 48
  const { zones, nodes, frame } = placeZones(zoneSlots, nodeSlots, shape, headScale, frameX, frameY)
  for (const [zone, rect] of zones) {
    const placed = input.placements[zoneKey(zone)]
    if (!placed) continue
    zones.set(zone, { ...rect, ...placed })
    for (const key of nodeSlots.get(zone)?.keys() ?? []) {
      const node = nodes.get(key)!
      nodes.set(key, { ...node, x: node.x + placed.x - rect.x, y: node.y + placed.y - rect.y })
    }
  }
  for (const [key, rect] of nodes) {
    const placed = input.placements[key]
    if (placed) nodes.set(key, { ...rect, ...placed })
  }
  const traffic = placeColumns(trafficSlots, sizes.traffic, sizes.trafficRows, sizes.trafficGap, (column) => ({
    // Columns grow away from the frame.
    x: frameX - sizes.trunk - sizes.traffic.width - column * (sizes.traffic.width + sizes.trunk),
    y: frameY + 12,
  }))
  const storage = placeColumns(storageSlots, sizes.storage, sizes.storageRows, sizes.storageGap, (column) => ({
    x: frame.x + frame.width + sizes.storageTrunk + column * (sizes.storage.width + sizes.storageTrunk),
    y: frameY + 90,
  }))
  for (const map of [traffic, storage]) {
    for (const [key, rect] of map) if (input.placements[key]) map.set(key, { ...rect, ...input.placements[key] })
  }
  const controlPlane = {
    x: frame.x + sizes.framePad,
    y: frame.y + sizes.frameHead * headScale,
    width: frame.width - 2 * sizes.framePad,
    height: sizes.controlPlane * headScale,
  }
  const slots = { zones: zoneSlots, nodes: nodeSlots, traffic: trafficSlots, storage: storageSlots, shape }
  return { frame, controlPlane, zones, nodes, traffic, storage, headScale, slots }
}

/** What a zone is called among the cards; it takes its nodes along where it goes. */
export function zoneKey(zone: string): string {
  return `zone ${zone}`
}

/** Keeps the slots of those that stay and gives newcomers the lowest free ones, in order. */
export function assignSlots(keys: readonly string[], before: Slots = new Map()): Slots {
  const slots = new Map<string, number>()
  const taken = new Set<number>()
  for (const key of keys) {
    const slot = before.get(key)
    if (slot === undefined) continue
    slots.set(key, slot)
    taken.add(slot)
  }
  let next = 0
  for (const key of keys) {
    if (slots.has(key)) continue
    while (taken.has(next)) next++
    slots.set(key, next)
    taken.add(next)
  }
  return slots
}

function slotCount(slots: Slots): number {
  let count = 0
  for (const slot of slots.values()) count = Math.max(count, slot + 1)
  return count
}

function headScaleOf(nodes: number): number {
  if (nodes <= 12) return 1
  if (nodes <= 40) return 1.6
  return nodes <= 150 ? 2.8 : 6
}

function zoneSize(nodes: number, columns: number, headScale: number): { width: number; height: number } {
  const { node, nodeGap, zoneHead, zonePad } = sizes
  const used = Math.min(columns, Math.max(1, nodes))
  const rows = Math.max(1, Math.ceil(nodes / columns))
  return {
    width: 2 * zonePad + used * node.width + (used - 1) * nodeGap,
    height: zoneHead * headScale + zonePad + rows * node.height + (rows - 1) * nodeGap,
  }
}

/** Sizes of the grid of zones: a row is as high as its highest zone, a column as wide as its widest. */
function gridOf(zones: Slots, nodes: ReadonlyMap<string, Slots>, shape: Shape, headScale: number) {
  const rowHeights: number[] = []
  const columnWidths: number[] = []
  for (const [zone, slot] of zones) {
    const { width, height } = zoneSize(slotCount(nodes.get(zone) ?? new Map()), shape.columns, headScale)
    const row = Math.floor(slot / shape.zoneColumns)
    const column = slot % shape.zoneColumns
    rowHeights[row] = Math.max(rowHeights[row] ?? 0, height)
    columnWidths[column] = Math.max(columnWidths[column] ?? 0, width)
  }
  const total = (list: number[]) => list.reduce((sum, value) => sum + value + sizes.zoneGap, -sizes.zoneGap)
  const width = Math.max(504, total(columnWidths) + 2 * sizes.framePad)
  const height =
    (sizes.frameHead + sizes.controlPlane) * headScale + 8 + Math.max(0, total(rowHeights)) + sizes.framePad
  return { rowHeights, columnWidths, width, height }
}

function chooseShape(
  zones: Slots,
  nodes: ReadonlyMap<string, Slots>,
  headScale: number,
  before: Shape | undefined,
): Shape {
  const largest = Math.max(1, ...[...nodes.values()].map(slotCount))
  const cost = (shape: Shape) => {
    const { width, height } = gridOf(zones, nodes, shape, headScale)
    return Math.max((width + 284) / canvas.width, (height + 60) / canvas.height)
  }
  let best: Shape = { columns: 1, zoneColumns: 1 }
  for (let columns = 1; columns <= largest; columns++) {
    for (let zoneColumns = 1; zoneColumns <= Math.max(1, zones.size); zoneColumns++) {
      const shape = { columns, zoneColumns }
      if (cost(shape) < cost(best) - 1e-9) best = shape
    }
  }
  // Another shape moves every card, so it has to be worth it.
  return before && cost(before) < cost(best) * 1.5 ? before : best
}

function placeZones(
  zoneSlots: Slots,
  nodeSlots: ReadonlyMap<string, Slots>,
  shape: Shape,
  headScale: number,
  x: number,
  y: number,
) {
  const grid = gridOf(zoneSlots, nodeSlots, shape, headScale)
  const zones = new Map<string, Rect>()
  const nodes = new Map<string, Rect>()
  const before = (list: number[], index: number) =>
    list.slice(0, index).reduce((sum, value) => sum + value + sizes.zoneGap, 0)
  for (const [zone, slot] of zoneSlots) {
    const row = Math.floor(slot / shape.zoneColumns)
    const column = slot % shape.zoneColumns
    const rect = {
      x: x + sizes.framePad + before(grid.columnWidths, column),
      y: y + (sizes.frameHead + sizes.controlPlane) * headScale + 8 + before(grid.rowHeights, row),
      width: grid.columnWidths[column]!,
      height: grid.rowHeights[row]!,
    }
    zones.set(zone, rect)
    for (const [key, nodeSlot] of nodeSlots.get(zone) ?? []) {
      nodes.set(key, {
        x: rect.x + sizes.zonePad + (nodeSlot % shape.columns) * (sizes.node.width + sizes.nodeGap),
        y:
          rect.y +
          sizes.zoneHead * headScale +
          Math.floor(nodeSlot / shape.columns) * (sizes.node.height + sizes.nodeGap),
        ...sizes.node,
      })
    }
  }
  return { zones, nodes, frame: { x, y, width: grid.width, height: grid.height } }
}

function placeColumns(
  slots: Slots,
  size: { readonly width: number; readonly height: number },
  rows: number,
  gap: number,
  top: (column: number) => Point,
): Map<string, Rect> {
  const rects = new Map<string, Rect>()
  for (const [key, slot] of slots) {
    const { x, y } = top(Math.floor(slot / rows))
    rects.set(key, { x, y: y + (slot % rows) * (size.height + gap), ...size })
  }
  return rects
}

/** Is the middle of a card outside the frame? Then its cable is out. */
export function isOutside(frame: Rect, card: Rect): boolean {
  const x = card.x + card.width / 2
  const y = card.y + card.height / 2
  return x < frame.x || x > frame.x + frame.width || y < frame.y || y > frame.y + frame.height
}
