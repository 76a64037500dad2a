import { podTotals, type Amounts } from '../../../kinds/pod/totals.ts'
import { aggregate, forbiddenRequest } from '../../../machinery/errors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { parseQuantity } from '../../../machinery/quantity.ts'
import { groupName } from '../group-names.ts'
import type { Draft } from '../request.ts'
import type { ApiServer } from '../server.ts'
import type { AdmissionPlugin } from './chain.ts'

const annotation = 'kubernetes.io/limit-ranger'

/** Defaults and bounds for what containers, pods and claims ask for. Upstream: plugin/pkg/admission/limitranger. */
export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  admit(api, context, pod, old) {
    if (context.resource !== 'pods' || old || context.subresource) return
    for (const range of rangesOf(api, context.namespace)) setDefaults(pod, range)
  },
  validate(api, context, object, old) {
    const { resource, subresource } = context
    const isResize = resource === 'pods' && subresource === 'resize'
    if (resource !== 'pods' && resource !== 'persistentvolumeclaims') return
    if ((subresource && !isResize) || old?.metadata.deletionTimestamp) return
    // What containers ask for cannot change but by a resize.
    if (resource === 'pods' && old && !isResize) return
    for (const range of rangesOf(api, context.namespace)) {
      const problems = resource === 'pods' ? podProblems(object, range) : claimProblems(object, range)
      if (problems.length > 0)
        throw forbiddenRequest(groupName(context.kind), object.metadata.name, aggregate(problems))
    }
  },
}

function rangesOf(api: ApiServer, namespace = ''): readonly KubeObject[] {
  const entries = api.etcd.entries('limitranges')
  if (entries.size === 0) return []
  const keys = api.etcd.keys('limitranges').filter((key) => key.startsWith(`${namespace}/`))
  return keys.map((key) => entries.get(key)!.object)
}

const limitsOf = (range: KubeObject): readonly any[] => range.spec?.limits ?? []

function setDefaults(pod: Draft, range: KubeObject): void {
  const requests: Record<string, string> = {}
  const limits: Record<string, string> = {}
  for (const limit of limitsOf(range)) {
    if (limit.type !== 'Container') continue
    Object.assign(requests, limit.defaultRequest)
    Object.assign(limits, limit.default)
  }
  const texts: string[] = []
  const fill = (container: any, type: string) => {
    for (const [part, amounts] of [
      ['request', requests],
      ['limit', limits],
    ] as const) {
      const set = missingFrom(container.resources?.[`${part}s`], amounts)
      if (set.length === 0) continue
      const resources = (container.resources ??= {})
      resources[`${part}s`] = { ...resources[`${part}s`] }
      for (const name of set) resources[`${part}s`][name] = amounts[name]
      texts.push(`${set.join(', ')} ${part} for ${type} ${container.name}`)
    }
  }
  for (const container of pod.spec?.containers ?? []) fill(container, 'container')
  for (const container of pod.spec?.initContainers ?? []) fill(container, 'init container')
  if (texts.length > 0)
    pod.metadata.annotations = {
      ...pod.metadata.annotations,
      [annotation]: `LimitRanger plugin set: ${texts.join('; ')}`,
    }
}

function missingFrom(set: Amounts | undefined, amounts: Amounts): string[] {
  return Object.keys(amounts)
    .filter((name) => !set || !Object.hasOwn(set, name))
    .sort()
}

function podProblems({ spec }: Draft, range: KubeObject): string[] {
  const problems: string[] = []
  for (const limit of limitsOf(range)) {
    if (limit.type === 'Container') {
      for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])])
        problems.push(...bounds(limit, container.resources?.requests ?? {}, container.resources?.limits ?? {}))
    } else if (limit.type === 'Pod') {
      problems.push(...bounds(limit, podTotals(spec, 'requests'), podTotals(spec, 'limits')))
    }
  }
  return problems
}

function claimProblems({ spec }: Draft, range: KubeObject): string[] {
  const problems: string[] = []
  const requests: Amounts = spec?.resources?.requests ?? {}
  for (const limit of limitsOf(range)) {
    if (limit.type !== 'PersistentVolumeClaim') continue
    each(limit.min, (name, bound) => problems.push(...below(limit.type, name, bound, requests, {})))
    each(limit.max, (name, bound) => {
      const usage = `maximum ${name} usage per ${limit.type} is ${bound}`
      const request = amountOf(requests, name)
      if (request === undefined) problems.push(`${usage}.  No request is specified`)
      else if (nano(request) > nano(bound)) problems.push(`${usage}, but request is ${request}`)
    })
  }
  return problems
}

function bounds(limit: any, requests: Amounts, limits: Amounts): string[] {
  const problems: string[] = []
  const type: string = limit.type
  each(limit.min, (name, bound) => problems.push(...below(type, name, bound, requests, limits)))
  each(limit.max, (name, bound) => problems.push(...above(type, name, bound, requests, limits)))
  each(limit.maxLimitRequestRatio, (name, bound) => problems.push(...ratio(type, name, bound, requests, limits)))
  return problems
}

function below(type: string, name: string, bound: string, requests: Amounts, limits: Amounts): string[] {
  const usage = `minimum ${name} usage per ${type} is ${bound}`
  const request = amountOf(requests, name)
  const limit = amountOf(limits, name)
  if (request === undefined) return [`${usage}.  No request is specified`]
  if (nano(request) < nano(bound)) return [`${usage}, but request is ${request}`]
  return limit !== undefined && nano(limit) < nano(bound) ? [`${usage}, but limit is ${limit}`] : []
}

function above(type: string, name: string, bound: string, requests: Amounts, limits: Amounts): string[] {
  const usage = `maximum ${name} usage per ${type} is ${bound}`
  const request = amountOf(requests, name)
  const limit = amountOf(limits, name)
  if (limit === undefined) return [`${usage}.  No limit is specified`]
  if (nano(limit) > nano(bound)) return [`${usage}, but limit is ${limit}`]
  return request !== undefined && nano(request) > nano(bound) ? [`${usage}, but request is ${request}`] : []
}

function ratio(type: string, name: string, bound: string, requests: Amounts, limits: Amounts): string[] {
  const usage = `${name} max limit to request ratio per ${type} is ${bound}`
  const request = nano(amountOf(requests, name) ?? '0')
  const limit = nano(amountOf(limits, name) ?? '0')
  if (request === 0n) return [`${usage}, but no request is specified or request is 0`]
  if (limit === 0n) return [`${usage}, but no limit is specified or limit is 0`]
  const observed = Number(limit) / Number(request)
  return observed > Number(nano(bound)) / 1e9 ? [`${usage}, but provided ratio is ${observed.toFixed(6)}`] : []
}

function each(amounts: Amounts | undefined, visit: (name: string, bound: string) => void): void {
  for (const name of Object.keys(amounts ?? {}).sort()) visit(name, amounts![name]!)
}

const amountOf = (amounts: Amounts, name: string) => (Object.hasOwn(amounts, name) ? amounts[name] : undefined)
const nano = (text: string) => parseQuantity(text)?.nano ?? 0n
