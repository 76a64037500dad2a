import { deepEqual } from '../../../lib/deep-equal.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import type { ReconcileContext } from '../../controller-runtime/controller.ts'
import { controllerReference } from '../../controller-runtime/owners.ts'
import { templateHash } from '../../controller-runtime/template-hash.ts'
import { isAlreadyExists } from '../../client/client.ts'
import { maxSurgeOf } from './limits.ts'
import {
  desiredReplicasAnnotation,
  hashLabel,
  maxReplicasAnnotation,
  revisionAnnotation,
  revisionOf,
  sameTemplate,
} from './template.ts'

export const replicaSets = 'replicasets.apps'
export const deployments = 'deployments.apps'

/** The ReplicaSet of the present template, oldest first where several match. */
export function findNewSet(deployment: KubeObject, sets: readonly KubeObject[]): KubeObject | undefined {
  return sets.find((set) => sameTemplate(set.spec.template, deployment.spec.template))
}

/** Makes sure that the new set exists and carries the newest revision; returns it. */
export function ensureNewSet(
  deployment: KubeObject,
  sets: readonly KubeObject[],
  context: ReconcileContext,
): KubeObject | undefined {
  const { client } = context
  const present = findNewSet(deployment, sets)
  const newest = sets.reduce((most, set) => (set === present ? most : Math.max(most, revisionOf(set))), 0)
  const revision = String(newest + 1)
  if (present) {
    const own = present.metadata.annotations ?? {}
    const annotations = { ...own, ...inherited(deployment) }
    if (revisionOf(present) < newest + 1) {
      const history = own['deployment.kubernetes.io/revision-history']
      const before = own[revisionAnnotation]
      if (before) annotations['deployment.kubernetes.io/revision-history'] = history ? `${history},${before}` : before
      annotations[revisionAnnotation] = revision
    }
    const minReadySeconds = deployment.spec.minReadySeconds
    const spec =
      (present.spec.minReadySeconds ?? 0) === (minReadySeconds ?? 0)
        ? present.spec
        : { ...present.spec, minReadySeconds }
    if (deepEqual(annotations, own) && spec === present.spec) return present
    return client.update(replicaSets, { ...present, metadata: { ...present.metadata, annotations }, spec })
  }
  return createNewSet(deployment, sets, revision, context)
}

function createNewSet(
  deployment: KubeObject,
  sets: readonly KubeObject[],
  revision: string,
  context: ReconcileContext,
): KubeObject | undefined {
  const { client } = context
  const hash = templateHash(deployment.spec.template, deployment.status?.collisionCount)
  const { template } = deployment.spec
  const replicas = newSetReplicas(deployment, sets, 0)
  const annotations = {
    ...inherited(deployment),
    [desiredReplicasAnnotation]: String(deployment.spec.replicas),
    [maxReplicasAnnotation]: String(deployment.spec.replicas + maxSurgeOf(deployment)),
    [revisionAnnotation]: revision,
  }
  const body = {
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels: { ...template.metadata?.labels, [hashLabel]: hash },
      annotations,
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas,
      ...(deployment.spec.minReadySeconds && { minReadySeconds: deployment.spec.minReadySeconds }),
      selector: {
        ...deployment.spec.selector,
        matchLabels: { ...deployment.spec.selector.matchLabels, [hashLabel]: hash },
      },
      template: {
        ...template,
        metadata: { ...template.metadata, labels: { ...template.metadata?.labels, [hashLabel]: hash } },
      },
    },
  }
  try {
    const set = client.create(replicaSets, body, deployment.metadata.namespace)
    if (replicas > 0)
      client.events.normal(
        deployment,
        'ScalingReplicaSet',
        `Scaled up replica set ${set.metadata.name} from 0 to ${replicas}`,
      )
    return set
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    // Another template with the same hash: count the collision and try again with another one.
    const status = { ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 }
    client.updateStatus(deployments, { ...deployment, status })
    return undefined
  }
}

/** How many replicas the new set may have now. Upstream: deploymentutil.NewRSNewReplicas. */
export function newSetReplicas(deployment: KubeObject, sets: readonly KubeObject[], present: number): number {
  const { replicas, strategy } = deployment.spec
  if (strategy.type === 'Recreate') return replicas
  const total = sets.reduce((sum, set) => sum + set.spec.replicas, 0)
  const most = replicas + maxSurgeOf(deployment)
  if (total >= most) return present
  return present + Math.min(most - total, replicas - present)
}

/** Sets a set's replicas and the annotations that proportional scaling reads. */
export function scaleSet(
  set: KubeObject,
  replicas: number,
  deployment: KubeObject,
  context: ReconcileContext,
): KubeObject {
  const { client } = context
  const annotations = {
    ...set.metadata.annotations,
    [desiredReplicasAnnotation]: String(deployment.spec.replicas),
    [maxReplicasAnnotation]: String(deployment.spec.replicas + maxSurgeOf(deployment)),
  }
  const before: number = set.spec.replicas
  if (before === replicas && deepEqual(annotations, set.metadata.annotations)) return set
  const updated = client.update(replicaSets, {
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: before === replicas ? set.spec : { ...set.spec, replicas },
  })
  if (before !== replicas) {
    const direction = replicas > before ? 'up' : 'down'
    client.events.normal(
      deployment,
      'ScalingReplicaSet',
      `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`,
    )
  }
  return updated
}

/** Deletes old sets beyond the history limit, oldest revision first. */
export function cleanUp(deployment: KubeObject, oldSets: readonly KubeObject[], { client }: ReconcileContext): void {
  const limit: number = deployment.spec.revisionHistoryLimit ?? 10
  const candidates = oldSets.filter((set) => !set.metadata.deletionTimestamp)
  const excess = candidates.length - limit
  if (excess <= 0) return
  const byRevision = [...candidates].sort((a, b) => revisionOf(a) - revisionOf(b))
  for (const set of byRevision.slice(0, excess)) {
    const busy =
      set.spec.replicas !== 0 || set.status?.replicas || set.metadata.generation !== set.status?.observedGeneration
    if (!busy) client.deleteIfPresent(replicaSets, keyOf(set), { propagationPolicy: 'Background' })
  }
}

/** Annotations that a Deployment hands on to its sets. */
function inherited(deployment: KubeObject): Record<string, string> {
  const skipped = new Set([
    'kubectl.kubernetes.io/last-applied-configuration',
    revisionAnnotation,
    'deployment.kubernetes.io/revision-history',
    desiredReplicasAnnotation,
    maxReplicasAnnotation,
    'deprecated.deployment.rollback.to',
  ])
  return Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(([name]) => !skipped.has(name)),
  )
}
