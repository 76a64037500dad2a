import { defineController, done } from '../../controller-runtime/controller.ts'
import { wantsMore } from '../../storage/resize.ts'
import { claims } from '../../../kinds/persistentvolume/names.ts'

/** Says who makes a claim's volume larger: none of kube-controller-manager's own plugins can any more. Upstream: pkg/controller/volume/expand. */
export const volumeExpandController = defineController({
  name: 'volume-expand',
  component: 'volume_expand',
  for: claims,
  concerns: ({ object, old }) => {
    const sizeOf = (claim: any) => claim?.spec.resources?.requests?.storage
    return old !== undefined && sizeOf(object) !== sizeOf(old)
  },
  reconcile: (key, { client }) => {
    const claim = client.get(claims, key)
    if (claim?.status?.phase === 'Bound' && wantsMore(claim))
      client.events.normal(claim, 'ExternalExpanding', 'waiting for an external controller to expand this PVC')
    return done
  },
})
