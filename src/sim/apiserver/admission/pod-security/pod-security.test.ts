import { describe, expect, test } from 'vitest'
import { testCluster } from '../../../testing/scenario.ts'
import { violations, violationsText } from './evaluate.ts'
import { policyOf, type Level } from './policy.ts'

const found = (level: Level, spec: object, annotations: Record<string, string> = {}, minor = Infinity) =>
  violationsText(violations({ level, minor }, annotations, spec))
const container = (more: object = {}) => ({ containers: [{ name: 'a', image: 'a:1', ...more }] })
const context = (securityContext: object) => container({ securityContext })
const sound = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  ...context({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }),
}

describe('baseline', () => {
  test.each<[string, object, string]>([
    ['a plain pod', container(), ''],
    [
      'namespaces of the host',
      { ...container(), hostNetwork: true, hostIPC: true },
      'host namespaces (hostNetwork=true, hostIPC=true)',
    ],
    [
      'privilege',
      context({ privileged: true }),
      'privileged (container "a" must not set securityContext.privileged=true)',
    ],
    [
      'capabilities',
      context({ capabilities: { add: ['SYS_TIME', 'CHOWN', 'NET_RAW'] } }),
      'non-default capabilities (container "a" must not include "NET_RAW", "SYS_TIME" in securityContext.capabilities.add)',
    ],
    [
      'paths of the host',
      {
        ...container(),
        volumes: [
          { name: 'v', hostPath: {} },
          { name: 'w', hostPath: {} },
        ],
      },
      'hostPath volumes (volumes "v", "w")',
    ],
    [
      'ports of the host',
      {
        initContainers: [{ name: 'i', ports: [{ hostPort: 80 }] }],
        containers: [{ name: 'a', ports: [{ hostPort: 443 }] }],
      },
      'hostPort (containers "i", "a" use hostPorts 443, 80)',
    ],
    [
      'hosts of probes',
      container({ livenessProbe: { httpGet: { host: '10.0.0.1' } } }),
      'probe or lifecycle host (container "a" uses probe or lifecycle host "10.0.0.1")',
    ],
    [
      'unmasked proc',
      context({ procMount: 'Unmasked' }),
      'procMount (container "a" must not set securityContext.procMount to "Unmasked")',
    ],
    ['unmasked proc in a user namespace', { ...context({ procMount: 'Unmasked' }), hostUsers: false }, ''],
    [
      'SELinux',
      {
        ...context({ seLinuxOptions: { user: 'u' } }),
        securityContext: { seLinuxOptions: { type: 'x_t', role: 'r' } },
      },
      'seLinuxOptions (pod and container "a" set forbidden securityContext.seLinuxOptions: type "x_t"; user may not be set; role may not be set)',
    ],
    [
      'seccomp',
      context({ seccompProfile: { type: 'Unconfined' } }),
      'seccompProfile (container "a" must not set securityContext.seccompProfile.type to "Unconfined")',
    ],
    [
      'AppArmor',
      { ...container(), securityContext: { appArmorProfile: { type: 'Unconfined' } } },
      'forbidden AppArmor profile (pod must not set AppArmor profile type to "Unconfined")',
    ],
    [
      'sysctls',
      { ...container(), securityContext: { sysctls: [{ name: 'net.ipv4.tcp_rmem' }, { name: 'kernel.msgmax' }] } },
      'forbidden sysctls (kernel.msgmax)',
    ],
    [
      'host processes',
      { ...container(), securityContext: { windowsOptions: { hostProcess: true } } },
      'hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)',
    ],
  ])('%s', (_name, spec, expected) => expect(found('baseline', spec)).toBe(expected))
})

describe('restricted', () => {
  test.each<[string, object, string]>([
    ['a sound pod', sound, ''],
    [
      'a plain one',
      container(),
      'allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "a" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    ],
    [
      'root',
      { ...sound, securityContext: { ...sound.securityContext, runAsUser: 0 } },
      'runAsUser=0 (pod must not set runAsUser=0)',
    ],
    [
      'root, said openly',
      { ...sound, securityContext: { ...sound.securityContext, runAsNonRoot: false } },
      'runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)',
    ],
    [
      'volumes',
      {
        ...sound,
        volumes: [
          { name: 'v', nfs: {} },
          { name: 'w', emptyDir: {} },
          { name: 'x', hostPath: {} },
        ],
      },
      'restricted volume types (volumes "v", "x" use restricted volume types "hostPath", "nfs")',
    ],
  ])('%s', (_name, spec, expected) => expect(found('restricted', spec)).toBe(expected))

  test('a Windows pod need not say what only Linux knows', () =>
    expect(
      found('restricted', { ...container(), os: { name: 'windows' }, securityContext: { runAsNonRoot: true } }),
    ).toBe(''))
})

describe('earlier releases', () => {
  test.each<[string, Level, number, object, Record<string, string>, string]>([
    ['knew no hosts of probes', 'baseline', 33, container({ livenessProbe: { tcpSocket: { host: 'x' } } }), {}, ''],
    [
      'read annotations for seccomp',
      'baseline',
      18,
      context({ seccompProfile: { type: 'Unconfined' } }),
      { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' },
      'seccompProfile (forbidden annotation seccomp.security.alpha.kubernetes.io/pod="unconfined")',
    ],
    [
      'allowed fewer sysctls',
      'baseline',
      31,
      { ...container(), securityContext: { sysctls: [{ name: 'net.ipv4.tcp_rmem' }] } },
      {},
      'forbidden sysctls (net.ipv4.tcp_rmem)',
    ],
    ['let capabilities be', 'restricted', 21, { ...sound, ...context({ allowPrivilegeEscalation: false }) }, {}, ''],
  ])('%s', (_name, level, minor, spec, annotations, expected) =>
    expect(found(level, spec, annotations, minor)).toBe(expected),
  )
})

describe('labels', () => {
  const read = (labels: Record<string, string>) => policyOf(labels)
  const enforce = 'pod-security.kubernetes.io/enforce'
  test('a level and a version', () =>
    expect(read({ [enforce]: 'baseline', [`${enforce}-version`]: 'v1.30' }).policy.enforce).toEqual({
      level: 'baseline',
      minor: 30,
    }))
  test('nonsense is strict', () => {
    const { policy, errors } = read({ [enforce]: 'strong', [`${enforce}-version`]: '1.30' })
    expect(policy.enforce).toEqual({ level: 'restricted', minor: Infinity })
    expect(errors.map(({ field, message }) => `${field}: ${message}`)).toEqual([
      `metadata.labels[${enforce}]: Invalid value: "strong": must be one of privileged, baseline, restricted`,
      `metadata.labels[${enforce}-version]: Invalid value: "1.30": must be "latest" or "v1.x"`,
    ])
  })

  function namespaceWith(level: string) {
    const cluster = testCluster(1)
    const warnings: string[] = []
    const pod = (name: string, spec: object) =>
      cluster.api.create('pods', {
        metadata: { name, namespace: 'default' },
        spec: { schedulerName: 'nobody', ...spec },
      })
    pod('b', { ...container(), hostPID: true })
    pod('c', { ...container(), hostPID: true })
    pod('d', context({ privileged: true }))
    const patch = { metadata: { labels: { [enforce]: level } } }
    const change = () => cluster.api.patch('namespaces', 'default', { type: 'merge', patch }, { warnings })
    return { cluster, warnings, change, pod }
  }

  test('a stricter level warns of the pods that are there', () => {
    const { warnings, change, pod } = namespaceWith('baseline')
    change()
    expect(warnings).toEqual([
      'existing pods in namespace "default" violate the new PodSecurity enforce level "baseline:latest"',
      'b (and 1 other pod): host namespaces',
      'd: privileged',
    ])
    expect(() => pod('e', { ...container(), hostPID: true })).toThrow(
      'pods "e" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)',
    )
  })

  test('an unknown level is refused', () =>
    expect(namespaceWith('strong').change).toThrow(
      `Namespace "default" is invalid: metadata.labels[${enforce}]: Invalid value: "strong": must be one of privileged, baseline, restricted`,
    ))
})
