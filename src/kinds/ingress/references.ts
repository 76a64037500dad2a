import type { KubeObject } from '../../machinery/objects.ts'
import type { Reference } from '../kind.ts'

/** Where an Ingress sends traffic, and the Secrets of its TLS hosts. Apart from the kind, so that the page can have it without the schema. */
export function ingressReferences({ spec = {}, metadata }: KubeObject): Reference[] {
  const namespace = metadata.namespace ?? ''
  const backends = [
    spec.defaultBackend,
    ...(spec.rules ?? []).flatMap((rule: any) => (rule.http?.paths ?? []).map((path: any) => path.backend)),
  ]
  const services = new Set<string>(backends.map((backend) => backend?.service?.name).filter(Boolean))
  const references: Reference[] = [...services].map((name) => ({
    type: 'route',
    resource: 'services',
    namespace,
    name,
  }))
  for (const { secretName } of spec.tls ?? [])
    if (secretName) references.push({ type: 'uses', resource: 'secrets', namespace, name: secretName })
  return references
}
