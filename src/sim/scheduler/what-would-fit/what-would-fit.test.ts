import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergePatch } from '../../../machinery/merge-patch.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { handleOf, nodeOf, podOf, podWith, type World } from '../../testing/scheduling.ts'
import { defaultPlugins } from '../plugins/registry.ts'
import { applyEdits } from './edit.ts'
import { editText } from './texts.ts'
import { nodesFor, whatWouldFit } from './what-would-fit.ts'

const suggestionsFor = (pod: KubeObject, world: World) => whatWouldFit(pod, defaultPlugins, handleOf(world))

/** Each suggestion as `edit + edit → nodes`; of added nodes just that. */
const said = (pod: KubeObject, world: World) =>
  suggestionsFor(pod, world).map(({ edits, nodes }) => {
    const words = edits.map((edit) => (edit.kind === 'addNode' ? `add a node like ${edit.path}` : editText(edit)))
    return `${words.join(' + ')} → ${nodes.join(' ')}`
  })

const tainted = (...taints: object[]) => ({ spec: { taints } })
const gpu = { key: 'gpu', value: 'yes', effect: 'NoSchedule' }
const zone = (name: string) => ({ labels: { 'topology.kubernetes.io/zone': name } })
const required = 'requiredDuringSchedulingIgnoredDuringExecution'
const nodeAffinity = (...expressions: object[]) => ({
  affinity: { nodeAffinity: { [required]: { nodeSelectorTerms: [{ matchExpressions: expressions }] } } },
})
const near = (field: string, app: string) => ({
  affinity: {
    [field]: { [required]: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } }] },
  },
})
const on = (node: string, app = 'web') => podOf(`on-${node}`, { nodeName: node }, { app })
const listening = (extra = {}) => ({
  containers: [{ name: 'main', image: 'app:1', ports: [{ containerPort: 80, hostPort: 80 }] }],
  ...extra,
})
const spread = (extra = {}) => ({
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'web' } },
      ...extra,
    },
  ],
})

describe('one edit that helps', () => {
  test.each<[string, KubeObject, World, readonly string[]]>([
    [
      'a request goes down to the most that is left anywhere',
      podWith('p', { cpu: '5' }),
      { nodes: [nodeOf('a'), nodeOf('b')], pods: [podWith('q', { cpu: '1500m' }, { nodeName: 'a' })] },
      ['lower spec.containers[0].resources.requests.cpu from 5 to 4 → b', 'add a node like a → a-new'],
    ],
    [
      'memory goes down to whole mebibytes',
      podWith('p', { memory: '9Gi' }),
      { nodes: [nodeOf('a', { allocatable: { memory: '1000000000' } })] },
      ['lower spec.containers[0].resources.requests.memory from 9Gi to 953Mi → a', 'add a node like a → a-new'],
    ],
    [
      'a request for what nobody has goes down to nothing',
      podWith('p', { 'example.com/gpu': '2' }),
      { nodes: [nodeOf('a')] },
      ['lower spec.containers[0].resources.requests[example.com/gpu] from 2 to 0 → a', 'add a node like a → a-new'],
    ],
    [
      'a taint is tolerated',
      podOf('p'),
      { nodes: [nodeOf('a', tainted(gpu))] },
      ['tolerate the taint gpu=yes:NoSchedule → a'],
    ],
    [
      'a cordon is tolerated',
      podOf('p'),
      { nodes: [nodeOf('a', { spec: { unschedulable: true } })] },
      ['tolerate the taint node.kubernetes.io/unschedulable:NoSchedule → a', 'add a node like a → a-new'],
    ],
    [
      'a node selector goes',
      podOf('p', { nodeSelector: { disk: 'ssd' } }),
      { nodes: [nodeOf('a')] },
      ['drop spec.nodeSelector.disk (ssd) → a', 'add a node like a → a-new'],
    ],
    [
      'a node affinity is widened, or goes',
      podOf('p', nodeAffinity({ key: 'topology.kubernetes.io/zone', operator: 'In', values: ['x'] })),
      { nodes: [nodeOf('a', zone('y'))] },
      [
        `widen spec.affinity.nodeAffinity.${required}.nodeSelectorTerms[0].matchExpressions[0].values from ["x"] to ["x","y"] → a`,
        `drop spec.affinity.nodeAffinity.${required} → a`,
        'add a node like a → a-new',
      ],
    ],
    [
      'a spread constraint becomes a wish',
      podOf('p', spread({ minDomains: 2 }), { app: 'web' }),
      { nodes: [nodeOf('a', zone('x'))], pods: [on('a')] },
      ['let spec.topologySpreadConstraints[0].whenUnsatisfiable be ScheduleAnyway instead of DoNotSchedule → a'],
    ],
    [
      'a spread constraint goes where the wish is there already',
      podOf(
        'p',
        {
          topologySpreadConstraints: [
            spread({ minDomains: 2 }).topologySpreadConstraints[0],
            spread({ whenUnsatisfiable: 'ScheduleAnyway' }).topologySpreadConstraints[0],
          ],
        },
        { app: 'web' },
      ),
      { nodes: [nodeOf('a', zone('x'))], pods: [on('a')] },
      ['drop spec.topologySpreadConstraints[0] → a'],
    ],
    [
      'an affinity term goes',
      podOf('p', near('podAffinity', 'db')),
      { nodes: [nodeOf('a')] },
      [`drop spec.affinity.podAffinity.${required}[0] → a`],
    ],
    [
      'an anti-affinity term goes',
      podOf('p', near('podAntiAffinity', 'web')),
      { nodes: [nodeOf('a')], pods: [on('a')] },
      [`drop spec.affinity.podAntiAffinity.${required}[0] → a`, 'add a node like a → a-new'],
    ],
    [
      'a host port is left free',
      podOf('p', listening()),
      { nodes: [nodeOf('a')], pods: [podOf('q', listening({ nodeName: 'a' }))] },
      ['drop spec.containers[0].ports[0].hostPort (80) → a', 'add a node like a → a-new'],
    ],
    [
      "the node's network is left",
      podOf('p', listening({ hostNetwork: true })),
      { nodes: [nodeOf('a')], pods: [podOf('q', listening({ nodeName: 'a' }))] },
      ["leave the node's network: drop spec.hostNetwork → a", 'add a node like a → a-new'],
    ],
    [
      'the name of a node goes',
      podOf('p', { nodeName: 'gone' }),
      { nodes: [nodeOf('a')] },
      ['drop spec.nodeName (gone) → a'],
    ],
    [
      'gates go',
      podOf('p', { schedulingGates: [{ name: 'example.com/wait' }] }),
      { nodes: [nodeOf('a')] },
      ['remove spec.schedulingGates → a', 'remove spec.schedulingGates + add a node like a → a-new'],
    ],
    [
      'a full node needs another',
      podOf('p'),
      { nodes: [nodeOf('a', { allocatable: { pods: '1' } })], pods: [on('a')] },
      ['add a node like a → a-new'],
    ],
    ['where there is no node, one is made', podOf('p'), { nodes: [] }, ['add a node like node → node-new']],
  ])('%s', (_name, pod, world, expected) => {
    expect(said(pod, world)).toEqual(expect.arrayContaining([...expected]))
    expect(said(pod, world)[0]).toBe(expected[0])
  })
})

describe('more than one edit', () => {
  test('two, when no single one helps', () => {
    const pod = podWith('p', { cpu: '5' })
    expect(said(pod, { nodes: [nodeOf('a', tainted(gpu))] })).toContain(
      'tolerate the taint gpu=yes:NoSchedule + lower spec.containers[0].resources.requests.cpu from 5 to 4 → a',
    )
  })

  test('a single one hides the pairs', () => {
    const nodes = [nodeOf('a', tainted(gpu)), nodeOf('b')]
    const edits = suggestionsFor(podWith('p', { cpu: '5' }), { nodes }).map((one) => one.edits.length)
    expect(Math.max(...edits)).toBe(1)
  })
})

describe('what it says beside', () => {
  test('nothing of a pod that fits, or that only others keep out', () => {
    expect(said(podOf('p'), { nodes: [nodeOf('a')] })).toEqual([])
    const pod = podOf('p', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'none' } }] })
    expect(said(pod, { nodes: [nodeOf('a')] })).toEqual([])
  })

  test('the patch makes the edits, and a template takes them as well', () => {
    const pod = podOf('p', { nodeSelector: { disk: 'ssd' } })
    const [first] = suggestionsFor(pod, { nodes: [nodeOf('a')] })
    expect(first!.patch).toEqual({ spec: { nodeSelector: { disk: null } } })
    expect(applyEdits({ nodeSelector: { disk: 'ssd', zone: 'x' } }, first!.edits)).toEqual({
      nodeSelector: { zone: 'x' },
    })
  })

  test('the limit of what cannot be overcommitted goes with the request', () => {
    const resources = { requests: { 'example.com/gpu': '2' }, limits: { 'example.com/gpu': '2' } }
    const pod = podOf('p', { containers: [{ name: 'main', image: 'app:1', resources }] })
    const [first] = suggestionsFor(pod, { nodes: [nodeOf('a', { allocatable: { 'example.com/gpu': '1' } })] })
    expect(applyEdits(pod.spec, first!.edits).containers[0].resources).toEqual({
      requests: { 'example.com/gpu': '1' },
      limits: { 'example.com/gpu': '1' },
    })
  })
})

const amount = fc.constantFrom('0', '500m', '1', '2', '5', '9')
const size = fc.constantFrom('100Mi', '3Gi', '7Gi', '20Gi')
const flag = fc.boolean()
const anyNode = fc
  .record({
    cpu: fc.constantFrom('1', '4', '8'),
    memory: fc.constantFrom('2Gi', '8Gi'),
    taint: flag,
    cordon: flag,
    ssd: flag,
  })
  .map(
    ({ cpu, memory, taint, cordon, ssd }) =>
      (name: string, index: number) =>
        nodeOf(name, {
          allocatable: { cpu, memory, pods: '3' },
          labels: { 'topology.kubernetes.io/zone': `z${index % 2}`, ...(ssd && { disk: 'ssd' }) },
          spec: { ...(taint && { taints: [gpu] }), ...(cordon && { unschedulable: true }) },
        }),
  )
const anySpec = fc
  .record({
    cpu: amount,
    memory: size,
    sidecar: flag,
    selector: flag,
    port: flag,
    gate: flag,
    spread: flag,
    anti: flag,
  })
  .map(({ cpu, memory, ...is }) => ({
    containers: [
      {
        name: 'main',
        image: 'app:1',
        resources: { requests: { cpu, memory } },
        ...(is.port && { ports: [{ containerPort: 80, hostPort: 80 }] }),
      },
    ],
    ...(is.sidecar && {
      initContainers: [
        { name: 'side', image: 'app:1', restartPolicy: 'Always', resources: { requests: { cpu: '300m' } } },
        { name: 'init', image: 'app:1', resources: { requests: { cpu: '3', memory } } },
      ],
    }),
    ...(is.selector && { nodeSelector: { disk: 'ssd' } }),
    ...(is.gate && { schedulingGates: [{ name: 'example.com/wait' }] }),
    ...(is.spread && spread()),
    ...(is.anti && near('podAntiAffinity', 'web')),
  }))

test('every suggestion, once made, lets the pod in, and looking changes nothing', () => {
  let suggestions = 0
  fc.assert(
    fc.property(
      fc.array(anyNode, { maxLength: 4 }),
      anySpec,
      fc.array(fc.nat({ max: 3 }), { maxLength: 6 }),
      (makers, spec, places) => {
        const nodes = makers.map((make, index) => make(`n${index}`, index))
        const pods = places
          .filter((place) => place < nodes.length)
          .map((place, index) => podWith(`q${index}`, { cpu: '500m' }, { nodeName: `n${place}` }))
          .map((pod) => ({ ...pod, metadata: { ...pod.metadata, labels: { app: 'web' } } }))
        const pod = podOf('p', spec, { app: 'web' })
        const world = { nodes, pods }
        const before = JSON.stringify([pod, world])
        for (const { edits, nodes: fits, patch } of suggestionsFor(pod, world)) {
          suggestions++
          const after = mergePatch(pod, patch) as KubeObject
          expect(after.spec).toEqual(applyEdits(pod.spec, edits))
          if (edits.some(({ kind }) => kind === 'addNode')) continue
          expect(nodesFor(after, defaultPlugins, handleOf(world))).toEqual(fits)
          expect(fits.length).toBeGreaterThan(0)
        }
        expect(JSON.stringify([pod, world])).toBe(before)
      },
    ),
    { numRuns: 300 },
  )
  expect(suggestions).toBeGreaterThan(100)
})
