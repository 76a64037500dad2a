import { describe, expect, it } from 'vitest'
import { ConfigMap } from './configmap/kind.ts'
import { EndpointSlice } from './endpointslice/kind.ts'
import { created, problems, row, updateProblems } from './kind-cases.test-helper.ts'
import { Namespace } from './namespace/kind.ts'
import { Node } from './node/kind.ts'
import { Secret } from './secret/kind.ts'
import { Service } from './service/kind.ts'

const labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

describe('Service', () => {
  const service = (spec: object) => ({ spec: { ports: [{ port: 80 }], ...spec } })
  it.each<[string, object, object]>([
    [
      'ClusterIP',
      {},
      {
        type: 'ClusterIP',
        sessionAffinity: 'None',
        internalTrafficPolicy: 'Cluster',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      },
    ],
    ['NodePort', { type: 'NodePort' }, { externalTrafficPolicy: 'Cluster' }],
    [
      'LoadBalancer',
      { type: 'LoadBalancer' },
      { allocateLoadBalancerNodePorts: true, externalTrafficPolicy: 'Cluster' },
    ],
    [
      'headless without selector',
      { clusterIP: 'None' },
      { clusterIPs: ['None'], ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' },
    ],
    [
      'headless with selector',
      { clusterIP: 'None', selector: { a: 'b' } },
      { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' },
    ],
  ])('%s gets its defaults', (_name, spec, expected) =>
    expect(created(Service, service(spec)).spec).toMatchObject(expected),
  )

  it('leaves an ExternalName alone', () => {
    expect(created(Service, { spec: { type: 'ExternalName', externalName: 'a.example' } }).spec).toEqual({
      type: 'ExternalName',
      externalName: 'a.example',
      sessionAffinity: 'None',
    })
  })

  it.each<[string, object, string[]]>([
    ['a sound one', service({}), []],
    ['no ports', { spec: { selector: { a: 'b' } } }, ['spec.ports: Required value']],
    [
      'two ports without names',
      service({ ports: [{ port: 80 }, { port: 81 }] }),
      ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
    ],
    [
      'a node port of a ClusterIP',
      service({ ports: [{ port: 80, nodePort: 31000 }] }),
      ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    ],
    [
      'an unknown type',
      service({ type: 'Internal' }),
      [
        'spec.type: Unsupported value: "Internal": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
      ],
    ],
    [
      'dots in its name',
      { metadata: { name: '1web.local' }, ...service({}) },
      ['metadata.name: Invalid value: "1web.local": must not contain dots'],
    ],
  ])('%s', (_name, object, expected) => expect(problems(Service, object)).toEqual(expected))

  it('keeps its address', () => {
    expect(updateProblems(Service, service({ clusterIP: '10.96.0.5' }), service({ clusterIP: '10.96.0.6' }))).toEqual([
      'spec.clusterIPs[0]: Invalid value: ["10.96.0.6"]: may not change once set',
    ])
    expect(updateProblems(Service, service({ clusterIP: '10.96.0.5' }), service({}))).toEqual([])
  })

  it.each<[object, object, unknown[]]>([
    [
      { clusterIP: '10.96.0.5', ports: [{ port: 80, nodePort: 31000 }], type: 'NodePort' },
      {},
      ['x', 'NodePort', '10.96.0.5', '<none>', '80:31000/TCP', '<unknown>'],
    ],
    [
      { type: 'LoadBalancer', clusterIP: '10.96.0.5' },
      {},
      ['x', 'LoadBalancer', '10.96.0.5', '<pending>', '80/TCP', '<unknown>'],
    ],
    [
      { type: 'LoadBalancer', clusterIP: '10.96.0.5' },
      { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } },
      ['x', 'LoadBalancer', '10.96.0.5', '192.0.2.1', '80/TCP', '<unknown>'],
    ],
  ])('%j shows as it should', (spec, status, cells) =>
    expect(row(Service, { ...created(Service, service(spec)), status })).toEqual(cells),
  )

  it('selects its pods', () => {
    expect(Service.references!(created(Service, service({ selector: { a: 'b' } })))).toEqual([
      { type: 'selector', resource: 'pods', namespace: 'demo', labels: { a: 'b' } },
    ])
  })
})

describe('EndpointSlice', () => {
  const slice = (more: object = {}) => ({
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.0.0.1'] }],
    ports: [{ port: 80 }],
    ...more,
  })
  it('names and protocols its ports', () =>
    expect(created(EndpointSlice, slice()).ports).toEqual([{ name: '', port: 80, protocol: 'TCP' }]))
  it.each<[string, object, string[]]>([
    ['a sound one', slice(), []],
    ['no address type', slice({ addressType: undefined }), ['addressType: Required value']],
    [
      'no addresses',
      slice({ endpoints: [{ addresses: [] }] }),
      ['endpoints[0].addresses: Required value: must contain at least 1 address'],
    ],
  ])('%s', (_name, object, expected) => expect(problems(EndpointSlice, object)).toEqual(expected))
  it('shows three endpoints and counts the rest', () => {
    const addresses = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4']
    expect(row(EndpointSlice, created(EndpointSlice, slice({ endpoints: [{ addresses }] })))).toEqual([
      'x',
      'IPv4',
      '80',
      '10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...',
      '<unknown>',
    ])
  })
  it('belongs to its service', () => {
    const object = created(EndpointSlice, slice({ metadata: { labels: { 'kubernetes.io/service-name': 'web' } } }))
    expect(EndpointSlice.references!(object)).toEqual([
      { type: 'route', resource: 'services', namespace: 'demo', name: 'web' },
    ])
  })
})

describe('ConfigMap', () => {
  it.each<[string, object, string | undefined]>([
    ['a sound one', { data: { a: 'b' } }, undefined],
    [
      'a bad key',
      { data: { 'bad key': 'x' } },
      'data[bad key]: Invalid value: "bad key": a valid config key must consist of',
    ],
    [
      'a key in both',
      { data: { a: 'x' }, binaryData: { a: 'AAEC' } },
      'data[a]: Invalid value: "a": duplicate of key present in binaryData',
    ],
  ])('%s', (_name, object, expected) =>
    expected
      ? expect(problems(ConfigMap, object)[0]).toContain(expected)
      : expect(problems(ConfigMap, object)).toEqual([]),
  )
  it('stays as it is once immutable', () => {
    expect(
      updateProblems(ConfigMap, { immutable: true, data: { a: 'b' } }, { immutable: true, data: { a: 'c' } }),
    ).toEqual(['data: Forbidden: field is immutable when `immutable` is set'])
  })
  it('counts its keys', () =>
    expect(row(ConfigMap, created(ConfigMap, { data: { a: 'b' }, binaryData: { c: 'AAEC' } }))).toEqual([
      'x',
      2,
      '<unknown>',
    ]))
})

describe('Secret', () => {
  it('encodes plain text, and never gives it back', () => {
    expect(created(Secret, { stringData: { user: 'ann', snow: '☃' } })).toMatchObject({
      type: 'Opaque',
      data: { user: 'YW5u', snow: '4piD' },
    })
    expect(created(Secret, { stringData: { user: 'ann' } }).stringData).toBeUndefined()
  })
  it.each<[string, object, string[]]>([
    ['a sound one', { data: { a: 'YQ==' } }, []],
    [
      'a certificate without its key',
      { type: 'kubernetes.io/tls', stringData: { 'tls.crt': 'x' } },
      ['data[tls.key]: Required value'],
    ],
    [
      'a token without its account',
      { type: 'kubernetes.io/service-account-token' },
      ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
    ],
    [
      'broken docker credentials',
      { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': 'nope' } },
      [
        "data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\": invalid character 'o' in literal null (expecting 'u')",
      ],
    ],
  ])('%s', (_name, object, expected) => expect(problems(Secret, object)).toEqual(expected))
  it('keeps its type', () =>
    expect(updateProblems(Secret, {}, { type: 'other' })[0]).toBe('type: Invalid value: "other": field is immutable'))
})

describe('Namespace', () => {
  it('is named by a label and held by its finalizer', () => {
    expect(created(Namespace, { metadata: { name: 'team' } })).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'team' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
  })
  it.each<[string, string[]]>([
    ['team', []],
    ['team.blue', ['metadata.name: Invalid value: "team.blue": must not contain dots']],
    ['Team', [`metadata.name: Invalid value: "Team": ${labelText}`]],
  ])('the name %s', (name, expected) =>
    expect(
      problems(Namespace, { metadata: { name } }).filter((problem) => problem.startsWith('metadata.name')),
    ).toEqual(expected),
  )
})

describe('Node', () => {
  it.each<[object, object, unknown[]]>([
    [{}, {}, ['x', 'Unknown', '<none>', '<unknown>', '']],
    [
      { unschedulable: true },
      { conditions: [{ type: 'Ready', status: 'True' }], nodeInfo: { kubeletVersion: 'v1.36.2' } },
      ['x', 'Ready,SchedulingDisabled', '<none>', '<unknown>', 'v1.36.2'],
    ],
    [{}, { conditions: [{ type: 'Ready', status: 'False' }] }, ['x', 'NotReady', '<none>', '<unknown>', '']],
  ])('%j %j shows as it should', (spec, status, cells) =>
    expect(row(Node, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'x' }, spec, status })).toEqual(cells),
  )
  it('shows its roles', () =>
    expect(
      row(Node, {
        metadata: {
          name: 'x',
          labels: { 'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/control-plane': '' },
        },
      })[2],
    ).toBe('control-plane,worker'))
  it('takes each taint once', () => {
    const taint = { key: 'k', effect: 'NoSchedule' }
    expect(problems(Node, { spec: { taints: [taint, taint] } })[0]).toContain(
      'taints must be unique by key and effect pair',
    )
    expect(problems(Node, { spec: { taints: [{ key: 'k', effect: 'Never' }] } })).toEqual([
      'spec.taints[0].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ])
  })
})
