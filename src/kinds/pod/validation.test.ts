import { describe, expect, it } from 'vitest'
import { problems } from '../kind-cases.test-helper.ts'
import { StatefulSet } from '../statefulset/kind.ts'
import { DaemonSet } from '../daemonset/kind.ts'
import { ReplicationController } from '../replicationcontroller/kind.ts'
import { HorizontalPodAutoscaler } from '../horizontalpodautoscaler/kind.ts'
import { NetworkPolicy } from '../networkpolicy/kind.ts'
import { PodDisruptionBudget } from '../poddisruptionbudget/kind.ts'
import { CertificateSigningRequest } from '../certificatesigningrequest/kind.ts'
import { Job } from '../job/kind.ts'
import { Pod } from './kind.ts'
import { ephemeralContainers, resize } from './subresources.ts'

const container = (more: object = {}) => ({ name: 'c', image: 'c:1', ...more })
const pod = (spec: object) => ({ spec: { containers: [container()], ...spec } })
const withContainer = (more: object) => pod({ containers: [container(more)] })

describe('what a pod may not be', () => {
  it.each<[string, object, string[]]>([
    [
      'a user out of range',
      pod({ securityContext: { runAsUser: -1 } }),
      ['spec.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive'],
    ],
    [
      'processes shared with the host’s',
      pod({ hostPID: true, shareProcessNamespace: true }),
      [
        'spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled',
      ],
    ],
    [
      'a sysctl twice',
      pod({
        securityContext: {
          sysctls: [
            { name: 'kernel.shm_rmid_forced', value: '1' },
            { name: 'kernel.shm_rmid_forced', value: '0' },
          ],
        },
      }),
      ['spec.securityContext.sysctls[1].name: Duplicate value: "kernel.shm_rmid_forced"'],
    ],
    [
      'a local profile without a file',
      pod({ securityContext: { seccompProfile: { type: 'Localhost' } } }),
      [
        'spec.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost',
      ],
    ],
    [
      'an unknown profile',
      withContainer({ securityContext: { seccompProfile: { type: 'Strict' } } }),
      [
        'spec.containers[0].securityContext.seccompProfile: Unsupported value: "Strict": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
      ],
    ],
    [
      'DNS by hand without servers',
      pod({ dnsPolicy: 'None', dnsConfig: {} }),
      ['spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None'],
    ],
    [
      'a nameserver that is none',
      pod({ dnsConfig: { nameservers: ['dns'] } }),
      [
        'spec.dnsConfig.nameservers[0]: Invalid value: "dns": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
    [
      'a gate twice',
      pod({ schedulingGates: [{ name: 'a.example/x' }, { name: 'a.example/x' }] }),
      ['spec.schedulingGates[1]: Duplicate value: "a.example/x"'],
    ],
    [
      'placed behind a gate',
      pod({ nodeName: 'n', schedulingGates: [{ name: 'a.example/x' }] }),
      ['spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared'],
    ],
    [
      'debugged before it is there',
      pod({ ephemeralContainers: [container({ name: 'd' })] }),
      ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
    ],
    [
      'for another system',
      pod({ os: { name: 'plan9' } }),
      ['spec.os: Unsupported value: "plan9": supported values: "linux", "windows"'],
    ],
    [
      'chosen by a field no node has',
      pod({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: 'spec.x', operator: 'In', values: ['a'] }] }],
            },
          },
        },
      }),
      [
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].key: Invalid value: "spec.x": not a valid field selector key',
      ],
    ],
    [
      'a mount that spreads strangely',
      pod({
        containers: [container({ volumeMounts: [{ name: 'v', mountPath: '/v', mountPropagation: 'Up' }] })],
        volumes: [{ name: 'v', emptyDir: {} }],
      }),
      [
        'spec.containers[0].volumeMounts[0].mountPropagation: Unsupported value: "Up": supported values: "Bidirectional", "HostToContainer", "None"',
      ],
    ],
    [
      'a device of no volume',
      withContainer({ volumeDevices: [{ name: 'd', devicePath: '/dev/x' }] }),
      ['spec.containers[0].volumeDevices[0].name: Not found: "d"'],
    ],
    [
      'a downward file of nothing',
      pod({ volumes: [{ name: 'v', downwardAPI: { items: [{ path: 'p' }] } }] }),
      ['spec.volumes[0].downwardAPI.items[0]: Required value: one of fieldRef and resourceFieldRef is required'],
    ],
  ])('%s', (_name, object, expected) => expect(problems(Pod, object)).toEqual(expected))
})

const stored = (spec: any) => ({
  metadata: { name: 'p', namespace: 'demo' },
  spec,
  status: { qosClass: 'Burstable' },
})
const messages = (errors: readonly { field: string; message: string }[]) =>
  errors.map(({ field, message }) => `${field}: ${message}`)

describe('subresources', () => {
  const full = { ...pod({}).spec, restartPolicy: 'Always', dnsPolicy: 'ClusterFirst' }
  const sized = (resources: object) =>
    stored({
      ...full,
      containers: [{ ...container(), imagePullPolicy: 'Always', terminationMessagePolicy: 'File', resources }],
    })
  const old = sized({ requests: { cpu: '1' }, limits: { cpu: '2' } })

  it.each<[string, object, string[]]>([
    ['another size', { requests: { cpu: '1500m' }, limits: { cpu: '2' } }, []],
    [
      'a request taken away',
      { limits: { cpu: '2' } },
      ['spec.containers[0].resources: Forbidden: resource requests cannot be removed'],
    ],
    [
      'another resource',
      { requests: { cpu: '1', 'example.com/gpu': '1' }, limits: { cpu: '2', 'example.com/gpu': '1' } },
      ['spec: Forbidden: only cpu and memory resources are mutable'],
    ],
  ])('resize: %s', (_name, resources, expected) => {
    const taken = resize.take(sized(resources), old, '')
    expect(messages(resize.validate(taken, old as never))).toEqual(expected)
  })

  it('resize takes nothing but resources', () => {
    const body = stored({ ...full, containers: [{ ...container({ image: 'other:1' }), resources: {} }] })
    expect(resize.take(body, old, '').spec.containers[0].image).toBe('c:1')
  })

  const debugged = stored({
    ...full,
    ephemeralContainers: [{ ...container({ name: 'd' }), imagePullPolicy: 'Always', terminationMessagePolicy: 'File' }],
  })
  it.each<[string, object[], string[]]>([
    ['one more', [debugged.spec.ephemeralContainers[0]!, { ...debugged.spec.ephemeralContainers[0]!, name: 'e' }], []],
    ['one gone', [], ['spec.ephemeralContainers: Forbidden: existing ephemeral containers "d" may not be removed\n']],
    [
      'one changed',
      [{ ...debugged.spec.ephemeralContainers[0]!, image: 'x:2' }],
      ['spec.ephemeralContainers: Forbidden: existing ephemeral containers "d" may not be changed\n'],
    ],
    [
      'a name of another container',
      [debugged.spec.ephemeralContainers[0]!, { ...debugged.spec.ephemeralContainers[0]!, name: 'c' }],
      ['spec.ephemeralContainers[1].name: Duplicate value: "c"'],
    ],
    [
      'one with ports',
      [
        debugged.spec.ephemeralContainers[0]!,
        { ...debugged.spec.ephemeralContainers[0]!, name: 'e', ports: [{ containerPort: 1, protocol: 'TCP' }] },
      ],
      ['spec.ephemeralContainers[1].ports: Forbidden: cannot be set for an Ephemeral Container'],
    ],
  ])('ephemeral containers: %s', (_name, containers, expected) => {
    const taken = ephemeralContainers.take({ spec: { ephemeralContainers: containers } }, debugged, '')
    expect(messages(ephemeralContainers.validate(taken, debugged as never))).toEqual(expected)
  })
})

const workload = (more: object = {}) => ({
  selector: { matchLabels: { a: 'b' } },
  template: { metadata: { labels: { a: 'b' } }, spec: { containers: [container()] } },
  ...more,
})
const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }

describe('kinds that nothing acts on yet are checked all the same', () => {
  it.each([
    [
      'a StatefulSet’s order',
      StatefulSet,
      workload({ podManagementPolicy: 'Random' }),
      ["spec.podManagementPolicy: Invalid value: \"Random\": must be 'OrderedReady' or 'Parallel'"],
    ],
    [
      'a StatefulSet’s partition',
      StatefulSet,
      workload({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: -1 } } }),
      ['spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'a DaemonSet’s surge',
      DaemonSet,
      workload({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } } }),
      ['spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero'],
    ],
    [
      'a DaemonSet that cannot move',
      DaemonSet,
      workload({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 0 } } }),
      ['spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0'],
    ],
    [
      'a ReplicationController without labels',
      ReplicationController,
      { template: { spec: { containers: [container()] } } },
      ['spec.selector: Required value'],
    ],
    [
      'an autoscaler’s metric',
      HorizontalPodAutoscaler,
      {
        maxReplicas: 2,
        scaleTargetRef: target,
        metrics: [{ type: 'Pods', pods: { metric: { name: 'm' }, target: { type: 'AverageValue' } } }],
      },
      ['spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue'],
    ],
    [
      'an autoscaler’s window',
      HorizontalPodAutoscaler,
      { maxReplicas: 2, scaleTargetRef: target, behavior: { scaleUp: { stabilizationWindowSeconds: 4000 } } },
      ['spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600'],
    ],
    [
      'a policy’s block',
      NetworkPolicy,
      { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }] }] },
      ['spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`'],
    ],
    [
      'a policy’s empty peer',
      NetworkPolicy,
      { podSelector: {}, egress: [{ to: [{}] }] },
      ['spec.egress[0].to[0]: Required value: must specify a peer'],
    ],
    [
      'a budget of both sorts',
      PodDisruptionBudget,
      { minAvailable: 1, maxUnavailable: 1, selector: {} },
      [
        'spec: Invalid value: {"MinAvailable":1,"Selector":{},"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
      ],
    ],
    [
      'a signing request without a request',
      CertificateSigningRequest,
      { signerName: 'example.com/x', usages: ['client auth'] },
      ['spec.request: Required value'],
    ],
    [
      'a job that fails an index it has not',
      Job,
      {
        template: { spec: { restartPolicy: 'Never', containers: [container()] } },
        podFailurePolicy: { rules: [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [1] } }] },
      },
      [
        'spec.podFailurePolicy.rules[0].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set',
      ],
    ],
  ] as const)('%s', (_name, kind, spec, expected) =>
    expect(problems(kind, { metadata: { uid: 'u' }, spec })).toEqual(expected),
  )
})
