import { withCondition } from '../../kinds/pod/conditions.ts'
import { apiVersionOf } from '../../kinds/kind.ts'
import { conflict, notFound } from '../../machinery/errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { trackUpdate } from '../../machinery/server-side-apply.ts'
import type { Draft, RequestContext } from './request.ts'
import { groupName } from './group-names.ts'
import type { ApiServer } from './server.ts'

/** Assigns a pod to a node. Upstream: pkg/registry/core/pod/storage, BindingREST. */
export function bindPod(api: ApiServer, context: RequestContext, uid: string, node: string): KubeObject {
  const pod = api.etcd.get('pods', `${context.namespace}/${context.name}`)
  const resource = groupName(context.kind)
  if (!pod) throw notFound(resource, context.name)
  if (uid && pod.metadata.uid !== uid) {
    throw conflict(
      resource,
      context.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`,
    )
  }
  if (pod.metadata.deletionTimestamp)
    throw conflict(resource, context.name, `pod ${context.name} is being deleted, cannot be assigned to a host`)
  if (pod.spec.nodeName)
    throw conflict(resource, context.name, `pod ${context.name} is already assigned to node "${pod.spec.nodeName}"`)
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: api.timestamp(),
    observedGeneration: pod.metadata.generation,
  }
  const draft = {
    ...pod,
    metadata: { ...pod.metadata },
    spec: { ...pod.spec, nodeName: node },
    status: { ...pod.status, conditions: withCondition(pod.status?.conditions, scheduled) },
  } as Draft
  draft.metadata.managedFields = trackUpdate({
    old: pod,
    new: draft,
    schema: context.kind.schema,
    manager: context.fieldManager,
    operation: 'Update',
    apiVersion: apiVersionOf(context.kind),
    subresource: 'binding',
    time: api.timestamp(),
  }) as Draft['metadata']['managedFields']
  return api.store(context, draft as KubeObject)
}
