import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Cluster } from './cluster.ts'
import { parseSnapshot, sealed, serialiseSnapshot, snapshotFormat } from './snapshot.ts'
import { runScenario, testCluster, traceHash } from './testing/scenario.ts'
import { podOf } from './testing/scheduling.ts'

/** More of them on demand: KUBECOSM_RUNS=500. */
const runs = Number(process.env.KUBECOSM_RUNS ?? 25)

const saved = (cluster: Cluster) => serialiseSnapshot(cluster.snapshot())
const reloaded = (cluster: Cluster) => Cluster.restore(parseSnapshot(saved(cluster)))

/** Where two long texts part, small enough to read. */
function difference(a: string, b: string): string | undefined {
  if (a === b) return undefined
  let at = 0
  while (a[at] === b[at]) at++
  return `${a.slice(Math.max(0, at - 150), at + 150)}\n≠\n${b.slice(Math.max(0, at - 150), at + 150)}`
}

const script = (text: string, more: Record<string, unknown> = {}) => ({
  name: 'main',
  image: 'busybox:1.36',
  command: ['sh', '-c', text],
  ...more,
})

/** Pods that are always in the middle of something. */
const busy: Record<string, Record<string, unknown>> = {
  loop: {
    containers: [script('n=0; while sleep 0.7; do n=$((n+1)); echo "$n $(date)" | tee -a /tmp/log | wc -c; done')],
  },
  trap: {
    terminationGracePeriodSeconds: 3,
    containers: [
      script('trap "echo term; sleep 1; exit 3" TERM; (sleep 5; kill -TERM 1) & while :; do sleep 1; done', {
        lifecycle: { postStart: { exec: { command: ['sh', '-c', 'sleep 2; echo up > /tmp/up'] } } },
      }),
    ],
  },
  probed: {
    containers: [
      script('sleep 3; touch /tmp/ok; sleep 4; rm /tmp/ok; sleep 600', {
        readinessProbe: { exec: { command: ['sh', '-c', 'sleep 0.4; cat /tmp/ok'] }, periodSeconds: 1 },
        livenessProbe: { tcpSocket: { port: 81 }, periodSeconds: 3, timeoutSeconds: 2, failureThreshold: 4 },
      }),
    ],
  },
  served: {
    containers: [
      {
        name: 'main',
        image: 'nginx:1.27',
        ports: [{ containerPort: 80 }],
        readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 1 },
        startupProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 1, failureThreshold: 30 },
      },
    ],
  },
  pulled: { containers: [{ name: 'main', image: 'postgres:16' }, script('sleep 1; exit 1', { name: 'fails' })] },
  missing: { containers: [{ name: 'main', image: 'nginx:does-not-exist-at-all', imagePullPolicy: 'Always' }] },
  shared: {
    shareProcessNamespace: true,
    volumes: [{ name: 'v', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }],
    initContainers: [
      script('echo made > /v/f; sleep 1', { name: 'init', volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
    ],
    containers: [
      script('while sleep 2; do head -c 300000 /dev/zero >> /v/f; ls -l /v; done', {
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
        resources: { limits: { memory: '16Mi' } },
      }),
      script('while sleep 1; do yes | head -n 400 | sort | uniq -c; done', { name: 'burns' }),
    ],
  },
  hungry: {
    restartPolicy: 'OnFailure',
    containers: [script('tail /dev/zero', { resources: { limits: { memory: '12Mi' } } })],
  },
}

describe('the snapshot law', () => {
  test('saving, restoring and going on equals going on, at any point of any run', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 14 }), (seed, cut) => {
        const straight = runScenario(seed, 15)
        const interrupted = runScenario(seed, 15, (cluster, index) => (index === cut ? reloaded(cluster) : cluster))
        expect(difference(saved(straight), saved(interrupted))).toBeUndefined()
      }),
      { numRuns: runs },
    )
  }, 1_200_000)

  test('it holds between any two tasks, not only when nothing is under way', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 400 }), (seed, tasks) => {
        const cluster = runScenario(seed, 6)
        for (let i = 0; i < tasks; i++) cluster.clock.step()
        const twin = reloaded(cluster)
        expect(difference(saved(cluster), saved(twin))).toBeUndefined()
        cluster.runFor(60_000)
        twin.runFor(60_000)
        expect(difference(saved(cluster), saved(twin))).toBeUndefined()
      }),
      { numRuns: runs },
    )
  }, 1_200_000)

  test('it holds in the middle of scripts, probes, hooks and pulls', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.uniqueArray(fc.constantFrom(...Object.keys(busy)), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        (seed, names, seconds, tasks) => {
          const cluster = testCluster(2, seed)
          for (const name of names) cluster.api.create('pods', podOf(name, busy[name]!))
          cluster.runFor(seconds * 1000)
          for (let i = 0; i < tasks; i++) cluster.clock.step()
          const twin = reloaded(cluster)
          expect(difference(saved(cluster), saved(twin))).toBeUndefined()
          cluster.runFor(30_000)
          twin.runFor(30_000)
          expect(difference(saved(cluster), saved(twin))).toBeUndefined()
        },
      ),
      { numRuns: runs },
    )
  }, 1_200_000)

  test('a snapshot is a value: going on does not change it', () => {
    const cluster = runScenario(5, 8)
    const snapshot = cluster.snapshot()
    const text = serialiseSnapshot(snapshot)
    cluster.runFor(500_000)
    expect(serialiseSnapshot(snapshot)).toBe(text)
  })

  test('two clusters restored from one snapshot go their own ways', () => {
    const snapshot = runScenario(7, 8).snapshot()
    const [a, b] = [Cluster.restore(snapshot), Cluster.restore(snapshot)]
    a.machines.unplug('node-1')
    a.runFor(400_000)
    b.runFor(400_000)
    expect(saved(a)).not.toBe(saved(b))
    expect(saved(Cluster.restore(snapshot))).toBe(serialiseSnapshot(snapshot))
  })
})

describe('determinism', () => {
  test('the same seed and inputs give the same trace, another seed another one', () => {
    expect(traceHash(runScenario(11, 12))).toBe(traceHash(runScenario(11, 12)))
    expect(traceHash(runScenario(11, 12))).not.toBe(traceHash(runScenario(12, 12)))
  })
})

describe('reading snapshots', () => {
  test.each([
    ['no JSON', 'hello', 'not JSON'],
    ['another format', '{"format":"kubecosm-snapshot/99"}', 'kubecosm-snapshot/99'],
    ['no sum', `{"format":"${snapshotFormat}"}`, 'sum does not match'],
    ['another sum', sealed(`{"format":"${snapshotFormat}"`).replace(/"}$/, '0"}'), 'sum does not match'],
    ['no table', sealed(`{"format":"${snapshotFormat}"`), 'no table'],
    ['a reference to nothing', sealed(`{"format":"${snapshotFormat}","table":[],"root":{"spec":{"$":3}}`), 'not hold'],
    ['a prototype', sealed(`{"format":"${snapshotFormat}","table":[],"root":{"__proto__":{}}`), '__proto__'],
    [
      'deep nesting',
      sealed(`{"format":"${snapshotFormat}","table":[],"root":${'['.repeat(300)}${']'.repeat(300)}`),
      'too deeply',
    ],
  ])('%s is refused with a reason', (_name, text, reason) => {
    expect(() => parseSnapshot(text)).toThrow(reason)
  })

  test('keys that begin like the marker survive', () => {
    const options = { $: 'x', $$: 'y', spec: { $: 1, metadata: { $$: 2 } } }
    const snapshot = { ...testCluster(1).snapshot(), options }
    expect(parseSnapshot(serialiseSnapshot(snapshot)).options).toEqual(options)
  })
})
