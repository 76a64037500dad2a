import { deepEqual } from '../../../lib/deep-equal.ts'
import { forbiddenRequest } from '../../../machinery/errors.ts'
import { decide } from '../rbac/authorizer.ts'
import type { RequestContext } from '../request.ts'
import type { ApiServer } from '../server.ts'
import type { AdmissionPlugin } from './chain.ts'

const resource = 'certificatesigningrequests.certificates.k8s.io'

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
