import { isFinished } from '../../../kinds/pod/conditions.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { StatusError } from '../../../machinery/errors.ts'
import { defineController, done, type ReconcileContext, type Result } from '../../controller-runtime/controller.ts'
import { controllerReference } from '../../controller-runtime/owners.ts'

const claims = 'resourceclaims.resource.k8s.io'
const templates = 'resourceclaimtemplates.resource.k8s.io'
/** Says for which of its pod's claims a ResourceClaim was made. */
const podClaim = 'resource.kubernetes.io/pod-claim-name'

/**
 * Makes the ResourceClaims that pods ask for by template. Nothing allocates devices here, so there are none to take
 * back. Upstream: pkg/controller/resourceclaim.
 */
export const resourceClaimController = defineController({
  name: 'resourceclaim',
  component: 'resource_claim',
  for: 'pods',
  concerns: ({ type, object }) => type !== 'DELETED' && object.spec.resourceClaims !== undefined,
  watches: {
    [templates]: (template, { client }) =>
      client
        .list('pods')
        .filter(({ metadata, spec }) => metadata.namespace === template.metadata.namespace && spec.resourceClaims)
        .map(keyOf),
  },
  reconcile,
})

function reconcile(key: string, { client }: ReconcileContext): Result {
  const pod = client.get('pods', key)
  if (!pod || pod.metadata.deletionTimestamp || isFinished(pod)) return done
  const statuses: any[] = [...(pod.status?.resourceClaimStatuses ?? [])]
  let added = false
  for (const { name, resourceClaimTemplateName } of pod.spec.resourceClaims ?? []) {
    if (!resourceClaimTemplateName || statuses.some((one) => one.name === name)) continue
    const template: any = client.get(templates, `${pod.metadata.namespace}/${resourceClaimTemplateName}`)
    if (!template) {
      const message = `PodResourceClaim ${name}: resource claim template "${resourceClaimTemplateName}": resourceclaimtemplate.resource.k8s.io "${resourceClaimTemplateName}" not found`
      client.events.warning(pod, 'FailedResourceClaimCreation', message)
      throw new StatusError(404, 'NotFound', message)
    }
    const made = client.ownedBy(claims, pod.metadata.uid).find((one) => one.metadata.annotations?.[podClaim] === name)
    const claim = made ?? client.create(claims, claimOf(pod, name, template), pod.metadata.namespace)
    statuses.push({ name, resourceClaimName: claim.metadata.name })
    added = true
  }
  const live = added ? client.live('pods', key) : undefined
  if (live && live.metadata.uid === pod.metadata.uid)
    client.updateStatus('pods', { ...live, status: { ...live.status, resourceClaimStatuses: statuses } })
  return done
}

function claimOf(pod: KubeObject, name: string, { spec }: any): object {
  const { labels, annotations } = spec.metadata ?? {}
  return {
    metadata: {
      generateName: `${pod.metadata.name}-${name}-`,
      namespace: pod.metadata.namespace,
      ...(labels && { labels }),
      annotations: { ...annotations, [podClaim]: name },
      ownerReferences: [controllerReference(pod)],
    },
    spec: spec.spec,
  }
}
