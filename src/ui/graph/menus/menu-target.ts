/** What a menu was asked for, and where it opens. */
export interface MenuTarget {
  /** An API resource; or `zone`, `part` (of the control plane) and `cluster`, which are none. */
  readonly resource: string
  readonly key: string
  readonly x: number
  readonly y: number
  /** Gets the focus back. */
  readonly origin: HTMLElement | null
}

const places: readonly (string | undefined)[] = ['zone', 'part', 'cluster']

/** Is it no object, so that there is nothing to select and a click opens its menu? */
export function isPlace(resource: string | undefined): boolean {
  return places.includes(resource)
}
