import type { Cluster } from '../../sim/cluster.ts'
import { autoscalerQuestion } from './autoscaler.ts'
import { claimQuestion, volumeQuestion } from './claim.ts'
import { budgetQuestion, namespaceQuestion, nodeQuestion, otherQuestion } from './cluster-parts.ts'
import type { Finding, Question } from './finding.ts'
import { cronJobQuestion, jobQuestion } from './jobs.ts'
import { Look } from './look.ts'
import { podQuestion } from './pod.ts'
import { routeQuestion } from './routes.ts'
import { serviceQuestion } from './service.ts'
import { triedFixes, type Turns } from './trial.ts'
import type { Explanation, Fix } from './types.ts'
import { workloadQuestion } from './workload.ts'

const questions: Readonly<Record<string, Question>> = {
  pods: podQuestion,
  services: serviceQuestion,
  'ingresses.networking.k8s.io': routeQuestion,
  'httproutes.gateway.networking.k8s.io': routeQuestion,
  persistentvolumeclaims: claimQuestion,
  persistentvolumes: volumeQuestion,
  'deployments.apps': workloadQuestion,
  'replicasets.apps': workloadQuestion,
  'statefulsets.apps': workloadQuestion,
  'daemonsets.apps': workloadQuestion,
  replicationcontrollers: workloadQuestion,
  'jobs.batch': jobQuestion,
  'cronjobs.batch': cronJobQuestion,
  'horizontalpodautoscalers.autoscaling': autoscalerQuestion,
  'poddisruptionbudgets.policy': budgetQuestion,
  namespaces: namespaceQuestion,
  nodes: nodeQuestion,
}

/** Which object a question is about. */
export interface Asked {
  readonly resource: string
  readonly namespace?: string
  readonly name: string
}

export { usageOf } from './usage.ts'

/** How an object is, why, and what that rests on; null when it is not there. Leaves no trace in the cluster. */
export function explain(cluster: Cluster, asked: Asked): Explanation | null {
  const found = findingOf(cluster, asked)
  if (!found) return null
  const { verdict, steps } = found
  return { verdict, steps, mayHaveFixes: verdict.tone !== 'ok' }
}

/** What helps, tried on copies of the cluster. */
export async function fixesFor(cluster: Cluster, asked: Asked, turns: Turns): Promise<Fix[]> {
  const found = findingOf(cluster, asked)
  return found ? triedFixes(cluster, found, turns) : []
}

function findingOf(cluster: Cluster, { resource, namespace, name }: Asked): Finding | undefined {
  const look = new Look(cluster)
  const key = namespace ? `${namespace}/${name}` : name
  const object = look.get(resource, key)
  if (!object) return undefined
  const question = Object.hasOwn(questions, resource) ? questions[resource]! : otherQuestion
  const subject = { resource, key, object }
  return question(look, subject) ?? otherQuestion(look, subject)
}
