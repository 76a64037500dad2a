/** How the checks speak. Upstream: pod-security-admission/policy/helpers.go. */

/** What a check finds wrong; undefined when nothing is. */
export interface Violation {
  readonly reason: string
  readonly detail: string
}

/** A rule about pods, from a release on. Later ones of the same id replace it. */
export interface Check {
  readonly id: string
  /** The minor release from which it is as it is. */
  readonly since: number
  /** A check of the baseline that it makes superfluous. */
  readonly overrides?: string
  readonly look: (pod: CheckedPod) => Violation | undefined
}

export interface CheckedPod {
  readonly annotations: Readonly<Record<string, string>>
  readonly spec: any
  /** Of the version that is asked for. */
  readonly minor: number
}

export const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ')

export const plural = (count: number, one: string, many = `${one}s`) => (count === 1 ? one : many)

/** `container "a"`, `containers "a", "b"`. */
export const containersText = (names: readonly string[]) => `${plural(names.length, 'container')} ${quoted(names)}`

export const sorted = (values: Iterable<string>) => [...new Set(values)].sort()

/** All containers, in the order in which upstream visits them. */
export function containersOf(spec: any): readonly any[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])]
}

/** Names of the containers of which something holds. */
export function namesWhere(spec: any, holds: (container: any) => boolean): string[] {
  return containersOf(spec)
    .filter(holds)
    .map(({ name }) => name)
}

/** Who sets something bad: the pod, containers, or both. */
export function setters(podIsBad: boolean, containers: readonly string[]): string[] {
  return [...(podIsBad ? ['pod'] : []), ...(containers.length > 0 ? [containersText(containers)] : [])]
}

/** Does the pod live in a user namespace, in which root is nobody? Policies are relaxed for it from 1.35 on. */
export function isRelaxed({ spec, minor }: CheckedPod): boolean {
  return spec.hostUsers === false && minor >= 35
}
