import { resourceOf } from '../../../kinds/kind.ts'
import type { ApiServer } from '../server.ts'
import type { HttpRequest } from './messages.ts'
import { version } from './version.ts'

/** How often which request was answered how: a view, which a restored cluster begins anew like a restarted process. */
const counted = new WeakMap<ApiServer, Map<string, number>>()

/** Counts an answered request. What its labels are is worked out when somebody asks. */
export function countRequest(api: ApiServer, { method, path }: HttpRequest, code: number): void {
  let counters = counted.get(api)
  if (!counters) counted.set(api, (counters = new Map()))
  const known = resourcePattern.exec(path)
  const key = known ? `${method} ${known[1] ?? ''} ${known[2]} ${known[3]} ${code}` : `${method}    ${code}`
  // Paths are the clients' own invention: what comes after so many of them is not told apart.
  const counter = counters.has(key) || counters.size < maxCounters ? key : `${method}    ${code}`
  counters.set(counter, (counters.get(counter) ?? 0) + 1)
}

const maxCounters = 2_000
/** Group, version and resource of a path. */
const resourcePattern =
  /^\/(?:api|apis\/([a-z0-9.-]{1,80}))\/(v[a-z0-9]{1,20})\/(?:watch\/)?(?:namespaces\/[^/?]+\/(?!status|finalize))?([a-z][a-z0-9.-]{0,80})/
const verbs: Readonly<Record<string, string | undefined>> = {
  GET: 'GET',
  POST: 'POST',
  PUT: 'PUT',
  PATCH: 'PATCH',
  DELETE: 'DELETE',
}

function requestSamples(api: ApiServer): [labels: string, value: number][] {
  const sums = new Map<string, number>()
  for (const [key, count] of counted.get(api) ?? []) {
    const [method = '', group = '', version = '', resource = '', code = ''] = key.split(' ')
    const verb = verbs[method] ?? 'other'
    const labels = metricLabels({
      code,
      component: 'apiserver',
      dry_run: '',
      group,
      resource,
      scope: '',
      subresource: '',
      verb,
      version,
    })
    sums.set(labels, (sums.get(labels) ?? 0) + count)
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** A label set as Prometheus writes it, names in order. */
function metricLabels(labels: Readonly<Record<string, string>>): string {
  const escaped = (value: string) => value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')
  return Object.keys(labels)
    .sort()
    .map((name) => `${name}="${escaped(labels[name]!)}"`)
    .join(',')
}

interface Metric {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly samples: readonly (readonly [labels: string, value: number])[]
}

/** This server's numbers in Prometheus' text format. */
export function metricsText(api: ApiServer): string {
  const objects = api.kinds
    .preferred()
    .filter((kind) => !kind.view)
    .map((kind) => ({ kind, count: api.etcd.entries(resourceOf(kind)).size }))
  const build = {
    build_date: version.buildDate,
    compiler: version.compiler,
    git_commit: version.gitCommit,
    git_tree_state: version.gitTreeState,
    git_version: version.gitVersion,
    go_version: version.goVersion,
    major: version.major,
    minor: version.minor,
    platform: version.platform,
  }
  const metrics: Metric[] = [
    {
      name: 'apiserver_request_total',
      type: 'counter',
      help: '[STABLE] Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.',
      samples: requestSamples(api),
    },
    {
      name: 'apiserver_resource_objects',
      type: 'gauge',
      help: '[ALPHA] Number of stored objects at the time of last check split by kind.',
      samples: objects.map(({ kind, count }) => [metricLabels({ group: kind.group, resource: kind.plural }), count]),
    },
    {
      name: 'apiserver_storage_objects',
      type: 'gauge',
      help: '[STABLE] Number of stored objects at the time of last check split by kind.',
      samples: objects.map(({ kind, count }) => [metricLabels({ resource: resourceOf(kind) }), count]),
    },
    {
      name: 'etcd_debugging_mvcc_current_revision',
      type: 'gauge',
      help: 'The current revision of store.',
      samples: [['', api.etcd.revision]],
    },
    {
      name: 'kubernetes_build_info',
      type: 'gauge',
      help: "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
      samples: [[metricLabels(build), 1]],
    },
  ]
  return metrics.map(metricText).join('')
}

function metricText({ name, type, help, samples }: Metric): string {
  const lines = samples.map(([labels, value]) => `${name}${labels && `{${labels}}`} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}
