import { decodeBase64Text } from '../../lib/base64.ts'
import { forbidden, invalid, required, type FieldError } from '../../machinery/field-errors.ts'
import { isDns1123Subdomain } from '../../machinery/names.ts'
import { defineKind, type SubresourceUpdate } from '../kind.ts'
import { clusterMeta, metaUpdate } from '../meta-validation.ts'
import { storedColumns } from '../stored-columns.ts'

const minExpirationSeconds = 600
const decisions = new Set(['Approved', 'Denied'])

/** Writes to `/approval` change the conditions, and say when. Upstream: csrApprovalStrategy. */
const approval: SubresourceUpdate = {
  take: (body, old, now) => {
    const sent: readonly any[] = Array.isArray(body.status?.conditions) ? body.status.conditions : []
    const conditions = sent.map((condition) => timed(condition, old.status?.conditions ?? [], now))
    const { conditions: _before, ...status } = old.status ?? {}
    return { ...old, status: { ...status, ...(conditions.length > 0 && { conditions }) } }
  },
  validate: (request, old) => validateConditions(request, old, true),
}

export const CertificateSigningRequest = defineKind({
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  shortNames: ['csr'],
  namespaced: false,
  schema: 'io.k8s.api.certificates.v1.CertificateSigningRequest',
  support: 'stored',
  hasStatus: true,
  subresources: ['approval', 'status'],
  subresourceUpdates: { approval },
  prepareForCreate(request, user) {
    request.status = {}
    // Who asks is who sends, whatever the body says.
    const { username: _name, uid: _uid, groups: _groups, extra: _extra, ...spec } = request.spec ?? {}
    request.spec = {
      ...spec,
      ...(user && { username: user.name, groups: [...user.groups] }),
      ...(user?.uid && { uid: user.uid }),
      ...(user?.extra && { extra: user.extra }),
    }
  },
  prepareForUpdate(request, old) {
    request.spec = old.spec
  },
  validate: (request) => [...clusterMeta(request), ...validateSpec(request.spec ?? {})],
  validateUpdate: (request, old) => [...metaUpdate(request, old), ...clusterMeta(request)],
  validateStatusUpdate: (request, old) => validateConditions(request, old, false),
  columns: storedColumns('certificatesigningrequests.certificates.k8s.io'),
  selectableFields: ({ spec }) => ({ 'spec.signerName': spec?.signerName ?? '' }),
})

/** Upstream: validateCertificateSigningRequest. */
function validateSpec(spec: any): FieldError[] {
  const errors: FieldError[] = []
  if (!spec.request) errors.push(required('spec.request'))
  else if (!/-----BEGIN CERTIFICATE REQUEST-----/.test(decodeBase64Text(spec.request)))
    errors.push(invalid('spec.request', spec.request, 'PEM block type must be CERTIFICATE REQUEST'))
  if (!spec.usages?.length) errors.push(required('spec.usages'))
  if (spec.expirationSeconds < minExpirationSeconds)
    errors.push(
      invalid(
        'spec.expirationSeconds',
        spec.expirationSeconds,
        `may not specify a duration less than ${minExpirationSeconds} seconds (10 minutes)`,
      ),
    )
  return [...errors, ...validateSignerName(spec.signerName)]
}

function validateSignerName(name: string | undefined): FieldError[] {
  const field = 'spec.signerName'
  if (!name) return [required(field)]
  const slash = name.indexOf('/')
  if (slash < 0 || name.indexOf('/', slash + 1) >= 0)
    return [invalid(field, name, 'must be a fully qualified domain and path of the form "example.com/signer-name"')]
  const domain = name.slice(0, slash)
  const errors = isDns1123Subdomain(domain).map((message) =>
    invalid(field, domain, `validating label "${domain}": ${message}`),
  )
  if (!domain.includes('.'))
    errors.push(invalid(field, domain, 'should be a domain with at least two segments separated by dots'))
  return errors
}

function timed(condition: any, before: readonly any[], now: string): any {
  const old = before.find((one) => one.type === condition?.type)
  return {
    ...condition,
    status: condition?.status ?? 'True',
    lastUpdateTime: condition?.lastUpdateTime ?? now,
    lastTransitionTime:
      condition?.lastTransitionTime ?? (old && old.status === condition.status ? old.lastTransitionTime : now),
  }
}

function validateConditions(request: any, old: any, mayDecide: boolean): FieldError[] {
  const errors: FieldError[] = []
  const conditions: readonly any[] = request.status?.conditions ?? []
  const types = new Set(conditions.map((one) => one.type))
  for (const [index, condition] of conditions.entries()) {
    const at = `status.conditions[${index}]`
    if (!condition.type) errors.push(required(`${at}.type`))
    if (!condition.status) errors.push(required(`${at}.status`))
    else if ((decisions.has(condition.type) || condition.type === 'Failed') && condition.status !== 'True')
      errors.push(invalid(`${at}.status`, condition.status, `${condition.type} condition status must be True`))
  }
  if (types.has('Approved') && types.has('Denied'))
    errors.push(invalid('status.conditions', 'Denied', 'Approved and Denied conditions are mutually exclusive'))
  const decided = (old.status?.conditions ?? []).filter((one: any) => decisions.has(one.type))
  for (const { type } of decided) if (!types.has(type)) errors.push(forbiddenCondition(type, 'remove'))
  if (!mayDecide)
    for (const type of types)
      if (decisions.has(type) && !decided.some((one: any) => one.type === type))
        errors.push(forbiddenCondition(type, 'add'))
  return errors
}

function forbiddenCondition(type: string, change: 'add' | 'remove'): FieldError {
  return forbidden('status.conditions', `updates may not ${change} a condition of type "${type}"`)
}
