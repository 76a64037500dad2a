import { describe, expect, it } from 'vitest'
import { decodeStrict } from './decode.ts'
import { duplicateFields } from './json-duplicates.ts'

const schemas = {
  Pod: 'io.k8s.api.core.v1.Pod',
  Deployment: 'io.k8s.api.apps.v1.Deployment',
  ConfigMap: 'io.k8s.api.core.v1.ConfigMap',
  Secret: 'io.k8s.api.core.v1.Secret',
  Lease: 'io.k8s.api.coordination.v1.Lease',
}
const decode = (object: unknown, kind: keyof typeof schemas) => decodeStrict(object, schemas[kind])

describe('decodeStrict', () => {
  it.each<[string, unknown, keyof typeof schemas, string]>([
    [
      'text for a number',
      { spec: { replicas: 'three' } },
      'Deployment',
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'a number for text, in a list',
      { spec: { containers: [{ env: [{ name: 'N', value: 5 }] }] } },
      'Pod',
      'json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string',
    ],
    [
      'a number in a map of texts',
      { data: { n: 5 } },
      'ConfigMap',
      'json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ],
    [
      'a list for a map',
      { metadata: { labels: ['a'] } },
      'Pod',
      'json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string',
    ],
    [
      'text for a flag',
      { spec: { hostNetwork: 'true' } },
      'Pod',
      'json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool',
    ],
    [
      'a fraction for an integer',
      { spec: { replicas: 1.5 } },
      'Deployment',
      'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    ['bad base64', { data: { a: 'not base64!' } }, 'Secret', 'illegal base64 data at input byte 3'],
    [
      'no quantity',
      { spec: { containers: [{ resources: { limits: { cpu: 'lots' } } }] } },
      'Pod',
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
  ])('says what Go says of %s', (_name, object, kind, message) => expect(decode(object, kind).typeError).toBe(message))

  it('names unknown fields and drops them', () => {
    const { object, strictErrors } = decode(
      { spec: { contaners: [], containers: [{ name: 'c', imagePullPolcy: 'x' }] } },
      'Pod',
    )
    expect(strictErrors).toEqual([
      'unknown field "spec.contaners"',
      'unknown field "spec.containers[0].imagePullPolcy"',
    ])
    expect(object.spec).toEqual({ containers: [{ name: 'c', resources: {} }] })
  })

  it('answers as Go would: no nulls, no zeros that omitempty drops, structs that are always there', () => {
    const { object } = decode(
      {
        metadata: { name: 'd', labels: {}, creationTimestamp: null },
        spec: { replicas: 0, minReadySeconds: 0, paused: false, template: { spec: { containers: [] } } },
      },
      'Deployment',
    )
    expect(object).toEqual({
      metadata: { name: 'd' },
      spec: { replicas: 0, strategy: {}, template: { metadata: {}, spec: { containers: [] } } },
      status: {},
    })
  })

  it('keeps quantities and times in their canonical form', () => {
    const { object } = decode(
      { spec: { containers: [{ name: 'c', resources: { limits: { cpu: 0.5, memory: '1024Mi' } } }] } },
      'Pod',
    )
    expect(object.spec.containers[0].resources.limits).toEqual({ cpu: '500m', memory: '1Gi' })
    expect(decode({ spec: { renewTime: '2026-01-01T00:00:00.5Z' } }, 'Lease').object.spec.renewTime).toBe(
      '2026-01-01T00:00:00.500000Z',
    )
  })

  it('changes nothing of its input and shares nothing that could be changed', () => {
    const input = Object.freeze({ metadata: Object.freeze({ name: 'c', labels: Object.freeze({ a: 'b' }) }) })
    const { object } = decode(input, 'ConfigMap')
    object.metadata.labels.a = 'changed'
    expect(input.metadata.labels.a).toBe('b')
  })

  it('lets no key reach the prototype', () => {
    const { object } = decode(JSON.parse('{"data": {"__proto__": "x"}}'), 'ConfigMap')
    expect(Object.getPrototypeOf(object.data)).toBe(Object.prototype)
    expect(Object.keys(object.data)).toEqual(['__proto__'])
  })
})

it('finds keys that come twice', () => {
  expect(duplicateFields('{"data": {"a": "1", "a": "{\\"a\\": 1}"}, "l": [{"x": 1}, {"x": 1, "x": 2}]}')).toEqual([
    'duplicate field "data.a"',
    'duplicate field "l[1].x"',
  ])
})
