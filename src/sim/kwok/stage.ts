import { TemplateError } from '../../lib/go-template/errors.ts'
import { JqError } from '../../lib/jq/jq.ts'
import { CelCostError, CelError } from '../../machinery/cel/values.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { Patch } from '../apiserver/patch.ts'
import type { StageFunctions } from './functions.ts'

/** What is wrong with a Stage. */
export class StageError extends Error {}

/** One step in the life of an object: for which it is meant, when it comes, and what it does. */
export interface Stage {
  readonly name: string
  matches(object: KubeObject): boolean
  /** Its share among several that match; undefined where its expression finds no number. */
  weight(object: KubeObject): number | undefined
  delayMs(object: KubeObject, wallMs: number, random: (bound: number) => number): number
  /** The next one need not wait until the change is seen. */
  readonly immediate: boolean
  /** It says nothing new. */
  readonly background?: boolean
  readonly steps: readonly Step[]
}

/** What is done, in this order. After a deletion only events are sent. */
export interface Step {
  readonly event?: { readonly type: string; readonly reason: string; readonly message: string }
  readonly finalizers?: {
    readonly add: readonly string[]
    readonly remove: readonly string[]
    readonly empty: boolean
  }
  readonly deletes?: boolean
  readonly patch?: StagePatch
}

export interface StagePatch {
  readonly type: Exclude<Patch['type'], 'apply'>
  readonly subresource?: string
  body(object: KubeObject, functions: StageFunctions): unknown
}

/** The one that comes next, by weight where several match. Upstream: pkg/utils/lifecycle, Match. */
export function nextStage(
  stages: readonly Stage[],
  object: KubeObject,
  random: (bound: number) => number,
): Stage | undefined {
  const matching = stages.filter((stage) => stage.matches(object))
  if (matching.length <= 1) return matching[0]
  const weighed = matching.map((stage) => ({ stage, weight: stage.weight(object) }))
  const known = weighed.filter(({ weight }) => weight !== undefined)
  const total = known.reduce((sum, { weight }) => sum + weight!, 0)
  const candidates = known.length > 0 ? known : weighed
  if (total === 0) return candidates[random(candidates.length)]!.stage
  let at = random(total)
  return candidates.find(({ weight }) => weight! > 0 && (at -= weight!) < 0)?.stage
}

/** What may be wrong with what a Stage says; anything else is a defect of ours. */
export function isProblem(error: unknown): error is Error {
  return [StageError, TemplateError, JqError, CelError, CelCostError].some((type) => error instanceof type)
}
