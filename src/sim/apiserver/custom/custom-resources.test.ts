import { beforeEach, describe, expect, test } from 'vitest'
import { Cluster } from '../../cluster.ts'
import { parseSnapshot, serialiseSnapshot } from '../../snapshot.ts'
import { TestClient } from './client.test-helper.ts'

let client: TestClient
const send: TestClient['send'] = (...request) => client.send(...request)

const widgetSchema = (size: object = { type: 'integer', minimum: 1 }) => ({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size,
        replicas: { type: 'integer' },
        colour: { type: 'string', enum: ['red', 'blue'], default: 'blue' },
        anything: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        port: { 'x-kubernetes-int-or-string': true },
        note: { type: 'string', nullable: true },
        parts: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' }, weight: { type: 'integer', default: 1 } },
          },
        },
        template: {
          type: 'object',
          'x-kubernetes-embedded-resource': true,
          'x-kubernetes-preserve-unknown-fields': true,
        },
      },
    },
    status: { type: 'object', properties: { replicas: { type: 'integer' }, selector: { type: 'string' } } },
  },
})

const crd = (changes: { versions?: unknown[]; names?: object; scope?: string } = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: changes.scope ?? 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['wg'], ...changes.names },
    versions: changes.versions ?? [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: widgetSchema() },
        subresources: {
          status: {},
          scale: {
            specReplicasPath: '.spec.replicas',
            statusReplicasPath: '.status.replicas',
            labelSelectorPath: '.status.selector',
          },
        },
        selectableFields: [{ jsonPath: '.spec.colour' }],
      },
    ],
  },
})

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const widgets = '/apis/example.com/v1/namespaces/default/widgets'
const widget = (name: string, spec: object = {}, more: object = {}) => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name },
  spec,
  ...more,
})

function define(changes?: Parameters<typeof crd>[0]) {
  const answer = send('POST', crds, crd(changes))
  client.cluster.runFor(1000)
  return answer
}

beforeEach(() => {
  client = new TestClient()
})

describe('a definition', () => {
  test('is established a moment after it was made, and served from then on', () => {
    expect(send('POST', crds, crd()).body.status.conditions).toBeNull()
    expect(send('GET', widgets).code).toBe(404)
    client.cluster.runFor(1000)
    const { status } = send('GET', `${crds}/widgets.example.com`).body
    expect(status.conditions.map((one: any) => [one.type, one.status, one.reason])).toEqual([
      ['NamesAccepted', 'True', 'NoConflicts'],
      ['Established', 'True', 'InitialNamesAccepted'],
    ])
    expect(send('GET', widgets).code).toBe(200)
    expect(send('GET', '/apis/example.com/v1').body.resources.map((one: any) => one.name)).toEqual([
      'widgets',
      'widgets/status',
      'widgets/scale',
    ])
  })

  test('whose names are taken waits until they are free', () => {
    define()
    const second = { ...crd(), metadata: { name: 'gizmos.example.com' } }
    second.spec = { ...second.spec, names: { plural: 'gizmos', kind: 'Widget', shortNames: ['wg'] } as any }
    send('POST', crds, second)
    client.cluster.runFor(1000)
    const conditions = () => send('GET', `${crds}/gizmos.example.com`).body.status.conditions
    expect(conditions().map((one: any) => [one.type, one.status, one.message])).toEqual([
      ['NamesAccepted', 'False', '"WidgetList" is already in use'],
      ['Established', 'False', 'not all names are accepted'],
    ])
    send('DELETE', `${crds}/widgets.example.com`)
    client.cluster.runFor(5000)
    expect(conditions().find((one: any) => one.type === 'Established').status).toBe('True')
  })

  test('takes its objects with it', () => {
    define()
    send('POST', widgets, widget('one', { size: 1 }))
    const answer = send('DELETE', `${crds}/widgets.example.com`)
    expect(answer.body.metadata?.finalizers ?? answer.body.status).toBeDefined()
    client.cluster.runFor(5000)
    expect(send('GET', `${crds}/widgets.example.com`).code).toBe(404)
    expect(client.cluster.api.list('widgets.example.com')).toEqual([])
    expect(send('GET', widgets).code).toBe(404)
  })

  test('is served again after a restore, from what is stored', () => {
    define()
    send('POST', widgets, widget('one', { size: 1 }))
    client.cluster = Cluster.restore(parseSnapshot(serialiseSnapshot(client.cluster.snapshot())))
    expect(send('GET', `${widgets}/one`).body.spec).toEqual({ size: 1, colour: 'blue' })
    expect(send('POST', widgets, widget('two', { size: 0 })).code).toBe(422)
  })

  const path = 'spec.validation.openAPIV3Schema'
  const version = (schema: unknown, more: object = {}) => ({
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...more }],
  })
  test.each<[string, Parameters<typeof crd>[0], string, string]>([
    ['no type at the root', version({}), `${path}.type`, 'Required value: must not be empty at the root'],
    [
      'a field without a type',
      version({ type: 'object', properties: { a: {} } }),
      `${path}.properties[a].type`,
      'Required value: must not be empty for specified object fields',
    ],
    [
      'an array without items',
      version({ type: 'object', properties: { a: { type: 'array' } } }),
      `${path}.properties[a].items`,
      'Required value: must be specified',
    ],
    [
      'properties and additionalProperties',
      version({ type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'string' } }),
      `${path}.additionalProperties`,
      'Forbidden: additionalProperties and properties are mutual exclusive',
    ],
    [
      'a default that does not fit',
      version({ type: 'object', properties: { a: { type: 'string', default: 1 } } }),
      `${path}.properties[a].default`,
      'Invalid value: "integer":  in body must be of type string: "integer"',
    ],
    [
      'a type inside allOf',
      version({ type: 'object', allOf: [{ type: 'object' }] }),
      `${path}.allOf[0].type`,
      'Forbidden: must be empty to be structural',
    ],
    [
      'a keyed list without keys',
      version({
        type: 'object',
        properties: { a: { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'map' } },
      }),
      `${path}.properties[a].x-kubernetes-list-map-keys`,
      'Required value: must not be empty if x-kubernetes-list-type is map',
    ],
    [
      'a rule that does not compile',
      version({
        type: 'object',
        properties: { a: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self.x > 1' }] } },
      }),
      `${path}.properties[a].x-kubernetes-validations[0].rule`,
      `Invalid value: {"Rule":"self.x > 1","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: compilation failed: ERROR: <input>:1:5: type 'int' does not support field selection\n | self.x > 1\n | ....^`,
    ],
    [
      'a rule that is no condition',
      version({ type: 'object', 'x-kubernetes-validations': [{ rule: '1' }] }),
      `${path}.x-kubernetes-validations[0].rule`,
      'Invalid value: {"Rule":"1","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: cel expression must evaluate to a bool',
    ],
    [
      'a scale path elsewhere',
      version(
        { type: 'object' },
        { subresources: { scale: { specReplicasPath: '.x.y', statusReplicasPath: '.status.r' } } },
      ),
      'spec.subresources.scale.specReplicasPath',
      'Invalid value: ".x.y": should be a json path under .spec',
    ],
    [
      'a column of no type',
      version({ type: 'object' }, { additionalPrinterColumns: [{ name: 'A', type: 'text', jsonPath: '.a' }] }),
      'spec.additionalPrinterColumns[0].type',
      'Invalid value: "text": must be one of boolean,date,integer,number,string',
    ],
    [
      'no storage version',
      { versions: [{ name: 'v1', served: true, storage: false, schema: { openAPIV3Schema: { type: 'object' } } }] },
      'spec.versions',
      'Invalid value: [{"Name":"v1","Served":true,"Storage":false,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}]: must have exactly one version marked as storage version',
    ],
    [
      'another name',
      { names: { plural: 'gadgets' } },
      'metadata.name',
      'Invalid value: "widgets.example.com": must be spec.names.plural+"."+spec.group',
    ],
    [
      'an unknown scope',
      { scope: 'Cosmic' },
      'spec.scope',
      'Unsupported value: "Cosmic": supported values: "Cluster", "Namespaced"',
    ],
  ])('with %s is refused', (_what, changes, field, message) => {
    const { code, body } = send('POST', crds, crd(changes))
    expect(code).toBe(422)
    expect(body.details.causes).toContainEqual(expect.objectContaining({ field, message }))
  })
})

describe('custom objects', () => {
  beforeEach(() => void define())

  test('lose what the schema does not know, keep what it preserves, and get defaults', () => {
    const { code, body, warnings } = send(
      'POST',
      widgets,
      widget('one', {
        size: 1,
        extra: 1,
        anything: { deep: [{ x: 1 }] },
        port: 'http',
        note: null,
        parts: [{ name: 'a', q: 1 }],
      }),
    )
    expect(code).toBe(201)
    expect(body.spec).toEqual({
      size: 1,
      colour: 'blue',
      anything: { deep: [{ x: 1 }] },
      port: 'http',
      note: null,
      parts: [{ name: 'a', weight: 1 }],
    })
    expect(warnings).toEqual(['unknown field "spec.extra"', 'unknown field "spec.parts[0].q"'])
  })

  test.each<[string, object, string, string]>([
    ['a repeated key', { parts: [{ name: 'a' }, { name: 'a' }] }, 'spec.parts[1]', 'Duplicate value: {"name":"a"}'],
    [
      'a wrong type',
      { port: true },
      'spec.port',
      'Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"',
    ],
    [
      'an embedded object without a kind',
      { template: { apiVersion: 'v1' } },
      'spec.template.kind',
      'Required value: must not be empty',
    ],
    [
      'a value out of range',
      { size: 0 },
      'spec.size',
      'Invalid value: 0: spec.size in body should be greater than or equal to 1',
    ],
  ])('with %s are refused', (_what, spec, field, message) => {
    const { code, body } = send('POST', widgets, widget('bad', spec))
    expect(code).toBe(422)
    expect(body.details.causes).toContainEqual(expect.objectContaining({ field, message }))
  })

  test('count generations by everything but metadata and status, which is written on its own', () => {
    send('POST', widgets, widget('one', { size: 1 }, { status: { replicas: 9 } }))
    const merge = (path: string, patch: object) => send('PATCH', path, patch, 'application/merge-patch+json').body
    expect(send('GET', `${widgets}/one`).body.status).toBeUndefined()
    expect(merge(`${widgets}/one`, { metadata: { labels: { a: 'b' } } }).metadata.generation).toBe(1)
    expect(merge(`${widgets}/one/status`, { status: { replicas: 2 }, spec: { size: 7 } })).toMatchObject({
      metadata: { generation: 1 },
      spec: { size: 1 },
      status: { replicas: 2 },
    })
    expect(merge(`${widgets}/one`, { spec: { size: 2 }, status: { replicas: 3 } })).toMatchObject({
      metadata: { generation: 2 },
      status: { replicas: 2 },
    })
  })

  test('scale by the paths of their definition', () => {
    send('POST', widgets, widget('one', { replicas: 2 }))
    send('PATCH', `${widgets}/one/status`, { status: { replicas: 1, selector: 'a=b' } }, 'application/merge-patch+json')
    const { body } = send('PATCH', `${widgets}/one/scale`, { spec: { replicas: 5 } }, 'application/merge-patch+json')
    expect(body).toMatchObject({ kind: 'Scale', spec: { replicas: 5 }, status: { replicas: 1, selector: 'a=b' } })
    expect(send('GET', `${widgets}/one`).body.spec.replicas).toBe(5)
  })

  test('merge by their list keys when they are applied', () => {
    const apply = (manager: string, parts: object[]) =>
      send('PATCH', `${widgets}/one?fieldManager=${manager}`, widget('one', { parts }), 'application/apply-patch+yaml')
    expect(apply('a', [{ name: 'x', weight: 2 }]).code).toBe(201)
    expect(apply('b', [{ name: 'y' }]).body.spec.parts).toEqual([
      { name: 'x', weight: 2 },
      { name: 'y', weight: 1 },
    ])
    expect(apply('b', [{ name: 'x', weight: 3 }]).body.message).toBe(
      'Apply failed with 1 conflict: conflict with "a": .spec.parts[name="x"].weight',
    )
  })

  test('take no strategic merge patches, and no update that names no version', () => {
    send('POST', widgets, widget('one'))
    expect(send('PATCH', `${widgets}/one`, {}, 'application/strategic-merge-patch+json').code).toBe(415)
    expect(send('PUT', `${widgets}/one`, widget('one', { size: 2 })).body.message).toContain(
      'must be specified for an update',
    )
  })

  test('are chosen by the fields their definition names', () => {
    send('POST', widgets, widget('one', { colour: 'red' }))
    send('POST', widgets, widget('two'))
    const names = send('GET', `${widgets}?fieldSelector=spec.colour=red`).body.items.map(
      (one: any) => one.metadata.name,
    )
    expect(names).toEqual(['one'])
    expect(send('GET', `${widgets}?fieldSelector=spec.size=1`).code).toBe(400)
  })

  test('that did not change are not held to a rule that came later', () => {
    send('POST', widgets, widget('one', { size: 1 }))
    const changed = crd()
    const stored = send('GET', `${crds}/widgets.example.com`).body
    ;(changed.spec.versions[0] as any).schema.openAPIV3Schema = widgetSchema({ type: 'integer', minimum: 5 })
    const { resourceVersion } = stored.metadata
    const updated = { ...changed, metadata: { ...changed.metadata, resourceVersion } }
    expect(send('PUT', `${crds}/widgets.example.com`, updated).code).toBe(200)
    const merge = (spec: object) => send('PATCH', `${widgets}/one`, { spec }, 'application/merge-patch+json')
    expect(merge({ colour: 'red' }).code).toBe(200)
    expect(merge({ size: 2 }).code).toBe(422)
    expect(merge({ size: 6 }).code).toBe(200)
  })
})

test('versions differ in their apiVersion, their schema and what is owned in them', () => {
  const version = (name: string, storage: boolean, more: object = {}) => ({
    name,
    served: true,
    storage,
    schema: {
      openAPIV3Schema: {
        type: 'object',
        properties: { spec: { type: 'object', properties: { [name]: { type: 'string' }, both: { type: 'string' } } } },
      },
    },
    ...more,
  })
  define({ versions: [version('v1beta1', true, { deprecated: true }), version('v2', false)] })
  const made = send('POST', '/apis/example.com/v2/namespaces/default/widgets', {
    apiVersion: 'example.com/v2',
    kind: 'Widget',
    metadata: { name: 'one' },
    spec: { v2: 'x', both: 'y', v1beta1: 'z' },
  })
  expect(made).toMatchObject({ code: 201, warnings: ['unknown field "spec.v1beta1"'] })
  expect(made.body).toMatchObject({ apiVersion: 'example.com/v2', spec: { v2: 'x', both: 'y' } })
  expect(made.body.metadata.managedFields[0].apiVersion).toBe('example.com/v2')
  const other = send('GET', '/apis/example.com/v1beta1/namespaces/default/widgets/one')
  expect(other.body).toMatchObject({ apiVersion: 'example.com/v1beta1' })
  expect(other.warnings).toEqual(['example.com/v1beta1 Widget is deprecated'])
  expect(send('GET', '/apis/example.com').body.versions.map((one: any) => one.version)).toEqual(['v2', 'v1beta1'])

  const moved = client.send('GET', `${crds}/widgets.example.com`).body
  moved.spec.versions = [version('v1beta1', false), version('v2', true)]
  expect(client.send('PUT', `${crds}/widgets.example.com`, moved).body.status.storedVersions).toEqual(['v1beta1', 'v2'])
  expect(send('GET', '/apis/example.com/v2/namespaces/default/widgets').body.items[0].spec).toEqual({
    v2: 'x',
    both: 'y',
  })
  expect(send('GET', '/apis/example.com/v2/namespaces/default/widgets/one').body.apiVersion).toBe('example.com/v2')
})
