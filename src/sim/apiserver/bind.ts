import { withCondition } from '../../kinds/pod/conditions.ts'
import { apiVersionOf } from '../../kinds/kind.ts'
import { conflict, notFound, type GroupName } from '../../machinery/errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { trackUpdate } from '../../machinery/server-side-apply.ts'
import { topologyLabelsOf } from './admission/pod-topology-labels.ts'
import type { Draft, RequestContext } from './request.ts'
import { groupName } from './group-names.ts'
import type { ApiServer } from './server.ts'

const bindings: GroupName = { group: '', name: 'pods/binding' }

/** Assigns a pod to a node. Upstream: pkg/registry/core/pod/storage, BindingREST. */
export function bindPod(api: ApiServer, context: RequestContext, uid: string, node: string): KubeObject {
  const pod = api.etcd.get('pods', `${context.namespace}/${context.name}`)
  const { name } = context
  if (!pod) throw notFound(groupName(context.kind), name)
  if (uid && pod.metadata.uid !== uid) {
    const detail = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`
    throw conflict(bindings, name, detail)
  }
  if (pod.metadata.deletionTimestamp)
    throw conflict(bindings, name, `pod ${name} is being deleted, cannot be assigned to a host`)
  if (pod.spec.nodeName)
    throw conflict(bindings, name, `pod ${name} is already assigned to node "${pod.spec.nodeName}"`)
  if (pod.spec.schedulingGates?.length > 0)
    throw conflict(bindings, name, `pod ${name} has non-empty .spec.schedulingGates`)
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: api.timestamp(),
  }
  const where = topologyLabelsOf(api.etcd, node)
  const draft = {
    ...pod,
    metadata: { ...pod.metadata, ...(where && { labels: { ...pod.metadata.labels, ...where } }) },
    spec: { ...pod.spec, nodeName: node },
    status: { ...pod.status, conditions: withCondition(pod.status?.conditions, scheduled) },
  } as Draft
  // Upstream: ClearingNominatedNodeNameAfterBinding.
  if (draft.status.nominatedNodeName) delete draft.status.nominatedNodeName
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
