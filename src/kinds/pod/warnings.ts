/** What is legal in a pod spec but hardly meant. Upstream: pkg/api/pod/warnings.go. */
export function podSpecWarnings(spec: any, field: string): string[] {
  const warnings: string[] = []
  for (const [index, constraint] of (spec.topologySpreadConstraints ?? []).entries())
    if (!constraint.labelSelector)
      warnings.push(
        `${field}.topologySpreadConstraints[${index}].labelSelector: a null labelSelector results in matching no pod`,
      )
  for (const list of ['initContainers', 'containers'] as const)
    for (const [index, container] of (spec[list] ?? []).entries()) {
      const at = `${field}.${list}[${index}]`
      repeats(
        container.env,
        ({ name }) => name,
        (_first, second, { name }) =>
          warnings.push(
            `${at}.env[${second}]: hides previous definition of ${JSON.stringify(name ?? '')}, which may be dropped when using apply`,
          ),
      )
      repeats(
        container.ports,
        ({ containerPort, protocol, hostPort = 0, hostIP = '' }) =>
          `${containerPort}/${protocol}/${hostPort}/${hostIP}`,
        (first, second) =>
          warnings.push(`${at}.ports[${second}]: duplicate port definition with ${at}.ports[${first}]`),
      )
    }
  return warnings
}

function repeats(
  items: readonly any[] | undefined,
  keyOf: (item: any) => string,
  found: (first: number, second: number, item: any) => void,
): void {
  if (!items || items.length < 2) return
  const seen = new Map<string, number>()
  for (const [index, item] of items.entries()) {
    const key = keyOf(item)
    const first = seen.get(key)
    if (first === undefined) seen.set(key, index)
    else found(first, index, item)
  }
}
