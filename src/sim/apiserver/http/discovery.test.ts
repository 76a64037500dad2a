import { describe, expect, test } from 'vitest'
import { openApiServer } from '../openapi/serve.ts'
import { Client } from './http-client.test-helper.ts'

const aggregated = (version = 'v2') => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`

describe('discovery', () => {
  test.each([
    [
      'both, the newer first',
      `${aggregated('v2')},${aggregated('v2beta1')},application/json`,
      'apidiscovery.k8s.io/v2',
    ],
    ['only the older', `${aggregated('v2beta1')},application/json`, 'apidiscovery.k8s.io/v2beta1'],
    ['neither', 'application/json', 'v1'],
    ['one that does not exist', `${aggregated('v3')},application/json`, 'v1'],
  ])('aggregated: who accepts %s', (_name, accept, apiVersion) => {
    expect(new Client().get('/apis', { accept }).body.apiVersion).toBe(apiVersion)
  })

  test('is known again by its tag', () => {
    const client = new Client()
    const first = client.get('/api', { accept: aggregated() })
    expect(first.headers).toMatchObject({
      'content-type': aggregated(),
      vary: 'Accept',
      etag: expect.stringMatching(/^"[0-9A-F]{64}"$/),
    })
    const again = client.get('/api', { accept: aggregated(), 'if-none-match': String(first.headers.etag) })
    expect([again.code, again.body]).toEqual([304, ''])
    expect(client.get('/api', { accept: aggregated(), 'if-none-match': '"other"' }).code).toBe(200)
  })

  test('says the same in every form', () => {
    const client = new Client()
    const whole = client.get('/apis', { accept: aggregated() }).body.items
    const groups = client.get('/apis').body.groups
    expect(whole.map(({ metadata }: any) => metadata.name)).toEqual(groups.map(({ name }: any) => name))
    for (const { name, versions } of groups) {
      const group = whole.find(({ metadata }: any) => metadata.name === name)
      expect(client.get(`/apis/${name}`).body).toMatchObject({ kind: 'APIGroup', versions })
      for (const { groupVersion, version } of versions) {
        const listed = client.get(`/apis/${groupVersion}`).body.resources.map((one: any) => `${one.name} ${one.verbs}`)
        const { resources } = group.versions.find((one: any) => one.version === version)
        const nested = resources.flatMap((one: any) => [
          `${one.resource} ${one.verbs}`,
          ...(one.subresources ?? []).map((sub: any) => `${one.resource}/${sub.subresource} ${sub.verbs}`),
        ])
        expect(nested).toEqual(listed)
      }
    }
  })

  test.each<[string, string, number]>([
    ['POST', '/api', 405],
    ['DELETE', '/version', 405],
    ['GET', '/apis/apps/', 200],
    ['GET', '/apis/apps/v1/', 200],
    ['GET', '/apis/none.example.com', 404],
    ['GET', '/apis/apps/v9', 404],
  ])('%s %s is %d', (method, path, code) => {
    expect(new Client().send(method, path).code).toBe(code)
  })
})

test('the root lists the paths, and each of them answers', () => {
  const client = new Client(undefined, { openApi: openApiServer() })
  const { paths } = client.get('/').body
  expect(paths).toEqual([...paths].sort())
  expect(paths).toContain('/apis/apps/v1')
  for (const path of paths) expect([path, client.get(path).code]).toEqual([path, path === '/openapi/v3/' ? 404 : 200])
})

describe('health', () => {
  test.each([
    ['/healthz', 200, 'ok'],
    ['/livez/ping', 200, 'ok'],
    ['/readyz/poststarthook/rbac/bootstrap-roles', 200, 'ok'],
    ['/livez/shutdown', 404, '404 page not found\n'],
    ['/readyz/nonsense', 404, '404 page not found\n'],
  ])('%s', (path, code, text) => {
    expect(new Client().get(path)).toMatchObject({ code, body: text })
  })

  test('check by check, without some', () => {
    const { body } = new Client().get('/readyz?verbose&exclude=etcd&exclude=none')
    expect(body).toMatch(/^\[\+\]ping ok\n\[\+\]log ok\n\[\+\]etcd excluded: ok\n/)
    expect(body).toMatch(/warn: some health checks cannot be excluded: no matches for "none"\nreadyz check passed\n$/)
  })
})

test('metrics count requests and objects', () => {
  const client = new Client().withMaps('a', 'b')
  client.get('/api/v1/namespaces/default/configmaps/none')
  const { body, headers } = client.get('/metrics')
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  const value = (start: string) =>
    Number(
      body
        .split('\n')
        .find((line: string) => line.startsWith(start))
        ?.split(' ')
        .at(-1),
    )
  const request = (verb: string, code: number) =>
    value(
      `apiserver_request_total{code="${code}",component="apiserver",dry_run="",group="",resource="configmaps",scope="",subresource="",verb="${verb}",version="v1"}`,
    )
  expect([request('POST', 201), request('GET', 404)]).toEqual([2, 1])
  expect(value('apiserver_storage_objects{resource="configmaps"}')).toBe(
    client.cluster.api.etcd.entries('configmaps').size,
  )
  for (const line of body.trimEnd().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="([^"\\\n]|\\.)*",?)*\})? [\d.e+]+)$/)
})

describe('OpenAPI', () => {
  const described = openApiServer((definition, field) => `${definition.split('.').at(-1)}${field ? `.${field}` : ''}`)
  const open = () => new Client(undefined, { openApi: described })

  test('every group version has a document under its hash', () => {
    const client = open()
    const { paths } = client.get('/openapi/v3').body
    const groupVersions = client
      .get('/apis')
      .body.groups.flatMap(({ versions }: any) => versions.map((one: any) => `apis/${one.groupVersion}`))
    expect(Object.keys(paths)).toEqual(['api/v1', ...groupVersions])
    for (const { serverRelativeURL } of Object.values<any>(paths)) {
      const answer = client.get(serverRelativeURL)
      expect(answer).toMatchObject({
        code: 200,
        body: { openapi: '3.0.0' },
        headers: { 'cache-control': 'public, immutable' },
      })
      expect(client.get(serverRelativeURL, { 'if-none-match': String(answer.headers.etag) }).code).toBe(304)
    }
  })

  test('every reference in a document is in it, and every kind says that it is one', () => {
    const client = open()
    const { body } = client.get('/openapi/v3/apis/apps/v1')
    const { schemas } = body.components
    const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name!,
    )
    expect(new Set(references.filter((name) => !(name in schemas)))).toEqual(new Set())
    expect(schemas['io.k8s.api.apps.v1.Deployment']['x-kubernetes-group-version-kind']).toEqual([
      { group: 'apps', version: 'v1', kind: 'Deployment' },
    ])
    const patch = body.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'].patch
    expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: 'apps', version: 'v1', kind: 'Deployment' })
    expect(patch.parameters.map(({ name }: any) => name)).toEqual([
      'dryRun',
      'fieldManager',
      'fieldValidation',
      'force',
    ])
  })

  test('what clients merge by is there', () => {
    const { schemas } = open().get('/openapi/v3/api/v1').body.components
    const { containers, volumes } = schemas['io.k8s.api.core.v1.PodSpec'].properties
    expect(containers).toEqual({
      type: 'array',
      items: { allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.Container' }], default: {} },
      description: 'PodSpec.containers',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    })
    expect(volumes['x-kubernetes-patch-strategy']).toBe('merge,retainKeys')
    expect(schemas['io.k8s.api.core.v1.ContainerPort'].properties.protocol).toMatchObject({
      default: 'TCP',
      enum: ['SCTP', 'TCP', 'UDP'],
    })
  })

  test('another hash leads to the right one; without documents, there are none', () => {
    const client = open()
    const moved = client.get('/openapi/v3/api/v1?hash=OLD')
    expect([moved.code, moved.headers.location]).toEqual([
      301,
      client.get('/openapi/v3').body.paths['api/v1'].serverRelativeURL,
    ])
    expect(client.get('/openapi/v3/apis/none/v1').code).toBe(404)
    expect(
      client.get('/openapi/v2', { accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf' }).code,
    ).toBe(406)
    expect(
      client.get('/openapi/v2', { accept: 'application/json' }).body.definitions['io.k8s.api.core.v1.Pod'].properties
        .spec.$ref,
    ).toBe('#/definitions/io.k8s.api.core.v1.PodSpec')
    expect(new Client().get('/openapi/v3').code).toBe(404)
  })
})

describe('a custom kind', () => {
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'kettles.kitchen.example.com' },
    spec: {
      group: 'kitchen.example.com',
      names: { plural: 'kettles', singular: 'kettle', kind: 'Kettle', shortNames: ['kt'], categories: ['all'] },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
            },
          },
        },
      ],
    },
  }
  const opened = () => {
    const client = new Client(undefined, { openApi: openApiServer() })
    const before = client.get('/apis', { accept: aggregated() }).headers.etag
    const openApiBefore = client.get('/openapi/v3').headers.etag
    expect(client.send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', crd).code).toBe(201)
    client.cluster.runFor(5000)
    return { client, before, openApiBefore }
  }

  test('joins discovery in every form, which has another tag then', () => {
    const { client, before } = opened()
    const { body, headers } = client.get('/apis', { accept: aggregated() })
    expect(headers.etag).not.toBe(before)
    const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']
    expect(body.items.at(-1)).toEqual({
      metadata: { name: 'kitchen.example.com' },
      versions: [
        {
          version: 'v1',
          freshness: 'Current',
          resources: [
            {
              resource: 'kettles',
              responseKind: { group: 'kitchen.example.com', version: 'v1', kind: 'Kettle' },
              scope: 'Namespaced',
              singularResource: 'kettle',
              verbs,
              shortNames: ['kt'],
              categories: ['all'],
              subresources: expect.arrayContaining([
                {
                  subresource: 'status',
                  responseKind: { group: 'kitchen.example.com', version: 'v1', kind: 'Kettle' },
                  verbs: ['get', 'patch', 'update'],
                },
                {
                  subresource: 'scale',
                  responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
                  verbs: ['get', 'patch', 'update'],
                },
              ]),
            },
          ],
        },
      ],
    })
    expect(client.get('/apis/kitchen.example.com/v1').body.resources[0]).toMatchObject({
      name: 'kettles',
      storageVersionHash: expect.any(String),
    })
  })

  test('has a document, with its schema and what all objects have', () => {
    const { client, openApiBefore } = opened()
    expect(client.get('/openapi/v3').headers.etag).not.toBe(openApiBefore)
    const { components, paths } = client.get('/openapi/v3/apis/kitchen.example.com/v1').body
    const kettle = components.schemas['com.example.kitchen.v1.Kettle']
    expect(Object.keys(kettle.properties).sort()).toEqual(['apiVersion', 'kind', 'metadata', 'spec'])
    expect(kettle['x-kubernetes-group-version-kind']).toEqual([
      { group: 'kitchen.example.com', version: 'v1', kind: 'Kettle' },
    ])
    expect(paths['/apis/kitchen.example.com/v1/namespaces/{namespace}/kettles/{name}'].patch.parameters).toHaveLength(4)
  })

  test('is refused in the words of those who serve custom resources', () => {
    const { client } = opened()
    const kettles = '/apis/kitchen.example.com/v1/namespaces/default/kettles'
    expect(client.send('PUT', kettles, {})).toMatchObject({ code: 405 })
    expect(
      client.send('PATCH', `${kettles}/a`, {}, { 'content-type': 'application/strategic-merge-patch+json' }),
    ).toMatchObject({
      code: 415,
      body: {
        message: expect.stringContaining(
          'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
        ),
      },
    })
    expect(client.get('/apis/kitchen.example.com/v1/spoons')).toMatchObject({ code: 404, body: '404 page not found\n' })
  })
})
