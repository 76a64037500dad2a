import { describe, expect, test } from 'vitest'
import type { Cluster } from '../../cluster.ts'
import { deploymentOf, testCluster } from '../../testing/scenario.ts'

const deployments = 'deployments.apps'
const sets = 'replicasets.apps'

function up(): Cluster {
  const cluster = testCluster(2)
  cluster.api.create(deployments, deploymentOf('web', 2))
  cluster.runFor(20_000)
  return cluster
}

const counts = (cluster: Cluster) => [deployments, sets, 'pods'].map((resource) => cluster.api.list(resource).length)
const configMap = (name: string, ownerReferences?: object[]) => ({
  metadata: { name, namespace: 'default', ownerReferences },
})
const reference = ({ metadata }: { metadata: { name: string; uid: string } }, more = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: metadata.name,
  uid: metadata.uid,
  ...more,
})

describe('deleting a Deployment', () => {
  test('in the background: it goes at once, what it owns afterwards', () => {
    const cluster = up()
    cluster.api.delete(deployments, 'default/web', { propagationPolicy: 'Background' })
    expect(counts(cluster)).toEqual([0, 1, 2])
    cluster.runFor(40_000)
    expect(counts(cluster)).toEqual([0, 0, 0])
  })

  test('in the foreground: it stays, marked, until everything it owns is gone', () => {
    const cluster = up()
    cluster.api.delete(deployments, 'default/web', { propagationPolicy: 'Foreground' })
    expect(cluster.api.get(deployments, 'default/web').metadata).toMatchObject({
      finalizers: ['foregroundDeletion'],
      deletionTimestamp: expect.any(String),
    })
    let last = counts(cluster)
    for (let i = 0; i < 400; i++) {
      cluster.runFor(100)
      const now = counts(cluster)
      // Owners never go before what they own.
      if (now[0] === 0) expect(now).toEqual([0, 0, 0])
      if (now[1] === 0) expect(now[2]).toBe(0)
      last = now
    }
    expect(last).toEqual([0, 0, 0])
  })

  test('as orphans: what it owns stays and belongs to nobody', () => {
    const cluster = up()
    cluster.api.delete(deployments, 'default/web', { propagationPolicy: 'Orphan' })
    cluster.runFor(40_000)
    expect(counts(cluster)).toEqual([0, 1, 2])
    expect(cluster.api.list(sets)[0]!.metadata.ownerReferences ?? []).toEqual([])
    expect(cluster.api.list('pods')[0]!.metadata.ownerReferences).toHaveLength(1)
  })
})

describe('owners that are not there', () => {
  test('an object whose owner never was is deleted', () => {
    const cluster = up()
    cluster.api.create('configmaps', configMap('child', [reference({ metadata: { name: 'nobody', uid: 'none' } })]))
    cluster.runFor(10_000)
    expect(cluster.api.find('configmaps', 'default/child')).toBeUndefined()
  })

  test('a name that is taken by another object is no owner', () => {
    const cluster = up()
    cluster.api.create('configmaps', configMap('owner'))
    cluster.api.create(
      'configmaps',
      configMap('child', [reference({ metadata: { name: 'owner', uid: 'of-an-earlier-life' } })]),
    )
    cluster.runFor(10_000)
    expect(cluster.api.find('configmaps', 'default/child')).toBeUndefined()
    expect(cluster.api.find('configmaps', 'default/owner')).toBeDefined()
  })

  test('with one of two owners gone, an object stays, and forgets that one', () => {
    const cluster = up()
    const [a, b] = ['a', 'b'].map((name) => cluster.api.create('configmaps', configMap(name)))
    cluster.api.create('configmaps', configMap('child', [reference(a!), reference(b!)]))
    cluster.runFor(5000)
    cluster.api.delete('configmaps', 'default/a')
    cluster.runFor(10_000)
    expect(cluster.api.get('configmaps', 'default/child').metadata.ownerReferences).toMatchObject([{ name: 'b' }])
    cluster.api.delete('configmaps', 'default/b')
    cluster.runFor(10_000)
    expect(cluster.api.find('configmaps', 'default/child')).toBeUndefined()
  })

  test('owners in a circle all go once one does', () => {
    const cluster = up()
    const a = cluster.api.create('configmaps', configMap('a'))
    const b = cluster.api.create('configmaps', configMap('b', [reference(a)]))
    cluster.api.update('configmaps', { ...a, metadata: { ...a.metadata, ownerReferences: [reference(b)] } } as never)
    cluster.runFor(5000)
    cluster.api.delete('configmaps', 'default/a', { propagationPolicy: 'Background' })
    cluster.runFor(10_000)
    expect(cluster.api.list('configmaps').filter(({ metadata }) => ['a', 'b'].includes(metadata.name))).toEqual([])
  })

  test('a dependent without blockOwnerDeletion does not hold up a foreground deletion', () => {
    const cluster = up()
    const owner = cluster.api.create('configmaps', configMap('owner'))
    const child = configMap('child', [reference(owner)])
    cluster.api.create('configmaps', { ...child, metadata: { ...child.metadata, finalizers: ['example.com/stay'] } })
    cluster.runFor(5000)
    cluster.api.delete('configmaps', 'default/owner', { propagationPolicy: 'Foreground' })
    cluster.runFor(10_000)
    expect(cluster.api.find('configmaps', 'default/owner')).toBeUndefined()
    expect(cluster.api.get('configmaps', 'default/child').metadata.deletionTimestamp).toBeDefined()
  })
})
