import { firstDifference } from './compare.ts'
import { optionsOf, type OpenCluster } from './cluster.ts'
import { Session } from './session.ts'
import type { CaseOutcome } from './case.ts'

/** A random cluster with the real scheduler's decisions, one after the other. */
export function runRandomCase(name: string, definition: any, open: OpenCluster): CaseOutcome {
  const session = new Session(open(optionsOf('scheduler-random')), 'scheduler-random', '')
  session.discover()
  session.advance(1000)
  const create = (path: string, body: any, status?: any) => {
    const answer = session.send('POST', path, { body })
    if (answer.code >= 300) throw new Error(`${path}: ${answer.body?.message}`)
    if (status) session.send('PATCH', `${path}/${body.metadata.name}/status`, { contentType: 'application/merge-patch+json', body: { status } })
  }
  try {
    prepare(session, definition, create)
    for (const [index, decision] of definition.decisions.entries()) {
      const difference = decide(session, decision, create)
      if (difference) return { name, step: index, difference, skippedSteps: 0 }
    }
  } catch (error) {
    return { name, step: -1, difference: error instanceof Error ? error.message : String(error), skippedSteps: 0 }
  }
  return { name, skippedSteps: 0 }
}

type Create = (path: string, body: any, status?: any) => void

function prepare(session: Session, definition: any, create: Create): void {
  for (const [name, labels] of [['alpha', { team: 'a', env: 'prod' }], ['beta', { team: 'b', env: 'dev' }]] as const)
  {
    create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })
    // No controller manager ran that would have made it.
    create(`/api/v1/namespaces/${name}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } })
  }
  for (const [name, value, preemptionPolicy] of [['low', 100], ['mid', 1000], ['high', 10_000], ['high-never', 10_000, 'Never']] as const)
    create('/apis/scheduling.k8s.io/v1/priorityclasses', { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value, ...(preemptionPolicy && { preemptionPolicy }) })
  session.advance(1000)
  for (const node of definition.nodes) {
    const spec = { ...(node.taints && { taints: node.taints }), ...(node.unschedulable && { unschedulable: true }) }
    const now = new Date(session.cluster.now()).toISOString().replace(/\.\d+Z/, 'Z')
    const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: now, lastTransitionTime: now }
    const status = { capacity: node.allocatable, allocatable: node.allocatable, ...(node.images && { images: node.images }), conditions: [ready] }
    create('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: node.name, labels: node.labels }, spec }, status)
    // Nobody takes away the taint that every new node gets.
    session.send('PATCH', `/api/v1/nodes/${node.name}`, { contentType: 'application/merge-patch+json', body: { spec: { taints: node.taints ?? null } } })
  }
  session.advance(6000)
  for (const service of definition.services ?? []) create(`/api/v1/namespaces/${service.metadata.namespace}/services`, { apiVersion: 'v1', kind: 'Service', ...service })
  for (const pod of definition.existingPods) createPod(pod, create)
  for (const { status, ...budget } of definition.podDisruptionBudgets ?? [])
    create(`/apis/policy/v1/namespaces/${budget.metadata.namespace}/poddisruptionbudgets`, { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', ...budget }, status)
  session.advance(1000)
}

function createPod({ startTime, ...pod }: any, create: Create): void {
  const body = { apiVersion: 'v1', kind: 'Pod', ...pod, spec: { ...pod.spec, terminationGracePeriodSeconds: 0 } }
  create(`/api/v1/namespaces/${pod.metadata.namespace}/pods`, body, startTime ? { phase: 'Running', startTime } : undefined)
}

/** Makes one pod and looks at what the scheduler did with it. */
function decide(session: Session, decision: any, create: Create): string | undefined {
  const { name, namespace } = decision.pod.metadata
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`
  createPod(decision.pod, create)
  session.advance(2000)
  const message = failureMessages(session, namespace, name)[0]
  if (decision.failed !== undefined) {
    const seen = decision.victims ? message?.replace(/ no new claims to deallocate,.*$| preemption: .*$/, '') : message
    if (seen !== decision.failed) return `${name}: ${firstDifference(decision.failed, seen) ?? ''}`
    if (!decision.victims) {
      session.send('DELETE', path)
      session.advance(200)
      return undefined
    }
    const gone = new Set(session.history.filter(({ change }) => change.resource === 'pods' && change.type === 'DELETED').map(({ change }) => `${change.object.metadata.namespace}/${change.object.metadata.name}`))
    const survivor = decision.victims.find((victim: string) => !gone.has(victim))
    if (survivor) return `${name}: ${survivor} should have been preempted`
    session.advance(5000)
  }
  const pod = session.send('GET', path).body
  const node = pod?.spec?.nodeName
  if (!node) return `${name}: expected ${decision.chosen}, not scheduled: ${message ?? 'no message'}`
  const best = Math.max(...Object.values<any>(decision.feasible ?? {}).map(({ total = 0 }) => total))
  const candidates = Object.keys(decision.feasible ?? {}).filter((one) => (decision.feasible[one].total ?? 0) === best)
  if (!candidates.includes(node) && node !== decision.chosen) return `${name}: expected ${candidates.join(' or ')}, got ${node}`
  const scores = session.cluster.scores?.(`${namespace}/${name}`)
  if (scores && candidates.length && !decision.failed && Object.values<any>(decision.feasible).every(({ total }) => total !== undefined)) {
    const difference = firstDifference(totals(decision.feasible), totals(scores))
    if (difference) return `${name}: total score of ${difference}`
  }
  if (node !== decision.chosen) {
    // The choice among equals was random: go on from the recorded one.
    session.send('DELETE', `${path}?gracePeriodSeconds=0`)
    session.advance(200)
    createPod({ ...decision.pod, spec: { ...decision.pod.spec, nodeName: decision.chosen } }, create)
  }
  if (decision.startTime) session.send('PATCH', `${path}/status`, { contentType: 'application/merge-patch+json', body: { status: { phase: 'Running', startTime: decision.startTime } } })
  session.advance(200)
  return undefined
}

function totals(nodes: Record<string, { total?: number }>): Record<string, number> {
  return Object.fromEntries(Object.entries(nodes).map(([node, { total = 0 }]) => [node, total]))
}

function failureMessages(session: Session, namespace: string, name: string): string[] {
  session.drain()
  return session.history
    .filter(({ change }) => change.resource === 'pods' && change.object.metadata.name === name && change.object.metadata.namespace === namespace)
    .flatMap(({ change }) => (change.object.status?.conditions ?? []).filter((one: any) => one.type === 'PodScheduled' && one.status === 'False').map((one: any) => one.message))
}
