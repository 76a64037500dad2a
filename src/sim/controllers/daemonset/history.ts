import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import type { Client } from '../../client/client.ts'
import {
  controllerRevisions,
  createRevision,
  dataOf,
  deleteOldest,
  isOf,
  nextRevision,
  renumbered,
  revisionHashLabel,
  revisionsOf,
  type Revision,
} from '../../controller-runtime/history.ts'

export interface History {
  /** What pods of the present template are labelled with. */
  readonly hash: string
  /** Revisions of other templates, oldest first. */
  readonly old: readonly Revision[]
  readonly collisions: number
}

/** The revision of a DaemonSet's template, made when there is none, and the others. Upstream: constructHistory. */
export function historyOf(set: KubeObject, resource: string, pods: readonly KubeObject[], client: Client): History {
  const revisions = revisionsOf(set, resource, client).map((one) => labelled(one, client))
  const data = dataOf(set)
  const old = revisions.filter((one) => !isOf(one, data))
  const present = revisions.filter((one) => isOf(one, data))
  const number = nextRevision(old)
  const collisions: number = set.status?.collisionCount ?? 0
  if (present.length === 0) {
    const made = createRevision(set, { number, collisions, hashLabel: revisionHashLabel }, client)
    return { hash: hashOf(made.revision), old, collisions: made.collisions }
  }
  const kept = present.at(-1)!
  if (present.length > 1) unite(kept, present.slice(0, -1), pods, client)
  if ((kept.revision ?? 0) < number) renumbered(kept, number, client)
  return { hash: hashOf(kept), old, collisions }
}

function hashOf({ metadata }: Revision): string {
  return metadata.labels![revisionHashLabel]!
}

/** Revisions of somebody else's making may lack the label; their name does as well. */
function labelled(revision: Revision, client: Client): Revision {
  const { metadata } = revision
  if (metadata.labels?.[revisionHashLabel]) return revision
  const labels = { ...metadata.labels, [revisionHashLabel]: metadata.name }
  return client.update(controllerRevisions, { ...revision, metadata: { ...metadata, labels } })
}

/** Of several revisions of one template the newest stays, and the pods of the others become its own. */
function unite(kept: Revision, others: readonly Revision[], pods: readonly KubeObject[], client: Client): void {
  const hash = hashOf(kept)
  for (const pod of pods) {
    if (pod.metadata.labels?.[revisionHashLabel] === hash) continue
    const patch = { metadata: { labels: { [revisionHashLabel]: hash } } }
    client.patch('pods', keyOf(pod), { type: 'merge', patch })
  }
  deleteOldest(others, others.length, client)
}
