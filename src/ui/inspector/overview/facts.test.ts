import { expect, test } from 'vitest'
import type { KubeObject } from '../../../machinery/objects.ts'
import { factsOf } from './facts.ts'

function object(kind: string, more: object, metadata: object = {}): KubeObject {
  const meta = { name: 'a', namespace: 'demo', uid: 'u', resourceVersion: '1', creationTimestamp: '', ...metadata }
  return { apiVersion: 'v1', kind, metadata: meta, ...more }
}

const said = (it: KubeObject) =>
  factsOf(it).map(
    ({ label, text, links }) =>
      `${label}: ${text ?? links!.map((to) => `${to.text} (${to.resource} ${to.key})`).join(', ')}`,
  )

test('a pod: where it runs, what it mounts, who owns it', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-7b', uid: 'o', controller: true }
  const volumes = [
    { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
    { name: 'c', configMap: { name: 'conf' } },
    { name: 'e', emptyDir: {} },
  ]
  expect(
    said(
      object('Pod', { spec: { nodeName: 'n1', volumes }, status: { podIP: '10.0.0.1' } }, { ownerReferences: [owner] }),
    ),
  ).toEqual([
    'node: n1 (nodes n1)',
    'ip: 10.0.0.1',
    'volumes: data (persistentvolumeclaims demo/data), conf (configmaps demo/conf)',
    'owner: ReplicaSet web-7b (replicasets.apps demo/web-7b)',
  ])
})

test('a service: its ports as kubectl prints them, and where they lead', () => {
  const spec = {
    type: 'NodePort',
    ports: [
      { port: 80, nodePort: 30080, targetPort: 8080 },
      { port: 53, protocol: 'UDP', targetPort: 53 },
    ],
    selector: { app: 'web' },
  }
  expect(said(object('Service', { spec }))).toEqual([
    'type: NodePort',
    'ports: 80:30080/TCP → 8080, 53/UDP',
    'selector: app=web',
  ])
})

test('a volume leads to its claim in the claim’s own namespace', () => {
  const spec = { claimRef: { name: 'data', namespace: 'other' }, capacity: { storage: '1Gi' } }
  expect(said(object('PersistentVolume', { spec }, { namespace: undefined }))).toEqual([
    'claim: data (persistentvolumeclaims other/data)',
    'capacity: 1Gi',
  ])
})
