import { describe, expect, test } from 'vitest'
import {
  applyPatch,
  Client,
  configMap,
  jsonPatch,
  maps,
  mergePatch,
  strategicPatch,
} from './http-client.test-helper.ts'

const noResource = 'the server could not find the requested resource'
const noMethod = 'the server does not allow this method on the requested resource'

describe('paths', () => {
  test.each<[string, string, number, string]>([
    ['GET', '/nothing', 404, '404 page not found\n'],
    ['GET', '', 404, '404 page not found\n'],
    ['GET', '/apis/nothing.example.com/v1/things', 404, '404 page not found\n'],
    ['GET', '/api/v9/pods', 404, noResource],
    ['GET', '/apis/apps/v1/widgets', 404, noResource],
    ['GET', '/api/v1//pods', 404, noResource],
    ['GET', '/api/v1/pods/x', 404, noResource],
    ['GET', `${maps}/a/nosub`, 404, noResource],
    ['GET', `${maps}/a/status`, 404, noResource],
    ['GET', '/api/v1/watch/secrets/a/b', 404, noResource],
    ['POST', '/api/v1/bindings', 404, noResource],
    ['GET', '/api/v1/namespaces/default/bindings', 405, noMethod],
    ['HEAD', maps, 405, noMethod],
    ['OPTIONS', maps, 405, noMethod],
    ['POST', `${maps}/a`, 405, noMethod],
    ['PUT', maps, 405, noMethod],
    ['DELETE', '/api/v1/configmaps', 405, noMethod],
    ['DELETE', '/api/v1/namespaces', 405, noMethod],
    ['PUT', '/api/v1/namespaces/default/pods/x/binding', 405, noMethod],
    ['GET', '/%zz', 400, '400 Bad Request'],
  ])('%s %s', (method, path, code, text) => {
    const { code: got, body } = new Client().send(method, path)
    expect([got, typeof body === 'string' ? body : body.message]).toEqual([code, text])
    if (typeof body !== 'string') expect(body).toMatchObject({ kind: 'Status', details: {} })
  })

  test.each([
    `${maps}/`,
    `${maps}//`,
    '/api/v1/namespaces/default/configmaps?',
    '/api/v1/namespaces/default/config%6daps',
  ])('%s is the collection', (path) => {
    expect(new Client().get(path).body.kind).toBe('ConfigMapList')
  })

  test('every served resource can be listed, everywhere and in a namespace', () => {
    const client = new Client()
    for (const kind of client.cluster.api.kinds.versions()) {
      const root = kind.group ? `/apis/${kind.group}/${kind.version}` : `/api/${kind.version}`
      const paths = [
        `${root}/${kind.plural}`,
        ...(kind.namespaced ? [`${root}/namespaces/default/${kind.plural}`] : []),
      ]
      for (const path of paths) expect([path, client.get(path).body.kind]).toEqual([path, `${kind.kind}List`])
    }
  })
})

describe('what a body may be', () => {
  const pods = '/api/v1/namespaces/default/pods'
  const deployments = '/apis/apps/v1/namespaces/default/deployments'
  const unrecognized = 'the object provided is unrecognized (must be of type Pod): '
  test.each<[string, string, unknown, string]>([
    [
      'another kind',
      pods,
      { apiVersion: 'v1', kind: 'Service' },
      'Service in version "v1" cannot be handled as a Pod: converting (v1.Service) to (core.Pod): unknown conversion',
    ],
    [
      'a kind of another group',
      deployments,
      { apiVersion: 'batch/v1', kind: 'Job' },
      'Job in version "v1" cannot be handled as a Deployment: converting (v1.Job) to (apps.Deployment): unknown conversion',
    ],
    [
      'a list of it',
      pods,
      { apiVersion: 'v1', kind: 'PodList' },
      'PodList in version "v1" cannot be handled as a Pod: converting (v1.PodList) to (core.Pod): unknown conversion',
    ],
    [
      'a version nobody knows',
      pods,
      { apiVersion: 'v2', kind: 'Pod' },
      'Pod in version "v2" cannot be handled as a Pod: no kind "Pod" is registered for version "v2" in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"',
    ],
    [
      'a retired version',
      deployments,
      { apiVersion: 'extensions/v1beta1', kind: 'Deployment' },
      'the API version in the data (extensions/v1beta1) does not match the expected API version (apps/v1)',
    ],
    [
      'three parts of a version',
      pods,
      { apiVersion: 'a/b/c', kind: 'Pod' },
      `${unrecognized}unexpected GroupVersion string: a/b/c ({"apiVersion":"a/b/c","kind":" ...)`,
    ],
    [
      'a number for a kind',
      pods,
      '{"kind":5}',
      `${unrecognized}couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string ({"kind":5})`,
    ],
    [
      'a text',
      pods,
      '"x"',
      `${unrecognized}couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (227822)`,
    ],
    [
      'a spec in words',
      pods,
      { spec: 'all' },
      'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field Pod.spec of type v1.PodSpec',
    ],
  ])('not %s', (_name, path, body, message) => {
    expect(new Client().send('POST', path, body)).toMatchObject({ code: 400, body: { reason: 'BadRequest', message } })
  })

  test.each<[string, unknown]>([
    ['without a type', { metadata: { name: 'a' } }],
    ['with a version alone', { apiVersion: 'v1', metadata: { name: 'a' } }],
    ['with a group left out', { apiVersion: 'v1', kind: 'Lease', metadata: { name: 'a' } }],
  ])('an object %s is what the URL takes', (_name, body) => {
    expect(new Client().send('POST', '/apis/coordination.k8s.io/v1/namespaces/default/leases', body)).toMatchObject({
      code: 201,
      body: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace: 'default' } },
    })
  })

  test('nothing at all is an object without a name', () => {
    expect(new Client().send('POST', maps, 'null')).toMatchObject({
      code: 422,
      body: { message: expect.stringContaining('name or generateName is required') },
    })
  })

  test.each<[string, string, unknown, Record<string, string>, number, string]>([
    [
      'JSON that ends too early',
      'PATCH',
      '{"data":',
      mergePatch,
      400,
      'error decoding patch: unexpected end of JSON input',
    ],
    [
      'a list to merge',
      'PATCH',
      [],
      mergePatch,
      400,
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    [
      'a list to merge strategically',
      'PATCH',
      [],
      strategicPatch,
      400,
      'json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    [
      'operations that are none',
      'PATCH',
      [1],
      jsonPatch,
      400,
      'error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp',
    ],
    [
      'an operation by number',
      'PATCH',
      [{ op: 1 }],
      jsonPatch,
      400,
      'error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string',
    ],
    [
      'YAML that is none',
      'PATCH',
      'a: b: c',
      applyPatch,
      400,
      'error decoding YAML: error converting YAML to JSON: yaml: mapping values are not allowed in this context',
    ],
  ])('not %s', (_name, method, body, headers, code, message) => {
    const client = new Client().withMaps('a')
    const query = headers === applyPatch ? '?fieldManager=me' : ''
    expect(client.send(method, `${maps}/a${query}`, body, headers)).toMatchObject({ code, body: { message } })
  })

  test('a broken patch of what is not there is about what is not there', () => {
    expect(new Client().send('PATCH', `${maps}/none`, '{', mergePatch)).toMatchObject({
      code: 404,
      body: { message: 'configmaps "none" not found' },
    })
  })
})

describe('URL and body', () => {
  test.each<[string, string, string, object, string]>([
    [
      'another namespace',
      'POST',
      maps,
      { metadata: { name: 'a', namespace: 'other' } },
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'another name',
      'PUT',
      `${maps}/a`,
      configMap('b'),
      'the name of the object (b) does not match the name on the URL (a)',
    ],
    [
      'no name',
      'PUT',
      `${maps}/a`,
      { data: {} },
      'the name of the object (a based on URL) was undeterminable: name must be provided',
    ],
  ])('%s is refused', (_name, method, path, body, message) => {
    expect(new Client().withMaps('a').send(method, path, body)).toMatchObject({ code: 400, body: { message } })
  })

  test('a namespace of what has none is forgotten', () => {
    const body = {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'p', namespace: 'x' },
      value: 1,
    }
    const answer = new Client().send('POST', '/apis/scheduling.k8s.io/v1/priorityclasses', body)
    expect([answer.code, answer.body.metadata.namespace]).toEqual([201, undefined])
  })
})

describe('answers', () => {
  test('to what a PUT makes or changes', () => {
    const client = new Client()
    const lease = { metadata: { name: 'l' }, spec: { holderIdentity: 'me' } }
    const path = '/apis/coordination.k8s.io/v1/namespaces/default/leases/l'
    const made = client.send('PUT', path, lease)
    expect([made.code, client.send('PUT', path, made.body).code]).toEqual([201, 200])
  })

  test('to what is deleted: a Status, or the object where that is kept or upstream returns it', () => {
    const client = new Client().withMaps('a')
    const { uid } = client.get(`${maps}/a`).body.metadata
    expect(client.send('DELETE', `${maps}/a`).body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'a', kind: 'configmaps', uid },
    })
    client.send('POST', maps, { metadata: { name: 'held', finalizers: ['example.com/hold'] } })
    expect(client.send('DELETE', `${maps}/held`).body).toMatchObject({
      kind: 'ConfigMap',
      metadata: { deletionTimestamp: expect.any(String) },
    })
    client.send('POST', maps, { metadata: { name: 'held-too', finalizers: ['example.com/hold'] } })
    expect(client.send('DELETE', `${maps}/held-too?orphanDependents=false`).code).toBe(202)
    client.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 's' } })
    expect(client.send('DELETE', '/api/v1/namespaces/default/serviceaccounts/s').body.kind).toBe('ServiceAccount')
  })

  test('to a whole collection deleted: what is gone', () => {
    const client = new Client().withMaps('a', 'b')
    const { body } = client.send('DELETE', `${maps}?labelSelector=app=b`)
    expect([body.kind, body.items.map(({ metadata }: any) => metadata.name)]).toEqual(['ConfigMapList', ['b']])
    expect(client.get(`${maps}/a`).code).toBe(200)
    expect(client.get(`${maps}/b`).code).toBe(404)
  })

  test('to a pod bound by the old path', () => {
    const client = new Client()
    const pod = {
      metadata: { name: 'p' },
      spec: { schedulerName: 'none', containers: [{ name: 'c', image: 'nginx:1' }] },
    }
    expect(client.send('POST', '/api/v1/namespaces/default/pods', pod).code).toBe(201)
    const binding = { metadata: { name: 'p' }, target: { kind: 'Node', name: 'n' } }
    expect(client.send('POST', '/api/v1/namespaces/default/bindings', binding)).toMatchObject({
      code: 201,
      body: { kind: 'Status' },
    })
    expect(client.get('/api/v1/namespaces/default/pods/p').body.spec.nodeName).toBe('n')
  })
})
