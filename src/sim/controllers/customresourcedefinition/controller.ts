import { deepEqual } from '../../../lib/deep-equal.ts'
import {
  cleanupFinalizer,
  crdResource,
  withCrdCondition,
  type CrdStatus,
  type CustomResourceDefinition,
} from '../../../kinds/customresourcedefinition/types.ts'
import { resourceOf } from '../../../kinds/kind.ts'
import { keyOf } from '../../../machinery/objects.ts'
import {
  defineController,
  done,
  requeueAfter,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'
import { establishedStatus, namingStatus } from './names.ts'

/** Upstream runs these loops inside the API server, and writes under its name. */
const asApiServer = { fieldManager: 'kube-apiserver' } as const
/** How long the finalizer waits before it looks again at objects that stay for now. */
const lookAgainMs = 500

/**
 * Accepts the names of a new definition, establishes it, and when it is deleted clears its objects away first.
 * Upstream: apiextensions-apiserver, status, establish and finalizer controllers.
 */
export const customResourceDefinitionController = defineController({
  name: 'customresourcedefinition',
  component: 'apiserver',
  for: crdResource,
  reconcile,
  watches: {
    // Names that become free can be taken by others of the group.
    [crdResource]: (object, { client }, change) =>
      change.type === 'DELETED'
        ? client
            .list(crdResource)
            .filter(({ spec }) => spec.group === object.spec.group)
            .map(keyOf)
        : [],
  },
})

function reconcile(key: string, context: ReconcileContext): Result {
  const { client, api } = context
  const crd = client.live(crdResource, key) as CustomResourceDefinition | undefined
  if (!crd) return done
  if (crd.metadata.deletionTimestamp) return finalize(crd, context)
  const now = client.timestamp()
  const others = api
    .list(crdResource)
    .filter((one) => keyOf(one) !== key && one.spec.group === crd.spec.group) as CustomResourceDefinition[]
  const named = namingStatus(crd, others, now)
  if (!deepEqual(named, crd.status)) {
    writeStatus(context, crd, named)
    return requeueAfter(1)
  }
  const established = establishedStatus(crd, now)
  if (established) writeStatus(context, crd, established)
  return done
}

function writeStatus({ client }: ReconcileContext, crd: CustomResourceDefinition, status: CrdStatus) {
  return client.update(crdResource, { ...crd, status }, { ...asApiServer, subresource: 'status' })
}

function finalize(crd: CustomResourceDefinition, context: ReconcileContext): Result {
  const { client, api } = context
  if (!crd.metadata.finalizers?.includes(cleanupFinalizer)) return done
  const terminating = (reason: string, message: string, isDone: boolean): CrdStatus => {
    const condition = { type: 'Terminating', status: isDone ? ('False' as const) : ('True' as const), reason, message }
    return { ...crd.status, conditions: withCrdCondition(crd.status.conditions, condition, client.timestamp()) }
  }
  const resource = resourceOf({ group: crd.spec.group, plural: crd.status.acceptedNames.plural })
  const left = api.kinds.get(resource)?.custom ? api.list(resource) : []
  if (left.length > 0) {
    const status = terminating('InstanceDeletionInProgress', 'CustomResource deletion is in progress', false)
    if (!deepEqual(status, crd.status)) writeStatus(context, crd, status)
    for (const object of left) if (!object.metadata.deletionTimestamp) client.deleteIfPresent(resource, keyOf(object))
    return requeueAfter(lookAgainMs, true)
  }
  const written = writeStatus(context, crd, terminating('InstanceDeletionCompleted', 'removed all instances', true))
  const finalizers = crd.metadata.finalizers.filter((one) => one !== cleanupFinalizer)
  client.update(crdResource, { ...written, metadata: { ...written.metadata, finalizers } }, asApiServer)
  return done
}
