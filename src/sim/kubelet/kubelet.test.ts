import { describe, expect, test } from 'vitest'
import type { Cluster } from '../cluster.ts'
import { testCluster } from '../testing/scenario.ts'
import { podOf } from '../testing/scheduling.ts'

const key = 'default/p'
const main = { name: 'main', image: 'nginx:1.27' }
const shell = (script: string, more = {}) => ({
  name: 'main',
  image: 'busybox:1.36',
  command: ['sh', '-c', script],
  ...more,
})

function running(spec: Record<string, unknown>, ms = 20_000, machines = 1): Cluster {
  const cluster = testCluster(machines)
  cluster.api.create('pods', podOf('p', spec))
  cluster.runFor(ms)
  return cluster
}

const statusOf = (cluster: Cluster) => cluster.api.get('pods', key).status
const container = (cluster: Cluster, name = 'main') =>
  [...(statusOf(cluster).initContainerStatuses ?? []), ...(statusOf(cluster).containerStatuses ?? [])].find(
    (one: any) => one.name === name,
  )
const eventsOf = (cluster: Cluster, ...reasons: string[]) =>
  cluster.api
    .list('events')
    .map((event: any) => event)
    .filter((event) => reasons.length === 0 || reasons.includes(event.reason))
const isReady = (cluster: Cluster) =>
  statusOf(cluster).conditions?.find((one: any) => one.type === 'Ready')?.status === 'True'

/** When something of the pod first was so, in virtual milliseconds. */
function when(cluster: Cluster, holds: () => boolean, limit = 600_000): number {
  const until = cluster.now() + limit
  while (!holds() && cluster.now() < until) cluster.runFor(100)
  expect(holds()).toBe(true)
  return cluster.now()
}

describe('starting', () => {
  test('init containers run one after the other, then all others together', () => {
    const init = (name: string) => ({ ...shell('sleep 2'), name })
    const cluster = running(
      { initContainers: [init('one'), init('two')], containers: [main, { ...shell('sleep 3600'), name: 'second' }] },
      30_000,
    )
    const [one, two] = ['one', 'two'].map((name) => container(cluster, name).state.terminated)
    const [a, b] = ['main', 'second'].map((name) => container(cluster, name).state.running.startedAt)
    expect(one.finishedAt <= two.startedAt && two.finishedAt <= a).toBe(true)
    expect(Date.parse(b) - Date.parse(a)).toBeLessThanOrEqual(1000)
    expect([statusOf(cluster).phase, isReady(cluster)]).toEqual(['Running', true])
  })

  test('a sidecar is up before the rest starts, and stays', () => {
    const sidecar = {
      ...main,
      name: 'proxy',
      restartPolicy: 'Always',
      startupProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 },
    }
    const cluster = running({ initContainers: [sidecar], containers: [shell('sleep 3600')] })
    expect(container(cluster, 'proxy')).toMatchObject({ started: true, ready: true, state: { running: {} } })
    expect(container(cluster, 'proxy').state.running.startedAt <= container(cluster).state.running.startedAt).toBe(true)
  })

  test('a failing init container is tried again, later each time', () => {
    const cluster = running({ initContainers: [{ ...shell('exit 1'), name: 'setup' }], containers: [main] }, 60_000)
    expect(container(cluster, 'setup').restartCount).toBeGreaterThanOrEqual(3)
    expect(container(cluster).state.waiting.reason).toBe('PodInitializing')
    expect(statusOf(cluster).phase).toBe('Pending')
  })

  test.each<[string, Record<string, unknown>, string, RegExp]>([
    [
      'an image that cannot be pulled',
      { ...main, image: 'shop.invalid/web:1' },
      'ImagePullBackOff',
      /^Back-off pulling image "shop.invalid\/web:1": ErrImagePull: .*: no such host$/,
    ],
    [
      'an image that must be there already',
      { ...main, imagePullPolicy: 'Never' },
      'ErrImageNeverPull',
      /is not present with pull policy of Never/,
    ],
    [
      'a ConfigMap that is missing',
      { ...main, env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } }] },
      'CreateContainerConfigError',
      /^configmap "settings" not found$/,
    ],
    [
      'a Secret that is missing',
      { ...main, envFrom: [{ secretRef: { name: 'keys' } }] },
      'CreateContainerConfigError',
      /^secret "keys" not found$/,
    ],
  ])('waits for %s, and says so', (_name, spec, reason, message) => {
    const cluster = running({ containers: [spec] })
    expect(container(cluster).state.waiting.reason).toBe(reason)
    expect(container(cluster).state.waiting.message).toMatch(message)
    expect(statusOf(cluster).phase).toBe('Pending')
  })

  test('goes on once the ConfigMap is there', () => {
    const cluster = running({ containers: [{ ...main, envFrom: [{ configMapRef: { name: 'settings' } }] }] })
    cluster.api.create('configmaps', { metadata: { name: 'settings', namespace: 'default' }, data: { a: '1' } })
    cluster.runFor(30_000)
    expect(statusOf(cluster).phase).toBe('Running')
  })

  test('an image is pulled once for a node', () => {
    const cluster = running({ containers: [main] })
    cluster.api.create('pods', podOf('q', { containers: [main] }))
    cluster.runFor(20_000)
    expect(eventsOf(cluster, 'Pulling')).toHaveLength(1)
    expect(
      eventsOf(cluster, 'Pulled')
        .map(({ message }) => message)
        .at(-1),
    ).toMatch(/already present on machine/)
  })
})

describe('restarting', () => {
  test('a crash is followed by a start at once, then after 10 s, 20 s, 40 s', () => {
    const cluster = running({ containers: [shell('exit 1')] }, 0)
    const starts = [1, 2, 3, 4, 5].map((count) => when(cluster, () => (container(cluster)?.restartCount ?? 0) >= count))
    const gaps = starts.slice(1).map((at, index) => Math.round((at - starts[index]!) / 1000))
    // Each is tried again at the end of its back-off, and up to half of it later.
    expect(gaps.map((gap, index) => gap >= 10 * 2 ** index && gap <= 15 * 2 ** index + 1)).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(container(cluster).lastState.terminated).toMatchObject({ exitCode: 1, reason: 'Error' })
    when(cluster, () => container(cluster).state.waiting?.reason === 'CrashLoopBackOff')
  })

  test.each<[string, string, number, string, boolean]>([
    ['Always restarts a success', 'Always', 0, 'Running', true],
    ['OnFailure leaves a success', 'OnFailure', 0, 'Succeeded', false],
    ['OnFailure restarts a failure', 'OnFailure', 1, 'Running', true],
    ['Never leaves a success', 'Never', 0, 'Succeeded', false],
    ['Never leaves a failure', 'Never', 1, 'Failed', false],
  ])('%s', (_name, restartPolicy, code, phase, restarts) => {
    const cluster = running({ restartPolicy, containers: [shell(`sleep 1; exit ${code}`)] }, 40_000)
    expect([statusOf(cluster).phase, container(cluster).restartCount > 0]).toEqual([phase, restarts])
  })

  test('a failed liveness probe restarts, a passing one does not', () => {
    const probed = (port: number) => ({
      ...main,
      ports: [{ containerPort: 80 }],
      livenessProbe: { tcpSocket: { port }, periodSeconds: 2, failureThreshold: 2 },
    })
    expect(container(running({ containers: [probed(80)] }, 60_000)).restartCount).toBe(0)
    const sick = running({ containers: [probed(9)] }, 30_000)
    expect(container(sick).restartCount).toBeGreaterThan(0)
    expect(eventsOf(sick, 'Killing')[0].message).toBe('Container main failed liveness probe, will be restarted')
    expect(eventsOf(sick, 'Unhealthy')[0].message).toMatch(
      /^Liveness probe failed: dial tcp .*: connect: connection refused$/,
    )
  })

  test('a startup probe holds back the others', () => {
    const probes = {
      startupProbe: { tcpSocket: { port: 9 }, periodSeconds: 5, failureThreshold: 10 },
      livenessProbe: { tcpSocket: { port: 9 }, periodSeconds: 1, failureThreshold: 1 },
    }
    const cluster = running({ containers: [{ ...main, ports: [{ containerPort: 80 }], ...probes }] }, 40_000)
    expect(container(cluster)).toMatchObject({ restartCount: 0, started: false, ready: false })
  })
})

describe('readiness', () => {
  test('without a probe: as soon as it runs', () => {
    expect(isReady(running({ containers: [main] }))).toBe(true)
  })

  test('with a probe that fails: never, and nothing restarts', () => {
    const cluster = running(
      {
        containers: [
          {
            ...main,
            ports: [{ containerPort: 80 }],
            readinessProbe: { httpGet: { path: '/', port: 9 }, periodSeconds: 1 },
          },
        ],
      },
      60_000,
    )
    expect([isReady(cluster), container(cluster).restartCount, statusOf(cluster).phase]).toEqual([false, 0, 'Running'])
  })

  test('after its initial delay', () => {
    const probe = { tcpSocket: { port: 80 }, periodSeconds: 1, initialDelaySeconds: 20 }
    const cluster = running({ containers: [{ ...main, readinessProbe: probe }] }, 0)
    const started = when(cluster, () => statusOf(cluster).phase === 'Running')
    const ready = when(cluster, () => isReady(cluster))
    expect(ready - started).toBeGreaterThanOrEqual(20_000)
    expect(ready - started).toBeLessThan(22_000)
  })
})

describe('ending', () => {
  const deleted = (spec: Record<string, unknown>, options = {}) => {
    const cluster = running(spec)
    const from = cluster.now()
    cluster.api.delete('pods', key, options)
    when(cluster, () => cluster.api.find('pods', key) === undefined)
    return cluster.now() - from
  }

  test.each<[string, Record<string, unknown>, object, number, number]>([
    ['a server that obeys TERM goes at once', { containers: [main] }, {}, 0, 2],
    ['a shell that sleeps ignores TERM, and is killed after 30 s', { containers: [shell('sleep 3600')] }, {}, 30, 32],
    [
      'or after the grace period of its pod',
      { terminationGracePeriodSeconds: 5, containers: [shell('sleep 3600')] },
      {},
      5,
      7,
    ],
    ['or of the deletion', { containers: [shell('sleep 3600')] }, { gracePeriodSeconds: 2 }, 2, 4],
    [
      'its preStop hook has ended before it is told',
      { containers: [{ ...main, lifecycle: { preStop: { exec: { command: ['sleep', '3'] } } } }] },
      {},
      3,
      5,
    ],
    [
      'without grace, the object goes at once',
      { containers: [shell('sleep 3600')] },
      { gracePeriodSeconds: 0 },
      0,
      0.2,
    ],
  ])('%s', (_name, spec, options, atLeast, atMost) => {
    const seconds = deleted(spec, options) / 1000
    expect(seconds).toBeGreaterThanOrEqual(atLeast)
    expect(seconds).toBeLessThanOrEqual(atMost)
  })

  test('a pod that is going is not ready any more', () => {
    const cluster = running({ containers: [shell('sleep 3600')] })
    cluster.api.delete('pods', key)
    cluster.runFor(5000)
    expect(cluster.api.get('pods', key).metadata).toMatchObject({
      deletionGracePeriodSeconds: 30,
      deletionTimestamp: expect.any(String),
    })
    cluster.runFor(20_000)
    expect(container(cluster).state.running).toBeDefined()
  })

  test('a pod that was marked not ready while its node was unplugged is ready again afterwards', () => {
    const cluster = running({ containers: [main] })
    const readiness = () =>
      cluster.api.get('pods', key).status.conditions.find((one: any) => one.type === 'Ready').status
    cluster.machines.unplug('node-1')
    cluster.runFor(120_000)
    expect(readiness()).toBe('False')
    cluster.machines.plug('node-1')
    cluster.runFor(10_000)
    expect(readiness()).toBe('True')
  })

  test('a pod whose node is unplugged stays until the node is back', () => {
    const cluster = running({ containers: [main] })
    cluster.machines.unplug('node-1')
    cluster.api.delete('pods', key)
    cluster.runFor(120_000)
    expect(cluster.api.find('pods', key)).toBeDefined()
    cluster.machines.plug('node-1')
    cluster.runFor(10_000)
    expect(cluster.api.find('pods', key)).toBeUndefined()
  })
})
