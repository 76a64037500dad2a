import { expect, test } from 'vitest'
import type { KubeObject } from '../../machinery/objects.ts'
import { backendsOf, edgesOf, endpointsByService } from './relations.ts'

const meta = (name: string, labels?: Record<string, string>) => ({
  name,
  namespace: 'demo',
  uid: name,
  resourceVersion: '1',
  creationTimestamp: '',
  labels,
})

const slice = (name: string, endpoints: object[]): KubeObject =>
  ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: meta(name, { 'kubernetes.io/service-name': 'web' }),
    endpoints,
  }) as KubeObject

const ingress: KubeObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: meta('shop'),
  spec: {
    defaultBackend: { service: { name: 'web' } },
    rules: [
      { http: { paths: [{ backend: { service: { name: 'cart' } } }, { backend: { service: { name: 'web' } } }] } },
    ],
  },
}

const slices = [
  slice('web-1', [
    { nodeName: 'n1', conditions: { ready: true } },
    { nodeName: 'n1', conditions: { ready: false } },
  ]),
  slice('web-2', [{ nodeName: 'n2', conditions: { ready: false } }, { nodeName: 'n3' }]),
]

test('a service’s endpoints are counted over all its slices; without a condition they count as ready', () => {
  const web = endpointsByService(slices).get('demo/web')!
  expect([web.ready, web.total]).toEqual([2, 4])
  expect([...web.nodes]).toEqual([
    ['n1', true],
    ['n2', false],
    ['n3', true],
  ])
})

test('an ingress leads to each of its services once', () => {
  expect(backendsOf(ingress)).toEqual(['demo/web', 'demo/cart'])
})

test('routes from ingress to service to node, cut where the node is lost', () => {
  const edges = edgesOf({
    ingresses: new Map([['demo/shop', ingress]]),
    endpoints: endpointsByService(slices),
    pods: [],
    isLost: (node) => node === 'n2',
  })
  expect(edges.map((edge) => `${edge.from} → ${edge.to}${edge.cut ? ' cut' : ''}`)).toEqual([
    'ingresses.networking.k8s.io demo/shop → services demo/web',
    'ingresses.networking.k8s.io demo/shop → services demo/cart',
    'services demo/web → n1',
    'services demo/web → n2 cut',
    'services demo/web → n3',
  ])
})
