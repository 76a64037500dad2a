import { describe, expect, test } from 'vitest'
import { Cluster, createCluster } from '../cluster.ts'
import type { Network } from './network.ts'
import type { Caller, Ends, NetworkEvent, Place } from './types.ts'

const container = (node: string, name: string) =>
  ({ kind: 'container', node, pod: name, container: 'main', run: 1 }) as const
const listener = (node: string, name: string, port: number): Place => ({
  found: 'listener',
  end: container(node, name),
  port,
})

/** A cluster whose pods are addresses in a table, and what their ends heard. */
function world(places: Record<string, Place> = {}) {
  const cluster = createCluster({ controllerManager: false })
  const heard: string[] = []
  const cut = new Set<string>()
  const ends: Ends = {
    locate: (address, port) => places[`${address}:${port}`] ?? places[address] ?? { found: 'nobody' },
    tell: (end, event) => {
      const who = end.kind === 'container' ? end.pod : end.kind === 'kubelet' ? end.probe : end.client
      heard.push(`${who} ${told(event)}`)
      return true
    },
    lagMs: () => 0,
    reaches: (from, to) => from === to || (!cut.has(from) && !cut.has(to)),
  }
  cluster.network.attach(ends)
  return { cluster, network: cluster.network, heard, cut, ends }
}

function told(event: NetworkEvent): string {
  switch (event.type) {
    case 'failed':
      return event.errno
    case 'received':
      return `received ${event.text}`
    case 'incoming':
      return `incoming ${event.port} from ${event.peer.address}`
    case 'ended':
      return event.reset ? 'reset' : 'ended'
    default:
      return event.type
  }
}

const caller: Caller = {
  end: container('n1', 'client'),
  address: '10.244.0.2',
  namespace: 'default',
  clusterNames: true,
}

function service(cluster: Cluster, name: string, spec: object, addresses: readonly string[] = []): string {
  const made = cluster.api.create('services', {
    metadata: { name, namespace: 'default' },
    spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
  })
  cluster.api.create('endpointslices.discovery.k8s.io', {
    metadata: { name, namespace: 'default', labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    endpoints: addresses.map((address, index) => ({
      addresses: [address],
      conditions: { ready: true },
      hostname: `${name}-${index}`,
    })),
  })
  cluster.runFor(10)
  return made.spec.clusterIP
}

describe('a connection', () => {
  test('carries bytes both ways, in order, and ends', () => {
    const { cluster, network, heard } = world({ '10.244.1.2:80': listener('n2', 'server', 80) })
    const mine = network.connect(caller, '10.244.1.2', 80)
    cluster.runFor(5)
    const theirs = mine.replace('a', 'b')
    network.send(mine, 'GET')
    network.send(mine, ' /')
    network.shut(mine)
    cluster.runFor(5)
    network.send(theirs, '200')
    network.shut(theirs)
    cluster.runFor(5)
    expect(heard).toEqual([
      'server incoming 80 from 10.244.0.2',
      'client connected',
      'server received GET',
      'server received  /',
      'server ended',
      'client received 200',
      'client ended',
    ])
    expect(network.snapshot().connections).toEqual([])
  })

  test.each<[string, Record<string, Place>, string, number]>([
    ['nobody listens', { '10.244.1.2': { found: 'closed' } }, 'ECONNREFUSED', 10],
    ['nobody has the address', {}, 'EHOSTUNREACH', 4000],
    ['the machine is off', { '10.244.1.2': { found: 'silence' } }, 'ETIMEDOUT', 130_000],
  ])('fails where %s', (_name, places, errno, ms) => {
    const { cluster, network, heard } = world(places)
    network.connect(caller, '10.244.1.2', 80)
    cluster.runFor(ms)
    expect(heard).toEqual([`client ${errno}`])
    expect(network.snapshot().connections).toEqual([])
  })

  test('is reset when the other side dies', () => {
    const { cluster, network, heard } = world({ '10.244.1.2:80': listener('n2', 'server', 80) })
    network.connect(caller, '10.244.1.2', 80)
    cluster.runFor(5)
    network.endOf((end) => end.kind === 'container' && end.pod === 'server')
    cluster.runFor(5)
    expect(heard.at(-1)).toBe('client reset')
    expect(network.snapshot().connections).toEqual([])
  })

  test('waits while a cable is cut, and goes on when it is back', () => {
    const { cluster, network, heard, cut } = world({ '10.244.1.2:80': listener('n2', 'server', 80) })
    const mine = network.connect(caller, '10.244.1.2', 80)
    cluster.runFor(5)
    cut.add('n2')
    network.send(mine, 'late')
    cluster.runFor(20_000)
    expect(heard).not.toContain('server received late')
    cut.clear()
    cluster.runFor(6000)
    expect(heard).toContain('server received late')
  })

  test('is the same after a restore in the middle', () => {
    const run = (restored: boolean) => {
      const { cluster, network, heard, ends } = world({ '10.244.1.2:80': listener('n2', 'server', 80) })
      const mine = network.connect(caller, '10.244.1.2', 80)
      cluster.runFor(5)
      network.send(mine, 'GET /')
      let other: Network = network
      let place = cluster
      if (restored) {
        place = Cluster.restore(JSON.parse(JSON.stringify(cluster.snapshot())))
        other = place.network
        other.attach(ends)
      }
      place.runFor(5)
      other.send(mine.replace('a', 'b'), '200')
      place.runFor(5)
      return heard
    }
    expect(run(true)).toEqual(run(false))
  })
})

describe('a Service', () => {
  const places = {
    '10.244.1.2:8080': listener('n2', 'one', 8080),
    '10.244.1.3:8080': listener('n2', 'two', 8080),
    '10.0.0.1': { found: 'closed' } as const,
  }
  const reached = (heard: readonly string[]) =>
    heard.filter((one) => one.includes('incoming')).map((one) => one.split(' ')[0])

  test('leads to its ready endpoints, by address and by name', () => {
    const { cluster, network, heard } = world(places)
    const address = service(cluster, 'web', {}, ['10.244.1.2', '10.244.1.3'])
    for (let i = 0; i < 20; i++) network.connect(caller, i % 2 ? 'web' : address, 80)
    cluster.runFor(10)
    expect(new Set(reached(heard))).toEqual(new Set(['one', 'two']))
    expect(reached(heard)).toHaveLength(20)
  })

  test('sends one client to one endpoint when it is to', () => {
    const { cluster, network, heard } = world(places)
    service(cluster, 'web', { sessionAffinity: 'ClientIP' }, ['10.244.1.2', '10.244.1.3'])
    for (let i = 0; i < 10; i++) network.connect(caller, 'web', 80)
    cluster.runFor(10)
    expect(new Set(reached(heard)).size).toBe(1)
  })

  test.each<[string, object, readonly string[], number, string]>([
    ['without endpoints refuses', {}, [], 80, 'client ECONNREFUSED'],
    ['does not answer on a port that it has not', {}, ['10.244.1.2'], 81, 'client ETIMEDOUT'],
  ])('%s', (_name, spec, addresses, port, expected) => {
    const { cluster, network, heard } = world(places)
    service(cluster, 'web', spec, addresses)
    network.connect(caller, 'web', port)
    cluster.runFor(130_000)
    expect(heard).toEqual([expected])
  })

  test('is reached on a port of every node', () => {
    const { cluster, network, heard } = world(places)
    service(cluster, 'web', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }, ['10.244.1.2'])
    network.connect(caller, '10.0.0.1', 30080)
    cluster.runFor(10)
    expect(reached(heard)).toEqual(['one'])
  })
})

describe('a name', () => {
  const { cluster, network } = world()
  const web = service(cluster, 'web', {}, ['10.244.1.2'])
  service(cluster, 'db', { clusterIP: 'None' }, ['10.244.1.4', '10.244.1.5'])
  service(cluster, 'alias', { type: 'ExternalName', externalName: 'web.default.svc.cluster.local' })
  service(cluster, 'outside', { type: 'ExternalName', externalName: 'example.com' })

  test.each<[string, string, readonly string[]]>([
    ['web', 'default', [web]],
    ['web', 'other', []],
    ['web.default', 'other', [web]],
    ['web.default.svc', 'other', [web]],
    ['web.default.svc.cluster.local', 'other', [web]],
    ['web.default.svc.cluster.local.', 'other', [web]],
    ['WEB', 'default', [web]],
    ['db', 'default', ['10.244.1.4', '10.244.1.5']],
    ['db-1.db', 'default', ['10.244.1.5']],
    ['db-7.db', 'default', []],
    ['alias', 'default', [web]],
    ['outside', 'default', []],
    ['10-244-1-2.default.pod.cluster.local', 'default', ['10.244.1.2']],
    ['10.1.2.3', 'default', ['10.1.2.3']],
    ['localhost', 'default', ['127.0.0.1']],
    ['example.com', 'default', []],
    ['nothing', 'default', []],
  ])('%s, read in %s', (name, namespace, expected) => {
    expect(network.lookUp(name, { namespace, clusterNames: true })).toEqual(expected)
  })

  test('of the cluster is none to a pod with the names of its node', () => {
    expect(network.lookUp('web.default', { namespace: 'default', clusterNames: false })).toEqual([])
  })
})
