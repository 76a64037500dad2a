import { describe, expect, test } from 'vitest'
import type { Cluster } from '../../cluster.ts'
import { testCluster } from '../../testing/scenario.ts'

const pods = (cluster: Cluster, name: string, spec: object = {}, metadata: object = {}): any =>
  cluster.api.create('pods', {
    metadata: { name, namespace: 'default', ...metadata },
    spec: { schedulerName: 'nobody', containers: [{ name: 'c', image: 'c:1' }], ...spec },
  })

describe('Priority', () => {
  const classes = 'priorityclasses.scheduling.k8s.io'
  const withClass = (name: string, more: object) => {
    const cluster = testCluster(1)
    cluster.api.create(classes, { metadata: { name }, ...more })
    return cluster
  }

  test('a pod without a class is of the default one', () => {
    const cluster = withClass('usual', { value: 7, globalDefault: true, preemptionPolicy: 'Never' })
    expect(pods(cluster, 'p').spec).toMatchObject({
      priorityClassName: 'usual',
      priority: 7,
      preemptionPolicy: 'Never',
    })
  })

  test('only one class is everybody’s', () => {
    const cluster = withClass('usual', { value: 7, globalDefault: true })
    const second = { metadata: { name: 'other' }, value: 3, globalDefault: true }
    const message =
      'priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass usual is already marked as default. Only one default can exist'
    expect(() => cluster.api.create(classes, second)).toThrow(message)
    const made: any = cluster.api.create(classes, { ...second, globalDefault: false })
    expect(() => cluster.api.update(classes, { ...made, globalDefault: true })).toThrow(message)
    const usual: any = cluster.api.get(classes, 'usual')
    expect(() => cluster.api.update(classes, { ...usual, description: 'x' })).not.toThrow()
  })

  test.each<[string, object, string]>([
    ['an unknown class', { priorityClassName: 'no' }, 'no PriorityClass with name no was found'],
    [
      'another number',
      { priorityClassName: 'gold', priority: 1 },
      'the integer value of priority (1) must not be provided in pod spec; priority admission controller computed 9 from the given PriorityClass name',
    ],
    [
      'another policy',
      { priorityClassName: 'gold', preemptionPolicy: 'Never' },
      'the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name',
    ],
  ])('%s is refused', (_name, spec, message) =>
    expect(() => pods(withClass('gold', { value: 9 }), 'p', spec)).toThrow(`pods "p" is forbidden: ${message}`),
  )
})

describe('RuntimeClass', () => {
  const cluster = () => {
    const made = testCluster(1)
    made.api.create('runtimeclasses.node.k8s.io', {
      metadata: { name: 'sandbox' },
      handler: 'sandbox',
      overhead: { podFixed: { cpu: '100m' } },
      scheduling: { nodeSelector: { sandbox: 'yes' }, tolerations: [{ key: 'sandbox', operator: 'Exists' }] },
    })
    return made
  }

  test('adds its overhead and where it may run', () => {
    const { spec } = pods(cluster(), 'p', { runtimeClassName: 'sandbox', nodeSelector: { disk: 'ssd' } })
    expect(spec).toMatchObject({ overhead: { cpu: '100m' }, nodeSelector: { disk: 'ssd', sandbox: 'yes' } })
    expect(spec.tolerations).toContainEqual({ key: 'sandbox', operator: 'Exists' })
  })

  test('a toleration that covers others takes their place', () => {
    const made = cluster()
    const tolerations = [{ operator: 'Exists' }]
    made.api.patch('runtimeclasses.node.k8s.io', 'sandbox', { type: 'merge', patch: { scheduling: { tolerations } } })
    expect(pods(made, 'p', { runtimeClassName: 'sandbox' }).spec.tolerations).toEqual(tolerations)
  })

  test.each<[string, object, string]>([
    ['an unknown class', { runtimeClassName: 'no' }, 'pod rejected: RuntimeClass "no" not found'],
    [
      'another overhead',
      { runtimeClassName: 'sandbox', overhead: { cpu: '1' } },
      "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
    ],
    [
      'an overhead of no class',
      { overhead: { cpu: '1' } },
      'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
    ],
    [
      'a selector that contradicts',
      { runtimeClassName: 'sandbox', nodeSelector: { sandbox: 'no' } },
      'conflict: runtimeClass.scheduling.nodeSelector[sandbox] = yes; pod.spec.nodeSelector[sandbox] = no',
    ],
  ])('%s is refused', (_name, spec, message) =>
    expect(() => pods(cluster(), 'p', spec)).toThrow(`pods "p" is forbidden: ${message}`),
  )
})

describe('ServiceAccount', () => {
  test.each<[string, object, string]>([
    ['an account', { serviceAccountName: 'default' }, 'a mirror pod may not reference service accounts'],
    ['a secret', { imagePullSecrets: [{ name: 's' }] }, 'a mirror pod may not reference secrets'],
    [
      'a token',
      { volumes: [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }] },
      'a mirror pod may not use ServiceAccountToken volume projections',
    ],
  ])('a mirror pod may not use %s', (_name, spec, message) =>
    expect(() => pods(testCluster(1), 'p', spec, { annotations: { 'kubernetes.io/config.mirror': 'x' } })).toThrow(
      message,
    ),
  )

  test('an account may name the secrets that its pods use', () => {
    const cluster = testCluster(1)
    cluster.api.create('serviceaccounts', {
      metadata: {
        name: 'strict',
        namespace: 'default',
        annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' },
      },
      secrets: [{ name: 'mine' }],
    })
    const withSecret = (secretName: string) => () =>
      pods(cluster, 'p', { serviceAccountName: 'strict', volumes: [{ name: 'v', secret: { secretName } }] })
    expect(withSecret('theirs')).toThrow(
      'volume with secret.secretName="theirs" is not allowed because service account strict does not reference that secret',
    )
    expect(withSecret('mine')).not.toThrow()
  })
})

test('an Ingress without a class gets the default one, unless an annotation names one', () => {
  const cluster = testCluster(1)
  cluster.api.create('ingressclasses.networking.k8s.io', {
    metadata: { name: 'nginx', annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
    spec: { controller: 'example.com/nginx' },
  })
  const ingress = (name: string, annotations: object) =>
    cluster.api.create('ingresses.networking.k8s.io', {
      metadata: { name, namespace: 'default', annotations },
      spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } } },
    }).spec.ingressClassName
  expect(ingress('a', {})).toBe('nginx')
  expect(ingress('b', { 'kubernetes.io/ingress.class': 'old' })).toBeUndefined()
})

describe('PersistentVolumeClaimResize', () => {
  function claimOf(allowVolumeExpansion: boolean) {
    const cluster = testCluster(1)
    cluster.api.create('storageclasses.storage.k8s.io', {
      metadata: { name: 'c' },
      provisioner: 'x',
      allowVolumeExpansion,
    })
    const claim: any = cluster.api.create('persistentvolumeclaims', {
      metadata: { name: 'c', namespace: 'default' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'c',
        volumeName: 'v',
        resources: { requests: { storage: '1Gi' } },
      },
    })
    const bound: any = cluster.api.update(
      'persistentvolumeclaims',
      { ...claim, status: { phase: 'Bound' } },
      { subresource: 'status' },
    )
    const spec = { ...bound.spec, resources: { requests: { storage: '2Gi' } } }
    return () => cluster.api.update('persistentvolumeclaims', { ...bound, spec })
  }

  test('a class may let its claims grow', () => expect(claimOf(true)).not.toThrow())
  test('or not', () =>
    expect(claimOf(false)).toThrow(
      'persistentvolumeclaims "c" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    ))
})

test('only those approve a certificate who may for its signer', () => {
  const cluster = testCluster(1)
  const resource = 'certificatesigningrequests.certificates.k8s.io'
  const pem = '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n'
  const made: any = cluster.api.create(resource, {
    metadata: { name: 'r' },
    spec: { request: Buffer.from(pem).toString('base64'), signerName: 'example.com/mine', usages: ['client auth'] },
  })
  const user = { name: 'dev', groups: ['developers'] }
  const approve = () =>
    cluster.api.update(
      resource,
      { ...made, status: { conditions: [{ type: 'Approved', status: 'True' }] } },
      { subresource: 'approval', user, authorized: true },
    )
  expect(approve).toThrow('user not permitted to approve requests with signerName "example.com/mine"')
  const group = 'rbac.authorization.k8s.io'
  cluster.api.create(`clusterroles.${group}`, {
    metadata: { name: 'approver' },
    rules: [
      {
        apiGroups: ['certificates.k8s.io'],
        resources: ['signers'],
        resourceNames: ['example.com/*'],
        verbs: ['approve'],
      },
    ],
  })
  cluster.api.create(`clusterrolebindings.${group}`, {
    metadata: { name: 'approver' },
    roleRef: { kind: 'ClusterRole', name: 'approver' },
    subjects: [{ kind: 'User', name: 'dev' }],
  })
  expect(approve).not.toThrow()
})

test('nobody asks for a certificate of system:masters', () => {
  const pemOf = (group: string) => {
    const name = Buffer.from(group)
    const der = Buffer.concat([Buffer.from([0x30, 0x20, 0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c, name.length]), name])
    return `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`
  }
  const ask = (group: string) => () =>
    testCluster(1).api.create('certificatesigningrequests.certificates.k8s.io', {
      metadata: { name: 'r' },
      spec: {
        request: Buffer.from(pemOf(group)).toString('base64'),
        signerName: 'kubernetes.io/kube-apiserver-client',
        usages: ['client auth'],
      },
    })
  expect(ask('system:masters')).toThrow(
    'certificatesigningrequests.certificates.k8s.io "r" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
  )
  expect(ask('developers')).not.toThrow()
})
