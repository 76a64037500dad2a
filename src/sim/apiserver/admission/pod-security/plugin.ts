import { forbiddenRequest, invalidObject } from '../../../../machinery/errors.ts'
import type { KubeObject } from '../../../../machinery/objects.ts'
import type { RequestContext } from '../../request.ts'
import type { ApiServer } from '../../server.ts'
import type { AdmissionPlugin } from '../chain.ts'
import { violations, violationsText } from './evaluate.ts'
import { compareLevels, levelText, policyOf, type LevelVersion, type Policy } from './policy.ts'

/** Subresources of a pod that leave its spec alone. */
const ignoredSubresources = new Set(['exec', 'attach', 'binding', 'eviction', 'log', 'portforward', 'proxy', 'status'])
const mostPods = 3000

const templateOf: Readonly<Record<string, (object: any) => any>> = {
  replicationcontrollers: ({ spec }) => spec?.template,
  podtemplates: ({ template }) => template,
  'replicasets.apps': ({ spec }) => spec?.template,
  'deployments.apps': ({ spec }) => spec?.template,
  'statefulsets.apps': ({ spec }) => spec?.template,
  'daemonsets.apps': ({ spec }) => spec?.template,
  'jobs.batch': ({ spec }) => spec?.template,
  'cronjobs.batch': ({ spec }) => spec?.jobTemplate?.spec?.template,
}

/** Holds pods to the levels that their namespace's labels name. Upstream: pod-security-admission/admission. */
export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  validate(api, context, object, old) {
    const { resource, subresource } = context
    if (resource === 'pods') {
      if (!ignoredSubresources.has(subresource)) checkPod(api, context, object as KubeObject, old)
    } else if (resource === 'namespaces') {
      if (!subresource) checkNamespace(api, context, object as KubeObject, old)
    } else if (!subresource && Object.hasOwn(templateOf, resource)) checkTemplate(api, context, object as KubeObject)
  },
}

function policyFor(api: ApiServer, context: RequestContext): Policy | undefined {
  const labels = api.etcd.get('namespaces', context.namespace ?? '')?.metadata.labels
  if (!labels) return undefined
  const { policy } = policyOf(labels)
  return policy.enforce.level === 'privileged' && policy.warn.level === 'privileged' ? undefined : policy
}

function checkPod(api: ApiServer, context: RequestContext, pod: KubeObject, old: KubeObject | undefined): void {
  const policy = policyFor(api, context)
  if (!policy || (old && !isSignificant(pod, old))) return
  const found = violations(policy.enforce, pod.metadata.annotations, pod.spec)
  if (found.length > 0) {
    const detail = `violates PodSecurity ${JSON.stringify(levelText(policy.enforce))}: ${violationsText(found)}`
    throw forbiddenRequest({ group: '', name: 'pods' }, pod.metadata.name, detail)
  }
  warn(context, policy.warn, pod.metadata.annotations, pod.spec)
}

function checkTemplate(api: ApiServer, context: RequestContext, object: KubeObject): void {
  const policy = policyFor(api, context)
  if (!policy || policy.warn.level === 'privileged') return
  const template = templateOf[context.resource]!(object)
  if (template?.spec) warn(context, policy.warn, template.metadata?.annotations, template.spec)
}

function warn(
  { warnings }: RequestContext,
  level: LevelVersion,
  annotations: Readonly<Record<string, string>> | undefined,
  spec: any,
): void {
  const found = violations(level, annotations, spec)
  if (found.length > 0)
    warnings.push(`would violate PodSecurity ${JSON.stringify(levelText(level))}: ${violationsText(found)}`)
}

/** Only what containers run, and how many there are, can make a pod worse than it was. */
function isSignificant(pod: KubeObject, old: KubeObject): boolean {
  const differs = (now: any[] = [], before: any[] = []) =>
    now.length !== before.length || now.some((one, index) => one.image !== before[index]?.image)
  const { spec } = pod
  return (
    differs(spec.containers, old.spec.containers) ||
    differs(spec.initContainers, old.spec.initContainers) ||
    differs(spec.ephemeralContainers, old.spec.ephemeralContainers)
  )
}

function checkNamespace(
  api: ApiServer,
  context: RequestContext,
  namespace: KubeObject,
  old: KubeObject | undefined,
): void {
  const next = policyOf(namespace.metadata.labels)
  const before = old ? policyOf(old.metadata.labels) : undefined
  const text = (errors: readonly object[] | undefined) => JSON.stringify(errors ?? [])
  if (next.errors.length > 0 && text(next.errors) !== text(before?.errors))
    throw invalidObject({ group: '', name: 'Namespace' }, namespace.metadata.name, next.errors)
  if (!before) return
  const { enforce } = next.policy
  const was = before.policy.enforce
  if (enforce.level === 'privileged' || (enforce.level === was.level && enforce.minor === was.minor)) return
  if (enforce.minor === was.minor && compareLevels(enforce.level, was.level) < 1) return
  context.warnings.push(...warningsOfExisting(api, namespace.metadata.name, enforce))
}

/** What the pods that are there would violate, each kind of violation with one of them by name. */
function warningsOfExisting(api: ApiServer, namespace: string, enforce: LevelVersion): string[] {
  const pods = api.etcd.keys('pods').filter((key) => key.startsWith(`${namespace}/`))
  const counts = new Map<string, { name: string; count: number }>()
  for (const key of pods.slice(0, mostPods)) {
    const { metadata, spec } = api.etcd.get('pods', key)!
    const found = violations(enforce, metadata.annotations, spec)
    if (found.length === 0) continue
    const reasons = found.map(({ reason }) => reason).join(', ')
    const known = counts.get(reasons)
    if (known) known.count++
    else counts.set(reasons, { name: metadata.name, count: 1 })
  }
  const warnings: string[] = []
  if (pods.length > mostPods)
    warnings.push(
      `new PodSecurity enforce level only checked against the first ${mostPods} of ${pods.length} existing pods`,
    )
  if (counts.size > 0)
    warnings.push(
      `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${JSON.stringify(levelText(enforce))}`,
    )
  const ofPods = [...counts].map(([reasons, { name, count }]) => {
    const others = count === 1 ? '' : count === 2 ? ' (and 1 other pod)' : ` (and ${count - 1} other pods)`
    return `${name}${others}: ${reasons}`
  })
  return [...warnings, ...ofPods.sort()]
}
