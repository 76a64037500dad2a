import { apiVersionOf, type Kind } from '../../kinds/kind.ts'
import type { ApiServer } from './server.ts'

const version = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.2',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'go1.26.0',
  compiler: 'gc',
  platform: 'linux/amd64',
}
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

/** What the server says of itself: versions, groups, resources, health. Undefined for any other path. */
export function discoveryDocument(api: Pick<ApiServer, 'kinds'>, path: string): unknown {
  const clean = path.replace(/\/+$/, '')
  if (clean === '/version') return version
  if (clean === '/healthz' || clean === '/livez' || clean === '/readyz') return 'ok'
  if (clean === '/api') {
    return {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '' }],
    }
  }
  if (clean === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups(api) }
  const list = /^\/api\/(v1)$/.exec(clean) ?? /^\/apis\/([^/]+\/[^/]+)$/.exec(clean)
  if (list) return resourceList(api, list[1]!)
  const group = /^\/apis\/([^/]+)$/.exec(clean)
  const found = group && groups(api).find((one) => one.name === group[1])
  return found ? { kind: 'APIGroup', apiVersion: 'v1', ...found } : undefined
}

function groups(api: Pick<ApiServer, 'kinds'>) {
  const byName = new Map<string, string[]>()
  for (const { group, version: one } of api.kinds.versions()) {
    if (!group) continue
    const versions = byName.get(group) ?? []
    if (!versions.includes(one)) versions.push(one)
    byName.set(group, versions)
  }
  return [...byName].map(([name, versions]) => {
    const described = versions.map((one) => ({ groupVersion: `${name}/${one}`, version: one }))
    return { name, versions: described, preferredVersion: described[0] }
  })
}

function resourceList(api: Pick<ApiServer, 'kinds'>, groupVersion: string): unknown {
  const here = api.kinds.versions().filter((kind) => apiVersionOf(kind) === groupVersion)
  if (here.length === 0) return undefined
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: here.flatMap(resourcesOf) }
}

function resourcesOf(kind: Kind): unknown[] {
  const { plural, singular, namespaced, shortNames, categories } = kind
  const main = {
    name: plural,
    singularName: singular,
    namespaced,
    kind: kind.kind,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
  }
  const subresources = kind.subresources.map((one) => ({
    name: `${plural}/${one}`,
    singularName: '',
    namespaced,
    kind: kind.kind,
    verbs: ['get', 'patch', 'update'],
  }))
  return [main, ...subresources]
}
