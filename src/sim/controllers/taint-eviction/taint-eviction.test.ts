import { describe, expect, test } from 'vitest'
import { testCluster } from '../../testing/scenario.ts'

function withPod(tolerations: object[]) {
  const cluster = testCluster(1)
  cluster.api.create('pods', {
    metadata: { name: 'app', namespace: 'default' },
    spec: { containers: [{ name: 'main', image: 'nginx:1.27' }], tolerations },
  })
  cluster.runFor(20_000)
  const taint = (keys: string[]) =>
    cluster.api.patch('nodes', 'node-1', {
      type: 'merge',
      patch: { spec: { taints: keys.map((key) => ({ key, effect: 'NoExecute' })) } },
    })
  const isGoing = () => {
    const pod = cluster.api.find('pods', 'default/app')
    return !pod || pod.metadata.deletionTimestamp !== undefined
  }
  const events = () =>
    (cluster.api.list('events') as any[])
      .filter(({ reason }) => reason === 'TaintManagerEviction')
      .map(({ message }) => message)
  return { cluster, taint, isGoing, events }
}

describe('a NoExecute taint', () => {
  test.each([
    ['evicts at once', [], 0],
    ['evicts after the shortest toleration', [tolerating('a', 9), tolerating('b', 5)], 5],
    ['evicts at once what tolerates only one of two', [tolerating('a', 9)], 0],
    ['lets stay what tolerates it for ever', [tolerating('a'), tolerating('b')], undefined],
    ['is tolerated as long as the first match says', [tolerating('a', 3), tolerating('a', 60), tolerating('b')], 3],
  ])('%s', (_name, tolerations, seconds) => {
    const { cluster, taint, isGoing } = withPod(tolerations)
    taint(['a', 'b'])
    cluster.runFor((seconds ?? 3600) * 1000 - 100)
    if (seconds !== 0) expect(isGoing()).toBe(false)
    cluster.runFor(200)
    expect(isGoing()).toBe(seconds !== undefined)
  })

  test('taken away in time, the eviction is called off', () => {
    const { cluster, taint, isGoing, events } = withPod([tolerating('a', 60)])
    taint(['a'])
    cluster.runFor(30_000)
    taint([])
    cluster.runFor(60_000)
    expect(isGoing()).toBe(false)
    expect(events()).toEqual(['Cancelling deletion of Pod default/app'])
  })
})

function tolerating(key: string, tolerationSeconds?: number) {
  return { key, operator: 'Exists', effect: 'NoExecute', ...(tolerationSeconds && { tolerationSeconds }) }
}
