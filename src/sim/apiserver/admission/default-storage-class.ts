import { parseTime } from '../../../lib/time.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { AdmissionPlugin } from './chain.ts'

const annotations = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
] as const
/** How claims named their class before there was a field for it. */
const oldClass = 'volume.beta.kubernetes.io/storage-class'

/** A claim that names no class gets the default one; the newest where several claim to be it. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  admit(api, context, claim, old) {
    if (context.resource !== 'persistentvolumeclaims' || old || claim.spec.storageClassName !== undefined) return
    if (claim.metadata.annotations?.[oldClass] !== undefined) return
    let chosen: KubeObject | undefined
    for (const { object } of api.etcd.entries('storageclasses.storage.k8s.io').values()) {
      if (!annotations.some((one) => object.metadata.annotations?.[one] === 'true')) continue
      if (!chosen || newer(object, chosen)) chosen = object
    }
    if (chosen) claim.spec.storageClassName = chosen.metadata.name
  },
}

function newer(a: KubeObject, b: KubeObject): boolean {
  const difference = parseTime(a.metadata.creationTimestamp) - parseTime(b.metadata.creationTimestamp)
  return difference === 0 ? a.metadata.name < b.metadata.name : difference > 0
}
