import { encodeBase64Text } from '../../../lib/base64.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { defineController, done, type ReconcileContext, type Result } from '../../controller-runtime/controller.ts'
import { rootCertificate } from '../../root-certificate.ts'

const type = 'kubernetes.io/service-account-token'
const nameAnnotation = 'kubernetes.io/service-account.name'
const uidAnnotation = 'kubernetes.io/service-account.uid'

/**
 * Fills the Secrets that ask for a ServiceAccount's token, and takes them away with the account.
 * Upstream: pkg/controller/serviceaccount/tokens_controller.go.
 */
export const serviceAccountTokenController = defineController({
  name: 'serviceaccount-token',
  component: 'tokens-controller',
  for: 'secrets',
  concerns: ({ object }) => (object as any).type === type,
  watches: {
    serviceaccounts: (account, { client }) =>
      client
        .list('secrets')
        .filter((secret) => (secret as any).type === type && isOf(secret, account))
        .map(keyOf),
  },
  reconcile,
})

function isOf({ metadata }: KubeObject, account: KubeObject): boolean {
  return (
    metadata.namespace === account.metadata.namespace &&
    metadata.annotations?.[nameAnnotation] === account.metadata.name
  )
}

function reconcile(key: string, { client, api }: ReconcileContext): Result {
  const secret: any = client.live('secrets', key)
  if (secret?.type !== type || secret.metadata.deletionTimestamp) return done
  const { namespace, annotations = {} } = secret.metadata
  const account = client.live('serviceaccounts', `${namespace}/${annotations[nameAnnotation]}`)
  const uid = annotations[uidAnnotation]
  if (!account || (uid && uid !== account.metadata.uid)) {
    client.deleteIfPresent('secrets', key)
    return done
  }
  const data = { ...secret.data }
  data['ca.crt'] ??= encodeBase64Text(rootCertificate)
  data.namespace ??= encodeBase64Text(namespace)
  data.token ??= encodeBase64Text(api.legacyToken(account, secret))
  const isFull = uid && ['ca.crt', 'namespace', 'token'].every((name) => secret.data?.[name] !== undefined)
  if (isFull) return done
  const metadata = { ...secret.metadata, annotations: { ...annotations, [uidAnnotation]: account.metadata.uid } }
  client.update('secrets', { ...secret, metadata, data })
  return done
}
