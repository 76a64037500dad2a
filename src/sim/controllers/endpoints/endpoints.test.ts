import { describe, expect, test } from 'vitest'
import { testCluster } from '../../testing/scenario.ts'
import { truncated } from './subsets.ts'

const addresses = (count: number) => Array.from({ length: count }, (_, index) => ({ ip: `10.0.0.${index}` }))

describe('Endpoints over their capacity', () => {
  test.each([
    [
      'a thousand fit',
      [
        [600, 100],
        [300, 0],
      ],
      undefined,
    ],
    [
      'those that are not ready give way',
      [
        [600, 300],
        [300, 100],
      ],
      [
        [600, 75],
        [300, 25],
      ],
    ],
    [
      'ready ones give way in proportion',
      [
        [900, 5],
        [600, 0],
      ],
      [
        [600, 0],
        [400, 0],
      ],
    ],
  ] as const)('%s', (_name, before, after) => {
    const cut = truncated(
      before.map(([ready, not]) => ({ addresses: addresses(ready), notReadyAddresses: addresses(not) })),
    )
    const counts = cut?.map((one) => [one.addresses?.length ?? 0, one.notReadyAddresses?.length ?? 0])
    expect(counts).toEqual(after)
  })
})

const selector = { app: 'web' }
const pod = (name: string) => ({
  metadata: { name, namespace: 'default', labels: selector },
  spec: { containers: [{ name: 'main', image: 'nginx:1.27' }] },
})

function service(extra: object = {}) {
  const cluster = testCluster(1)
  cluster.api.create('services', {
    metadata: { name: 'web', namespace: 'default', labels: { tier: 'front' } },
    spec: { selector, ports: [{ port: 80 }], ...extra },
  })
  return cluster
}

describe('the Endpoints of a Service', () => {
  test('hold its pods, carry its labels, and go with it', () => {
    const cluster = service()
    cluster.api.create('pods', pod('a'))
    cluster.runFor(20_000)
    const endpoints: any = cluster.api.get('endpoints', 'default/web')
    expect(endpoints.subsets).toMatchObject([
      {
        addresses: [{ nodeName: 'node-1', targetRef: { kind: 'Pod', name: 'a' } }],
        ports: [{ port: 80, protocol: 'TCP' }],
      },
    ])
    expect(endpoints.metadata.labels).toEqual({
      tier: 'front',
      'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
    })
    cluster.api.delete('services', 'default/web')
    cluster.runFor(1000)
    expect(cluster.api.find('endpoints', 'default/web')).toBeUndefined()
  })

  test('written over by somebody, they come back', () => {
    const cluster = service()
    cluster.api.create('pods', pod('a'))
    cluster.runFor(20_000)
    const { subsets } = cluster.api.get('endpoints', 'default/web') as any
    cluster.api.patch('endpoints', 'default/web', { type: 'merge', patch: { subsets: [] } })
    cluster.runFor(1000)
    expect((cluster.api.get('endpoints', 'default/web') as any).subsets).toEqual(subsets)
  })
})

describe('Endpoints for a Service without a selector', () => {
  const mirrored = (cluster: ReturnType<typeof testCluster>) =>
    cluster.api
      .list('endpointslices.discovery.k8s.io')
      .filter(({ metadata }) => metadata.labels!['kubernetes.io/service-name'] === 'ext') as any[]

  function external() {
    const cluster = testCluster(1)
    cluster.api.create('services', { metadata: { name: 'ext', namespace: 'default' }, spec: { ports: [{ port: 1 }] } })
    cluster.api.create('endpoints', {
      metadata: { name: 'ext', namespace: 'default', annotations: { note: 'x' } },
      subsets: [{ addresses: [{ ip: '192.0.2.1' }], notReadyAddresses: [{ ip: '192.0.2.2' }], ports: [{ port: 1 }] }],
    })
    cluster.runFor(1000)
    return cluster
  }

  test('are mirrored', () => {
    expect(mirrored(external())).toMatchObject([
      {
        metadata: { annotations: { note: 'x' }, ownerReferences: [{ kind: 'Endpoints', name: 'ext' }] },
        endpoints: [
          { addresses: ['192.0.2.1'], conditions: { ready: true } },
          { addresses: ['192.0.2.2'], conditions: { ready: false } },
        ],
        ports: [{ name: '', port: 1, protocol: 'TCP' }],
      },
    ])
  })

  test.each([
    [
      'they say that they are not for it',
      { metadata: { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } } },
    ],
    ['they have no addresses', { subsets: [] }],
  ])('are not when %s', (_name, patch) => {
    const cluster = external()
    cluster.api.patch('endpoints', 'default/ext', { type: 'merge', patch })
    cluster.runFor(1000)
    expect(mirrored(cluster)).toEqual([])
  })

  test('are not any more when it gets a selector', () => {
    const cluster = external()
    cluster.api.patch('services', 'default/ext', { type: 'merge', patch: { spec: { selector: { app: 'none' } } } })
    cluster.runFor(1000)
    const managers = mirrored(cluster).map(({ metadata }) => metadata.labels['endpointslice.kubernetes.io/managed-by'])
    expect(managers).toEqual(['endpointslice-controller.k8s.io'])
  })
})
