import { StatusError } from '../../machinery/errors.ts'
import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import type { Client } from '../client/client.ts'
import { controllerReference } from './owners.ts'

/** How many pods one reconcile may create or delete. Upstream: BurstReplicas. */
export const burstReplicas = 500

/** A pod as a template says, owned and named after its owner. Upstream: controller.GetPodFromTemplate. */
export function podFromTemplate(owner: KubeObject, template: any): any {
  const { labels, annotations, finalizers } = template.metadata ?? {}
  return {
    metadata: {
      generateName: `${owner.metadata.name}-`,
      namespace: owner.metadata.namespace,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerReference(owner)],
    },
    spec: template.spec,
  }
}

/** Creates a pod and tells of it. Throws what refuses it. Upstream: RealPodControl.CreatePods. */
export function createPod(owner: KubeObject, pod: unknown, client: Client): KubeObject {
  try {
    const created = client.create('pods', pod, owner.metadata.namespace)
    client.events.normal(owner, 'SuccessfulCreate', `Created pod: ${created.metadata.name}`)
    return created
  } catch (error) {
    if (error instanceof StatusError) client.events.warning(owner, 'FailedCreate', `Error creating: ${error.message}`)
    throw error
  }
}

/** Deletes a pod and tells of it; one that is gone already is none of our business. */
export function deletePod(owner: KubeObject, pod: KubeObject, client: Client): void {
  try {
    client.deleteIfPresent('pods', keyOf(pod))
    client.events.normal(owner, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)
  } catch (error) {
    if (error instanceof StatusError) client.events.warning(owner, 'FailedDelete', `Error deleting: ${error.message}`)
    throw error
  }
}

/**
 * Does something for each of many, in batches that double while all goes well: when the first few are refused, the
 * rest is not tried. Throws the first refusal of a batch. Upstream: slowStartBatch.
 */
export function slowStart<Item>(items: readonly Item[], act: (item: Item, index: number) => void): void {
  for (let start = 0, size = 1; start < items.length; start += size, size *= 2) {
    let refusal: StatusError | undefined
    for (let index = start; index < Math.min(start + size, items.length); index++) {
      try {
        act(items[index]!, index)
      } catch (error) {
        if (!(error instanceof StatusError)) throw error
        refusal ??= error
      }
    }
    if (refusal) throw refusal
  }
}
