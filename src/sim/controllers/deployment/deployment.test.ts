import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { Cluster } from '../../cluster.ts'
import { deploymentOf, testCluster } from '../../testing/scenario.ts'
import { fenceposts, maxSurgeOf, maxUnavailableOf } from './limits.ts'

const key = 'default/web'
const probe = { ports: [{ containerPort: 80 }], readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 } }

function up(replicas: number, spec: Record<string, unknown> = {}, container: Record<string, unknown> = probe): Cluster {
  const cluster = testCluster(3)
  const deployment = deploymentOf('web', replicas, container)
  cluster.api.create('deployments.apps', { ...deployment, spec: { ...deployment.spec, ...spec } })
  cluster.runFor(30_000)
  return cluster
}

const setImage = (cluster: Cluster, image: string) =>
  cluster.api.patch('deployments.apps', key, {
    type: 'strategic',
    patch: { spec: { template: { spec: { containers: [{ name: 'main', image }] } } } },
  })
const patch = (cluster: Cluster, spec: object) =>
  cluster.api.patch('deployments.apps', key, { type: 'merge', patch: { spec } })
const status = (cluster: Cluster) => cluster.api.get('deployments.apps', key).status
const condition = (cluster: Cluster, type: string) => status(cluster).conditions.find((one: any) => one.type === type)
const sets = (cluster: Cluster) => cluster.api.list('replicasets.apps')
const images = (cluster: Cluster) =>
  cluster.api
    .list('pods')
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .map((pod) => pod.spec.containers[0].image)

/** The most and the fewest there were of something while time passed. */
function extremes(cluster: Cluster, ms: number, measure: () => number): [number, number] {
  let [least, most] = [Infinity, -Infinity]
  const until = cluster.now() + ms
  while (cluster.now() < until) {
    cluster.runFor(10)
    least = Math.min(least, measure())
    most = Math.max(most, measure())
  }
  return [least, most]
}

describe('the arithmetic of a rolling update', () => {
  const spec = (replicas: number, maxSurge: unknown, maxUnavailable: unknown, type = 'RollingUpdate') =>
    ({ spec: { replicas, strategy: { type, rollingUpdate: { maxSurge, maxUnavailable } } } }) as unknown as KubeObject

  test.each<[string, KubeObject, number, number]>([
    ['a quarter of four', spec(4, '25%', '25%'), 1, 1],
    ['surge is rounded up, unavailable down', spec(10, '25%', '25%'), 3, 2],
    ['of one: one more first', spec(1, '25%', '25%'), 1, 0],
    ['plain numbers', spec(10, 2, 3), 2, 3],
    ['neither: one may be missing', spec(10, 0, 0), 0, 1],
    ['one percent of ten is none: one may be missing', spec(10, 0, '1%'), 0, 1],
    ['no more than there are may be missing', spec(2, 0, 5), 0, 2],
    ['none are wanted', spec(0, 1, 1), 1, 0],
    ['Recreate knows neither', spec(4, 1, 1, 'Recreate'), 0, 0],
  ])('%s', (_name, deployment, surge, unavailable) => {
    expect([maxSurgeOf(deployment), maxUnavailableOf(deployment)]).toEqual([surge, unavailable])
  })

  test('fenceposts are those of the strategy, whatever replicas say', () => {
    expect(fenceposts(spec(2, 0, 5))).toEqual({ surge: 0, unavailable: 5 })
  })
})

describe('a rollout', () => {
  test('never has more pods than replicas and surge, nor fewer ready than it may', () => {
    const cluster = up(6, { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: 1 } } })
    setImage(cluster, 'nginx:1.28')
    const [, most] = extremes(cluster, 5000, () => sets(cluster).reduce((sum, set) => sum + set.spec.replicas, 0))
    const [least] = extremes(
      cluster,
      60_000,
      () =>
        cluster.api
          .list('pods')
          .filter(
            ({ metadata, status }) =>
              !metadata.deletionTimestamp &&
              status.conditions?.some((one: any) => one.type === 'Ready' && one.status === 'True'),
          ).length,
    )
    expect(most).toBe(8)
    expect(least).toBeGreaterThanOrEqual(5)
    expect(images(cluster)).toEqual(Array(6).fill('nginx:1.28'))
    expect(status(cluster)).toMatchObject({ replicas: 6, updatedReplicas: 6, readyReplicas: 6, availableReplicas: 6 })
  })

  test('back to an image that was there takes the same ReplicaSet, as the newest revision', () => {
    const cluster = up(2)
    const [first] = sets(cluster)
    setImage(cluster, 'nginx:1.28')
    cluster.runFor(60_000)
    setImage(cluster, 'nginx:1.27')
    cluster.runFor(60_000)
    const revisions = sets(cluster).map(({ metadata, spec }) => [
      metadata.uid === first!.metadata.uid,
      metadata.annotations!['deployment.kubernetes.io/revision'],
      spec.replicas,
    ])
    expect(revisions).toEqual([
      [true, '3', 2],
      [false, '2', 0],
    ])
    expect(images(cluster)).toEqual(['nginx:1.27', 'nginx:1.27'])
  })

  test('a pull that cannot succeed leaves the old pods, and is late after its deadline', () => {
    const cluster = up(4, { progressDeadlineSeconds: 60 })
    setImage(cluster, 'shop.invalid/web:2')
    cluster.runFor(50_000)
    expect(condition(cluster, 'Progressing')).toMatchObject({ status: 'True', reason: 'ReplicaSetUpdated' })
    cluster.runFor(30_000)
    expect(condition(cluster, 'Progressing')).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' })
    expect(condition(cluster, 'Available')).toMatchObject({ status: 'True' })
    expect(status(cluster)).toMatchObject({ readyReplicas: 3, updatedReplicas: 2, unavailableReplicas: 2 })
    setImage(cluster, 'nginx:1.27')
    cluster.runFor(30_000)
    expect(condition(cluster, 'Progressing')).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' })
    expect(status(cluster).readyReplicas).toBe(4)
  })

  test('Recreate ends all old pods before the first new one', () => {
    const cluster = up(3, { strategy: { type: 'Recreate' } })
    setImage(cluster, 'nginx:1.28')
    const going = new Set(['Pending', 'Running'])
    const mixed = () =>
      new Set(
        cluster.api
          .list('pods')
          .filter((pod) => going.has(pod.status.phase))
          .map((pod) => pod.spec.containers[0].image),
      ).size
    const [least, most] = extremes(cluster, 30_000, mixed)
    expect([least, most]).toEqual([0, 1])
    expect(images(cluster)).toEqual(Array(3).fill('nginx:1.28'))
  })

  test('paused, it scales but does not roll; resumed, it does', () => {
    const cluster = up(2)
    patch(cluster, { paused: true })
    setImage(cluster, 'nginx:1.28')
    patch(cluster, { replicas: 3 })
    cluster.runFor(60_000)
    expect(images(cluster)).toEqual(Array(3).fill('nginx:1.27'))
    patch(cluster, { paused: null })
    cluster.runFor(60_000)
    expect(images(cluster)).toEqual(Array(3).fill('nginx:1.28'))
  })

  test('scaled in the middle of a rollout, old and new grow in proportion', () => {
    const cluster = up(10, { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } })
    setImage(cluster, 'shop.invalid/web:2')
    cluster.runFor(20_000)
    expect(sets(cluster).map(({ spec }) => spec.replicas)).toEqual([8, 5])
    patch(cluster, { replicas: 15 })
    cluster.runFor(5000)
    // The example of the documentation: of five more, three go to the old and two to the new.
    expect(sets(cluster).map(({ spec }) => spec.replicas)).toEqual([11, 7])
  })

  test('keeps as many old ReplicaSets as asked for', () => {
    const cluster = up(1, { revisionHistoryLimit: 1 })
    for (const image of ['nginx:1.28', 'nginx:1.29', 'nginx:1.30']) {
      setImage(cluster, image)
      cluster.runFor(40_000)
    }
    expect(sets(cluster).map(({ metadata }) => metadata.annotations!['deployment.kubernetes.io/revision'])).toEqual([
      '3',
      '4',
    ])
  })

  test('with minReadySeconds waits for pods to be ready that long', () => {
    const cluster = up(1, { minReadySeconds: 60 })
    expect(status(cluster)).toMatchObject({ readyReplicas: 1, unavailableReplicas: 1 })
    cluster.runFor(60_000)
    expect(status(cluster)).toMatchObject({ readyReplicas: 1, availableReplicas: 1 })
  })
})
