import { parseTime } from '../../../lib/time.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { AdmissionPlugin } from './chain.ts'

const annotation = 'storageclass.kubernetes.io/is-default-class'

/** A claim that names no class gets the default one; the newest where several claim to be it. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  admit(api, context, claim, old) {
    if (context.resource !== 'persistentvolumeclaims' || old || claim.spec.storageClassName !== undefined) return
    let chosen: KubeObject | undefined
    for (const { object } of api.etcd.entries('storageclasses.storage.k8s.io').values()) {
      if (object.metadata.annotations?.[annotation] !== 'true') continue
      if (!chosen || newer(object, chosen)) chosen = object
    }
    if (chosen) claim.spec.storageClassName = chosen.metadata.name
  },
}

function newer(a: KubeObject, b: KubeObject): boolean {
  const difference = parseTime(a.metadata.creationTimestamp) - parseTime(b.metadata.creationTimestamp)
  return difference === 0 ? a.metadata.name < b.metadata.name : difference > 0
}
