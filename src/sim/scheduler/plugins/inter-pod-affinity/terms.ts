import type { KubeObject } from '../../../../machinery/objects.ts'
import { matchesLabelSelector } from '../../../../machinery/selectors.ts'
import type { Handle } from '../../framework/types.ts'

/** Does a pod match a term of `owner`? Namespaces that are named and those that are selected both count. */
export function matchesTerm(term: any, owner: KubeObject, pod: KubeObject, { client }: Handle): boolean {
  if (!term.labelSelector || !matchesLabelSelector(term.labelSelector, pod.metadata.labels ?? {})) return false
  const namespace = pod.metadata.namespace ?? ''
  const named: readonly string[] = term.namespaces ?? []
  if (named.includes(namespace)) return true
  if (term.namespaceSelector) {
    return matchesLabelSelector(term.namespaceSelector, client.get('namespaces', namespace)?.metadata.labels ?? {})
  }
  return named.length === 0 && namespace === owner.metadata.namespace
}

/** Numbers by topology key and value. */
export class Domains {
  readonly byKey = new Map<string, Map<string, number>>()

  get size(): number {
    return this.byKey.size
  }

  /** Adds where the node has the key; what comes to nothing is gone, as if it had never been. */
  add(key: string, labels: Readonly<Record<string, string>>, amount: number): void {
    const value = labels[key]
    if (value === undefined) return
    let values = this.byKey.get(key)
    if (!values) this.byKey.set(key, (values = new Map()))
    const next = (values.get(value) ?? 0) + amount
    if (next !== 0) values.set(value, next)
    else values.delete(value)
    if (values.size === 0) this.byKey.delete(key)
  }

  /** Adds a score, which counts even as nothing: a pod whose preferences cancel out is still scored. */
  addScore(key: string, labels: Readonly<Record<string, string>>, amount: number): void {
    const value = labels[key]
    if (value === undefined) return
    let values = this.byKey.get(key)
    if (!values) this.byKey.set(key, (values = new Map()))
    values.set(value, (values.get(value) ?? 0) + amount)
  }

  at(key: string, value: string | undefined): number {
    return value === undefined ? 0 : (this.byKey.get(key)?.get(value) ?? 0)
  }

  clone(): Domains {
    const copy = new Domains()
    for (const [key, values] of this.byKey) copy.byKey.set(key, new Map(values))
    return copy
  }
}
