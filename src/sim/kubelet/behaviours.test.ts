import { expect, test } from 'vitest'
import { testCluster } from '../testing/scenario.ts'

const definition = {
  metadata: { name: 'behaviours.kubecosm.dev' },
  spec: {
    group: 'kubecosm.dev',
    scope: 'Namespaced',
    names: { plural: 'behaviours', singular: 'behaviour', kind: 'Behaviour', listKind: 'BehaviourList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
}

test('a Behaviour says how the pods that it selects behave, until their own annotations do', () => {
  const cluster = testCluster(1, 5)
  const { api } = cluster
  cluster.runFor(10_000)
  api.create('customresourcedefinitions.apiextensions.k8s.io', definition)
  cluster.runFor(5000)
  const spec = { selector: { matchLabels: { app: 'shop' } }, crashAfter: 20, memory: '100Mi' }
  api.create('behaviours.kubecosm.dev', { metadata: { name: 'fragile', namespace: 'default' }, spec })
  const pod = (name: string, metadata: object, limits?: object) =>
    api.create('pods', {
      metadata: { name, namespace: 'default', ...metadata },
      spec: { containers: [{ name: 'main', image: 'shop:1', ...(limits && { resources: { limits } }) }] },
    })
  pod('selected', { labels: { app: 'shop' } })
  pod('other', { labels: { app: 'other' } })
  pod('own', { labels: { app: 'shop' }, annotations: { 'kubecosm.dev/crashAfter': '10m' } })
  pod('greedy', { labels: { app: 'shop' } }, { memory: '64Mi' })
  cluster.runFor(60_000)
  const last = (name: string) => {
    const [status] = api.get('pods', `default/${name}`).status.containerStatuses
    return (status.lastState?.terminated ?? status.state.terminated)?.reason
  }
  expect(['selected', 'other', 'own', 'greedy'].map(last)).toEqual(['Error', undefined, undefined, 'OOMKilled'])
})
