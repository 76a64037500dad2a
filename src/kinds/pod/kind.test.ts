import { describe, expect, it } from 'vitest'
import { created, problems, row, updateProblems } from '../kind-cases.test-helper.ts'
import { Pod } from './kind.ts'

const container = (more: object = {}) => ({ name: 'c', image: 'c:1', ...more })
const pod = (spec: object, more: object = {}) => ({ spec: { containers: [container()], ...spec }, ...more })

describe('defaults', () => {
  it('gives a pod with one container all that Kubernetes gives it', () => {
    expect(created(Pod, pod({}))).toEqual({
      metadata: { name: 'x', namespace: 'demo' },
      spec: {
        containers: [
          {
            ...container(),
            imagePullPolicy: 'IfNotPresent',
            resources: {},
            terminationMessagePath: '/dev/termination-log',
            terminationMessagePolicy: 'File',
          },
        ],
        dnsPolicy: 'ClusterFirst',
        enableServiceLinks: true,
        restartPolicy: 'Always',
        schedulerName: 'default-scheduler',
        securityContext: {},
        terminationGracePeriodSeconds: 30,
      },
      status: { phase: 'Pending', qosClass: 'BestEffort' },
    })
  })

  it.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1.27', 'IfNotPresent'],
    ['reg.local:5000/team/tool', 'Always'],
    ['reg.local:5000/team/tool:2', 'IfNotPresent'],
    ['nginx@sha256:9ae9', 'IfNotPresent'],
  ])('pulls %s %s', (image, policy) =>
    expect(created(Pod, pod({ containers: [container({ image })] })).spec.containers[0].imagePullPolicy).toBe(policy),
  )

  it.each([
    [{ limits: { cpu: '1', memory: '1Gi' } }, 'Guaranteed'],
    [{ limits: { cpu: '1' } }, 'Burstable'],
    [{ requests: { memory: '1Gi' } }, 'Burstable'],
    [{}, 'BestEffort'],
  ])('classes %j as %s', (resources, qosClass) =>
    expect(created(Pod, pod({ containers: [container({ resources })] })).status.qosClass).toBe(qosClass),
  )

  it('makes a limit the request', () => {
    expect(
      created(Pod, pod({ containers: [container({ resources: { limits: { cpu: 0.5 } } })] })).spec.containers[0]
        .resources.requests,
    ).toEqual({ cpu: '500m' })
  })

  it('fills in probes and volumes', () => {
    const { spec } = created(
      Pod,
      pod({
        containers: [container({ livenessProbe: { httpGet: { port: 80 } } })],
        volumes: [{ name: 'v' }, { name: 's', secret: { secretName: 's' } }],
      }),
    )
    expect(spec.containers[0].livenessProbe).toEqual({
      failureThreshold: 3,
      httpGet: { path: '/', port: 80, scheme: 'HTTP' },
      periodSeconds: 10,
      successThreshold: 1,
      timeoutSeconds: 1,
    })
    expect(spec.volumes).toEqual([
      { name: 'v', emptyDir: {} },
      { name: 's', secret: { secretName: 's', defaultMode: 420 } },
    ])
  })
})

describe('validation', () => {
  it.each<[string, object, string[]]>([
    ['a sound pod', pod({}), []],
    ['no containers', { spec: {} }, ['spec.containers: Required value']],
    [
      'a container without a name, one without an image',
      { spec: { containers: [{ image: 'c:1' }, { name: 'b' }] } },
      ['spec.containers[0].name: Required value', 'spec.containers[1].image: Required value'],
    ],
    [
      'two containers of one name',
      { spec: { containers: [container(), container()] } },
      ['spec.containers[1].name: Duplicate value: "c"'],
    ],
    [
      'unknown policies',
      pod({ restartPolicy: 'Sometimes' }),
      ['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"'],
    ],
    [
      'a mount without its volume',
      pod({ containers: [container({ volumeMounts: [{ name: 'nowhere', mountPath: '/x' }] })] }),
      ['spec.containers[0].volumeMounts[0].name: Not found: "nowhere"'],
    ],
    [
      'a request above its limit',
      pod({ containers: [container({ resources: { requests: { cpu: 2 }, limits: { cpu: 1 } } })] }),
      ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
    ],
    [
      'a probe without a handler',
      pod({ containers: [container({ livenessProbe: {} })] }),
      ['spec.containers[0].livenessProbe: Required value: must specify a handler type'],
    ],
    [
      'a port out of range',
      pod({ containers: [container({ ports: [{ containerPort: 70000 }] })] }),
      ['spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive'],
    ],
    [
      'two sources on one volume',
      pod({ volumes: [{ name: 'v', emptyDir: {}, configMap: { name: 'x' } }] }),
      ['spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type'],
    ],
    [
      'an init container with a probe',
      pod({ initContainers: [container({ name: 'i', livenessProbe: { exec: { command: ['x'] } } })] }),
      [
        'spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
      ],
    ],
    [
      'a toleration of a time without NoExecute',
      pod({ tolerations: [{ key: 'k', operator: 'Exists', tolerationSeconds: 5 }] }),
      ['spec.tolerations[0].effect: Invalid value: "": effect must be \'NoExecute\' when `tolerationSeconds` is set'],
    ],
  ])('%s', (_name, object, expected) => expect(problems(Pod, object)).toEqual(expected))
})

describe('update', () => {
  it.each<[string, object, object, string | undefined]>([
    ['the image may change', pod({}), pod({ containers: [container({ image: 'c:2' })] }), undefined],
    ['a deadline may be set', pod({}), pod({ activeDeadlineSeconds: 100 }), undefined],
    [
      'a deadline may not grow',
      pod({ activeDeadlineSeconds: 100 }),
      pod({ activeDeadlineSeconds: 200 }),
      'spec.activeDeadlineSeconds: Invalid value: 200: must be less than or equal to previous value',
    ],
    [
      'no container may come or go',
      pod({}),
      pod({ containers: [container(), container({ name: 'd' })] }),
      'spec.containers: Forbidden: pod updates may not add or remove containers',
    ],
    [
      'nothing else may change',
      pod({}),
      pod({ nodeName: 'node-9' }),
      'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`',
    ],
  ])('%s', (_name, old, next, expected) => {
    const found = updateProblems(Pod, old, next)
    if (expected === undefined) expect(found).toEqual([])
    else expect(found[0]).toContain(expected)
  })
})

describe('the row', () => {
  const now = Date.parse('2026-01-01T01:00:00Z')
  const base = created(Pod, pod({ containers: [container(), container({ name: 'd' })] }, { metadata: { name: 'web' } }))
  const shown = (status: object, metadata: object = {}) =>
    row(
      Pod,
      {
        ...base,
        metadata: { ...base.metadata, creationTimestamp: '2026-01-01T00:00:00Z', ...metadata },
        status: { ...base.status, ...status },
      },
      now,
    )
  const running = (name: string, more: object = {}) => ({
    name,
    ready: true,
    restartCount: 0,
    state: { running: {} },
    ...more,
  })

  it.each<[string, object, object, unknown[]]>([
    ['pending', {}, {}, ['web', '0/2', 'Pending', '0', '60m']],
    [
      'running',
      { phase: 'Running', containerStatuses: [running('c'), running('d')] },
      {},
      ['web', '2/2', 'Running', '0', '60m'],
    ],
    [
      'restarted',
      {
        phase: 'Running',
        containerStatuses: [
          running('c', { restartCount: 3, lastState: { terminated: { finishedAt: '2026-01-01T00:34:30Z' } } }),
          running('d'),
        ],
      },
      {},
      ['web', '2/2', 'Running', '3 (25m ago)', '60m'],
    ],
    [
      'crashing',
      {
        phase: 'Running',
        containerStatuses: [
          running('c', { ready: false, state: { waiting: { reason: 'CrashLoopBackOff' } } }),
          running('d'),
        ],
      },
      {},
      ['web', '1/2', 'CrashLoopBackOff', '0', '60m'],
    ],
    [
      'going',
      { phase: 'Running', containerStatuses: [running('c'), running('d')] },
      { deletionTimestamp: '2026-01-01T00:59:00Z' },
      ['web', '2/2', 'Terminating', '0', '60m'],
    ],
    ['evicted', { phase: 'Failed', reason: 'Evicted' }, {}, ['web', '0/2', 'Evicted', '0', '60m']],
  ])('%s', (_name, status, metadata, expected) => expect(shown(status, metadata)).toEqual(expected))
})

it('points at what it needs', () => {
  const object = created(
    Pod,
    pod({
      nodeName: 'node-1',
      serviceAccountName: 'robot',
      volumes: [
        { name: 'v', persistentVolumeClaim: { claimName: 'data' } },
        { name: 'kube-api-access-abcde', projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }] } },
      ],
      containers: [
        container({
          envFrom: [{ configMapRef: { name: 'cfg' } }],
          env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'sec', key: 'k' } } }],
        }),
      ],
    }),
  )
  expect(Pod.references!(object).map(({ type, resource, name }) => `${type} ${resource}/${name}`)).toEqual([
    'mount persistentvolumeclaims/data',
    'uses secrets/sec',
    'uses configmaps/cfg',
    'uses serviceaccounts/robot',
    'uses nodes/node-1',
  ])
})
