import type { KubeObject, ObjectKey } from '../../machinery/objects.ts'

/** Key of the Service whose slice this is. Upstream: discoveryv1.LabelServiceName. */
export function serviceOf({ metadata }: KubeObject): ObjectKey | undefined {
  const name = metadata.labels?.['kubernetes.io/service-name']
  return name ? `${metadata.namespace}/${name}` : undefined
}

/** A slice's endpoints. */
export function endpointsIn(slice: KubeObject): readonly any[] {
  return (slice as any).endpoints ?? []
}

/** Does an endpoint get traffic? Absent means unknown, which consumers take for ready. */
export function isEndpointReady(endpoint: any): boolean {
  return endpoint.conditions?.ready !== false
}
