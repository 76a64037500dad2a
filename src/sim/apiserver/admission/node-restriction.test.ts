import { describe, expect, test } from 'vitest'
import type { Cluster } from '../../cluster.ts'
import { testCluster } from '../../testing/scenario.ts'
import { handleRequest } from '../http.ts'

const user = { name: 'system:node:node-1', groups: ['system:nodes', 'system:authenticated'] }

function send(cluster: Cluster, method: string, path: string, body?: object) {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
  const answer = handleRequest(cluster.api, {
    method,
    path,
    headers: { 'content-type': type },
    identity: user,
    ...(body && { body: JSON.stringify(body) }),
  })
  return [answer.status, JSON.parse(answer.body).message]
}

/** One pod on node-1 with a secret, a claim and an account; another on node-2. */
function shop(): Cluster {
  const cluster = testCluster(2)
  const { api } = cluster
  for (const name of ['mine', 'theirs']) {
    api.create('secrets', { metadata: { name, namespace: 'default' } })
    api.create('configmaps', { metadata: { name, namespace: 'default' } })
  }
  const spec = (nodeName: string, name: string) => ({
    nodeName,
    containers: [{ name: 'c', image: 'c:1', envFrom: [{ configMapRef: { name } }] }],
    volumes: [{ name: 'v', secret: { secretName: name } }],
  })
  api.create('pods', { metadata: { name: 'a', namespace: 'default' }, spec: spec('node-1', 'mine') })
  api.create('pods', { metadata: { name: 'b', namespace: 'default' }, spec: spec('node-2', 'theirs') })
  return cluster
}

const cannot = (verb: string, resource: string, name: string, why: string) => {
  const [plural] = resource.split('/')
  return [
    403,
    `${plural} "${name}" is forbidden: User "system:node:node-1" cannot ${verb} resource "${resource}" in API group "" in the namespace "default": ${why}`,
  ]
}
const unrelated = "no relationship found between node 'node-1' and this object"

describe('a kubelet', () => {
  test('reads what its pods use, and nothing else', () => {
    const cluster = shop()
    const path = (resource: string, name: string) => `/api/v1/namespaces/default/${resource}/${name}`
    expect(send(cluster, 'GET', path('secrets', 'mine'))[0]).toBe(200)
    expect(send(cluster, 'GET', path('configmaps', 'mine'))[0]).toBe(200)
    expect(send(cluster, 'GET', path('secrets', 'theirs'))).toEqual(cannot('get', 'secrets', 'theirs', unrelated))
    expect(send(cluster, 'DELETE', path('secrets', 'mine'))).toEqual(
      cannot('delete', 'secrets', 'mine', 'can only read resources of this type'),
    )
    expect(send(cluster, 'GET', '/api/v1/pods')[0]).toBe(200)
    expect(send(cluster, 'GET', '/api/v1/namespaces/default/secrets')[1]).toContain('No Object name found')
  })

  test('has its own lease', () => {
    const cluster = shop()
    const path = (name: string) => `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`
    expect(send(cluster, 'GET', path('node-1'))[0]).toBe(200)
    expect(send(cluster, 'GET', path('node-2'))[1]).toContain(
      'can only access node lease with the same name as the requesting node',
    )
  })

  test.each<[string, string, string, object | undefined, string]>([
    [
      'another node',
      'PATCH',
      '/api/v1/nodes/node-2',
      { metadata: { labels: { a: 'b' } } },
      'nodes "node-2" is forbidden: node "node-1" is not allowed to modify node "node-2"',
    ],
    [
      'its taints',
      'PATCH',
      '/api/v1/nodes/node-1',
      { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } },
      'nodes "node-1" is forbidden: node "node-1" is not allowed to modify taints',
    ],
    [
      'labels that are for others to set',
      'PATCH',
      '/api/v1/nodes/node-1',
      { metadata: { labels: { 'node-restriction.kubernetes.io/x': 'y', 'kubernetes.io/role': 'z' } } },
      'nodes "node-1" is forbidden: is not allowed to modify labels: kubernetes.io/role, node-restriction.kubernetes.io/x',
    ],
    [
      'the status of another’s pod',
      'PATCH',
      '/api/v1/namespaces/default/pods/b/status',
      { status: { message: 'x' } },
      'pods "b" is forbidden: node "node-1" can only update pod status for pods with spec.nodeName set to itself',
    ],
    [
      'another’s pod',
      'DELETE',
      '/api/v1/namespaces/default/pods/b',
      undefined,
      'pods "b" is forbidden: node "node-1" can only delete pods with spec.nodeName set to itself',
    ],
    [
      'a pod of its own making',
      'POST',
      '/api/v1/namespaces/default/pods',
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'p' },
        spec: { nodeName: 'node-1', containers: [{ name: 'c', image: 'c' }] },
      },
      'pods "p" is forbidden: pod does not have "kubernetes.io/config.mirror" annotation, node "node-1" can only create mirror pods',
    ],
  ])('does not touch %s', (_name, method, path, body, message) =>
    expect(send(shop(), method, path, body)).toEqual([403, message]),
  )

  test('labels itself as it likes', () =>
    expect(
      send(shop(), 'PATCH', '/api/v1/nodes/node-1', { metadata: { labels: { 'example.com/rack': '7' } } })[0],
    ).toBe(200))
})
