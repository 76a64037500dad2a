import type { KubeObject, ObjectKey } from '../../machinery/objects.ts'
import { keyOf } from '../../machinery/objects.ts'
import { matchesLabelSelector, type LabelSelector } from '../../machinery/selectors.ts'

/** A selector that selects nothing, and the pods it was probably meant for. */
export interface NearMiss {
  /** The requirement that fails: `app=mail`. */
  readonly selects: string
  /** What those pods have instead, `app=mailer`; '' when they have no such label at all. */
  readonly has: string
  /** The label's name in the selector. */
  readonly label: string
  readonly pods: readonly ObjectKey[]
}

/** Names under which people say what a thing is: the same value under another of them is a slip of the key. */
const nameLabels = new Set(['app', 'name', 'run', 'k8s-app', 'component', 'service', 'app.kubernetes.io/name'])

/** What an object selects pods by: of a Service, a PodDisruptionBudget, a NetworkPolicy, a workload. */
export function podSelectorOf({ kind, spec }: KubeObject): LabelSelector | undefined {
  if (kind === 'Service') return spec?.selector && { matchLabels: spec.selector }
  if (kind === 'NetworkPolicy') return spec?.podSelector
  return spec?.selector
}

/**
 * The one label by which an object misses its pods, if it selects none of those in its namespace and there are some
 * that all its other requirements fit. Of several such slips the one with the most pods, then the first.
 */
export function nearMissOf(object: KubeObject, pods: Iterable<KubeObject>): NearMiss | undefined {
  const selector = podSelectorOf(object)
  const requirements = requirementsOf(selector)
  if (!selector || !requirements.length) return undefined
  const others: LabelSelector = {
    matchExpressions: (selector.matchExpressions ?? []).filter((term) => term.operator !== 'In'),
  }
  const found = new Map<string, { miss: Omit<NearMiss, 'pods'>; pods: ObjectKey[] }>()
  for (const pod of pods) {
    const { labels = {}, namespace } = pod.metadata
    if (namespace !== object.metadata.namespace || !matchesLabelSelector(others, labels)) continue
    const failing = requirements.filter(({ key, values }) => !values.includes(labels[key] as string))
    if (failing.length === 0) return undefined
    if (failing.length > 1) continue
    const miss = slipOf(failing[0]!, labels, requirements.length > 1)
    if (!miss) continue
    const id = `${miss.selects} ${miss.has}`
    const entry = found.get(id)
    if (entry) entry.pods.push(keyOf(pod))
    else found.set(id, { miss, pods: [keyOf(pod)] })
  }
  let best: NearMiss | undefined
  for (const { miss, pods } of found.values()) if (pods.length > (best?.pods.length ?? 0)) best = { ...miss, pods }
  return best
}

/** Of some names the one that another was probably meant to be. */
export function nearName(name: string, names: Iterable<string>): string | undefined {
  let best: string | undefined
  for (const each of names) if (each !== name && isSlip(name, each) && (!best || each < best)) best = each
  return best
}

interface Requirement {
  readonly key: string
  readonly values: readonly string[]
}

function requirementsOf(selector: LabelSelector | undefined): Requirement[] {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({ key, values: [value] }))
  const within = (selector?.matchExpressions ?? []).filter((term) => term.operator === 'In')
  return [...equal, ...within.map(({ key, values = [] }) => ({ key, values }))]
}

/** Where all the rest fits, any other value is a slip; where there is no rest, only what looks like one. */
function slipOf(
  { key, values }: Requirement,
  labels: Readonly<Record<string, string>>,
  restFits: boolean,
): Omit<NearMiss, 'pods'> | undefined {
  const selects = values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(', ')})`
  const slip = (has: string) => ({ selects, has, label: key })
  const own = labels[key]
  if (own !== undefined && (restFits || values.some((value) => isSlip(value, own)))) return slip(`${key}=${own}`)
  for (const [other, value] of Object.entries(labels)) {
    if (other === key || !values.includes(value)) continue
    if (isSlip(key, other) || (nameLabels.has(key) && nameLabels.has(other))) return slip(`${other}=${value}`)
  }
  return own === undefined && restFits ? slip('') : undefined
}

/** Does one look like the other with a slip of the hand, or like a longer form of it? */
function isSlip(a: string, b: string): boolean {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()]
  if (x === y) return true
  const [short, long] = x.length < y.length ? [x, y] : [y, x]
  if (short.length >= 3 && (long.startsWith(short) || long.endsWith(short))) return true
  return distance(x, y) <= (short.length < 4 ? 1 : 2) && short.length > 1
}

/** Letters added, dropped, changed or swapped with their neighbour. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let cost = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, rows[i - 2]![j - 2]! + 1)
      row.push(cost)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
