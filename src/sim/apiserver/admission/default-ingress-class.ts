import { parseTime } from '../../../lib/time.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { AdmissionPlugin } from './chain.ts'

const isDefault = 'ingressclass.kubernetes.io/is-default-class'
const oldClass = 'kubernetes.io/ingress.class'

/** An Ingress that names no class gets the default one; the newest where several claim to be it. */
export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  admit(api, context, ingress, old) {
    if (context.resource !== 'ingresses.networking.k8s.io' || old || context.subresource) return
    if (ingress.spec?.ingressClassName !== undefined || ingress.metadata.annotations?.[oldClass] !== undefined) return
    let chosen: KubeObject | undefined
    for (const { object } of api.etcd.entries('ingressclasses.networking.k8s.io').values())
      if (object.metadata.annotations?.[isDefault] === 'true' && (!chosen || newer(object, chosen))) chosen = object
    if (chosen) ingress.spec = { ...ingress.spec, ingressClassName: chosen.metadata.name }
  },
}

function newer(a: KubeObject, b: KubeObject): boolean {
  const difference = parseTime(a.metadata.creationTimestamp) - parseTime(b.metadata.creationTimestamp)
  return difference === 0 ? a.metadata.name < b.metadata.name : difference > 0
}
