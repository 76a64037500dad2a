import { expect, test } from 'vitest'
import type { KubeObject } from '../../machinery/objects.ts'
import { objectStatus } from './object-status.ts'
import { iconOfKind, resourceOfKind } from './resources.ts'

function object(kind: string, more: object, metadata: object = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind,
    metadata: { name: 'a', uid: 'u', resourceVersion: '1', creationTimestamp: '', ...metadata },
    ...more,
  }
}

test.each([
  ['a rolled out Deployment', object('Deployment', { spec: { replicas: 3 }, status: { readyReplicas: 3 } }), '3/3 ok'],
  ['one on its way', object('Deployment', { spec: { replicas: 3 }, status: {} }), '0/3 progress'],
  ['a bound claim', object('PersistentVolumeClaim', { status: { phase: 'Bound' } }), 'Bound ok'],
  ['a lost claim', object('PersistentVolumeClaim', { status: { phase: 'Lost' } }), 'Lost fail'],
  ['anything being deleted', object('ConfigMap', {}, { deletionTimestamp: 'x' }), 'Terminating end'],
  ['a ready node', object('Node', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }), 'Ready ok'],
  [
    'a node that says nothing',
    object('Node', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }),
    'NotReady warn',
  ],
] as const)('%s', (_name, it, expected) => {
  const status = objectStatus(it)
  expect(`${status?.text} ${status?.tone}`).toBe(expected)
})

test('a ConfigMap has no state', () => {
  expect(objectStatus(object('ConfigMap', { data: {} }))).toBeUndefined()
})

test.each([
  ['v1', 'Pod', 'pods'],
  ['apps/v1', 'ReplicaSet', 'replicasets.apps'],
  ['networking.k8s.io/v1', 'Ingress', 'ingresses.networking.k8s.io'],
  ['networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies.networking.k8s.io'],
  ['storage.k8s.io/v1', 'StorageClass', 'storageclasses.storage.k8s.io'],
  ['v1', 'Endpoints', 'endpoints'],
  ['gateway.networking.k8s.io/v1', 'Gateway', 'gateways.gateway.networking.k8s.io'],
])('%s %s is %s', (apiVersion, kind, resource) => {
  expect(resourceOfKind(apiVersion, kind)).toBe(resource)
})

test('a kind without an outline of its own is a file', () => {
  expect([iconOfKind('PersistentVolumeClaim'), iconOfKind('Deployment'), iconOfKind('Widget')]).toEqual([
    'pvc',
    'deployment',
    'ui-file',
  ])
})
