import { describe, expect, test } from 'vitest'
import { Client, configMap, maps, mergePatch, table } from './http-client.test-helper.ts'
import { decodeContinue, encodeContinue } from './continue-token.ts'

const listed = 'labelSelector=app'
const names = ({ body }: { body: any }) => body.items.map(({ metadata }: any) => metadata.name)

describe('a list in pages', () => {
  test('is as it was when the first one was read', () => {
    const client = new Client().withMaps('a', 'b', 'c', 'd')
    const first = client.get(`${maps}?limit=2&${listed}`)
    client.send('DELETE', `${maps}/c`)
    client.send('PATCH', `${maps}/d`, { data: { a: 'changed' } }, mergePatch)
    client.withMaps('e')
    const second = client.get(`${maps}?limit=2&${listed}&continue=${first.body.metadata.continue}`)
    expect([names(first), names(second)]).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
    expect(second.body.items[1].data).toEqual({ a: '1' })
    expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion)
    expect(names(client.get(`${maps}?${listed}`))).toEqual(['a', 'b', 'd', 'e'])
  })

  test('says how many remain, unless a selector hides it', () => {
    const client = new Client().withMaps('a', 'b', 'c')
    const total = client.get(maps).body.items.length
    expect(client.get(`${maps}?limit=1`).body.metadata.remainingItemCount).toBe(total - 1)
    expect(client.get(`${maps}?limit=1&${listed}`).body.metadata).toMatchObject({ continue: expect.any(String) })
    expect(client.get(`${maps}?limit=1&${listed}`).body.metadata.remainingItemCount).toBeUndefined()
  })

  test('goes on inconsistently when what it was pinned to is compacted', () => {
    const client = new Client().withMaps('a', 'b', 'c')
    const { body } = client.get(`${maps}?limit=1&${listed}`)
    client.send('DELETE', `${maps}/c`)
    client.cluster.runFor(1000)
    client.cluster.api.etcd.compact(Infinity, () => Infinity)
    const late = client.get(`${maps}?limit=1&${listed}&continue=${body.metadata.continue}`)
    expect(late).toMatchObject({
      code: 410,
      body: { reason: 'Expired', message: expect.stringContaining('The provided continue parameter is too old') },
    })
    const rest = client.get(`${maps}?${listed}&continue=${late.body.metadata.continue}`)
    expect(names(rest)).toEqual(['b'])
    expect(
      client.get(`${maps}?resourceVersion=${body.metadata.resourceVersion}&resourceVersionMatch=Exact`),
    ).toMatchObject({
      code: 410,
      body: { message: 'The resourceVersion for the provided list is too old.' },
    })
  })

  test('across namespaces begins anew where it stopped', () => {
    const client = new Client().withMaps('x', 'y')
    client.send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'another' } })
    client.send('POST', '/api/v1/namespaces/another/configmaps', configMap('z'))
    const seen: string[] = []
    let token = ''
    do {
      const { body } = client.get(`/api/v1/configmaps?limit=1&${listed}&continue=${token}`)
      seen.push(...body.items.map(({ metadata }: any) => `${metadata.namespace}/${metadata.name}`))
      token = body.metadata.continue ?? ''
    } while (token)
    expect(seen).toEqual(['another/z', 'default/x', 'default/y'])
  })
})

describe('continue tokens', () => {
  test('come back as they went', () => {
    for (const start of ['a\u0000', 'ns/a\u0000']) {
      const token = encodeContinue({ revision: 12, start })
      expect(token).toMatch(/^[\w-]+$/)
      expect(decodeContinue(token)).toEqual({ revision: 12, start })
    }
  })

  const made = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  test.each([
    ['rubbish', "continue key is not valid: invalid character '®' looking for beginning of value"],
    ['a b', 'continue key is not valid: illegal base64 data at input byte 1'],
    ['abcde', 'continue key is not valid: illegal base64 data at input byte 4'],
    [
      made({ v: 'v9', rv: 1, start: 'a' }),
      'continue key is not valid: server does not recognize this encoded version v9',
    ],
    [
      made({ v: 'meta.k8s.io/v1', rv: 0, start: 'a' }),
      'incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
    ],
    [made({ v: 'meta.k8s.io/v1', rv: 1, start: '' }), 'encoded start key empty (version meta.k8s.io/v1)'],
    [made({ v: 'meta.k8s.io/v1', rv: 1, start: '../secrets/a' }), 'continue key is not valid: ../secrets/a'],
    [made([1]), 'json: cannot unmarshal array into Go value of type storage.continueToken'],
  ])('%s is refused', (token, message) => {
    const answer = new Client().get(`${maps}?continue=${encodeURIComponent(token)}`)
    expect(answer).toMatchObject({ code: 400, body: { message: expect.stringContaining(message) } })
    expect(answer.body.message).toMatch(/^invalid continue token: /)
  })
})

describe('versions of a list', () => {
  test.each<[string, string, number, string]>([
    ['one that is still to come', 'resourceVersion=999999', 504, 'Too large resource version: 999999, current: '],
    [
      'no number',
      'resourceVersion=abc',
      400,
      'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ],
    ['a number beyond all', 'resourceVersion=99999999999999999999', 400, 'value out of range'],
    [
      'a match without a version',
      'resourceVersionMatch=Exact',
      422,
      'resourceVersionMatch is forbidden unless resourceVersion is provided',
    ],
    [
      'an unknown match',
      'resourceVersion=1&resourceVersionMatch=About',
      422,
      'Unsupported value: "About": supported values: "Exact", "NotOlderThan", ""',
    ],
    [
      'exactly any',
      'resourceVersion=0&resourceVersionMatch=Exact',
      422,
      'resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ],
    ['events', 'sendInitialEvents=true', 422, 'sendInitialEvents is forbidden for list'],
    [
      'a page of another version',
      'continue=abc&resourceVersion=5',
      400,
      'specifying resource version is not allowed when using continue',
    ],
    ['a limit in words', 'limit=ten', 400, 'strconv.ParseInt: parsing "ten": invalid syntax'],
  ])('%s', (_name, query, code, message) => {
    expect(new Client().get(`${maps}?${query}`)).toMatchObject({
      code,
      body: { message: expect.stringContaining(message) },
    })
  })

  test('a version that is too large says when to try again', () => {
    const { headers, body } = new Client().get(`${maps}?resourceVersion=999999`)
    expect(headers['retry-after']).toBe('1')
    expect(body).toMatchObject({
      reason: 'Timeout',
      details: { retryAfterSeconds: 1, causes: [{ reason: 'ResourceVersionTooLarge' }] },
    })
  })

  test('exactly that one', () => {
    const client = new Client().withMaps('a')
    const { resourceVersion } = client.get(maps).body.metadata
    client.withMaps('b')
    const exact = client.get(`${maps}?${listed}&resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`)
    expect([names(exact), exact.body.metadata.resourceVersion]).toEqual([['a'], resourceVersion])
    expect(names(client.get(`${maps}?${listed}&resourceVersion=${resourceVersion}`))).toEqual(['a', 'b'])
  })
})

describe('fields to select by', () => {
  test.each<[string, string]>([
    ['/api/v1/pods?fieldSelector=spec.color=red', 'field label not supported: spec.color'],
    ['/apis/batch/v1/jobs?fieldSelector=a=b', 'field label "a" not supported for Job'],
    [
      '/apis/apps/v1/deployments?fieldSelector=a=b',
      '"a" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    ['/api/v1/pods?fieldSelector=nothing', "invalid selector: 'nothing'; can't understand 'nothing'"],
  ])('%s', (path, message) => {
    expect(new Client().get(path)).toMatchObject({ code: 400, body: { reason: 'BadRequest', message } })
  })

  test('hold for every kind that has some, with nothing stored', () => {
    const client = new Client()
    for (const kind of client.cluster.api.kinds.versions()) {
      const root = kind.group ? `/apis/${kind.group}/${kind.version}` : `/api/${kind.version}`
      expect(client.get(`${root}/${kind.plural}?fieldSelector=metadata.name=x,metadata.namespace!=y`).code).toBe(200)
    }
  })
})

test('a Table of nothing has its columns', () => {
  const { body } = new Client().get('/apis/apps/v1/namespaces/none/deployments', table)
  expect(body).toMatchObject({ kind: 'Table', rows: [], metadata: { resourceVersion: expect.any(String) } })
  expect(body.columnDefinitions).toHaveLength(8)
})

describe('what nobody stores: the parts of the control plane', () => {
  const path = '/api/v1/componentstatuses'
  test('are listed and read, and nothing else', () => {
    const client = new Client()
    const listed = client.get(path)
    expect(names(listed)).toEqual(['controller-manager', 'etcd-0', 'scheduler'])
    expect(listed.headers.warning).toEqual(['299 - "v1 ComponentStatus is deprecated in v1.19+"'])
    expect(client.get(path, table).body.rows[0].cells).toEqual(['controller-manager', 'Healthy', 'ok', ''])
    expect(client.get(`${path}/scheduler`).body).toMatchObject({
      kind: 'ComponentStatus',
      metadata: { name: 'scheduler' },
    })
    expect(client.get(`${path}/none`)).toMatchObject({ code: 404, body: { reason: 'NotFound' } })
    expect(client.get(`${path}?watch=1`)).toMatchObject({
      code: 405,
      body: { message: 'watch is not supported on resources of kind "componentstatuses"' },
    })
    expect(client.send('DELETE', `${path}/scheduler`).code).toBe(405)
  })
})
