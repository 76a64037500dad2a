import { deepEqual } from '../../../lib/deep-equal.ts'
import { isAlreadyExists } from '../../client/client.ts'
import { defineController, done, type ReconcileContext, type Result } from '../../controller-runtime/controller.ts'
import { rootCertificate } from '../../root-certificate.ts'

/** Every namespace has a ServiceAccount `default`. */
export const serviceAccountController = defineController({
  name: 'serviceaccount',
  component: 'service-account-controller',
  for: 'namespaces',
  watches: { serviceaccounts: (account) => [account.metadata.namespace ?? ''] },
  reconcile: (key, context) =>
    ensure('serviceaccounts', key, { metadata: { name: 'default', namespace: key } }, context),
})

/** Every namespace has the cluster's root certificate, which pods mount beside their token. */
export const rootCaController = defineController({
  name: 'root-ca-cert-publisher',
  component: 'root-ca-cert-publisher',
  for: 'namespaces',
  watches: { configmaps: (map) => (map.metadata.name === 'kube-root-ca.crt' ? [map.metadata.namespace ?? ''] : []) },
  reconcile: (key, context) =>
    ensure(
      'configmaps',
      key,
      {
        metadata: {
          name: 'kube-root-ca.crt',
          namespace: key,
          annotations: {
            'kubernetes.io/description':
              'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
          },
        },
        data: { 'ca.crt': rootCertificate },
      },
      context,
    ),
})

function ensure(
  resource: string,
  namespaceName: string,
  body: {
    readonly metadata: { readonly name: string; readonly namespace: string; readonly annotations?: object }
    readonly data?: object
  },
  { client }: ReconcileContext,
): Result {
  const namespace = client.get('namespaces', namespaceName)
  if (namespace?.status?.phase !== 'Active' || namespace.metadata.deletionTimestamp) return done
  const present: any = client.get(resource, `${namespaceName}/${body.metadata.name}`)
  if (!present) {
    try {
      client.create(resource, body, namespaceName)
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
    return done
  }
  if (!body.data || deepEqual(present.data, body.data)) return done
  // Somebody changed it: its data is put right again, and all that they added to it goes.
  const annotations = { ...present.metadata.annotations, ...body.metadata.annotations }
  client.update(resource, { ...present, metadata: { ...present.metadata, annotations }, data: body.data })
  return done
}
