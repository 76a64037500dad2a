import { expect, test } from 'vitest'
import { testCluster } from '../../testing/scenario.ts'

test.each([
  ['serviceaccounts', 'default/default'],
  ['configmaps', 'default/kube-root-ca.crt'],
])('%s: %s comes back when it is deleted', (resource, key) => {
  const cluster = testCluster(0)
  const { uid } = cluster.api.get(resource, key).metadata
  cluster.api.delete(resource, key)
  cluster.runFor(100)
  expect(cluster.api.get(resource, key).metadata.uid).not.toBe(uid)
})

test('root certificates that were tampered with are put right', () => {
  const cluster = testCluster(0)
  const key = 'default/kube-root-ca.crt'
  const { data } = cluster.api.get('configmaps', key) as any
  cluster.api.patch('configmaps', key, { type: 'merge', patch: { data: { 'ca.crt': 'tampered', extra: 'x' } } })
  cluster.runFor(100)
  expect((cluster.api.get('configmaps', key) as any).data).toEqual(data)
})
