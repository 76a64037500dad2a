import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../machinery/objects.ts'
import type { Change } from '../client/cache.ts'
import { handleOf, nodeOf, podOf, podWith } from '../testing/scheduling.ts'
import type { ClusterEvent } from './framework/types.ts'
import { defaultPlugins } from './plugins/registry.ts'
import { eventsOf, mayHelp } from './waking.ts'

const change = (object: KubeObject, old?: KubeObject): Change => ({
  type: old ? 'MODIFIED' : 'ADDED',
  key: object.metadata.name,
  object,
  ...(old && { old }),
  revision: 1,
})
const gone = (object: KubeObject): Change => ({ ...change(object), type: 'DELETED' })

function helps(plugin: string, pod: KubeObject, event: ClusterEvent, what: Change): boolean {
  const handle = handleOf({ nodes: [nodeOf('a')], objects: { pods: [pod] } })
  const entry = { key: `default/${pod.metadata.name}`, plugins: plugin ? [plugin] : [] }
  return mayHelp(entry as never, event, what, defaultPlugins, handle)
}

const tainted = nodeOf('a', { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } })
const closed = nodeOf('a', { spec: { unschedulable: true } })
const open = nodeOf('a')
const ssd = nodeOf('a', { labels: { disk: 'ssd' } })
const large = nodeOf('a', { allocatable: { cpu: '8' } })
const moreMemory = nodeOf('a', { allocatable: { memory: '64Gi' } })
const wantsSsd = podOf('p', { nodeSelector: { disk: 'ssd' } })
const asks = podWith('p', { cpu: '6' })
const web = podOf('w', { nodeName: 'a' }, { app: 'web' })
const db = podOf('d', { nodeName: 'a' }, { app: 'db' })
const term = { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' }
const near = podOf('p', { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } })
const apart = podOf('p', { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } })
const spread = podOf('p', {
  topologySpreadConstraints: [{ ...term, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' }],
})
const port = (name: string, hostPort: number, nodeName?: string) =>
  podOf(name, { nodeName, containers: [{ name: 'c', ports: [{ hostPort }] }] })
const tolerant = podOf('p', { tolerations: [{ operator: 'Exists' }] })
const holder = (claimName: string, nodeName?: string) =>
  podOf('h', { nodeName, volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }] })
const claimOf = (name: string, namespace = 'default') => ({ metadata: { name, namespace } }) as unknown as KubeObject

describe('whom a change helps', () => {
  test.each<[string, KubeObject, ClusterEvent, Change, boolean]>([
    ['', podOf('p'), 'nodes/ADDED', change(open), true],
    ['NodeUnschedulable', podOf('p'), 'nodes/MODIFIED', change(open, closed), true],
    ['NodeUnschedulable', podOf('p'), 'nodes/MODIFIED', change(ssd, open), false],
    ['NodeUnschedulable', podOf('p'), 'nodes/ADDED', change(closed), false],
    ['TaintToleration', podOf('p'), 'nodes/MODIFIED', change(open, tainted), true],
    ['TaintToleration', podOf('p'), 'nodes/ADDED', change(tainted), false],
    ['TaintToleration', tolerant, 'pods/MODIFIED', change(tolerant, podOf('p')), true],
    ['TaintToleration', tolerant, 'pods/MODIFIED', change(web, db), false],
    ['NodeAffinity', wantsSsd, 'nodes/MODIFIED', change(ssd, open), true],
    ['NodeAffinity', wantsSsd, 'nodes/MODIFIED', change(open, ssd), false],
    ['NodeAffinity', wantsSsd, 'pods/DELETED', gone(web), false],
    ['NodeResourcesFit', asks, 'nodes/ADDED', change(open), false],
    ['NodeResourcesFit', asks, 'nodes/ADDED', change(large), true],
    ['NodeResourcesFit', asks, 'nodes/MODIFIED', change(large, open), true],
    ['NodeResourcesFit', podWith('p', { cpu: '2' }), 'nodes/MODIFIED', change(moreMemory, open), false],
    ['NodeResourcesFit', asks, 'pods/DELETED', gone(web), true],
    ['NodeResourcesFit', podWith('p', { cpu: '2' }), 'pods/MODIFIED', change(podWith('p', { cpu: '2' }), asks), true],
    ['NodeResourcesFit', asks, 'pods/MODIFIED', change(db, { ...web, metadata: db.metadata }), false],
    ['NodePorts', port('p', 80), 'pods/DELETED', gone(port('q', 80, 'a')), true],
    ['NodePorts', port('p', 80), 'pods/DELETED', gone(port('q', 81, 'a')), false],
    ['InterPodAffinity', near, 'pods/ADDED', change(web), true],
    ['InterPodAffinity', near, 'pods/ADDED', change(db), false],
    ['InterPodAffinity', apart, 'pods/DELETED', gone(web), true],
    ['InterPodAffinity', apart, 'pods/DELETED', gone(db), false],
    ['InterPodAffinity', apart, 'pods/MODIFIED', change(db, { ...db, metadata: web.metadata }), true],
    ['InterPodAffinity', apart, 'nodes/MODIFIED', change(ssd, open), false],
    ['PodTopologySpread', spread, 'pods/ADDED', change(web), true],
    ['PodTopologySpread', spread, 'pods/ADDED', change(db), false],
    ['PodTopologySpread', spread, 'nodes/ADDED', change(open), true],
    ['PodTopologySpread', spread, 'nodes/MODIFIED', change(ssd, open), false],
    ['VolumeBinding', holder('c'), 'persistentvolumeclaims/MODIFIED', change(claimOf('c'), claimOf('c')), true],
    ['VolumeBinding', holder('c'), 'persistentvolumeclaims/ADDED', change(claimOf('c', 'other')), false],
    ['VolumeRestrictions', holder('c'), 'pods/DELETED', gone(holder('c', 'a')), true],
    ['VolumeRestrictions', holder('c'), 'pods/DELETED', gone(holder('d', 'a')), false],
  ])('%s: %o', (plugin, pod, event, what, expected) => {
    expect(helps(plugin, pod, event, what)).toBe(expected)
  })
})

test('what would wake a pod is what those hope for that refused it', () => {
  expect(eventsOf(defaultPlugins, ['NodeName', 'NodePorts'])).toEqual(['nodes/ADDED', 'pods/DELETED'])
})
