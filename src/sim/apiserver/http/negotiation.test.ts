import { describe, expect, test } from 'vitest'
import { Client, configMap, jsonPatch, maps, mergePatch, strategicPatch } from './http-client.test-helper.ts'
import { warningHeaders } from './warnings.ts'

const available = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'
const plural = (accept: string) => ({ accept })

describe('the form of an answer', () => {
  test.each<[string, string, object]>([
    ['anything', '*/*', { kind: 'ConfigMap' }],
    ['protobuf, or else JSON', 'application/vnd.kubernetes.protobuf,application/json', { kind: 'ConfigMap' }],
    [
      'a Table',
      'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
      { kind: 'Table', apiVersion: 'meta.k8s.io/v1' },
    ],
    [
      'an older Table',
      'application/json;as=Table;v=v1beta1;g=meta.k8s.io',
      { kind: 'Table', apiVersion: 'meta.k8s.io/v1beta1' },
    ],
    [
      'a form nobody knows, or else JSON',
      'application/json;as=Chair;v=v1;g=meta.k8s.io, application/json',
      { kind: 'ConfigMap' },
    ],
    [
      'metadata alone',
      'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
      { kind: 'PartialObjectMetadata', metadata: { name: 'a' } },
    ],
    [
      'the most wanted',
      'application/json;as=Table;v=v1;g=meta.k8s.io;q=0.5, application/json;q=0.9',
      { kind: 'ConfigMap' },
    ],
  ])('%s', (_name, accept, expected) => {
    const answer = new Client().withMaps('a').get(`${maps}/a`, { accept })
    expect(answer).toMatchObject({ code: 200, headers: { 'content-type': 'application/json' }, body: expected })
  })

  test('YAML', () => {
    const answer = new Client().withMaps('a').get(`${maps}/a`, { accept: 'application/yaml' })
    expect(answer.headers['content-type']).toBe('application/yaml')
    expect(answer.body).toMatch(/^apiVersion: v1\ndata:\n {2}a: '1'\nkind: ConfigMap\n/)
    expect(new Client().get(`${maps}/none`, { accept: 'application/yaml' }).body).toMatch(
      /^apiVersion: v1\ncode: 404\n/,
    )
  })

  test.each<[string, string, string, number, string]>([
    [
      'no such type of one object',
      `${maps}/a`,
      'text/html',
      406,
      `406: Not Acceptable\n\nAvailable representations: ${available}`,
    ],
    ['a wildcard that the router does not know', `${maps}/a`, 'application/*', 406, '406: Not Acceptable'],
    [
      'no such version of a Table',
      maps,
      'application/json;as=Table;v=v9;g=meta.k8s.io',
      406,
      `only the following media types are accepted: ${available}`,
    ],
    [
      'a list as metadata of one object',
      maps,
      'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
      406,
      'you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)',
    ],
    [
      'one object as a list of metadata',
      `${maps}/a`,
      'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
      406,
      'you requested PartialObjectMetadataList, but the requested object is not a list (*core.ConfigMap)',
    ],
    [
      'a watch in protobuf alone',
      `${maps}?watch=1`,
      'application/vnd.kubernetes.protobuf',
      406,
      'only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
    ],
    [
      'rows with something odd',
      `${maps}?includeObject=All`,
      'application/json;as=Table;v=v1;g=meta.k8s.io',
      400,
      "must be 'Metadata', 'Object', 'None', or empty",
    ],
  ])('%s is refused', (_name, path, accept, code, message) => {
    const answer = new Client().withMaps('a').get(path, plural(accept))
    expect(answer).toMatchObject({ code, body: { kind: 'Status', message: expect.stringContaining(message) } })
  })

  test('a write whose answer could not be shown is not done', () => {
    const client = new Client()
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }
    expect(client.send('POST', `${maps}?includeObject=All`, configMap('a'), headers).code).toBe(400)
    expect(client.get(`${maps}/a`).code).toBe(404)
    expect(client.send('POST', `${maps}?includeObject=None`, configMap('a'), headers).body).toMatchObject({
      kind: 'Table',
      rows: [{ cells: ['a', 1, '0s'], object: null }],
    })
  })
})

describe('the type of a body', () => {
  const refused = (types: string) =>
    `the body of the request was in an unknown format - accepted media types include: ${types}`
  test.each<[string, string, string, string, unknown, number, string]>([
    ['of an object', 'POST', maps, 'text/xml', '<a/>', 415, refused(available)],
    ['of deletion options', 'DELETE', `${maps}/a`, 'text/plain', 'now', 415, refused(available)],
    ['of a patch', 'PATCH', `${maps}/a`, 'application/json', {}, 415, '415: Unsupported Media Type'],
    [
      'of a patch without a body',
      'PATCH',
      `${maps}/a`,
      'text/plain',
      '',
      406,
      '406: Not Acceptable\n\nAvailable representations: ',
    ],
  ])('%s', (_name, method, path, type, body, code, message) => {
    const answer = new Client().withMaps('a').send(method, path, body, { 'content-type': type })
    expect(answer).toMatchObject({ code, body: { message } })
  })

  test('parameters and case do not matter', () => {
    const answer = new Client().send('POST', maps, configMap('a'), {
      'content-type': 'Application/JSON; charset=utf-8',
    })
    expect(answer.code).toBe(201)
  })

  test('more than 3 MiB are too much, counted in bytes', () => {
    const client = new Client()
    const message = 'Request entity too large: limit is 3145728'
    for (const body of ['x'.repeat(3_145_729), 'é'.repeat(1_600_000), new Uint8Array(4_000_000)])
      expect(client.send('POST', maps, body)).toMatchObject({
        code: 413,
        body: { reason: 'RequestEntityTooLarge', message },
      })
    expect(client.send('POST', maps, 'x'.repeat(3_145_728)).code).toBe(400)
  })
})

describe('strict reading', () => {
  const twice =
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","odd":1},"data":{"k":"1","k":"2"},"more":{"x":1,"x":2}}'
  const found = ['unknown field "metadata.odd"', 'duplicate field "data.k"', 'unknown field "more"']

  test('names what it finds in the order of the text; nobody looks into what is not known', () => {
    const client = new Client()
    const strict = client.send('POST', `${maps}?fieldValidation=Strict`, twice)
    expect(strict.body.message).toBe(
      `ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: ${found.join(', ')}`,
    )
    expect(client.send('POST', `${maps}?fieldValidation=Warn&dryRun=All`, twice).headers.warning).toEqual(
      found.map((text) => `299 - ${JSON.stringify(text)}`),
    )
    expect(client.send('POST', `${maps}?fieldValidation=Ignore`, twice)).toMatchObject({
      code: 201,
      headers: { 'cache-control': 'no-cache, private' },
    })
  })

  test('of YAML, with lines; the keys come in order', () => {
    const yaml =
      'zz: 1\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: "1"\n  k: "2"\nodd: 1\nodd: 2\n'
    const headers = { 'content-type': 'application/yaml' }
    const client = new Client()
    expect(client.send('POST', `${maps}?fieldValidation=Strict`, yaml, headers).body.message).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal errors:\n  line 8: key "k" already set in map\n  line 10: key "odd" already set in map, unknown field "odd", unknown field "zz"',
    )
    expect(client.send('POST', maps, yaml, headers).headers.warning).toEqual(
      [
        'line 8: key "k" already set in map',
        'line 10: key "odd" already set in map',
        'unknown field "odd"',
        'unknown field "zz"',
      ].map((text) => `299 - ${JSON.stringify(text)}`),
    )
  })

  test.each<[string, Record<string, string>, unknown, string]>([
    ['a merge patch', mergePatch, '{"data":{"b":"1","b":"2"},"odd":1}', `"{\\"apiVersion\\":\\"v1\\",\\"data\\":{`],
    ['a strategic merge patch', strategicPatch, '{"data":{"b":"1","b":"2"},"odd":1}', '"map[data:map[b:2] odd:1]"'],
  ])('of %s shows what was patched', (_name, headers, body, shown) => {
    const { code, body: status } = new Client()
      .withMaps('a')
      .send('PATCH', `${maps}/a?fieldValidation=Strict`, body, headers)
    expect([code, status.message.startsWith(' "" is invalid: patch: Invalid value: ')]).toEqual([422, true])
    expect(status.message).toContain(shown)
    expect(status.message).toMatch(/: strict decoding error: duplicate field "data.b", unknown field "odd"$/)
  })

  test('of a JSON patch looks at its operations as well', () => {
    const patch = '[{"op":"add","path":"/data/b","path":"/data/c","value":"1","odd":1}]'
    const client = new Client().withMaps('a')
    const { body } = client.send('PATCH', `${maps}/a?fieldValidation=Strict`, patch, jsonPatch)
    expect(body.message).toMatch(
      /strict decoding error: json patch duplicate field "\[0\].path", json patch unknown field "\[0\].odd"$/,
    )
    expect(client.send('PATCH', `${maps}/a`, patch, jsonPatch).headers.warning).toHaveLength(2)
  })
})

describe('options', () => {
  test.each<[string, string, string, unknown, Record<string, string>, string]>([
    [
      'a dry run of a part',
      'POST',
      `${maps}?dryRun=Some`,
      configMap('b'),
      {},
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
    ],
    [
      'a long manager',
      'PUT',
      `${maps}/a?fieldManager=${'x'.repeat(129)}`,
      configMap('a'),
      {},
      'UpdateOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
    ],
    [
      'a manager that cannot be printed',
      'PATCH',
      `${maps}/a?fieldManager=a%09b`,
      {},
      mergePatch,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "a\\tb": invalid character U+0009 (at position 1)',
    ],
    [
      'force without apply',
      'PATCH',
      `${maps}/a?force=true`,
      {},
      mergePatch,
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    ],
    [
      'an unknown policy',
      'DELETE',
      `${maps}/a`,
      { propagationPolicy: 'Up' },
      {},
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Up": supported values: "Foreground", "Background", "Orphan", "nil"',
    ],
    [
      'several',
      'POST',
      `${maps}?dryRun=x&fieldValidation=y`,
      configMap('b'),
      {},
      'CreateOptions.meta.k8s.io "" is invalid: [dryRun: Unsupported value: ["x"]: supported values: "All", fieldValidation: Unsupported value: "y": supported values: "", "Ignore", "Strict", "Warn"]',
    ],
  ])('%s', (_name, method, path, body, headers, message) => {
    expect(new Client().withMaps('a').send(method, path, body, headers)).toMatchObject({
      code: 422,
      body: { reason: 'Invalid', message },
    })
  })

  test('a body of deletion options is all that counts; without one, the query does', () => {
    const client = new Client().withMaps('a')
    expect(client.send('DELETE', `${maps}/a?dryRun=All`).code).toBe(200)
    expect(client.get(`${maps}/a`).code).toBe(200)
    expect(client.send('DELETE', `${maps}/a`, { dryRun: ['All'] }).code).toBe(200)
    expect(client.get(`${maps}/a`).code).toBe(200)
    expect(client.send('DELETE', `${maps}/a?dryRun=All`, { kind: 'DeleteOptions', apiVersion: 'v1' }).code).toBe(200)
    expect(client.get(`${maps}/a`).code).toBe(404)
  })
})

test.each<[string, string | undefined]>([
  ['32s', undefined],
  ['1h2m3.5s', undefined],
  ['0', undefined],
  ['-1ms', undefined],
  ['32', 'missing unit in duration "32"'],
  ['soon', 'invalid duration "soon"'],
  ['1x', 'unknown unit "x" in duration "1x"'],
  ['.', 'invalid duration "."'],
])('a timeout of %s', (timeout, problem) => {
  const { code, body } = new Client().get(`${maps}?timeout=${timeout}`)
  expect([code, body.message]).toEqual(
    problem ? [400, `invalid timeout specified in the request URL - time: ${problem}`] : [200, undefined],
  )
})

describe('Warning headers', () => {
  test.each<[string, string[], string[]]>([
    ['quote and escape', ['say "a\\b"'], ['299 - "say \\"a\\\\b\\""']],
    ['come once each', ['a', 'b', 'a'], ['299 - "a"', '299 - "b"']],
    ['carry UTF-8 bytes', ['é→'], ['299 - "\u00c3\u00a9\u00e2\u0086\u0092"']],
    ['leave out control characters', ['a\nb', 'c'], ['299 - "c"']],
  ])('%s', (_name, texts, expected) => {
    expect(warningHeaders(texts)).toEqual(expected)
  })

  test('are cut when they are many', () => {
    const headers = warningHeaders(Array.from({ length: 40 }, (_, index) => `${index}${'x'.repeat(300)}`))
    expect(headers).toHaveLength(16)
    expect(headers.every((header) => header.length === 256 + '299 - ""'.length)).toBe(true)
  })
})
