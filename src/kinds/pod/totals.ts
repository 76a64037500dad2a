import { addQuantities, compareQuantities } from '../../machinery/quantity.ts'

/** Amounts by resource name. */
export type Amounts = Readonly<Record<string, string>>

/**
 * What a pod asks for in all: its containers together, or the most that its init containers ask for at a time, with
 * sidecars counted along, and its overhead. Upstream: component-helpers/resource, PodRequests and PodLimits.
 */
export function podTotals(spec: any, part: 'requests' | 'limits'): Record<string, string> {
  const total: Record<string, string> = {}
  for (const container of spec.containers ?? []) add(total, container.resources?.[part])
  const sidecars: Record<string, string> = {}
  const most: Record<string, string> = {}
  for (const container of spec.initContainers ?? []) {
    const amounts: Amounts | undefined = container.resources?.[part]
    if (container.restartPolicy === 'Always') {
      add(total, amounts)
      add(sidecars, amounts)
      raise(most, sidecars)
    } else {
      const during = { ...sidecars }
      add(during, amounts)
      raise(most, during)
    }
  }
  raise(total, most)
  // What is said for the pod as a whole stands for its containers.
  const whole: Amounts = spec.resources?.[part] ?? {}
  for (const name of Object.keys(whole)) total[name] = whole[name]!
  if (part === 'requests') add(total, spec.overhead)
  else if (spec.overhead)
    for (const name of Object.keys(spec.overhead))
      if (Object.hasOwn(total, name)) total[name] = addQuantities(total[name]!, spec.overhead[name])
  return total
}

function add(total: Record<string, string>, amounts: Amounts | undefined): void {
  if (!amounts) return
  for (const name of Object.keys(amounts))
    total[name] = Object.hasOwn(total, name) ? addQuantities(total[name]!, amounts[name]!) : amounts[name]!
}

function raise(total: Record<string, string>, amounts: Amounts): void {
  for (const name of Object.keys(amounts))
    if (!Object.hasOwn(total, name) || compareQuantities(amounts[name]!, total[name]!) > 0) total[name] = amounts[name]!
}
