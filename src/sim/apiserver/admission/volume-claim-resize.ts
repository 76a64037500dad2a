import { forbiddenRequest } from '../../../machinery/errors.ts'
import { compareQuantities } from '../../../machinery/quantity.ts'
import type { AdmissionPlugin } from './chain.ts'

/** A claim grows only when it is bound and its class lets it. Upstream: PersistentVolumeClaimResize. */
export const volumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  validate(api, context, claim, old) {
    if (context.resource !== 'persistentvolumeclaims' || !old || context.subresource) return
    const sizeOf = ({ spec }: { spec?: any }): string => spec?.resources?.requests?.storage ?? '0'
    if (compareQuantities(sizeOf(claim), sizeOf(old)) <= 0) return
    const refused = (detail: string) =>
      forbiddenRequest({ group: '', name: 'persistentvolumeclaims' }, claim.metadata.name, detail)
    if (old.status?.phase !== 'Bound') throw refused('Only bound persistent volume claims can be expanded')
    const name: string | undefined = claim.spec.storageClassName
    const found: any = name && name === old.spec.storageClassName && api.etcd.get('storageclasses.storage.k8s.io', name)
    if (!found?.allowVolumeExpansion)
      throw refused(
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      )
  },
}
