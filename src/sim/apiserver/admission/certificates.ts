import { decodeBase64Text } from '../../../lib/base64.ts'
import { fromBase64Url } from '../../../lib/base64url.ts'
import { deepEqual } from '../../../lib/deep-equal.ts'
import { utf8Text } from '../../../lib/utf8.ts'
import { forbiddenRequest } from '../../../machinery/errors.ts'
import { decide } from '../rbac/authorizer.ts'
import type { RequestContext } from '../request.ts'
import type { ApiServer } from '../server.ts'
import type { AdmissionPlugin } from './chain.ts'

const resource = 'certificatesigningrequests.certificates.k8s.io'
const clientSigner = 'kubernetes.io/kube-apiserver-client'
const organizationOid = [0x06, 0x03, 0x55, 0x04, 0x0a]

/** Only those approve for a signer who may. Upstream: plugin/pkg/admission/certificates/approval. */
export const certificateApproval: AdmissionPlugin = {
  name: 'CertificateApproval',
  validate(api, context, _request, old) {
    if (context.resource === resource && context.subresource === 'approval' && old)
      check(api, context, 'approve', old.metadata.name, old.spec.signerName)
  },
}

/** Only those sign for a signer who may. Upstream: plugin/pkg/admission/certificates/signing. */
export const certificateSigning: AdmissionPlugin = {
  name: 'CertificateSigning',
  validate(api, context, request, old) {
    if (context.resource !== resource || context.subresource !== 'status' || !old) return
    const before = old.status ?? {}
    const now = request.status ?? {}
    if (now.certificate === before.certificate && deepEqual(now.conditions ?? [], before.conditions ?? [])) return
    check(api, context, 'sign', old.metadata.name, old.spec.signerName)
  },
}

/** Nobody gets a certificate of the group that may do all. Upstream: plugin/pkg/admission/certificates/subjectrestriction. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  validate(_api, context, request, old) {
    if (context.resource !== resource || old || context.subresource) return
    const { signerName, request: encoded } = request.spec
    if (signerName !== clientSigner || !organizations(encoded ?? '').includes('system:masters')) return
    const detail = `use of ${clientSigner} signer with system:masters group is not allowed`
    throw forbiddenRequest(
      { group: 'certificates.k8s.io', name: 'certificatesigningrequests' },
      request.metadata.name,
      detail,
    )
  },
}

/** The organizations in a request's subject: what follows the OID 2.5.4.10 in its DER. */
function organizations(encoded: string): string[] {
  const body = decodeBase64Text(encoded).replace(/-----[^-]*-----|\s/g, '')
  const der = fromBase64Url(body.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, ''))
  const found: string[] = []
  if (!der) return found
  for (let at = 0; at + 6 < der.length; at++) {
    if (!organizationOid.every((byte, index) => der[at + index] === byte)) continue
    // A string's tag, its length, its bytes.
    const length = der[at + 6]!
    found.push(utf8Text(der.slice(at + 7, at + 7 + length)))
  }
  return found
}

function check(api: ApiServer, { user }: RequestContext, verb: string, name: string, signer: string): void {
  const may = (named: string) =>
    decide(api.etcd, {
      user,
      verb,
      resource: { group: 'certificates.k8s.io', resource: 'signers', subresource: '', namespace: '', name: named },
    }).allowed
  // Somebody may be allowed all signers of a domain.
  if (may(signer) || may(`${signer.split('/')[0]}/*`)) return
  const detail = `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`
  throw forbiddenRequest({ group: 'certificates.k8s.io', name: 'certificatesigningrequests' }, name, detail)
}
