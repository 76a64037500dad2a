import type { ObjectEdit } from '../../machinery/object-edits.ts'
import type { Action } from '../../playground/model.ts'

/** What fills the places in a text. */
export type Params = Readonly<Record<string, string | number>>

/** A sentence as data: the page has its words. */
export interface Say {
  readonly code: string
  readonly params?: Params
}

export interface ObjectRef {
  readonly resource: string
  /** `namespace/name`, or just `name`. */
  readonly key: string
}

export type VerdictTone = 'ok' | 'wait' | 'warn' | 'fail'

/** The answer in one sentence, and what it rests on. */
export interface Verdict extends Say {
  readonly tone: VerdictTone
  readonly because: readonly Say[]
}

/** One thing that was found on the way to the answer. */
export interface Step extends Say {
  readonly tone?: VerdictTone
  readonly object?: ObjectRef
  /** Virtual milliseconds. */
  readonly at?: number
  /** The last lines of a log, say. */
  readonly lines?: readonly string[]
}

export interface Explanation {
  readonly verdict: Verdict
  readonly steps: readonly Step[]
  /** Is there something to try? `fixes` says what of it helps. */
  readonly mayHaveFixes: boolean
}

/** What something uses at a moment of virtual time. */
export interface Usage {
  readonly at: number
  readonly milliCPU: number
  readonly memoryBytes: number
}

/** Something that was tried on a copy of the cluster and helped: edits of a manifest, or an action. */
export interface Fix extends Say {
  readonly verified: true
  /** What is edited or acted on. */
  readonly object: ObjectRef
  readonly edits?: readonly ObjectEdit[]
  readonly action?: Action
  /** The object takes no such edit while it lives: it has to be made anew. */
  readonly recreate?: true
  /** What has to follow the edit: a StatefulSet does not replace a pod that never was ready. */
  readonly after?: Action
  /** What came of it on the copy. */
  readonly outcome: Say
}
