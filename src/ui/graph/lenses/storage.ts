import { keyOf } from '../../../machinery/objects.ts'
import { assignSlots, type Rect } from '../layout.ts'
import { podsMounting } from '../pod-view.ts'
import {
  cardId,
  objectsOf,
  type CardType,
  type Memory,
  type Scene,
  type SceneCard,
  type SceneInput,
  type SceneLink,
} from './scene.ts'

const disc = { width: 92, height: 76 }
const gutter = 36
const classWidth = 168
const podsWidth = 184
const rowHeight = disc.height + 12
const rowsPerBlock = 7
const [left, top] = [0, 60]

/** Where a volume comes from and who has it: class, volume, claim, pods, a row for each claim or unclaimed volume. */
export function storageScene({ tables, hasPods, placements }: SceneInput, memory: Memory): Scene {
  const links: SceneLink[] = []
  const cards: SceneCard[] = []
  const add = (id: string, type: CardType, rect: Rect, pods?: readonly string[]) => {
    const space = id.indexOf(' ')
    const placed = placements[id]
    cards.push({
      id,
      type,
      rect: placed ? { ...rect, ...placed } : rect,
      resource: id.slice(0, space),
      key: id.slice(space + 1),
      ...(pods && { pods }),
    })
  }
  const claims = objectsOf(tables, 'persistentvolumeclaims')
  const volumes = objectsOf(tables, 'persistentvolumes')
  const free = volumes.filter(({ spec }) => !tables.persistentvolumeclaims?.byKey.has(claimOf(spec)))
  const rowIds = [
    ...claims.map((claim) => cardId('persistentvolumeclaims', keyOf(claim))).sort(),
    ...free.map((volume) => cardId('persistentvolumes', keyOf(volume))).sort(),
  ]
  const rows = assignSlots(rowIds, memory.slots.rows)
  const classes = objectsOf(tables, 'storageclasses.storage.k8s.io')
  const classIds = classes.map((each) => cardId('storageclasses.storage.k8s.io', each.metadata.name)).sort()
  const classSlots = assignSlots(classIds, memory.slots.classes)

  for (const [id, slot] of classSlots)
    add(id, 'ObjectCard', { x: left, y: top + slot * 66, width: classWidth, height: 46 })
  const blockX = left + classWidth + gutter
  const blockWidth = 2 * disc.width + podsWidth + 3 * gutter
  const at = (id: string) => {
    const slot = rows.get(id)!
    return { x: blockX + Math.floor(slot / rowsPerBlock) * blockWidth, y: top + (slot % rowsPerBlock) * rowHeight }
  }
  const fromClass = (spec: any, to: string, type: SceneLink['type']) => {
    const from = cardId('storageclasses.storage.k8s.io', spec?.storageClassName ?? '')
    if (classSlots.has(from)) links.push({ type, from, to })
  }
  for (const volume of free) {
    const id = cardId('persistentvolumes', keyOf(volume))
    add(id, 'storage', { ...at(id), ...disc })
    fromClass(volume.spec, id, 'owner')
  }
  for (const claim of claims) {
    const key = keyOf(claim)
    const id = cardId('persistentvolumeclaims', key)
    const { x, y } = at(id)
    add(id, 'storage', { x: x + disc.width + gutter, y, ...disc })
    const volume = tables.persistentvolumes?.byKey.get(claim.spec?.volumeName ?? '')
    if (volume && claimOf(volume.spec) === key) {
      const volumeId = cardId('persistentvolumes', keyOf(volume))
      add(volumeId, 'storage', { x, y, ...disc })
      fromClass(volume.spec, volumeId, 'owner')
      links.push({ type: 'mount', from: volumeId, to: id })
    } else fromClass(claim.spec, id, 'selector')
    const group = podsMounting(key)
    if (!hasPods(group)) continue
    add(group, 'PodsBox', { x: x + 2 * (disc.width + gutter), y: y - 6, width: podsWidth, height: 58 }, [group])
    links.push({ type: 'mount', from: id, to: group })
  }
  return { cards, links, memory: { slots: { rows, classes: classSlots }, sizes: {}, points: {} } }
}

function claimOf(spec: any): string {
  const { namespace, name } = spec?.claimRef ?? {}
  return name ? `${namespace}/${name}` : ''
}
