import type { Attributes, PolicyRule } from './attributes.ts'

type Strings = readonly string[]
const none: Strings = []
const has = (list: Strings | undefined, value: string) => !!list && (list.includes(value) || list.includes('*'))

/** Does a rule allow what is asked? Upstream: pkg/apis/rbac/v1/evaluation_helpers.go. */
export function ruleAllows(rule: PolicyRule, { verb, resource, path = '' }: Attributes): boolean {
  if (!has(rule.verbs, verb)) return false
  if (!resource) return (rule.nonResourceURLs ?? none).some((pattern) => matchesPath(pattern, path))
  if (!has(rule.apiGroups, resource.group)) return false
  if (!matchesResource(rule.resources ?? none, resource.resource, resource.subresource)) return false
  const names = rule.resourceNames ?? none
  return names.length === 0 || names.includes(resource.name)
}

function matchesResource(resources: Strings, resource: string, subresource: string): boolean {
  if (resources.includes('*')) return true
  if (!subresource) return resources.includes(resource)
  return resources.includes(`${resource}/${subresource}`) || resources.includes(`*/${subresource}`)
}

/** `*` matches all, `/healthz/*` all below; otherwise a path matches itself. */
function matchesPath(pattern: string, path: string): boolean {
  if (pattern === '*' || pattern === path) return true
  return pattern.endsWith('*') && path.startsWith(withoutStars(pattern))
}

function withoutStars(pattern: string): string {
  let end = pattern.length
  while (end > 0 && pattern[end - 1] === '*') end--
  return pattern.slice(0, end)
}

/**
 * The parts of `rules` that `owned` does not cover, each down to one verb, group and resource.
 * Upstream: component-helpers/auth/rbac/validation, Covers.
 */
export function uncovered(owned: readonly PolicyRule[], rules: readonly PolicyRule[]): PolicyRule[] {
  const missing: PolicyRule[] = []
  for (const rule of rules) {
    // A rule of very many parts is judged as a whole: what it lacks need not be told in a million lines.
    const parts = partCount(rule) > mostParts ? [rule] : breakDown(rule)
    for (const part of parts) if (!owned.some((one) => ruleCovers(one, part))) missing.push(part)
  }
  return missing
}

const mostParts = 20_000

function partCount({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): number {
  const count = (list: Strings | undefined) => list?.length ?? 0
  const perVerb = count(apiGroups) * count(resources) * Math.max(1, count(resourceNames)) + count(nonResourceURLs)
  return count(verbs) * perVerb
}

function* breakDown(rule: PolicyRule): Generator<PolicyRule> {
  const verbs = rule.verbs ?? none
  for (const group of rule.apiGroups ?? none) {
    for (const resource of rule.resources ?? none) {
      for (const verb of verbs) {
        const part = { apiGroups: [group], resources: [resource], verbs: [verb] }
        if (rule.resourceNames?.length) for (const name of rule.resourceNames) yield { ...part, resourceNames: [name] }
        else yield part
      }
    }
  }
  for (const url of rule.nonResourceURLs ?? none)
    for (const verb of verbs) yield { nonResourceURLs: [url], verbs: [verb] }
}

function ruleCovers(owner: PolicyRule, part: PolicyRule): boolean {
  const all = (owned: Strings | undefined, wanted: Strings | undefined) =>
    !!owned?.includes('*') || (wanted ?? none).every((one) => owned?.includes(one))
  if (!all(owner.verbs, part.verbs) || !all(owner.apiGroups, part.apiGroups)) return false
  const resources = owner.resources ?? none
  const coversResources =
    resources.includes('*') ||
    (part.resources ?? none).every((path) => {
      const slash = path.indexOf('/')
      return resources.includes(path) || (slash >= 0 && resources.includes(`*${path.slice(slash)}`))
    })
  if (!coversResources) return false
  const urls = owner.nonResourceURLs ?? none
  if (!(part.nonResourceURLs ?? none).every((url) => urls.some((pattern) => matchesPath(pattern, url)))) return false
  const names = owner.resourceNames ?? none
  if (names.length === 0) return true
  return !!part.resourceNames?.length && part.resourceNames.every((name) => names.includes(name))
}

/** Joins the verbs of parts that name the same resource. Upstream: CompactRules. */
export function compact(parts: readonly PolicyRule[]): PolicyRule[] {
  const compacted: PolicyRule[] = []
  const simple = new Map<string, { verbs: string[] }>()
  for (const part of parts) {
    if (part.nonResourceURLs) {
      compacted.push(part)
      continue
    }
    const key = JSON.stringify([part.apiGroups, part.resources, part.resourceNames])
    const known = simple.get(key)
    if (known) known.verbs.push(...(part.verbs ?? none))
    else {
      const joined = { ...part, verbs: [...(part.verbs ?? none)] }
      simple.set(key, joined)
      compacted.push(joined)
    }
  }
  return compacted
}

/** `{APIGroups:["apps"], Resources:["deployments"], Verbs:["get" "list"]}`. */
export function ruleText(rule: PolicyRule): string {
  const parts: [string, Strings | undefined][] = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['ResourceNames', rule.resourceNames],
    ['Verbs', rule.verbs],
  ]
  const present = parts.filter(([, list]) => list?.length)
  return `{${present.map(([name, list]) => `${name}:${quotedList(list!)}`).join(', ')}}`
}

/** A list as Go's %q prints it: `["a" "b"]`. */
export function quotedList(list: Strings): string {
  return `[${list.map((one) => JSON.stringify(one)).join(' ')}]`
}
