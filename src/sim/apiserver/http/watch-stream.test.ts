import { describe, expect, test } from 'vitest'
import { Client, eventsOf, linesOf, maps, mergePatch, table } from './http-client.test-helper.ts'

const mine = 'labelSelector=app'

describe('where a watch begins', () => {
  test.each<[string, string, string[]]>([
    ['with what there is, unset', '', ['ADDED a', 'ADDED b', 'ADDED c']],
    ['with what there is, from 0', '&resourceVersion=0', ['ADDED a', 'ADDED b', 'ADDED c']],
    ['after a version', '&resourceVersion=RV', ['ADDED c']],
    [
      'with what there is, asked for',
      '&resourceVersionMatch=NotOlderThan&sendInitialEvents=true&resourceVersion=RV',
      ['ADDED a', 'ADDED b', 'ADDED c'],
    ],
    [
      'and marks where that ends',
      '&resourceVersionMatch=NotOlderThan&sendInitialEvents=true&allowWatchBookmarks=true',
      ['ADDED a', 'ADDED b', 'BOOKMARK', 'ADDED c'],
    ],
    ['now, when asked to', '&resourceVersionMatch=NotOlderThan&sendInitialEvents=false', ['ADDED c']],
  ])('%s', (_name, query, expected) => {
    const client = new Client().withMaps('a', 'b')
    const { resourceVersion } = client.get(maps).body.metadata
    const { stream } = client.get(`${maps}?watch=1&${mine}${query.replace('RV', resourceVersion)}`)
    const before = query.includes('BOOKMARK') || query.includes('allowWatchBookmarks') ? eventsOf(stream!) : []
    client.withMaps('c')
    expect([...before, ...eventsOf(stream!)]).toEqual(expected)
    expect(eventsOf(stream!)).toEqual([])
  })

  test.each<[string, number, string]>([
    ['sendInitialEvents=true', 422, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'],
    [
      'resourceVersionMatch=NotOlderThan',
      422,
      'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    ],
    [
      'sendInitialEvents=true&resourceVersionMatch=Exact',
      422,
      'Unsupported value: "Exact": supported values: "NotOlderThan"',
    ],
    ['resourceVersion=x', 500, 'resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax'],
    [
      'resourceVersion=999999&sendInitialEvents=1&resourceVersionMatch=NotOlderThan',
      504,
      'Too large resource version: 999999',
    ],
  ])('%s is refused', (query, code, message) => {
    expect(new Client().get(`${maps}?watch=true&${query}`)).toMatchObject({
      code,
      body: { message: expect.stringContaining(message) },
    })
  })

  test('a version that is gone is an error in the stream, which then ends', () => {
    const client = new Client().withMaps('a')
    client.cluster.runFor(1000)
    client.cluster.api.etcd.compact(Infinity, () => Infinity)
    const { code, stream } = client.get(`${maps}?watch=1&resourceVersion=1`)
    const [event] = linesOf(stream!)
    expect([code, event.type, event.object.code, event.object.reason, stream!.closed]).toEqual([
      200,
      'ERROR',
      410,
      'Expired',
      true,
    ])
    expect(event.object.message).toMatch(/^too old resource version: 1 \(\d+\)$/)
  })
})

describe('what a watch tells', () => {
  test('what comes to match is added, what no longer does is gone in its old state', () => {
    const client = new Client().withMaps('a', 'b')
    const { stream } = client.get(`${maps}?watch=1&labelSelector=app=a`)
    expect(eventsOf(stream!)).toEqual(['ADDED a'])
    const relabel = (name: string, app: string) =>
      client.send('PATCH', `${maps}/${name}`, { metadata: { labels: { app } } }, mergePatch).body
    relabel('b', 'a')
    const gone = relabel('a', 'z')
    client.send('DELETE', `${maps}/a`)
    const lines = linesOf(stream!)
    expect(lines.map(({ type, object }) => `${type} ${object.metadata.name} ${object.metadata.labels.app}`)).toEqual([
      'ADDED b a',
      'DELETED a a',
    ])
    expect(lines[1].object.metadata.resourceVersion).toBe(gone.metadata.resourceVersion)
  })

  test('one object, by its name or by the old path', () => {
    const client = new Client().withMaps('a', 'b')
    for (const path of [
      `${maps}?watch=1&fieldSelector=metadata.name=a`,
      '/api/v1/watch/namespaces/default/configmaps/a',
    ])
      expect(eventsOf(client.get(path).stream!)).toEqual(['ADDED a'])
    expect(client.get('/api/v1/watch/namespaces/default/configmaps/a?fieldSelector=metadata.name=b').code).toBe(400)
    expect(client.send('POST', '/api/v1/watch/namespaces/default/configmaps', {}).code).toBe(405)
  })

  test('as Tables: the columns once, a row each', () => {
    const client = new Client().withMaps('a', 'b')
    const { stream } = client.get(`${maps}?watch=1&${mine}&includeObject=None`, table)
    const tables = linesOf(stream!).map(({ object }) => object)
    expect(tables.map(({ rows }) => rows[0].cells[0])).toEqual(['a', 'b'])
    expect(tables.map(({ columnDefinitions }) => columnDefinitions?.length ?? null)).toEqual([3, null])
  })

  test('metadata alone', () => {
    const client = new Client().withMaps('a')
    const accept = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'
    const [event] = linesOf(client.get(`${maps}?watch=1&${mine}`, { accept }).stream!)
    expect(event.object).toMatchObject({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { name: 'a' },
    })
    expect(event.object.data).toBeUndefined()
  })

  test('nothing of other namespaces, or of one that is not there', () => {
    const client = new Client().withMaps('a')
    const { code, stream } = client.get('/api/v1/namespaces/nowhere/configmaps?watch=1')
    expect([code, eventsOf(stream!)]).toEqual([200, []])
  })
})

describe('bookmarks and the end', () => {
  test('a bookmark a minute, and one shortly before the end', () => {
    const client = new Client()
    const { stream } = client.get(
      '/api/v1/namespaces/none/secrets?watch=1&allowWatchBookmarks=true&timeoutSeconds=150&resourceVersion=1',
    )
    const seen: number[] = []
    for (let second = 0; second < 160 && !stream!.closed; second++) {
      if (linesOf(stream!).some(({ type }) => type === 'BOOKMARK')) seen.push(second)
      client.cluster.runFor(1000)
    }
    expect(seen).toEqual([60, 120, 148])
    expect(stream!.closed).toBe(true)
  })

  test('carry the newest version and an otherwise empty object', () => {
    const client = new Client()
    const { stream } = client.get('/apis/apps/v1/deployments?watch=1&allowWatchBookmarks=true')
    const [{ object }] = linesOf(stream!)
    expect(object).toEqual({
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: {
        resourceVersion: String(client.cluster.api.etcd.revision),
        annotations: { 'k8s.io/initial-events-end': 'true' },
      },
      spec: { selector: null, strategy: {}, template: { metadata: {}, spec: { containers: null } } },
      status: {},
    })
  })

  test('reading one changes nothing', () => {
    const client = new Client().withMaps('a')
    const { stream } = client.get(`${maps}?watch=1`)
    const before = JSON.stringify(client.cluster.snapshot())
    expect(stream!.read()).not.toBe('')
    expect(JSON.stringify(client.cluster.snapshot())).toBe(before)
  })

  test('nobody gets any who did not ask', () => {
    const client = new Client()
    const { stream } = client.get(`${maps}?watch=1&${mine}`)
    client.cluster.runFor(200_000)
    expect(eventsOf(stream!)).toEqual([])
    stream!.close()
    expect([stream!.closed, stream!.read()]).toEqual([true, ''])
  })
})
