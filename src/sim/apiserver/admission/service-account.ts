import { forbiddenRequest } from '../../../machinery/errors.ts'
import { randomSuffix } from '../../../machinery/names.ts'
import type { Draft } from '../request.ts'
import type { ApiServer } from '../server.ts'
import type { AdmissionPlugin } from './chain.ts'
import { secretProblem } from './mountable-secrets.ts'

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'
const mirror = 'kubernetes.io/config.mirror'
const enforceSecrets = 'kubernetes.io/enforce-mountable-secrets'

/** Gives every pod a ServiceAccount and mounts its token. Upstream: plugin/pkg/admission/serviceaccount. */
export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  admit(api, context, pod, old) {
    if (context.resource !== 'pods' || old || context.subresource) return
    const { spec } = pod
    if (pod.metadata.annotations?.[mirror] !== undefined) return checkMirror(pod)
    spec.serviceAccountName ||= 'default'
    spec.serviceAccount = spec.serviceAccountName
    const account: any = api.etcd.get('serviceaccounts', `${context.namespace}/${spec.serviceAccountName}`)
    if (!account) {
      const detail = `error looking up service account ${context.namespace}/${spec.serviceAccountName}: serviceaccount "${spec.serviceAccountName}" not found`
      throw refused(pod, detail)
    }
    const automount = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true
    if (automount) mountToken(api, spec)
    const pullSecrets = account.imagePullSecrets
    if (!spec.imagePullSecrets?.length && pullSecrets?.length)
      spec.imagePullSecrets = pullSecrets.map((one: any) => ({ ...one }))
    if (account.metadata.annotations?.[enforceSecrets] !== 'true') return
    const problem = secretProblem(spec, account)
    if (problem) throw refused(pod, problem)
  },
}

const refused = (pod: Draft, detail: string) => forbiddenRequest({ group: '', name: 'pods' }, pod.metadata.name, detail)

/** A pod that a kubelet has of a file may not use what only the API knows. */
function checkMirror(pod: Draft): void {
  const { spec } = pod
  if (spec.serviceAccountName) throw refused(pod, 'a mirror pod may not reference service accounts')
  const volumes: any[] = spec.volumes ?? []
  const containers: any[] = [...(spec.initContainers ?? []), ...(spec.containers ?? [])]
  const usesSecret =
    spec.imagePullSecrets?.length > 0 ||
    volumes.some(
      (volume) => volume.secret || volume.projected?.sources?.some(({ secret }: { secret?: unknown }) => secret),
    ) ||
    containers.some(
      ({ env = [], envFrom = [] }) =>
        env.some((one: any) => one.valueFrom?.secretKeyRef) || envFrom.some((one: any) => one.secretRef),
    )
  if (usesSecret) throw refused(pod, 'a mirror pod may not reference secrets')
  if (volumes.some(({ projected }) => projected?.sources?.some((one: any) => one.serviceAccountToken)))
    throw refused(pod, 'a mirror pod may not use ServiceAccountToken volume projections')
}

function mountToken(api: ApiServer, spec: any): void {
  const present = spec.volumes?.find((volume: any) => volume.name?.startsWith('kube-api-access-'))
  const name: string = present?.name ?? `kube-api-access-${randomSuffix(5, () => api.random.unit())}`
  let needed = false
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    if (container.volumeMounts?.some((mount: any) => mount.mountPath === mountPath)) continue
    container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath }]
    needed = true
  }
  if (present || !needed) return
  spec.volumes = [...(spec.volumes ?? []), { name, projected: tokenProjection() }]
}

function tokenProjection(): unknown {
  return {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
    defaultMode: 420,
  }
}
