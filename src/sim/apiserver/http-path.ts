import type { Kind } from '../../kinds/kind.ts'

/** What a URL names. */
export interface ResourcePath {
  readonly kind: Kind
  readonly namespace: string | undefined
  /** '' for the collection. */
  readonly name: string
  readonly subresource: string
}
