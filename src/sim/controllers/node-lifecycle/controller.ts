import { deepEqual } from '../../../lib/deep-equal.ts'
import type { Condition } from '../../../kinds/pod/conditions.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { Change } from '../../client/cache.ts'
import type { Client } from '../../client/client.ts'
import { defineController, done, type ControllerDefinition, type Result } from '../../controller-runtime/controller.ts'
import { monitor, type NodeLifecycleOptions } from './monitor.ts'
import { syncNoScheduleTaints } from './taints.ts'

export type { NodeLifecycleOptions } from './monitor.ts'

// Names of nodes have no upper case.
const tick = 'Tick'

export const nodeLifecycleDefaults: NodeLifecycleOptions = { monitorPeriodMs: 5000, monitorGraceMs: 50_000 }

/**
 * Watches over nodes: no lease for too long and Ready becomes Unknown; conditions become taints; lost nodes are given
 * up at their zone's rate, and all of them together never. Upstream: pkg/controller/nodelifecycle.
 */
export function nodeLifecycleController(options: NodeLifecycleOptions): ControllerDefinition {
  return defineController({
    name: 'node-lifecycle',
    component: 'node-controller',
    for: 'nodes',
    start: [tick],
    concerns: ({ object, old }: Change) => !old || isNews(object, old),
    reconcile: (key, context) => (key === tick ? monitor(options, context) : sync(key, context.client)),
  })
}

/** Heartbeats are not. */
function isNews(node: KubeObject, old: KubeObject): boolean {
  const statuses = ({ status }: KubeObject) =>
    (status?.conditions ?? []).map(({ type, status }: Condition) => `${type}=${status}`).join()
  return (
    statuses(node) !== statuses(old) ||
    !deepEqual(node.spec, old.spec) ||
    !deepEqual(node.metadata.labels, old.metadata.labels)
  )
}

function sync(key: string, client: Client): Result {
  const node = client.get('nodes', key)
  if (!node) return done
  syncNoScheduleTaints(node, client)
  syncLabels(node, client)
  return done
}

/** The old names of labels follow the new ones. Upstream: reconcileNodeLabels. */
function syncLabels({ metadata: { name, labels = {} } }: KubeObject, client: Client): void {
  const missing: Record<string, string> = {}
  for (const label of ['kubernetes.io/os', 'kubernetes.io/arch']) {
    const value = labels[label]
    if (value !== undefined && labels[`beta.${label}`] !== value) missing[`beta.${label}`] = value
  }
  if (Object.keys(missing).length > 0)
    client.patch('nodes', name, { type: 'merge', patch: { metadata: { labels: missing } } })
}
