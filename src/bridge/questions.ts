import type { Cluster } from '../sim/cluster.ts'
import { check } from './actions.ts'
import type { Answers, Request } from './protocol.ts'
import { logsOf, schedulingOf, whyOf } from './views.ts'

/** Reasons are worked out when somebody first asks for them. */
const loadExplain = () => import('./explain/explain.ts')

export type Question = Extract<
  Request,
  { readonly type: 'why' | 'scheduling' | 'explain' | 'usage' | 'fixes' | 'logs' | 'check' }
>

/** Answers what is asked about a cluster and changes nothing in it. */
export async function answerQuestion(
  cluster: Cluster,
  question: Question,
  timers: { now(): number; later(run: () => void, ms: number): void },
): Promise<Answers[Question['type']]> {
  switch (question.type) {
    case 'why':
      return whyOf(cluster, question.resource, question.namespace, question.name)
    case 'scheduling':
      return schedulingOf(cluster, question.pod)
    case 'explain':
      return { explanation: (await loadExplain()).explain(cluster, question) }
    case 'usage':
      return { usage: (await loadExplain()).usageOf(cluster, question) }
    case 'fixes':
      return { fixes: await (await loadExplain()).fixesFor(cluster, question, timers) }
    case 'logs':
      return logsOf(cluster, question)
    case 'check':
      return { results: check(cluster, question.text, question.namespace) }
  }
}
