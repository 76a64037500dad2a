import { beforeEach, describe, expect, test } from 'vitest'
import { TestClient } from '../custom/client.test-helper.ts'

const registration = '/apis/admissionregistration.k8s.io/v1'
const configMaps = '/api/v1/namespaces/default/configmaps'
const rules = (resources = ['configmaps'], operations = ['CREATE', 'UPDATE', 'DELETE']) => [
  { apiGroups: ['*'], apiVersions: ['*'], operations, resources },
]

let client: TestClient

function policy(spec: object, actions: readonly string[] = ['Deny'], binding: object = {}) {
  const made = client.post(`${registration}/validatingadmissionpolicies`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'p' },
    spec: { matchConstraints: { resourceRules: rules() }, ...spec },
  })
  const bound = client.post(`${registration}/validatingadmissionpolicybindings`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'b' },
    spec: { policyName: 'p', validationActions: actions, ...binding },
  })
  expect([made.code, bound.code], `${made.body.message} ${bound.body.message}`).toEqual([201, 201])
}

function mutation(mutations: readonly object[], more: object = {}, name = 'm') {
  const made = client.post(`${registration}/mutatingadmissionpolicies`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicy',
    metadata: { name },
    spec: { matchConstraints: { resourceRules: rules() }, reinvocationPolicy: 'Never', mutations, ...more },
  })
  const bound = client.post(`${registration}/mutatingadmissionpolicybindings`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name },
  })
  expect([made.code, bound.code], `${made.body.message} ${bound.body.message}`).toEqual([201, 201])
}

const apply = (expression: string) => ({ patchType: 'ApplyConfiguration', applyConfiguration: { expression } })
const jsonPatch = (expression: string) => ({ patchType: 'JSONPatch', jsonPatch: { expression } })
const configMap = (name: string, data: object = {}, labels: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels },
  data,
})
const denied = (message: string) =>
  `configmaps "c" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ${message}`

beforeEach(() => {
  client = new TestClient()
})

describe('ValidatingAdmissionPolicy', () => {
  test.each<[string, object, string]>([
    [
      'an expression that is false',
      { validations: [{ expression: 'object.data.size() > 3' }] },
      'failed expression: object.data.size() > 3',
    ],
    ['its message', { validations: [{ expression: 'false', message: ' no ' }] }, 'no'],
    [
      'a variable that cannot be worked out',
      {
        variables: [{ name: 'v', expression: 'object.data.missing' }],
        validations: [{ expression: "variables.v == 'x'" }],
      },
      `expression 'variables.v == 'x'' resulted in error: composited variable "v" fails to evaluate: no such key: missing`,
    ],
    [
      'who asks',
      {
        validations: [
          {
            expression: "request.userInfo.username != 'admin'",
            messageExpression: "request.operation + ' by ' + request.userInfo.username",
          },
        ],
      },
      'CREATE by admin',
    ],
    [
      'what the user may do',
      {
        validations: [
          {
            expression:
              "!authorizer.group('apps').resource('deployments').namespace('default').check('create').allowed()",
            message: 'may',
          },
        ],
      },
      'may',
    ],
    [
      'the namespace',
      { validations: [{ expression: "namespaceObject.metadata.name != 'default'", message: 'not here' }] },
      'not here',
    ],
    [
      'an expression that costs too much',
      { validations: [{ expression: 'lists.range(10000).all(a, lists.range(10000).all(b, a + b >= 0))' }] },
      "expression 'lists.range(10000).all(a, lists.range(10000).all(b, a + b >= 0))' resulted in error: operation cancelled: actual cost limit exceeded",
    ],
  ])('denies by %s', (_what, spec, message) => {
    policy(spec)
    const answer = client.post(configMaps, configMap('c', { a: 'b' }))
    expect(answer).toMatchObject({ code: 422, body: { reason: 'Invalid', message: denied(message) } })
  })

  test('answers with the reason of the validation', () => {
    policy({ validations: [{ expression: 'false', message: 'no', reason: 'Forbidden' }] })
    expect(client.post(configMaps, configMap('c'))).toMatchObject({ code: 403, body: { reason: 'Forbidden' } })
  })

  test('compares an update with what was there, and sees deletions', () => {
    policy({
      validations: [
        { expression: "request.operation != 'UPDATE' || object.data == oldObject.data", message: 'data is fixed' },
        { expression: "request.operation != 'DELETE' || !('keep' in oldObject.metadata.labels)", message: 'it stays' },
      ],
    })
    expect(client.post(configMaps, configMap('c', { a: '1' }, { keep: 'x' })).code).toBe(201)
    expect(client.merge(`${configMaps}/c`, { data: { a: '2' } }).body.message).toBe(denied('data is fixed'))
    expect(client.merge(`${configMaps}/c`, { metadata: { annotations: { a: 'b' } } }).code).toBe(200)
    expect(client.send('DELETE', `${configMaps}/c`).body.message).toBe(denied('it stays'))
  })

  test('does not apply where its conditions do not hold', () => {
    policy({
      matchConditions: [
        { name: 'strict-only', expression: "has(object.metadata.labels) && 'strict' in object.metadata.labels" },
      ],
      validations: [{ expression: 'false' }],
    })
    expect(client.post(configMaps, configMap('c')).code).toBe(201)
    expect(client.post(configMaps, configMap('d', {}, { strict: '1' })).code).toBe(422)
  })

  test('warns or looks away, as its binding and its failurePolicy say', () => {
    policy(
      {
        failurePolicy: 'Ignore',
        validations: [{ expression: 'object.data.nope == 1' }, { expression: 'false', message: 'hm' }],
      },
      ['Warn'],
    )
    expect(client.post(configMaps, configMap('c'))).toMatchObject({
      code: 201,
      warnings: ["Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': hm"],
    })
  })

  test('takes its parameters from the object its binding names', () => {
    const paramKind = { apiVersion: 'v1', kind: 'ConfigMap' }
    const paramRef = { name: 'limits', namespace: 'kube-system', parameterNotFoundAction: 'Deny' }
    const matchConstraints = {
      resourceRules: rules(),
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } },
    }
    policy(
      {
        paramKind,
        matchConstraints,
        validations: [
          {
            expression: 'object.data.size() <= int(params.data.max)',
            messageExpression: "'at most ' + params.data.max",
          },
        ],
      },
      ['Deny'],
      { paramRef },
    )
    expect(client.post(configMaps, configMap('c')).body.message).toBe(
      denied('failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction'),
    )
    client.post('/api/v1/namespaces/kube-system/configmaps', configMap('limits', { max: '1' }))
    expect(client.post(configMaps, configMap('c', { a: '1', b: '2' })).body.message).toBe(denied('at most 1'))
    expect(client.post(configMaps, configMap('c', { a: '1' })).code).toBe(201)
  })

  test('is told what it gets wrong about the kinds it is for', () => {
    const resourceRules = [
      { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] },
    ]
    policy({
      matchConstraints: { resourceRules },
      validations: [{ expression: 'object.spec.replicas > 1' }, { expression: 'object.replicas > 1' }],
    })
    client.cluster.runFor(1000)
    expect(client.send('GET', `${registration}/validatingadmissionpolicies/p`).body.status).toEqual({
      observedGeneration: 1,
      typeChecking: {
        expressionWarnings: [
          {
            fieldRef: 'spec.validations[1].expression',
            warning:
              "apps/v1, Kind=Deployment: ERROR: <input>:1:7: undefined field 'replicas'\n | object.replicas > 1\n | ......^",
          },
        ],
      },
    })
  })

  test('leaves out what its rules exclude', () => {
    const excludeResourceRules = [{ ...rules()[0], resourceNames: ['free'] }]
    policy({
      matchConstraints: { resourceRules: rules(['*']), excludeResourceRules },
      validations: [{ expression: 'false' }],
    })
    expect(client.post(configMaps, configMap('free')).code).toBe(201)
    expect(client.post(configMaps, configMap('c')).code).toBe(422)
  })

  test('holds the cluster’s own components too, but nobody who would mend it', () => {
    policy({ matchConstraints: { resourceRules: rules(['*']) }, validations: [{ expression: 'false' }] })
    expect(() => client.cluster.api.create('configmaps', configMap('c'), { namespace: 'default' })).toThrow(
      'denied request',
    )
    expect(client.send('DELETE', `${registration}/validatingadmissionpolicies/p`).code).toBe(200)
    expect(client.post(configMaps, configMap('c')).code).toBe(201)
  })
})

describe('MutatingAdmissionPolicy', () => {
  test('merges an apply configuration by the kind’s schema', () => {
    mutation(
      [
        apply(
          "Object{spec: Object.spec{containers: [Object.spec.containers{name: 'a', image: object.spec.containers[0].image + ':v1'}]}}",
        ),
      ],
      {
        matchConstraints: { resourceRules: rules(['pods'], ['CREATE']) },
      },
    )
    const spec = { containers: [{ name: 'a', image: 'x', args: ['y'] }] }
    const answer = client.post('/api/v1/namespaces/default/pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec,
    })
    expect(answer.body.spec.containers).toEqual([expect.objectContaining({ name: 'a', image: 'x:v1', args: ['y'] })])
  })

  test('applies JSON patches, each seeing what the one before did', () => {
    mutation([
      jsonPatch(
        "[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('example.com/x'), value: 'one'}]",
      ),
      jsonPatch("[JSONPatch{op: 'add', path: '/data/seen', value: object.metadata.labels['example.com/x']}]"),
    ])
    const { body } = client.post(configMaps, configMap('c', { a: 'b' }, { own: 'x' }))
    expect(body.metadata.labels).toEqual({ own: 'x', 'example.com/x': 'one' })
    expect(body.data).toEqual({ a: 'b', seen: 'one' })
  })

  test('runs once more where it asks for that and another one came after it', () => {
    const count = (name: string) => apply(`Object{data: {'${name}': string(object.data.size())}}`)
    mutation([count('first')], { reinvocationPolicy: 'IfNeeded' }, 'a')
    mutation([count('second')], {}, 'b')
    expect(client.post(configMaps, configMap('c', { x: '' })).body.data).toEqual({ x: '', first: '3', second: '2' })
  })

  test.each([
    [
      'a message of another path',
      apply("Object{data: Object.metadata{a: 'b'}}"),
      'type mismatch: unexpected type name "Object.metadata", expected "Object.data", which matches field name path from root Object type',
    ],
    [
      'an error',
      apply("Object{data: {'a': object.data.nope}}"),
      "expression 'Object{data: {'a': object.data.nope}}' resulted in error: no such key: nope",
    ],
  ])('denies for %s', (_what, mutated, message) => {
    mutation([mutated])
    expect(client.post(configMaps, configMap('c', { a: 'b' }))).toMatchObject({
      code: 403,
      body: { reason: 'Invalid', message: `policy 'm' with binding 'm' denied request: ${message}` },
    })
  })

  test('is refused when an expression makes something else', () => {
    const answer = client.post(`${registration}/mutatingadmissionpolicies`, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicy',
      metadata: { name: 'm' },
      spec: {
        matchConstraints: { resourceRules: rules() },
        reinvocationPolicy: 'Never',
        mutations: [apply("{'a': 1}"), { patchType: 'JSONPatch' }],
      },
    })
    expect(answer.body.details.causes.map(({ field, message }: any) => `${field}: ${message}`)).toEqual([
      `spec.mutations[0].applyConfiguration.expression: Invalid value: "{'a': 1}": must evaluate to Object but got map(string, int)`,
      'spec.mutations[1].jsonPatch: Required value: must be specified when patchType is JSONPatch',
    ])
  })
})

test('webhooks are passed over, once a request and aloud', () => {
  const webhook = (name: string) => ({
    name,
    clientConfig: { url: 'https://example.com' },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
  })
  const made = client.post(`${registration}/validatingwebhookconfigurations`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'w' },
    webhooks: [webhook('one.example.com'), webhook('two.example.com')],
  })
  expect(made.code).toBe(201)
  const { code, warnings } = client.post(configMaps, configMap('c'))
  expect(code).toBe(201)
  expect(warnings).toEqual([
    'admission webhooks cannot be called in a simulated cluster: webhooks "one.example.com", "two.example.com" were passed over, and this request went on as if it had been allowed unchanged',
  ])
  expect(client.merge(`${configMaps}/c`, { data: { a: 'b' } }).warnings).toEqual([])
})
