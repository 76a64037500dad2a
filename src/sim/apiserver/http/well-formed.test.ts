import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { protobufReader, type ProtobufTable } from '../../../machinery/protobuf.ts'
import { openApiServer } from '../openapi/serve.ts'
import { Client, configMap, maps } from './http-client.test-helper.ts'

const word = fc.constantFrom(
  '',
  '0',
  '1',
  'true',
  'false',
  '-1',
  'a',
  'All',
  'None',
  'Object',
  'Strict',
  'NotOlderThan',
  'Exact',
  '9e99',
  '%00',
  '%zz',
  '\u{1f600}',
  'app=a',
  'metadata.name=a',
  'a in (',
  '__proto__',
)
const parameter = fc.constantFrom(
  'watch',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'allowWatchBookmarks',
  'timeoutSeconds',
  'timeout',
  'labelSelector',
  'fieldSelector',
  'dryRun',
  'fieldManager',
  'fieldValidation',
  'force',
  'pretty',
  'includeObject',
  'propagationPolicy',
  'gracePeriodSeconds',
  'orphanDependents',
  'hash',
  'verbose',
  'exclude',
  '__proto__',
)
const query = fc
  .array(fc.tuple(parameter, word), { maxLength: 4 })
  .map((pairs) => pairs.map((pair) => pair.join('=')).join('&'))
const media = fc.constantFrom(
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  '*/*',
  'text/html',
  'application/*',
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  '',
  ';;q=',
  'a/b;__proto__=1',
)
const form = fc.constantFrom(
  '',
  ';as=Table;v=v1;g=meta.k8s.io',
  ';as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  ';as=PartialObjectMetadataList;v=v1beta1;g=meta.k8s.io',
  ';as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io',
  ';q=0.1',
  ';stream=watch',
  ';pretty=1',
  ';as=Table',
)
const path = fc.oneof(
  fc.constantFrom(
    maps,
    `${maps}/a`,
    `${maps}/none`,
    '/api',
    '/apis',
    '/api/v1',
    '/apis/apps/v1',
    '/version',
    '/readyz',
    '/metrics',
    '/',
    '/openapi/v3',
    '/openapi/v3/api/v1',
    '/api/v1/watch/configmaps',
    '/api/v1/nodes',
    '/apis/apps/v1/namespaces/default/deployments/web/scale',
    '/api/v1/namespaces/default',
    '/api/v1/namespaces/default/status',
    '/api/v1/componentstatuses',
    '/apis/events.k8s.io/v1/events',
  ),
  fc
    .array(
      fc.constantFrom(
        'api',
        'apis',
        'v1',
        'namespaces',
        'default',
        'pods',
        'x',
        'status',
        'watch',
        '',
        '..',
        '%2f',
        '__proto__',
      ),
      { maxLength: 7 },
    )
    .map((parts) => `/${parts.join('/')}`),
)
const body = fc.option(
  fc.oneof(
    fc.json({ maxDepth: 3 }),
    fc.string({ maxLength: 40 }),
    fc.constantFrom(
      JSON.stringify(configMap('b')),
      JSON.stringify(configMap('a')),
      '{"data":{"__proto__":"x"}}',
      '[{"op":"copy","from":"","path":"/data/x"}]',
      'a: &a [*a]\n',
      '{"kind":"DeleteOptions","apiVersion":"v1","dryRun":["All"]}',
      `k8s\0\n\x0f\n\x02v1\x12\tConfigMap`,
    ),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from([0x6b, 0x38, 0x73, 0, ...bytes])),
  ),
  { nil: undefined },
)
const method = fc.constantFrom('GET', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'BREW')

test('whatever is asked, in whatever form, has a well-formed answer that changes nothing when it is a refusal', () => {
  const table = JSON.parse(readFileSync('facts/protobuf.json', 'utf8')) as ProtobufTable
  const client = new Client(undefined, { decodeProtobuf: protobufReader(table), openApi: openApiServer() }).withMaps(
    'a',
  )
  const { etcd } = client.cluster.api
  fc.assert(
    fc.property(method, path, query, media, form, media, body, (method, path, query, accept, form, type, body) => {
      const before = etcd.revision
      const headers = {
        accept: accept + form,
        ...(type && { 'content-type': type }),
        'user-agent': 'kubectl/v1 \u0001',
      }
      const {
        code,
        body: answer,
        headers: sent,
        stream,
      } = client.send(method, query ? `${path}?${query}` : path, body, headers)
      expect(code).toBeGreaterThanOrEqual(200)
      expect(code).toBeLessThan(600)
      if (code >= 400) expect(etcd.revision).toBe(before)
      if (typeof answer === 'object' && code >= 400) {
        expect(answer).toMatchObject({
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Failure',
          code,
          message: expect.any(String),
        })
        expect(answer.reason).not.toBe('InternalError')
      }
      for (const value of Object.values(sent).flat()) expect(value).toMatch(/^[\t\x20-\x7e\x80-\xff]*$/)
      for (const line of stream?.read().split('\n') ?? [])
        if (line) expect(JSON.parse(line)).toMatchObject({ type: expect.any(String), object: expect.any(Object) })
      stream?.close()
    }),
    { numRuns: Number(process.env.KUBECOSM_RUNS ?? 1500) },
  )
})
