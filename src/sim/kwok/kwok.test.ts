import { describe, expect, test } from 'vitest'
import { Cluster } from '../cluster.ts'
import { parseSnapshot, serialiseSnapshot } from '../snapshot.ts'
import { deploymentOf, jobOf, testCluster } from '../testing/scenario.ts'

const fakeNode = (name: string, changes: Record<string, unknown> = {}) => ({
  metadata: { name, labels: { type: 'kwok' }, annotations: { 'kwok.x-k8s.io/node': 'fake' } },
  ...changes,
})

const definition = {
  metadata: { name: 'stages.kwok.x-k8s.io' },
  spec: {
    group: 'kwok.x-k8s.io',
    scope: 'Cluster',
    names: { plural: 'stages', singular: 'stage', kind: 'Stage', listKind: 'StageList' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
}

const ready = { key: '.status.conditions.[] | select( .type == "Ready" ) | .status', operator: 'In', values: ['True'] }
const alive = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' }
const fresh = { key: '.status.podIP', operator: 'DoesNotExist' }

/** In the manner of KWOK's own stages, with a template. */
const podReady = {
  selector: { matchExpressions: [alive, fresh] },
  next: {
    statusTemplate: `
{{ $now := Now }}
conditions:
{{ range (list "Initialized" "Ready" "ContainersReady") }}
- {type: {{ . }}, status: "True", lastTransitionTime: {{ $now | Quote }}}
{{ end }}
{{ range .spec.readinessGates }}
- {type: {{ .conditionType | Quote }}, status: "True", lastTransitionTime: {{ $now | Quote }}}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: true
  restartCount: 0
  state: {running: {startedAt: {{ $now | Quote }}}}
{{ end }}
initContainerStatuses:
{{ range .spec.initContainers }}
- name: {{ .name | Quote }}
{{ end }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) | Quote }}
phase: Running
startTime: {{ $now | Quote }}
`,
  },
}

const podDelete = {
  selector: { matchExpressions: [{ key: '.metadata.deletionTimestamp', operator: 'Exists' }] },
  next: { finalizers: { empty: true }, delete: true },
}

const crash = (changes: Record<string, unknown> = {}) => ({
  selector: {
    matchLabels: { app: 'web' },
    matchExpressions: [alive, { key: '.status.phase', operator: 'In', values: ['Running'] }],
  },
  delay: { durationMilliseconds: 5000, jitterDurationMilliseconds: 7000 },
  next: {
    event: { type: 'Warning', reason: 'Crashed', message: 'it crashed' },
    statusTemplate: `
phase: Failed
conditions: [{type: Ready, status: "False"}]
containerStatuses:
{{ range $index, $item := .spec.containers }}
{{ $origin := index $.status.containerStatuses $index }}
- name: {{ $item.name | Quote }}
  ready: false
  restartCount: {{ add $origin.restartCount 1 }}
  state: {terminated: {exitCode: 3, reason: Error, finishedAt: {{ Now | Quote }}}}
{{ end }}
`,
  },
  ...changes,
})

function clusterOf(nodes = 1, stages: Record<string, Record<string, unknown>> = {}, machines = 0): Cluster {
  const cluster = testCluster(machines)
  for (let n = 0; n < nodes; n++) cluster.api.create('nodes', fakeNode(`fake-${n}`))
  if (Object.keys(stages).length > 0) {
    cluster.api.create('customresourcedefinitions.apiextensions.k8s.io', definition)
    cluster.runFor(1000)
    for (const [name, spec] of Object.entries(stages)) putStage(cluster, name, spec)
  }
  cluster.runFor(1000)
  return cluster
}

function putStage(cluster: Cluster, name: string, spec: Record<string, unknown>): void {
  cluster.api.create('stages.kwok.x-k8s.io', {
    metadata: { name },
    spec: { resourceRef: { apiGroup: 'v1', kind: 'Pod' }, ...spec },
  })
}

const podsOf = (cluster: Cluster) => cluster.api.list('pods')
const phases = (cluster: Cluster) => podsOf(cluster).map(({ status }) => status.phase)
const conditionOf = (object: any, type: string) => object.status.conditions.find((one: any) => one.type === type)
const eventsOf = (cluster: Cluster, reason: string) =>
  cluster.api.list('events').filter((event: any) => event.reason === reason) as any[]

describe('without any Stage', () => {
  test('a fake node comes up, with room for much', () => {
    const [node] = clusterOf().api.list('nodes')
    expect(conditionOf(node, 'Ready')).toMatchObject({ status: 'True', reason: 'KubeletReady' })
    expect(node!.status).toMatchObject({
      allocatable: { cpu: '1k', memory: '1Ti', pods: '1M' },
      nodeInfo: { kubeletVersion: 'kwok-v0.7.0', operatingSystem: 'linux' },
    })
    expect(node!.spec?.taints).toBeUndefined()
  })

  test('what a node says of itself stays', () => {
    const cluster = testCluster(0)
    const allocatable = { cpu: '32', memory: '256Gi', pods: '110' }
    const status = { allocatable, capacity: allocatable, nodeInfo: { kubeletVersion: 'fake', architecture: 'arm64' } }
    cluster.api.create('nodes', fakeNode('n', { status }))
    cluster.runFor(1000)
    expect(cluster.api.list('nodes')[0]!.status).toMatchObject(status)
  })

  test('it stays ready for hours', () => {
    const cluster = clusterOf()
    cluster.runFor(2 * 3_600_000)
    const [node] = cluster.api.list('nodes')
    expect(conditionOf(node, 'Ready').status).toBe('True')
    expect(Date.parse(conditionOf(node, 'Ready').lastHeartbeatTime)).toBeGreaterThan(cluster.clock.wall() - 620_000)
  })

  test('pods run on it, each with an address of its own', () => {
    const cluster = clusterOf(3)
    cluster.api.create('deployments.apps', deploymentOf('web', 400))
    cluster.runFor(20_000)
    const pods = podsOf(cluster)
    expect(pods.every((pod) => pod.status.phase === 'Running' && conditionOf(pod, 'Ready').status === 'True')).toBe(
      true,
    )
    expect(new Set(pods.map(({ status }) => status.podIP)).size).toBe(400)
    expect(cluster.api.list('deployments.apps')[0]!.status.availableReplicas).toBe(400)
  })

  test('a pod of a Job completes', () => {
    const cluster = clusterOf()
    cluster.api.create('jobs.batch', jobOf('once', 'exit 1', { completions: 3 }))
    cluster.runFor(20_000)
    expect(cluster.api.list('jobs.batch')[0]!.status).toMatchObject({ succeeded: 3 })
  })

  test('a pod that is deleted goes at once', () => {
    const cluster = clusterOf()
    cluster.api.create('deployments.apps', deploymentOf('web', 2))
    cluster.runFor(5000)
    const { name } = podsOf(cluster)[0]!.metadata
    cluster.api.delete('pods', `default/${name}`)
    cluster.runFor(1000)
    expect(podsOf(cluster).map(({ metadata }) => metadata.name)).not.toContain(name)
    expect(phases(cluster)).toEqual(['Running', 'Running'])
  })

  test('a machine has its kubelet, whatever its node says', () => {
    const cluster = testCluster(1)
    cluster.api.patch('nodes', 'node-1', {
      type: 'merge',
      patch: { metadata: { annotations: { 'kwok.x-k8s.io/node': 'fake' } } },
    })
    cluster.api.create('deployments.apps', deploymentOf('web', 1))
    cluster.runFor(400)
    expect(phases(cluster)).toEqual(['Pending'])
  })

  test('a node without the annotation is left alone', () => {
    const cluster = testCluster(0)
    cluster.api.create('nodes', { metadata: { name: 'n' } })
    cluster.runFor(5000)
    expect(cluster.api.list('nodes')[0]!.status?.phase).toBeUndefined()
  })

  test('an hour without change writes nothing but heartbeats', () => {
    const cluster = clusterOf(2)
    cluster.api.create('deployments.apps', deploymentOf('web', 4))
    cluster.runFor(120_000)
    const writes: string[] = []
    const { onEvent } = cluster.api.etcd
    cluster.api.etcd.onEvent = (resource, event) => {
      writes.push(resource)
      onEvent(resource, event)
    }
    cluster.runFor(3_600_000)
    expect(new Set(writes)).toEqual(new Set(['leases.coordination.k8s.io', 'nodes']))
    expect(writes.filter((resource) => resource === 'nodes').length).toBeLessThan(15)
  })
})

describe('with Stages', () => {
  test('templates in the manner of the fast stages make pods ready', () => {
    const cluster = clusterOf(1, { 'pod-ready': podReady, 'pod-delete': podDelete })
    cluster.api.create('deployments.apps', deploymentOf('web', 2, {}, { readinessGates: [{ conditionType: 'a.b/c' }] }))
    cluster.runFor(5000)
    expect(phases(cluster)).toEqual(['Running', 'Running'])
    const [pod] = podsOf(cluster)
    expect(conditionOf(pod, 'a.b/c').status).toBe('True')
    expect(pod!.status).toMatchObject({ hostIP: '10.0.0.1', podIPs: [{ ip: pod!.status.podIP }] })
    expect(cluster.api.list('deployments.apps')[0]!.status.availableReplicas).toBe(2)
    cluster.api.delete('deployments.apps', 'default/web')
    cluster.runFor(5000)
    expect(podsOf(cluster)).toEqual([])
  })

  test('they take the place of those that are built in', () => {
    const cluster = clusterOf(1, { 'pod-delete': podDelete })
    cluster.api.create('deployments.apps', deploymentOf('web', 1))
    cluster.runFor(5000)
    expect(phases(cluster)).toEqual(['Pending'])
    putStage(cluster, 'pod-ready', podReady)
    cluster.runFor(1000)
    expect(phases(cluster)).toEqual(['Running'])
  })

  test('a pod crashes after its delay, with an event', () => {
    const cluster = clusterOf(1, { ready: podReady, crash: crash() })
    cluster.api.create('pods', {
      metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
      spec: { containers: [{ name: 'main', image: 'nginx' }] },
    })
    cluster.runFor(4500)
    expect(phases(cluster)).toEqual(['Running'])
    cluster.runFor(3500)
    expect(podsOf(cluster)[0]!.status).toMatchObject({
      phase: 'Failed',
      containerStatuses: [{ restartCount: 1, state: { terminated: { exitCode: 3 } } }],
    })
    expect(eventsOf(cluster, 'Crashed')[0]).toMatchObject({
      type: 'Warning',
      source: { component: 'kwok_controller' },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'web' },
    })
  })

  test('a delay is taken from an annotation', () => {
    const delay = { durationFrom: { expressionFrom: '.metadata.annotations["delay"]' }, durationMilliseconds: 1 }
    const cluster = clusterOf(1, { ready: podReady, crash: crash({ delay }) })
    cluster.api.create('pods', {
      metadata: { name: 'web', namespace: 'default', labels: { app: 'web' }, annotations: { delay: '1m30s' } },
      spec: { containers: [{ name: 'main', image: 'nginx' }] },
    })
    cluster.runFor(89_000)
    expect(phases(cluster)).toEqual(['Running'])
    cluster.runFor(2000)
    expect(phases(cluster)).toEqual(['Failed'])
  })

  test('among several that match, weights decide', () => {
    const labelled = (value: string, weight: number) => ({
      selector: { matchExpressions: [alive, { expression: '!has(self.metadata.labels.fate)' }] },
      weight,
      next: { patches: [{ root: 'metadata', template: `labels: {fate: ${value}}` }] },
    })
    const cluster = clusterOf(1, { a: labelled('often', 3), b: labelled('seldom', 1), c: labelled('never', 0) })
    cluster.api.create('deployments.apps', deploymentOf('web', 200))
    cluster.runFor(10_000)
    const count = (fate: string) => podsOf(cluster).filter(({ metadata }) => metadata.labels?.fate === fate).length
    expect(count('often') + count('seldom')).toBe(200)
    expect(count('often')).toBeGreaterThan(120)
    expect(count('seldom')).toBeGreaterThan(20)
  })

  test('patches of all three types', () => {
    const once = {
      selector: { matchExpressions: [alive, { key: '.metadata.annotations.b', operator: 'DoesNotExist' }] },
    }
    const patches = [
      { type: 'merge', template: 'metadata: {annotations: {a: {{ .metadata.name | Quote }}}}' },
      {
        type: 'json',
        root: 'metadata',
        template: '[{op: add, path: /annotations/b, value: "{{ .metadata.annotations.a }}"}]',
      },
      { type: 'strategic', subresource: 'status', root: 'status', template: 'phase: Running' },
    ]
    const cluster = clusterOf(1, { patches: { ...once, next: { patches } } })
    cluster.api.create('deployments.apps', deploymentOf('web', 1))
    cluster.runFor(3000)
    const [pod] = podsOf(cluster)
    expect(pod!.metadata.annotations).toEqual({ a: pod!.metadata.name, b: pod!.metadata.name })
    expect(pod!.status.phase).toBe('Running')
  })

  test('steps, in the newer form', () => {
    const cluster = clusterOf(1, {
      steps: {
        selector: {
          matchExpressions: [
            { jq: { key: '.status.startTime', operator: 'DoesNotExist' } },
            { cel: { expression: 'self.metadata.namespace == "default"' } },
          ],
        },
        delay: { durationFrom: { jq: { expression: '.metadata.labels.app | "2s"' } } },
        steps: [
          { event: { type: 'Normal', reason: 'First', message: 'the first' } },
          { patch: { root: 'metadata', type: 'merge', template: 'annotations: {done: "1"}' } },
          {
            patch: {
              root: 'status',
              subresource: 'status',
              template: `{{ define "c" }}{name: {{ .c.name }}, image: x, imageID: {{ .root.metadata.annotations.done | Quote }}, ready: true, restartCount: 0}{{ end }}
startTime: {{ Now | Quote }}
containerStatuses:
{{ range .spec.containers }}
- {{ template "c" dict "c" . "root" $ }}
{{ end }}`,
            },
          },
          { delete: true },
          { event: { type: 'Normal', reason: 'Last', message: 'it is gone' } },
        ],
      },
    })
    cluster.api.create('pods', {
      metadata: { name: 'web', namespace: 'default' },
      spec: { containers: [{ name: 'main', image: 'nginx' }] },
    })
    const seen: any[] = []
    const { onEvent } = cluster.api.etcd
    cluster.api.etcd.onEvent = (resource, event) => {
      if (resource === 'pods') seen.push(event.object)
      onEvent(resource, event)
    }
    cluster.runFor(1500)
    expect(podsOf(cluster)).toHaveLength(1)
    cluster.runFor(1500)
    expect(podsOf(cluster)).toEqual([])
    expect(seen.at(-1).status.containerStatuses[0].imageID).toBe('1')
    expect([eventsOf(cluster, 'First').length, eventsOf(cluster, 'Last').length]).toEqual([1, 1])
  })

  test('finalizers are added and taken away', () => {
    const finalizers = (change: object, operator: string) => ({
      selector: { matchExpressions: [{ key: '.metadata.deletionTimestamp', operator }] },
      next: { finalizers: change },
    })
    const cluster = clusterOf(1, {
      add: finalizers({ add: [{ value: 'example.com/a' }] }, 'DoesNotExist'),
      remove: {
        ...finalizers({ remove: [{ value: 'example.com/a' }] }, 'Exists'),
        delay: { durationMilliseconds: 2000 },
      },
    })
    cluster.api.create('deployments.apps', deploymentOf('web', 1))
    cluster.runFor(3000)
    const [pod] = podsOf(cluster)
    expect(pod!.metadata.finalizers).toEqual(['example.com/a'])
    cluster.api.delete('pods', `default/${pod!.metadata.name}`, { gracePeriodSeconds: 0 })
    cluster.runFor(1000)
    expect(cluster.api.find('pods', `default/${pod!.metadata.name}`)).toBeDefined()
    cluster.runFor(2000)
    expect(cluster.api.find('pods', `default/${pod!.metadata.name}`)).toBeUndefined()
  })

  test('Stages for nodes: one that is ready fails after a while', () => {
    const template = `
conditions:
{{ range NodeConditions }}
- {type: {{ .type }}, status: {{ .status | Quote }}, reason: {{ .reason }}, lastHeartbeatTime: {{ Now | Quote }}}
{{ end }}
addresses:
{{ with .status.addresses }}
{{ YAML . 1 }}
{{ else }}
- {address: {{ NodeIP | Quote }}, type: InternalIP}
{{ end }}
{{ with .status.nodeInfo }}
nodeInfo:
  kubeletVersion: {{ with .kubeletVersion }} {{ . }} {{ else }} "kwok-{{ Version }}" {{ end }}
{{ end }}
`
    const resourceRef = { kind: 'Node' }
    const cluster = clusterOf(1, {
      up: {
        resourceRef,
        selector: {
          matchExpressions: [
            { ...ready, operator: 'NotIn' },
            { key: '.status.addresses', operator: 'DoesNotExist' },
          ],
        },
        next: { statusTemplate: template },
      },
      down: {
        resourceRef,
        selector: { matchExpressions: [ready] },
        delay: { durationMilliseconds: 10_000 },
        next: { statusTemplate: `conditions: [{type: Ready, status: "False", reason: Broken}]` },
      },
    })
    // The built-in ones came first: the definition was applied when the node was up already.
    cluster.api.create('nodes', fakeNode('late'))
    cluster.runFor(5000)
    const late = () => cluster.api.find('nodes', 'late')
    expect(late()!.status.nodeInfo.kubeletVersion).toBe('kwok-v0.7.0')
    expect(conditionOf(late(), 'Ready').status).toBe('True')
    cluster.runFor(10_000)
    expect(conditionOf(late(), 'Ready')).toMatchObject({ status: 'False', reason: 'Broken' })
  })

  test('what is wrong is told, on the Stage or on the object', () => {
    const cluster = clusterOf(1, {
      selector: { selector: { matchExpressions: [{ key: '.a |', operator: 'Exists' }] }, next: {} },
      template: { selector: {}, next: { statusTemplate: '{{ .metadata.nothing.deep }}' } },
      other: { resourceRef: { apiGroup: 'apps', kind: 'Deployment' }, selector: {}, next: {} },
    })
    cluster.api.create('deployments.apps', deploymentOf('web', 1))
    cluster.runFor(5000)
    expect(eventsOf(cluster, 'InvalidStage')[0]?.message).toBe('unexpected EOF')
    expect(eventsOf(cluster, 'NotPlayed')[0]?.involvedObject.name).toBe('other')
    expect(eventsOf(cluster, 'StageFailed').map(({ message, count }) => [message, count])).toEqual([
      ['Stage template: nil pointer evaluating interface {}.deep', 1],
    ])
  })

  test('one that goes round in circles is slowed down', () => {
    const next = {
      patches: [
        {
          type: 'merge',
          template:
            'metadata: {annotations: {turns: "{{ add (index (or .metadata.annotations dict) "turns" | default 0) 1 }}"}}',
        },
      ],
    }
    const cluster = clusterOf(1, { circle: { selector: {}, immediateNextStage: true, next } })
    cluster.api.create('deployments.apps', deploymentOf('web', 1))
    cluster.runFor(20_000)
    const turns = Number(podsOf(cluster)[0]!.metadata.annotations!.turns)
    expect(turns).toBeGreaterThan(20)
    expect(turns).toBeLessThan(500)
  })
})

test('a cluster that is saved in the middle goes on as it would have', () => {
  const start = () => {
    const cluster = clusterOf(2, { ready: podReady, crash: crash({ weight: 2 }), 'pod-delete': podDelete })
    cluster.api.create('deployments.apps', deploymentOf('web', 6))
    return cluster
  }
  const straight = start()
  const broken = start()
  straight.runFor(60_000)
  let cluster = broken
  for (let piece = 0; piece < 24; piece++) {
    cluster.runFor(2500)
    cluster = Cluster.restore(parseSnapshot(serialiseSnapshot(cluster.snapshot())))
  }
  expect(serialiseSnapshot(cluster.snapshot())).toBe(serialiseSnapshot(straight.snapshot()))
})

test('its loops may be killed at any time', () => {
  const cluster = clusterOf(2, { ready: podReady, crash: crash(), 'pod-delete': podDelete })
  const kill = () => {
    for (const controller of cluster.controllers) if (controller.name.startsWith('kwok')) controller.restart()
  }
  cluster.api.create('deployments.apps', deploymentOf('web', 3))
  for (let n = 0; n < 20; n++) {
    cluster.runFor(700)
    kill()
  }
  cluster.runFor(120_000)
  expect(eventsOf(cluster, 'Crashed').length).toBeGreaterThan(3)
  const running = podsOf(cluster).filter(({ status }) => status.phase === 'Running')
  expect(running.length).toBeGreaterThan(0)
  expect(new Set(running.map(({ status }) => status.podIP)).size).toBe(running.length)
  expect(conditionOf(cluster.api.list('nodes')[0], 'Ready').status).toBe('True')
})
