import { revisionOf, rolledBackTo } from '../../kinds/deployment/roll-back.ts'
import type { Json } from '../../machinery/objects.ts'
import type { Action } from '../../playground/model.ts'
import type { Candidate } from './finding.ts'
import { isReady, type Look, type Root, type Subject } from './look.ts'
import type { Params, Say } from './types.ts'

/** A pod's container by name, and where it is in the spec. */
export interface ContainerPlace {
  readonly spec: any
  readonly status: any
  readonly list: 'containers' | 'initContainers'
  readonly index: number
}

export function containersOf({ spec, status }: Subject['object']): ContainerPlace[] {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  return (['initContainers', 'containers'] as const).flatMap((list) =>
    (spec[list] ?? []).map((container: any, index: number) => ({
      spec: container,
      status: statuses.find(({ name }: any) => name === container.name),
      list,
      index,
    })),
  )
}

const holdsMs = 45_000

/** An edit of the pod's spec where it was written, tried until a pod made of it is ready and stays so. */
export function podEdit(
  look: Look,
  subject: Subject,
  code: string,
  params: Params,
  edits: readonly { readonly at: readonly (string | number)[]; readonly value?: Json }[],
): Candidate {
  const root = look.root(subject)
  return {
    code,
    params,
    object: { resource: root.resource, key: root.key },
    edits: edits.map(({ at, value }) => ({ path: [...root.podSpec, ...at], ...(value !== undefined && { value }) })),
    ...(root.object.kind === 'Pod' && { recreate: true as const }),
    ...(waitsInOrder(root) && { after: deletionOf(subject) }),
    withinMs: 120_000,
    holdsMs,
    solved: newPodRuns(look, root),
  }
}

/** Upstream: a StatefulSet waits for a broken pod to become ready before it touches it; known as the forced rollback. */
function waitsInOrder({ object: { kind, spec } }: Root): boolean {
  return kind === 'StatefulSet' && (spec.podManagementPolicy ?? 'OrderedReady') === 'OrderedReady'
}

function deletionOf({ resource, object: { metadata } }: Subject): Action {
  const { namespace, name } = metadata
  return { type: 'delete', resource, name, ...(namespace && { namespace }) }
}

/** Is there a pod that was not there before, ready (or done), which nothing has restarted? */
export function newPodRuns(look: Look, root: Root): (copy: Look) => Say | undefined {
  const before = new Set(look.podsOf(root).map(({ metadata }) => metadata.uid))
  const begun = look.now
  return (copy) => {
    const pod = copy.podsOf(root).find((one) => !before.has(one.metadata.uid) && runsWell(one))
    return pod && { code: 'runs', params: { name: pod.metadata.name, ms: copy.now - begun } }
  }
}

/** Does this very pod run after all? */
export function samePodRuns(look: Look, { key }: Subject): (copy: Look) => Say | undefined {
  const begun = look.now
  return (copy) => {
    const pod = copy.get('pods', key)
    return pod && runsWell(pod, true)
      ? { code: 'runs', params: { name: pod.metadata.name, ms: copy.now - begun } }
      : undefined
  }
}

function runsWell(pod: Subject['object'], mayHaveRestarted = false): boolean {
  if (pod.status?.phase === 'Succeeded') return true
  if (!isReady(pod) || pod.metadata.deletionTimestamp) return false
  return mayHaveRestarted || (pod.status?.containerStatuses ?? []).every(({ restartCount }: any) => restartCount === 0)
}

/** Going back to what a Deployment's pods were made of before, where that ran. */
export function rollBack(look: Look, subject: Subject): Candidate | undefined {
  const root = look.root(subject)
  if (root.object.kind !== 'Deployment') return undefined
  const sets = look.owned(root.object, 'replicasets.apps').sort((a, b) => revisionOf(b) - revisionOf(a))
  const previous = sets[1]
  if (!previous) return undefined
  const rolled = rolledBackTo(root.object, previous)
  const generation = root.object.metadata.generation ?? 0
  const begun = look.now
  return {
    code: 'rollBack',
    params: { revision: revisionOf(previous), image: rolled.spec.template.spec.containers[0]?.image ?? '' },
    object: { resource: root.resource, key: root.key },
    action: { type: 'replace', object: rolled },
    withinMs: 120_000,
    solved: (copy) => {
      const { metadata, spec, status } = copy.get(root.resource, root.key) ?? {}
      const isThere = (metadata?.generation ?? 0) > generation && status?.observedGeneration === metadata?.generation
      const all = spec?.replicas ?? 1
      const isDone =
        isThere && status?.updatedReplicas === all && status?.readyReplicas === all && status?.replicas === all
      return isDone ? { code: 'rolledOut', params: { count: all, ms: copy.now - begun } } : undefined
    },
  }
}
