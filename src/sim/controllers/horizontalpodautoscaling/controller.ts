import { deepEqual } from '../../../lib/deep-equal.ts'
import { resourceOf, type ScaleAccess } from '../../../kinds/kind.ts'
import type { Condition } from '../../../kinds/pod/conditions.ts'
import { StatusError } from '../../../machinery/errors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { milliValue } from '../../../machinery/quantity.ts'
import { matchesRequirements, type Requirement } from '../../../machinery/selectors.ts'
import { parseLabelSelector } from '../../../machinery/selector-syntax.ts'
import {
  defineController,
  requeueAfter,
  done,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'
import { limited, limitedBy, stabilized, stabilizedBy, withChange, withRecommendation, type History } from './limits.ts'
import { MetricFailure, replicasFor } from './metrics.ts'

const autoscalers = 'horizontalpodautoscalers.autoscaling'
const defaultTolerance = 0.1

/** Sizes workloads by what their pods use, in a steady beat. Upstream: pkg/controller/podautoscaler. */
export function horizontalPodAutoscalerController(syncPeriodMs: number): ControllerDefinition {
  return defineController({
    name: 'horizontalpodautoscaling',
    component: 'horizontal-pod-autoscaler',
    for: autoscalers,
    waitsMs: () => syncPeriodMs,
    reconcile: (key, context) => {
      const autoscaler = context.client.get(autoscalers, key)
      if (!autoscaler) {
        context.memory.delete(key)
        return done
      }
      sync(key, autoscaler, context)
      return again(syncPeriodMs)
    },
  })
}

const again = (ms: number): Result => requeueAfter(ms, true)

/** One autoscaler while it is looked at. */
interface Sync {
  readonly key: string
  readonly autoscaler: KubeObject
  conditions: readonly Condition[]
  history: History
}

interface Target {
  readonly resource: string
  readonly object: KubeObject
  readonly access: ScaleAccess
  readonly replicas: number
  readonly selector: string
}

/** Upstream: reconcileAutoscaler. */
function sync(key: string, autoscaler: KubeObject, context: ReconcileContext): void {
  const { client, clock, memory } = context
  const conditions = autoscaler.status?.conditions ?? []
  const history: History = memory.get(key) ?? { recommendations: [], ups: [], downs: [] }
  const state: Sync = { key, autoscaler, conditions, history }
  const target = targetOf(autoscaler, context)
  if (typeof target === 'string') {
    client.events.warning(autoscaler, 'FailedGetScale', target)
    setCondition(
      state,
      context,
      'AbleToScale',
      'False',
      'FailedGetScale',
      `the HPA controller was unable to get the target's current scale: ${target}`,
    )
    return writeStatus(state, { ...autoscaler.status, conditions: state.conditions }, context)
  }
  const message = "the HPA controller was able to get the target's current scale"
  setCondition(state, context, 'AbleToScale', 'True', 'SucceededGetScale', message)
  const { replicas: current } = target
  if (history.recommendations.length === 0)
    state.history = { ...history, recommendations: [{ replicas: current, at: clock.wall() }] }
  decide(state, target, context)
  memory.set(key, state.history)
}

function decide(state: Sync, target: Target, context: ReconcileContext): void {
  const { minReplicas = 1, maxReplicas } = state.autoscaler.spec
  const { replicas: current } = target
  if (current === 0 && minReplicas !== 0) {
    const message = 'scaling is disabled since the replica count of the target is zero'
    setCondition(state, context, 'ScalingActive', 'False', 'ScalingDisabled', message)
    return setSizes(state, context, current, 0, null)
  }
  if (current > maxReplicas)
    return resize(state, target, maxReplicas, 'Current number of replicas above Spec.MaxReplicas', null, context)
  if (current < minReplicas)
    return resize(state, target, minReplicas, 'Current number of replicas below Spec.MinReplicas', null, context)
  const computed = computeReplicas(state, target, context)
  if (!computed) return
  const { wanted, name, statuses } = computed
  const reason = wanted > current ? `${name} above target` : 'All metrics below target'
  const replicas = normalise(state, current, wanted, context)
  if (replicas === current) return setSizes(state, context, current, current, statuses)
  resize(state, target, replicas, wanted === current ? '' : reason, statuses, context)
}

/** What the target is and how large, or why that cannot be told. */
function targetOf({ spec, metadata }: KubeObject, { client, api }: ReconcileContext): Target | string {
  const { apiVersion = '', kind: kindName, name } = spec.scaleTargetRef
  const parts = apiVersion.split('/')
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`
  const group = parts.length === 2 ? parts[0] : ''
  const kind = api.kinds.preferred().find((one) => one.group === group && one.kind === kindName)
  if (!kind) return `no matches for kind ${JSON.stringify(kindName)} in group ${JSON.stringify(group)}`
  const resource = resourceOf(kind)
  const access = kind.scale
  if (!access) return 'the server could not find the requested resource'
  const object = client.live(resource, `${metadata.namespace}/${name}`)
  if (!object) return `${resource} ${JSON.stringify(name)} not found`
  const { replicas = 0, selector = '' } = access.read(object)
  return { resource, object, access, replicas, selector }
}

/** The most that any metric asks for; undefined where that is not known. Upstream: computeReplicasForMetrics. */
function computeReplicas(
  state: Sync,
  target: Target,
  context: ReconcileContext,
): { wanted: number; name: string; statuses: unknown } | undefined {
  const { autoscaler } = state
  const { spec, metadata, status } = autoscaler
  const { client, clock, api } = context
  const fail = (message: string, statuses: unknown): undefined => {
    setSizes(state, context, target.replicas, status?.desiredReplicas ?? 0, statuses)
    client.events.warning(autoscaler, 'FailedComputeMetricsReplicas', message)
    return undefined
  }
  const { namespace = '' } = metadata
  const selected = podsOf(state, target, context)
  if (typeof selected === 'string') return fail(selected, null)
  const tolerance = (rules: any) =>
    rules?.tolerance === undefined ? defaultTolerance : milliValue(rules.tolerance) / 1000
  const at = {
    replicas: target.replicas,
    tolerances: { up: tolerance(spec.behavior?.scaleUp), down: tolerance(spec.behavior?.scaleDown) },
    namespace,
    ...selected,
    source: api.metrics,
    wallMs: clock.wall(),
  }
  const failures: MetricFailure[] = []
  let wanted = 0
  let name = ''
  const statuses = spec.metrics.map((metric: any) => {
    try {
      const outcome = replicasFor(metric, autoscaler, at)
      if (wanted === 0 || outcome.replicas > wanted) ({ replicas: wanted, name } = outcome)
      return outcome.status
    } catch (error) {
      if (!(error instanceof MetricFailure)) throw error
      client.events.warning(autoscaler, error.reason, error.detail)
      failures.push(error)
      return { type: '' }
    }
  })
  const [first] = failures
  // With metrics missing the target may grow, but not shrink.
  if (first && (failures.length === spec.metrics.length || wanted < target.replicas)) {
    const message = `the HPA was unable to compute the replica count: ${first.detail}`
    setCondition(state, context, 'ScalingActive', 'False', first.reason, message)
    const count = `${failures.length} invalid out of ${spec.metrics.length}`
    return fail(`invalid metrics (${count}), first error is: ${first.message}`, statuses)
  }
  const message = `the HPA was able to successfully calculate a replica count from ${name}`
  setCondition(state, context, 'ScalingActive', 'True', 'ValidMetricFound', message)
  return { wanted, name, statuses }
}

/** The target's pods, which must be nobody else's; or what is wrong. Upstream: validateAndParseSelector. */
function podsOf(
  state: Sync,
  { selector: text }: Target,
  context: ReconcileContext,
): { selector: Requirement[]; pods: KubeObject[] } | string {
  const { autoscaler } = state
  const { client } = context
  const refuse = (reason: string, message: string, told = message): string => {
    client.events.warning(autoscaler, reason, message)
    const conditionReason = reason === 'SelectorRequired' ? 'InvalidSelector' : reason
    setCondition(state, context, 'ScalingActive', 'False', conditionReason, told)
    return message
  }
  if (!text) return refuse('SelectorRequired', 'selector is required', "the HPA target's scale is missing a selector")
  const parsed = parseLabelSelector(text)
  if (!parsed.ok)
    return refuse(
      'InvalidSelector',
      `couldn't convert selector into a corresponding internal selector object: ${parsed.message}`,
    )
  state.history = { ...state.history, selector: text }
  const { namespace = '' } = autoscaler.metadata
  const pods = client
    .cache('pods')
    .byIndex('namespace', namespace)
    .filter(({ metadata }) => matchesRequirements(parsed.value, metadata.labels ?? {}))
  const rivals = rivalsOf(state, pods, context)
  if (rivals.length > 1)
    return refuse(
      'AmbiguousSelector',
      `pods by selector ${text} are controlled by multiple HPAs: [${rivals.join(' ')}]`,
    )
  return { selector: parsed.value, pods }
}

/** Autoscalers that look at any of these pods, this one included. */
function rivalsOf({ key }: Sync, pods: readonly KubeObject[], { client, memory }: ReconcileContext): string[] {
  const namespace = key.slice(0, key.indexOf('/') + 1)
  const rivals = [key]
  for (const [other, { selector }] of memory as Map<string, History>) {
    if (other === key || !other.startsWith(namespace) || !selector || !client.get(autoscalers, other)) continue
    const parsed = parseLabelSelector(selector)
    if (parsed.ok && pods.some(({ metadata }) => matchesRequirements(parsed.value, metadata.labels ?? {})))
      rivals.push(other)
  }
  return rivals.sort()
}

/** What is made of a recommendation: held back for a while, then kept within limits. */
function normalise(state: Sync, current: number, wanted: number, context: ReconcileContext): number {
  const { spec } = state.autoscaler
  const { behavior, minReplicas: min = 1, maxReplicas: max } = spec
  const wallMs = context.clock.wall()
  const sizes = { current, wanted, min, max, wallMs }
  const steady = behavior ? stabilizedBy(behavior, state.history, sizes) : stabilized(state.history, sizes)
  state.history = withRecommendation(state.history, wanted, behavior, wallMs)
  if (steady.replicas === wanted)
    setCondition(state, context, 'AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size')
  else setCondition(state, context, 'AbleToScale', 'True', steady.reason, steady.message)
  const settled = { ...sizes, wanted: steady.replicas }
  const final = behavior ? limitedBy(behavior, state.history, settled) : limited(settled)
  const isLimited = final.replicas === steady.replicas ? 'False' : 'True'
  setCondition(state, context, 'ScalingLimited', isLimited, final.reason, final.message)
  return final.replicas
}

function resize(
  state: Sync,
  { resource, object, access, replicas: current }: Target,
  replicas: number,
  reason: string,
  statuses: unknown,
  context: ReconcileContext,
): void {
  const { autoscaler } = state
  const { client, clock } = context
  const { status, spec } = autoscaler
  try {
    client.update(resource, access.withReplicas(object, replicas), { subresource: 'scale' })
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    const { message } = error
    const text = `New size: ${replicas}; reason: ${reason}; error: ${message}`
    client.events.warning(autoscaler, 'FailedRescale', text)
    const told = `the HPA controller was unable to update the target scale: ${message}`
    setCondition(state, context, 'AbleToScale', 'False', 'FailedUpdateScale', told)
    return setSizes(state, context, current, status?.desiredReplicas ?? 0, status?.currentMetrics ?? null)
  }
  const told = `the HPA controller was able to update the target scale to ${replicas}`
  setCondition(state, context, 'AbleToScale', 'True', 'SucceededRescale', told)
  client.events.normal(autoscaler, 'SuccessfulRescale', `New size: ${replicas}; reason: ${reason}`)
  state.history = withChange(state.history, current, replicas, spec.behavior, clock.wall())
  setSizes(state, context, current, replicas, statuses, client.timestamp())
}

function setSizes(
  state: Sync,
  context: ReconcileContext,
  current: number,
  desired: number,
  currentMetrics: unknown,
  scaledAt?: string,
): void {
  const lastScaleTime = scaledAt ?? state.autoscaler.status?.lastScaleTime
  const status = {
    ...(lastScaleTime && { lastScaleTime }),
    ...(current && { currentReplicas: current }),
    desiredReplicas: desired,
    currentMetrics,
    conditions: state.conditions,
  }
  writeStatus(state, status, context)
}

function writeStatus({ autoscaler }: Sync, status: unknown, { client }: ReconcileContext): void {
  if (deepEqual(status, autoscaler.status)) return
  try {
    client.updateStatus(autoscalers, { ...autoscaler, status } as KubeObject)
  } catch (error) {
    // Somebody else changed it: the next beat is soon enough.
    if (!(error instanceof StatusError)) throw error
  }
}

function setCondition(
  state: Sync,
  { client }: ReconcileContext,
  type: string,
  status: 'True' | 'False',
  reason: string,
  message: string,
): void {
  const index = state.conditions.findIndex((one) => one.type === type)
  const present = state.conditions[index]
  const lastTransitionTime = present?.status === status ? present.lastTransitionTime! : client.timestamp()
  const next: Condition = { type, status, lastTransitionTime, reason, message }
  state.conditions = present ? state.conditions.with(index, next) : [...state.conditions, next]
}
