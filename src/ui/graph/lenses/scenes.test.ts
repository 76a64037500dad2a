import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { isClear } from '../routing.ts'
import { arrange } from './arrange.ts'
import { drawLinks } from './links.ts'
import { needsLayout, networkRequest, networkScene } from './network.ts'
import { noMemory, type Memory, type Scene, type SceneInput } from './scene.ts'
import { storageScene } from './storage.ts'
import { workloadsScene } from './workloads.ts'

type Kinds = Readonly<Record<string, readonly KubeObject[]>>

function object(kind: string, name: string, spec: object, more: object = {}, owner?: KubeObject): KubeObject {
  const ownerReferences = owner && [
    { apiVersion: 'apps/v1', kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid, controller: true },
  ]
  const metadata = { name, namespace: 'shop', uid: `${kind}-${name}`, resourceVersion: '1', creationTimestamp: '' }
  return { apiVersion: 'v1', kind, metadata: { ...metadata, ownerReferences }, spec, ...more } as unknown as KubeObject
}

function input(kinds: Kinds): SceneInput {
  const tables = Object.fromEntries(
    Object.entries(kinds).map(([resource, objects]) => {
      const byKey = new Map(objects.map((each) => [keyOf(each), each]))
      return [resource, { byKey, keys: [...byKey.keys()] }]
    }),
  )
  return { tables, hasPods: () => true, near: new Map(), placements: {} }
}

/** Apps that call the one before them, each with a Service, a ReplicaSet, a ConfigMap and a claim. */
function shop(apps: readonly string[]): Kinds {
  const template = (app: string, calls: string | undefined) => ({
    metadata: { labels: { app } },
    spec: {
      containers: [
        { env: calls ? [{ name: 'URL', value: `http://${calls}` }] : [], envFrom: [{ configMapRef: { name: app } }] },
      ],
      volumes: [{ persistentVolumeClaim: { claimName: app } }],
    },
  })
  const deployments = apps.map((app, i) =>
    object('Deployment', app, { replicas: 1, selector: {}, template: template(app, apps[i - 1]) }),
  )
  const bound = (app: string) => ({ spec: { volumeName: `pv-${app}`, storageClassName: 'standard' } })
  const volumes = apps.map((app) => {
    const claimRef = { namespace: 'shop', name: app }
    const volume = object('PersistentVolume', `pv-${app}`, { claimRef, storageClassName: 'standard' })
    return { ...volume, metadata: { ...volume.metadata, namespace: undefined } } as unknown as KubeObject
  })
  return {
    'deployments.apps': deployments,
    'replicasets.apps': deployments.map((each) =>
      object('ReplicaSet', `${each.metadata.name}-1`, { replicas: 1 }, {}, each),
    ),
    services: apps.map((app) => object('Service', app, { selector: { app } })),
    configmaps: apps.map((app) => object('ConfigMap', app, {})),
    persistentvolumeclaims: apps.map((app) => object('PersistentVolumeClaim', app, bound(app).spec)),
    persistentvolumes: volumes,
    'ingresses.networking.k8s.io': apps
      .slice(0, 2)
      .map((app) => object('Ingress', app, { defaultBackend: { service: { name: app } } })),
  }
}

const network = (given: SceneInput, memory: Memory): Scene => {
  const request = networkRequest(given)
  return networkScene(given, memory, needsLayout(request, memory) ? arrange(request) : undefined)
}
const scenes = { workloads: workloadsScene, storage: storageScene, network }

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((letter) => `${letter}pp`)

test.each(Object.entries(scenes))('%s: cards stand beside each other, and edges keep off them', (_, scene) => {
  fc.assert(
    fc.property(fc.subarray(names, { minLength: 1 }), (apps) => {
      const { cards, links } = scene(input(shop(apps)), noMemory)
      const solid = cards.filter((card) => card.type !== 'GroupFrame')
      for (const [i, { rect: a }] of solid.entries())
        for (const { rect: b } of solid.slice(i + 1))
          expect(a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height).toBe(false)
      const drawn = drawLinks(links, cards)
      expect(drawn.length).toBe(links.length)
      // A line may touch the card it begins or ends at, so only the parts between the gutters are looked at; to a disc
      // it goes over the edge of its card.
      for (const { points, from, to } of drawn) {
        const rects = solid
          .filter(({ id, type }) => type !== 'storage' || (id !== from && id !== to))
          .map((card) => card.rect)
        const inner = points.slice(1, -1)
        for (const [i, point] of inner.entries()) if (i > 0) expect(isClear(inner[i - 1]!, point, rects)).toBe(true)
      }
    }),
    { numRuns: 30 },
  )
})

test.each(Object.entries(scenes))('%s: a newcomer moves nobody, and the same comes to the same', (_, scene) => {
  fc.assert(
    fc.property(fc.shuffledSubarray(names, { minLength: 4 }), (apps) => {
      const before = scene(input(shop(apps.slice(0, -1))), noMemory)
      const after = scene(input(shop(apps)), before.memory)
      const now = new Map(after.cards.map((card) => [card.id, card.rect]))
      for (const card of before.cards) if (card.type !== 'GroupFrame') expect(now.get(card.id)).toEqual(card.rect)
      expect(scene(input(shop(apps)), noMemory)).toEqual(scene(input(shop(apps)), noMemory))
    }),
    { numRuns: 30 },
  )
})

test('who calls stands left of who is called, and entries stand before the cluster', () => {
  const given = input(shop(['web', 'api', 'db']))
  const { cards, links } = network(given, noMemory)
  const at = (id: string) => cards.find((card) => card.id === id)!.rect
  expect(links.filter((link) => link.type === 'route').length).toBe(4)
  for (const { from, to } of links) expect(at(from).x + at(from).width).toBeLessThan(at(to).x)
  const frame = at('group network')
  expect(at('ingresses.networking.k8s.io shop/web').x).toBeLessThan(frame.x)
})

test('a Deployment’s old ReplicaSet is shown as long as it has pods', () => {
  const kinds = shop(['web'])
  const owner = kinds['deployments.apps']![0]!
  const sets = (old: number) => [
    object('ReplicaSet', 'web-1', { replicas: old }, {}, owner),
    object('ReplicaSet', 'web-2', { replicas: 3 }, { status: { replicas: 3 } }, owner),
  ]
  const shown = (old: number) =>
    workloadsScene(input({ ...kinds, 'replicasets.apps': sets(old) }), noMemory)
      .cards.filter((card) => card.resource === 'replicasets.apps')
      .map((card) => card.key)
  expect(shown(2)).toHaveLength(2)
  expect(shown(0)).not.toHaveLength(0)
})
