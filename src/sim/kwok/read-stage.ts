import { executeTemplate } from '../../lib/go-template/execute.ts'
import { parseTemplate } from '../../lib/go-template/parse.ts'
import { sprig } from '../../lib/go-template/sprig.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { readYaml } from '../../machinery/yaml.ts'
import { readDuration, readInteger, readRequirement } from './expressions.ts'
import type { StageFunctions } from './functions.ts'
import { StageError, type Stage, type StagePatch, type Step } from './stage.ts'

const read = new WeakMap<KubeObject, Stage | Error>()

/** A Stage as its object says it. Throws what `isProblem` knows. */
export function readStage(object: KubeObject): Stage {
  let stage = read.get(object)
  if (!stage) {
    try {
      stage = stageOf(object)
    } catch (error) {
      stage = error as Error
    }
    read.set(object, stage)
  }
  if (stage instanceof Error) throw stage
  return stage
}

const list = (value: unknown): readonly any[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const values = (items: unknown): string[] => list(items).map((item) => text(item?.value))

function stageOf({ metadata, spec = {} }: KubeObject): Stage {
  const { selector, delay, weight, weightFrom } = spec
  const duration = readDuration(delay?.durationMilliseconds ?? 0, delay?.durationFrom)
  const jitter = readDuration(delay?.jitterDurationMilliseconds, delay?.jitterDurationFrom)
  return {
    name: metadata.name,
    matches: readSelector(selector),
    weight: readInteger(weight, weightFrom),
    delayMs: (object, wallMs, random) => {
      const least = duration(object, wallMs)
      if (least === undefined) return 0
      const most = jitter(object, wallMs) ?? least
      return Math.max(0, most <= least ? most : least + random(most - least))
    },
    immediate: spec.immediateNextStage === true,
    steps: stepsOf(spec),
  }
}

function readSelector(selector: any): Stage['matches'] {
  if (typeof selector !== 'object' || selector === null) return () => false
  const requirements = list(selector.matchExpressions).map(readRequirement)
  const { matchLabels, matchAnnotations } = selector
  return (object) =>
    includes(object.metadata.labels, matchLabels) &&
    includes(object.metadata.annotations, matchAnnotations) &&
    requirements.every((holds) => holds(object))
}

function includes(present: Readonly<Record<string, string>> = {}, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return true
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(present, key) && present[key] === value)
}

/** `steps`, or `next` in the order in which that is done. */
function stepsOf({ steps, next = {}, resourceRef }: any): Step[] {
  // Upstream's default for kinds that it knows as Go types, which these two are.
  const usual = resourceRef?.kind === 'Pod' || resourceRef?.kind === 'Node' ? 'strategic' : 'merge'
  if (Array.isArray(steps)) return steps.map((step) => readStep(step ?? {}, usual))
  const { statusTemplate, statusSubresource: subresource = 'status' } = next
  const patches = [...list(next.patches)]
  if (text(statusTemplate)) patches.unshift({ template: statusTemplate, root: 'status', subresource })
  return [readStep({ ...next, patch: undefined }, usual), ...patches.map((patch) => readStep({ patch }, usual))]
}

function readStep({ event, finalizers, delete: deletes, patch }: any, usual: 'strategic' | 'merge'): Step {
  return {
    ...(event && { event: { type: text(event.type), reason: text(event.reason), message: text(event.message) } }),
    ...(finalizers && {
      finalizers: {
        add: values(finalizers.add),
        remove: values(finalizers.remove),
        empty: finalizers.empty === true,
      },
    }),
    deletes: deletes === true,
    ...(patch && { patch: readPatch(patch, usual) }),
  }
}

function readPatch(patch: any, usual: 'strategic' | 'merge'): StagePatch {
  const { template: source, type = usual, root, subresource } = patch ?? {}
  if (type !== 'json' && type !== 'merge' && type !== 'strategic')
    throw new StageError(`unknown patch type ${JSON.stringify(type)}`)
  const template = parseTemplate(text(source).trim())
  return {
    type,
    ...(text(subresource) && { subresource }),
    body: (object, functions) => rooted(rendered(template, object, functions), text(root), type),
  }
}

function rendered(template: ReturnType<typeof parseTemplate>, object: KubeObject, functions: StageFunctions): unknown {
  const output = executeTemplate(template, object, { functions: { ...sprig, ...functions } })
  const document = readYaml(output)[0]
  if (document?.error) throw new StageError(`template: ${document.error.message}`)
  return document?.value ?? {}
}

function rooted(body: unknown, root: string, type: StagePatch['type']): unknown {
  if (!root) return body
  if (type !== 'json') return { [root]: body }
  if (!Array.isArray(body)) throw new StageError('template: a JSON patch is a list')
  return body.map((operation) => ({ ...operation, path: `/${root}${operation?.path ?? ''}` }))
}
