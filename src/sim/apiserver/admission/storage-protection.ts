import type { AdmissionPlugin } from './chain.ts'

const finalizers: Record<string, string> = {
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  persistentvolumes: 'kubernetes.io/pv-protection',
}

/** Volumes and claims that are in use stay until they are not. Upstream: StorageObjectInUseProtection. */
export const storageProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  admit(_api, context, object, old) {
    const finalizer = finalizers[context.resource]
    if (!finalizer || old || object.metadata.finalizers?.includes(finalizer)) return
    object.metadata.finalizers = [...(object.metadata.finalizers ?? []), finalizer]
  },
}
