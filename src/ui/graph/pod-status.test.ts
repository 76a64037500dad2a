import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../machinery/objects.ts'
import { podStatus } from './pod-status.ts'

const meta = {
  name: 'web',
  namespace: 'demo',
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
}

function pod(status: object, spec: object = {}, metadata: object = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...meta, ...metadata },
    spec: { containers: [{ name: 'a' }], ...spec },
    status,
  }
}

const deleted = { deletionTimestamp: '2026-01-01T00:01:00Z' }
const scheduled = { type: 'PodScheduled', status: 'True' }
const ready = { type: 'Ready', status: 'True' }
const unready = { type: 'Ready', status: 'False' }
const running = { name: 'a', ready: true, restartCount: 0, state: { running: {} } }
const waiting = (reason: string, restartCount = 0) => ({
  name: 'a',
  ready: false,
  restartCount,
  state: { waiting: { reason } },
})
const ended = (terminated: object) => ({ name: 'a', ready: false, restartCount: 0, state: { terminated } })
const inits = { initContainers: [{ name: 'i' }, { name: 'j' }] }
const init = (state: object, name = 'i') => ({ name, ready: false, restartCount: 0, state })

const cases: readonly [name: string, pod: KubeObject, status: string, state: string][] = [
  ['waits for a node', pod({ phase: 'Pending' }), 'Pending', 'Pending'],
  ['is bound, kubelet silent', pod({ phase: 'Pending', conditions: [scheduled] }), 'Pending', 'ContainerCreating'],
  [
    'waits at a gate',
    pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }),
    'SchedulingGated',
    'SchedulingGated',
  ],
  [
    'pulls its image',
    pod({ phase: 'Pending', conditions: [scheduled], containerStatuses: [waiting('ContainerCreating')] }),
    'ContainerCreating',
    'ContainerCreating',
  ],
  [
    'cannot pull',
    pod({ phase: 'Pending', containerStatuses: [waiting('ImagePullBackOff')] }),
    'ImagePullBackOff',
    'CrashLoopBackOff',
  ],
  ['failed to pull', pod({ phase: 'Pending', containerStatuses: [waiting('ErrImagePull')] }), 'ErrImagePull', 'Error'],
  [
    'lacks its config',
    pod({ phase: 'Pending', containerStatuses: [waiting('CreateContainerConfigError')] }),
    'CreateContainerConfigError',
    'Error',
  ],
  [
    'runs and is ready',
    pod({ phase: 'Running', conditions: [ready], containerStatuses: [running] }),
    'Running',
    'Running',
  ],
  [
    'runs, not ready',
    pod({ phase: 'Running', conditions: [unready], containerStatuses: [{ ...running, ready: false }] }),
    'Running',
    'NotReady',
  ],
  [
    'runs where nobody can see',
    pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'Unknown' }], containerStatuses: [running] }),
    'Running',
    'Unknown',
  ],
  [
    'crashes',
    pod({ phase: 'Running', conditions: [unready], containerStatuses: [waiting('CrashLoopBackOff', 4)] }),
    'CrashLoopBackOff',
    'CrashLoopBackOff',
  ],
  [
    'ended well',
    pod({ phase: 'Succeeded', containerStatuses: [ended({ exitCode: 0, reason: 'Completed' })] }),
    'Completed',
    'Completed',
  ],
  [
    'ended badly',
    pod({ phase: 'Failed', containerStatuses: [ended({ exitCode: 2, reason: 'Error' })] }),
    'Error',
    'Error',
  ],
  [
    'was out of memory',
    pod({ phase: 'Failed', containerStatuses: [ended({ exitCode: 137, reason: 'OOMKilled' })] }),
    'OOMKilled',
    'OOMKilled',
  ],
  [
    'ended without a word',
    pod({ phase: 'Failed', containerStatuses: [ended({ exitCode: 3 })] }),
    'ExitCode:3',
    'Error',
  ],
  [
    'was killed by a signal',
    pod({ phase: 'Failed', containerStatuses: [ended({ exitCode: 0, signal: 9 })] }),
    'Signal:9',
    'Error',
  ],
  ['was evicted', pod({ phase: 'Failed', reason: 'Evicted' }), 'Evicted', 'Evicted'],
  [
    'is being deleted',
    pod({ phase: 'Running', conditions: [ready], containerStatuses: [running] }, {}, deleted),
    'Terminating',
    'Terminating',
  ],
  [
    'is deleted but had ended',
    pod({ phase: 'Succeeded', containerStatuses: [ended({ exitCode: 0, reason: 'Completed' })] }, {}, deleted),
    'Completed',
    'Completed',
  ],
  ['is deleted on a lost node', pod({ phase: 'Running', reason: 'NodeLost' }, {}, deleted), 'Unknown', 'Unknown'],
  [
    'first init container runs',
    pod(
      {
        phase: 'Pending',
        initContainerStatuses: [init({ running: {} }), init({ waiting: { reason: 'PodInitializing' } }, 'j')],
      },
      inits,
    ),
    'Init:0/2',
    'ContainerCreating',
  ],
  [
    'second init container runs',
    pod(
      { phase: 'Pending', initContainerStatuses: [init({ terminated: { exitCode: 0 } }), init({ running: {} }, 'j')] },
      inits,
    ),
    'Init:1/2',
    'ContainerCreating',
  ],
  [
    'init container fails',
    pod({ phase: 'Pending', initContainerStatuses: [init({ terminated: { exitCode: 1, reason: 'Error' } })] }, inits),
    'Init:Error',
    'Error',
  ],
  [
    'init container crashes',
    pod({ phase: 'Pending', initContainerStatuses: [init({ waiting: { reason: 'CrashLoopBackOff' } })] }, inits),
    'Init:CrashLoopBackOff',
    'CrashLoopBackOff',
  ],
  [
    'init container exits without a word',
    pod({ phase: 'Pending', initContainerStatuses: [init({ terminated: { exitCode: 4 } })] }, inits),
    'Init:ExitCode:4',
    'Error',
  ],
  [
    'one container completed, one runs ready',
    pod({
      phase: 'Running',
      conditions: [ready],
      containerStatuses: [ended({ exitCode: 0, reason: 'Completed' }), running],
    }),
    'Running',
    'Running',
  ],
  [
    'one container completed, one runs unready',
    pod({
      phase: 'Running',
      conditions: [unready],
      containerStatuses: [ended({ exitCode: 0, reason: 'Completed' }), running],
    }),
    'NotReady',
    'NotReady',
  ],
]

describe('STATUS as kubectl get pods prints it', () => {
  test.each(cases)('%s', (_name, object, status, state) => {
    expect(podStatus(object)).toMatchObject({ status, state })
  })

  test('counts ready containers, sidecars among them, and restarts of all', () => {
    const object = pod(
      {
        phase: 'Running',
        conditions: [ready],
        initContainerStatuses: [{ name: 'mesh', ready: true, started: true, restartCount: 2, state: { running: {} } }],
        containerStatuses: [{ ...running, restartCount: 3 }],
      },
      { initContainers: [{ name: 'mesh', restartPolicy: 'Always' }] },
    )
    expect(podStatus(object)).toMatchObject({ status: 'Running', ready: 2, containers: 2, restarts: 5 })
  })
})
