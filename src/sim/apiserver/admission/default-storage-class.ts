import { defaultClassAmong } from '../../../kinds/storageclass/default-class.ts'
import type { AdmissionPlugin } from './chain.ts'

/** How claims named their class before there was a field for it. */
const oldClass = 'volume.beta.kubernetes.io/storage-class'

/** A claim that names no class gets the default one; the newest where several claim to be it. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  admit(api, context, claim, old) {
    if (context.resource !== 'persistentvolumeclaims' || old || claim.spec.storageClassName !== undefined) return
    if (claim.metadata.annotations?.[oldClass] !== undefined) return
    const entries = api.etcd.entries('storageclasses.storage.k8s.io').values()
    const chosen = defaultClassAmong(Array.from(entries, ({ object }) => object))
    if (chosen) claim.spec.storageClassName = chosen.metadata.name
  },
}
