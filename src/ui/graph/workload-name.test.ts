import { expect, test } from 'vitest'
import type { KubeObject } from '../../machinery/objects.ts'
import { cutMiddle, workloadName } from './workload-name.ts'

function pod(name: string, owner?: [kind: string, name: string], labels?: Record<string, string>): KubeObject {
  const ownerReferences = owner && [
    { apiVersion: 'apps/v1', kind: owner[0], name: owner[1], uid: 'o', controller: true },
  ]
  const metadata = { name, uid: 'u', resourceVersion: '1', creationTimestamp: '', labels, ownerReferences }
  return { apiVersion: 'v1', kind: 'Pod', metadata }
}

test.each([
  ['a Deployment’s pod', pod('web-7b6c-x2k9p', ['ReplicaSet', 'web-7b6c'], { 'pod-template-hash': '7b6c' }), 'web'],
  ['a ReplicaSet of its own', pod('web-x2k9p', ['ReplicaSet', 'web']), 'web'],
  ['a StatefulSet’s pod', pod('pg-0', ['StatefulSet', 'pg']), 'pg-0'],
  ['a DaemonSet’s pod', pod('otel-hx6vn', ['DaemonSet', 'otel']), 'otel'],
  ['a static pod', pod('etcd-node-1', ['Node', 'node-1']), 'etcd-node-1'],
  ['a pod of nobody', pod('shell'), 'shell'],
])('%s', (_name, object, name) => {
  expect(workloadName(object)).toBe(name)
})

test('a long name loses its middle, never its end', () => {
  expect(cutMiddle('checkout-6f7d9c8b5d-x2k9p', 16)).toBe('checkout-…-x2k9p')
  expect(cutMiddle('web', 16)).toBe('web')
})
