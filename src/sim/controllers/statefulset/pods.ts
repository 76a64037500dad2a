import { StatusError } from '../../../machinery/errors.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { isAlreadyExists, isNotFound, type Client } from '../../client/client.ts'
import { claimsFor, hasIdentity, hasStorage, withIdentity, withStorage } from './identity.ts'
import { followsPolicy, hasUnexpectedController, isStale, policyOf, withPolicy } from './retention.ts'

const claimResource = 'persistentvolumeclaims'

type Verb = 'Create' | 'Update' | 'Delete'

/** What a StatefulSet does to its pods and their claims, each with its event. Upstream: StatefulPodControl. */
export class StatefulPods {
  private readonly set: KubeObject
  private readonly client: Client

  constructor(set: KubeObject, client: Client) {
    this.set = set
    this.client = client
  }

  create(pod: any): void {
    this.telling('Create', pod, () => {
      this.createClaims(pod)
      this.client.create('pods', pod, this.set.metadata.namespace)
      this.applyRetention(pod)
    })
  }

  delete(pod: KubeObject): void {
    this.telling('Delete', pod, () => {
      try {
        this.client.delete('pods', keyOf(pod))
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    })
  }

  isConsistent(pod: KubeObject): boolean {
    return hasIdentity(pod) && hasStorage(pod, this.set) && this.followsRetention(pod)
  }

  /** Gives a pod the labels, volumes and claims back that it should have. */
  update(pod: KubeObject): void {
    this.telling('Update', pod, () => {
      const next = withIdentity(hasStorage(pod, this.set) ? pod : withStorage(pod, this.set))
      if (!hasStorage(pod, this.set)) this.createClaims(pod)
      this.applyRetention(pod)
      if (!hasIdentity(pod) || !hasStorage(pod, this.set)) this.client.update('pods', next)
    })
  }

  /** A pod that waits may wait for a claim that somebody deleted. */
  createMissingClaims(pod: KubeObject): void {
    this.createClaims(pod)
    this.applyRetention(pod)
  }

  /** Must a pod wait, because a claim still goes with the one before it? */
  mustAwaitClaims(podName: string): boolean {
    if (policyOf(this.set).whenScaled === 'Retain') return false
    return this.present(podName).some((claim) => isStale(claim, podName, undefined))
  }

  followsRetention(pod: KubeObject): boolean {
    return this.present(pod.metadata.name).every((claim) => followsPolicy(claim, this.set, pod))
  }

  /** Makes the set or the pod own the claims, or nobody. */
  applyRetention(pod: KubeObject): void {
    const { set, client } = this
    for (const claim of this.present(pod.metadata.name)) {
      if (hasUnexpectedController(claim, set, pod))
        client.events.warning(
          set,
          'ConflictingController',
          `PersistentVolumeClaim ${claim.metadata.name} has a conflicting OwnerReference that acts as a managing controller, the retention policy is ignored for this claim`,
        )
      if (!followsPolicy(claim, set, pod)) client.update(claimResource, withPolicy(claim, set, pod))
    }
  }

  private present(podName: string): KubeObject[] {
    if (!this.set.spec.volumeClaimTemplates?.length) return []
    return claimsFor(this.set, podName).flatMap(({ claim }) => this.client.get(claimResource, keyOf(claim)) ?? [])
  }

  private createClaims(pod: KubeObject): void {
    const { set, client } = this
    const failures: string[] = []
    for (const { claim } of claimsFor(set, pod.metadata.name)) {
      const { name, namespace } = claim.metadata
      const present = client.get(claimResource, keyOf(claim))
      if (present?.metadata.deletionTimestamp) failures.push(`pvc ${name} is being deleted`)
      if (present) continue
      const what = `Claim ${name}`
      const where = `Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`
      try {
        client.create(claimResource, claim, namespace)
        client.events.normal(set, 'SuccessfulCreate', `Create ${what} ${where} success`)
      } catch (error) {
        if (!(error instanceof StatusError)) throw error
        failures.push(`failed to create PVC ${name}: ${error.message}`)
        if (isAlreadyExists(error)) continue
        client.events.warning(set, 'FailedCreate', `Create ${what} for ${where} failed error: ${error.message}`)
      }
    }
    if (failures.length === 1) throw new StatusError(500, 'InternalError', failures[0]!)
    if (failures.length > 1) throw new StatusError(500, 'InternalError', `[${failures.join(', ')}]`)
  }

  private telling(verb: Verb, pod: any, act: () => void): void {
    const { set, client } = this
    const message = `${verb} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`
    try {
      act()
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      // It is there already, and the caches will soon show it.
      if (!(verb === 'Create' && isAlreadyExists(error)))
        client.events.warning(set, `Failed${verb}`, `${message} failed error: ${error.message}`)
      throw error
    }
    client.events.normal(set, `Successful${verb}`, `${message} successful`)
  }
}
