import { forbiddenRequest } from '../../../machinery/errors.ts'
import { randomSuffix } from '../../../machinery/names.ts'
import type { ApiServer } from '../server.ts'
import type { AdmissionPlugin } from './chain.ts'

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Gives every pod a ServiceAccount and mounts its token. Upstream: plugin/pkg/admission/serviceaccount. */
export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  admit(api, context, pod, old) {
    if (context.resource !== 'pods' || old || context.subresource) return
    const { spec } = pod
    if (pod.metadata.annotations?.['kubernetes.io/config.mirror']) return
    spec.serviceAccountName ||= 'default'
    spec.serviceAccount = spec.serviceAccountName
    const account = api.etcd.get('serviceaccounts', `${context.namespace}/${spec.serviceAccountName}`)
    if (!account) {
      const detail = `error looking up service account ${context.namespace}/${spec.serviceAccountName}: serviceaccount "${spec.serviceAccountName}" not found`
      throw forbiddenRequest({ group: '', name: 'pods' }, pod.metadata.name, detail)
    }
    const automount = spec.automountServiceAccountToken ?? (account as any).automountServiceAccountToken ?? true
    if (automount) mountToken(api, spec)
    const pullSecrets = (account as any).imagePullSecrets
    if (!spec.imagePullSecrets?.length && pullSecrets?.length)
      spec.imagePullSecrets = pullSecrets.map((one: any) => ({ ...one }))
  },
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
