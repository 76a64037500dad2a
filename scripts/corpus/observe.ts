import type { KubeObject } from '../../src/machinery/objects.ts'
import type { ManifestResult } from '../../src/sim/apiserver/apply-manifests.ts'
import { handleRequest } from '../../src/sim/apiserver/http.ts'
import type { Cluster } from '../../src/sim/cluster.ts'
import { httpExtras } from '../../src/node/http-extras.ts'

/** What an index says must come of a file; `unknown` is never a failure. */
export interface Expectation {
  readonly objects?: readonly any[]
  readonly workloads?: readonly any[]
  readonly services?: readonly any[]
  readonly pvcs?: readonly any[]
  readonly prereq?: { readonly namespaces?: readonly string[] }
}

const resources: Readonly<Record<string, string>> = {
  Deployment: 'deployments.apps',
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
  DaemonSet: 'daemonsets.apps',
  ReplicationController: 'replicationcontrollers',
  Job: 'jobs.batch',
  CronJob: 'cronjobs.batch',
}

const said = (value: unknown): boolean => value !== undefined && value !== null && value !== 'unknown'

/** Everything in which a cluster differs from what is expected of a file that was applied to it. */
export function misses(cluster: Cluster, applied: readonly ManifestResult[], expected: Expectation): string[] {
  const found: string[] = []
  const compare = (what: string, want: unknown, got: unknown) => {
    if (said(want) && want !== got) found.push(`${what}: expected ${JSON.stringify(want)}, got ${JSON.stringify(got)}`)
  }
  for (const { apiVersion, kind, name, namespace, apply, error, allUnknown } of expected.objects ?? []) {
    if (!said(apply) || allUnknown) continue
    const mine = applied.filter(
      (one) => one.object.startsWith(`${apiVersion} ${kind} `) && one.object.endsWith(String(name ?? '')),
    )
    const result =
      mine.find((one) => !namespace || one.namespace === undefined || one.namespace === namespace) ?? mine[0]
    const refused = !result || result.result === 'refused'
    const wanted = /^(error|rejected)/.test(String(apply))
    if (wanted === refused) continue
    const words = result?.message ?? applied.find((one) => one.result === 'refused')?.message
    found.push(
      `${kind} ${name}: expected ${wanted ? `an error (${error})` : apply}, got ${result?.result ?? 'nothing'} ${words ?? ''}`,
    )
  }
  for (const workload of expected.workloads ?? []) {
    const { kind, namespace, name, createdPods, scheduled, phase, kubectlStatus, ready, status, job } = workload
    const what = `${kind} ${namespace}/${name}`
    const pods = podsOf(cluster, kind, namespace, name)
    compare(`${what} pods`, createdPods, pods.length)
    if (pods.length > 0) compare(`${what} scheduled`, scheduled, scheduling(pods))
    for (const pod of pods) {
      compare(`${what} phase`, phase, pod.status.phase)
      if (typeof ready === 'boolean') compare(`${what} ready`, ready, condition(pod, 'Ready') === 'True')
      if (said(kubectlStatus) && !String(kubectlStatus).includes('cycling'))
        compare(`${what} status`, kubectlStatus, column(cluster, pod))
    }
    const object = resources[kind] && cluster.api.find(resources[kind], `${namespace}/${name}`)
    if (object && status) {
      compare(`${what} Available`, status.Available, condition(object, 'Available') === 'True')
      compare(`${what} readyReplicas`, status.readyReplicas, object.status?.readyReplicas ?? 0)
    }
    if (object && job) {
      if (job.condition) compare(`${what} ${job.condition}`, 'True', condition(object, job.condition))
      compare(`${what} active`, job.active, object.status?.active ?? 0)
      compare(`${what} succeeded`, job.succeeded, object.status?.succeeded ?? 0)
    }
  }
  for (const { namespace, name, type, endpoints } of expected.services ?? []) {
    const service = cluster.api.find('services', `${namespace}/${name}`)
    compare(`Service ${namespace}/${name} type`, type, service?.spec.type)
    if (typeof endpoints === 'number')
      compare(`Service ${namespace}/${name} endpoints`, endpoints, readyEndpoints(cluster, namespace, name))
  }
  for (const { namespace, name, phase } of expected.pvcs ?? [])
    compare(
      `claim ${namespace}/${name}`,
      phase,
      cluster.api.find('persistentvolumeclaims', `${namespace}/${name}`)?.status.phase,
    )
  return [...new Set(found)]
}

/** Pods that a workload has made, by way of what it made. */
function podsOf(cluster: Cluster, kind: string, namespace: string, name: string): KubeObject[] {
  const pods = cluster.api.list('pods', namespace)
  if (kind === 'Pod') return pods.filter(({ metadata }) => metadata.name === name)
  const owners = new Set<string>()
  const object = cluster.api.find(resources[kind] ?? '', `${namespace}/${name}`)
  if (!object) return []
  owners.add(object.metadata.uid)
  for (const between of ['replicasets.apps', 'jobs.batch'])
    for (const one of cluster.api.list(between, namespace))
      if (one.metadata.ownerReferences?.some(({ uid }) => uid === object.metadata.uid)) owners.add(one.metadata.uid)
  return pods.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => owners.has(uid)))
}

function scheduling(pods: readonly KubeObject[]): string {
  const placed = pods.filter(({ spec }) => spec.nodeName).length
  return placed === pods.length ? 'yes' : placed === 0 ? 'no' : 'partial'
}

function condition({ status }: KubeObject, type: string): string | undefined {
  return status?.conditions?.find((one: any) => one.type === type)?.status
}

/** The STATUS column of `kubectl get pods`. */
function column(cluster: Cluster, { metadata }: KubeObject): string {
  const response: any = handleRequest(
    cluster.api,
    {
      method: 'GET',
      path: `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`,
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io', authorization: 'Bearer corpus' },
      body: '',
    } as never,
    httpExtras,
  )
  const table = typeof response.body === 'string' ? JSON.parse(response.body) : response.body
  const index = table.columnDefinitions?.findIndex((one: any) => one.name === 'Status') ?? -1
  return String(table.rows?.[0]?.cells[index])
}

function readyEndpoints(cluster: Cluster, namespace: string, name: string): number {
  const addresses = new Set<string>()
  for (const slice of cluster.api.list('endpointslices.discovery.k8s.io', namespace) as any[]) {
    if (slice.metadata.labels?.['kubernetes.io/service-name'] !== name) continue
    for (const endpoint of slice.endpoints ?? []) if (endpoint.conditions?.ready) addresses.add(endpoint.addresses[0])
  }
  return addresses.size
}
