import type { Query } from './messages.ts'

const hooks = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'aggregator-reload-proxy-client-cert',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
]
const poststart = hooks.map((hook) => `poststarthook/${hook}`)
const last = [
  'autoregister-completion',
  'poststarthook/apiservice-openapi-controller',
  'poststarthook/apiservice-openapiv3-controller',
]
const checks: Readonly<Record<string, readonly string[]>> = {
  healthz: ['ping', 'log', 'etcd', ...poststart, ...last],
  livez: ['ping', 'log', 'etcd', ...poststart, ...last],
  readyz: ['ping', 'log', 'etcd', 'etcd-readiness', 'informer-sync', ...poststart, ...last, 'shutdown'],
}

/** The paths of all checks. */
export function healthPaths(): string[] {
  return Object.entries(checks).flatMap(([name, all]) => [`/${name}`, ...all.map((check) => `/${name}/${check}`)])
}

/** What /healthz, /livez and /readyz say, all in all or for one check; undefined for any other path. */
export function healthText(path: string, query: Query): string | undefined {
  const [name = '', ...rest] = path.replace(/^\/|\/$/g, '').split('/')
  const all = Object.hasOwn(checks, name) ? checks[name]! : undefined
  if (!all) return undefined
  if (rest.length > 0) return all.includes(rest.join('/')) ? 'ok' : undefined
  if (!query.has('verbose')) return 'ok'
  const excluded = query.all('exclude')
  const lines = all.map((check) => `[+]${check} ${excluded.includes(check) ? 'excluded: ok' : 'ok'}\n`)
  const unknown = excluded.filter((check) => !all.includes(check)).map((check) => JSON.stringify(check))
  if (unknown.length > 0)
    lines.push(`warn: some health checks cannot be excluded: no matches for ${unknown.join(', ')}\n`)
  return `${lines.join('')}${name} check passed\n`
}
