import { parseTime } from '../../lib/time.ts'
import { keyOf, type KubeObject, type ObjectKey } from '../../machinery/objects.ts'
import type { Cluster } from '../../sim/cluster.ts'
import type { ObjectRef } from './types.ts'

/** An object and where it is found. */
export interface Subject extends ObjectRef {
  readonly object: KubeObject
}

/** Where a pod comes from in the end: what people wrote, and where in it the pod's template is. */
export interface Root extends Subject {
  /** The way to the pod's spec; `['spec']` when it is the pod itself. */
  readonly podSpec: readonly (string | number)[]
}

/** A cluster as a question sees it: reads only, and leaves no trace. */
export class Look {
  readonly cluster: Cluster

  constructor(cluster: Cluster) {
    this.cluster = cluster
  }

  get now(): number {
    return this.cluster.now()
  }

  get(resource: string, key: ObjectKey): KubeObject | undefined {
    return this.cluster.api.etcd.get(resource, key)
  }

  list(resource: string, namespace?: string): KubeObject[] {
    const found: KubeObject[] = []
    for (const { object } of this.cluster.api.etcd.entries(resource).values())
      if (namespace === undefined || object.metadata.namespace === namespace) found.push(object)
    return found
  }

  /** Virtual milliseconds of a timestamp. */
  at(time: string | undefined): number | undefined {
    const at = parseTime(time) - this.cluster.clock.epoch
    return Number.isNaN(at) ? undefined : at
  }

  /** How long ago, in virtual milliseconds. */
  since(time: string | undefined): number {
    return this.now - (this.at(time) ?? this.now)
  }

  /** Events about an object, newest first. */
  events({ kind, metadata }: KubeObject, ...reasons: string[]): any[] {
    const about = this.list('events').filter(({ involvedObject: about, reason }: any) => {
      if (about?.kind !== kind || about.name !== metadata.name) return false
      if (about.uid && about.uid !== metadata.uid && about.uid !== metadata.name) return false
      return (about.namespace ?? '') === (metadata.namespace ?? '') && (!reasons.length || reasons.includes(reason))
    })
    return about.sort((a, b) => this.eventAt(b) - this.eventAt(a))
  }

  eventAt(event: any): number {
    return this.at(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp) ?? 0
  }

  owned(owner: KubeObject, resource: string): KubeObject[] {
    const { uid, namespace } = owner.metadata
    return this.list(resource, namespace).filter(({ metadata }) =>
      metadata.ownerReferences?.some((one) => one.controller && one.uid === uid),
    )
  }

  /** Follows controllers up to the object that nobody controls. */
  root(subject: Subject): Root {
    let { resource, key, object } = subject
    for (let depth = 0; depth < 5; depth++) {
      const owner = object.metadata.ownerReferences?.find(({ controller }) => controller)
      const found = owner && this.cluster.api.kindOf(owner)
      if (!found) break
      const { namespace } = object.metadata
      const next = this.get(found, namespace && owner.kind !== 'Node' ? `${namespace}/${owner.name}` : owner.name)
      if (!next || !podSpecOf(next)) break
      ;[resource, key, object] = [found, keyOf(next), next]
    }
    return { resource, key, object, podSpec: podSpecOf(object) ?? ['spec'] }
  }

  /** All pods that come from an object, directly or through others. */
  podsOf(root: Subject): KubeObject[] {
    const pods = this.list('pods', root.object.metadata.namespace)
    if (root.object.kind === 'Pod') return pods.filter((pod) => pod.metadata.name === root.object.metadata.name)
    const owners = new Set([root.object.metadata.uid])
    for (const resource of ['replicasets.apps', 'jobs.batch'])
      for (const object of this.list(resource, root.object.metadata.namespace))
        if (object.metadata.ownerReferences?.some(({ uid }) => owners.has(uid))) owners.add(object.metadata.uid)
    return pods.filter((pod) => pod.metadata.ownerReferences?.some(({ uid }) => owners.has(uid)))
  }
}

function podSpecOf({ kind, spec }: KubeObject): readonly string[] | undefined {
  if (kind === 'CronJob') return ['spec', 'jobTemplate', 'spec', 'template', 'spec']
  return spec?.template?.spec ? ['spec', 'template', 'spec'] : undefined
}

export function refOf(resource: string, object: KubeObject): ObjectRef {
  return { resource, key: keyOf(object) }
}

export function conditionOf(object: KubeObject | undefined, type: string): any {
  return object?.status?.conditions?.find((one: any) => one.type === type)
}

export function isReady(object: KubeObject | undefined): boolean {
  return conditionOf(object, 'Ready')?.status === 'True'
}
