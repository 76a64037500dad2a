import { create } from 'zustand'
import type { ObjectKey } from '../../machinery/objects.ts'

/** Something that selects nothing, and what it was probably meant for. */
export interface Near {
  /** `app=mail` */
  readonly selects: string
  /** `app=mailer`; '' when the label is not there at all. */
  readonly has: string
  readonly pods: readonly ObjectKey[]
  /** Card of the workload of those pods. */
  readonly target?: string
}

/** Near misses by the card of what misses. Found by a part of the page that is loaded after the first paint. */
export const useNear = create<{ readonly near: ReadonlyMap<string, Near> }>()(() => ({ near: new Map() }))
