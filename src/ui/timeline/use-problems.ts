import { useEffect, useState } from 'react'
import type { KubeObject } from '../../machinery/objects.ts'
import { podStatus } from '../graph/pod-status.ts'
import type { ClusterState } from '../state/cluster-store.ts'
import { clusterStore } from '../state/cluster-store.ts'
import type { Verdict } from '../state/files-store.ts'
import { useFiles } from '../state/files-store.ts'

/** Something that will not mend itself without a look. */
export type Problem =
  | {
      readonly type: 'document'
      readonly file: string
      readonly line: number
      readonly object: string
      readonly message: string
    }
  | {
      readonly type: 'object'
      readonly resource: string
      readonly key: string
      readonly state: string
      readonly message: string
    }

const lookAgainMs = 500

/** Refused documents first, then pods and nodes in trouble. */
export function problemsOf(cluster: ClusterState, verdicts: Readonly<Record<string, Verdict>>): Problem[] {
  return [...documentProblems(verdicts), ...nodeProblems(cluster), ...podProblems(cluster)]
}

function documentProblems(verdicts: Readonly<Record<string, Verdict>>): Problem[] {
  return Object.entries(verdicts).flatMap(([file, { results }]) =>
    results
      .filter((result) => result.result === 'refused')
      .flatMap((result): Problem[] => {
        const causes = result.problems.filter((problem) => problem.severity === 'error')
        const places = causes.length > 0 ? causes : [{ line: result.line, message: result.message ?? '' }]
        return places.map(({ line, message }) => ({ type: 'document', file, line, object: result.object, message }))
      }),
  )
}

function nodeProblems(cluster: ClusterState): Problem[] {
  return [...(cluster.resources.nodes?.byKey ?? [])].flatMap(([key, node]): Problem[] => {
    const ready = node.status?.conditions?.find((condition: { type: string }) => condition.type === 'Ready')
    if (!ready || ready.status === 'True') return []
    return [{ type: 'object', resource: 'nodes', key, state: 'NotReady', message: ready.message ?? '' }]
  })
}

const settled = new Set(['Running', 'Completed', 'ContainerCreating', 'Terminating', 'NotReady'])

function podProblems(cluster: ClusterState): Problem[] {
  return [...(cluster.resources.pods?.byKey ?? [])].flatMap(([key, pod]): Problem[] => {
    const { state, status } = podStatus(pod)
    if (settled.has(state)) return []
    const message = whyOf(pod)
    // A pod that nobody has tried to place yet is only new.
    if (state === 'Pending' && message === '') return []
    return [{ type: 'object', resource: 'pods', key, state: status, message }]
  })
}

function whyOf(pod: KubeObject): string {
  const unscheduled = pod.status?.conditions?.find(
    (condition: { type: string; status: string }) => condition.type === 'PodScheduled' && condition.status === 'False',
  )
  if (unscheduled?.message) return unscheduled.message
  for (const container of pod.status?.containerStatuses ?? []) {
    const { waiting, terminated } = container.state ?? {}
    if (waiting?.message) return waiting.message
    if (terminated) return terminated.message ?? `exit ${terminated.exitCode}`
  }
  return pod.status?.message ?? ''
}

/** The problems of now; looked for twice a second, not with every change of the cluster. */
export function useProblems(): readonly Problem[] {
  const verdicts = useFiles((state) => state.verdicts)
  const resources = useSlowResources()
  return problemsOf({ ...clusterStore.getState(), resources }, verdicts)
}

export function useProblemCount(): number {
  return useProblems().length
}

function useSlowResources(): ClusterState['resources'] {
  const [resources, setResources] = useState(() => clusterStore.getState().resources)
  useEffect(() => {
    const timer = setInterval(() => setResources(clusterStore.getState().resources), lookAgainMs)
    return () => clearInterval(timer)
  }, [])
  return resources
}
