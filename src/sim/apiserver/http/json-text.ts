import type { KubeObject } from '../../../machinery/objects.ts'
import type { ListMetadata } from './representations.ts'

/** JSON of stored objects without apiVersion and kind, while the objects live: lists, gets and watches share it. */
const texts = new WeakMap<KubeObject, string>()

function itemText(object: KubeObject): string {
  let text = texts.get(object)
  if (text !== undefined) return text
  const { apiVersion: _apiVersion, kind: _kind, ...item } = object
  text = JSON.stringify(item)
  // What is not frozen may still change.
  if (Object.isFrozen(object)) texts.set(object, text)
  return text
}

/** JSON of one object, as GET and watches show it. */
export function objectText(object: KubeObject): string {
  return `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},${itemText(object).slice(1)}`
}

/** A list as it is sent: its items say what they are only where the list's kind does not. */
export class PlainList {
  readonly kind: string
  readonly apiVersion: string
  readonly metadata: ListMetadata
  readonly #objects: readonly KubeObject[]
  readonly #named: boolean

  constructor(
    type: { readonly kind: string; readonly apiVersion: string },
    metadata: ListMetadata,
    objects: readonly KubeObject[],
    named: boolean,
  ) {
    this.kind = type.kind
    this.apiVersion = type.apiVersion
    this.metadata = metadata
    this.#objects = objects
    this.#named = named
  }

  text(): string {
    const head = JSON.stringify({ kind: this.kind, apiVersion: this.apiVersion, metadata: this.metadata })
    const items = this.#objects.map(this.#named ? objectText : itemText)
    return `${head.slice(0, -1)},"items":[${items.join(',')}]}`
  }

  toJSON(): unknown {
    const { kind, apiVersion, metadata } = this
    const items = this.#named
      ? this.#objects
      : this.#objects.map(({ apiVersion: _apiVersion, kind: _kind, ...item }) => item)
    return { kind, apiVersion, metadata, items }
  }
}
