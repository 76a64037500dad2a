import type { ObjectEdit } from '../../machinery/object-edits.ts'
import type { Action } from '../../playground/model.ts'
import type { Look, Subject } from './look.ts'
import type { ObjectRef, Params, Say, Step, Verdict, VerdictTone } from './types.ts'

/** Something that may help. It is offered once it did on a copy of the cluster. */
export interface Candidate extends Say {
  readonly object: ObjectRef
  readonly edits?: readonly ObjectEdit[]
  readonly action?: Action
  readonly recreate?: true
  readonly after?: Action
  /** On the copy: what came of it, or undefined while the problem is there. */
  readonly solved: (look: Look) => Say | undefined
  /** Virtual time it may take. */
  readonly withinMs?: number
  /** It must still hold so much later. */
  readonly holdsMs?: number
}

/** What a question found. */
export interface Finding {
  readonly verdict: Verdict
  readonly steps: readonly Step[]
  readonly candidates: () => readonly Candidate[]
}

/** A question: undefined when it has nothing to say of an object. */
export type Question = (look: Look, subject: Subject) => Finding | undefined

export function finding(
  tone: VerdictTone,
  code: string,
  params: Params = {},
  more: {
    readonly because?: readonly Say[]
    readonly steps?: readonly (Step | undefined | false)[]
    readonly candidates?: () => readonly (Candidate | undefined | false)[]
  } = {},
): Finding {
  const { because = [], steps = [], candidates } = more
  return {
    verdict: { tone, code, params, because },
    steps: steps.filter((step) => step !== undefined && step !== false),
    candidates: () => (candidates?.() ?? []).filter((one) => one !== undefined && one !== false),
  }
}

/** The names that are most like one, nearest first: a slip of the keyboard, a lost letter. */
export function nearMisses(wanted: string, names: readonly string[]): string[] {
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  return names
    .map((name) => [name, distance(wanted, name)] as const)
    .filter(([name, far]) => name !== wanted && (far <= limit || name.startsWith(wanted) || wanted.startsWith(name)))
    .sort((a, b) => a[1] - b[1])
    .map(([name]) => name)
    .slice(0, 3)
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
