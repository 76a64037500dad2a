import type { KubeObject, ObjectKey } from '../../../machinery/objects.ts'
import type { Layer } from '../lens-store.ts'
import type { Point, Rect, Slots } from '../layout.ts'

/** Which component draws a card. */
export type CardType = 'GroupFrame' | 'ObjectCard' | 'LineCard' | 'PodsBox' | 'NetworkCard' | 'NearCard' | 'storage'

/** One card of a scene. */
export interface SceneCard {
  /** `deployments.apps shop/web`, the same through every lens. */
  readonly id: string
  readonly type: CardType
  readonly rect: Rect
  readonly resource: string
  readonly key: ObjectKey
  /** Groups of pods that it shows. */
  readonly pods?: readonly string[]
  /** What it says of itself when it is no object: a group's name. */
  readonly title?: string
  readonly near?: NearLabel
}

/** The words of an almost: what is asked for and what is there. */
export interface NearLabel {
  readonly selects: string
  readonly has: string
  /** The pods that were probably meant. */
  readonly pods: readonly ObjectKey[]
}

/** A relation of two cards. */
export interface SceneLink {
  readonly type: Layer | 'near'
  readonly from: string
  readonly to: string
  /** Still declared, but what it leads to is not there. */
  readonly cut?: boolean
  readonly near?: NearLabel
}

/** What is remembered from one layout to the next, so that nothing moves that did not change. */
export interface Memory {
  readonly slots: Readonly<Record<string, Slots>>
  readonly sizes: Readonly<Record<string, number>>
  readonly points: Readonly<Record<string, Point>>
}

export const noMemory: Memory = { slots: {}, sizes: {}, points: {} }

export interface Scene {
  readonly cards: readonly SceneCard[]
  readonly links: readonly SceneLink[]
  readonly memory: Memory
}

/** The cluster's tables, by resource. */
export type Tables = Readonly<
  Record<
    string,
    { readonly byKey: ReadonlyMap<ObjectKey, KubeObject>; readonly keys: readonly ObjectKey[] } | undefined
  >
>

/** What a scene is made of. */
export interface SceneInput {
  readonly tables: Tables
  /** Is there a pod in this group? */
  readonly hasPods: (group: string) => boolean
  /** Labels by which something misses its pods, by the card's id. */
  readonly near: ReadonlyMap<string, NearLabel & { readonly target?: string }>
  readonly placements: Readonly<Record<string, Point>>
}

export function cardId(resource: string, key: ObjectKey): string {
  return `${resource} ${key}`
}

export function objectsOf(tables: Tables, resource: string): readonly KubeObject[] {
  return [...(tables[resource]?.byKey.values() ?? [])]
}

/** All that have to be seen, with room around them. */
export function boundsOf(cards: readonly SceneCard[], margin = 12): Rect {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { rect } of cards) {
    left = Math.min(left, rect.x)
    top = Math.min(top, rect.y)
    right = Math.max(right, rect.x + rect.width)
    bottom = Math.max(bottom, rect.y + rect.height)
  }
  if (left > right) return { x: 0, y: 0, width: 784, height: 560 }
  return { x: left - margin, y: top - margin, width: right - left + 2 * margin, height: bottom - top + 2 * margin }
}
