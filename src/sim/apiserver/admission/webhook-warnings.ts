import type { ResourceRule } from '../../../kinds/admissionpolicy/match-resources.ts'
import { isExempt, matchesResources, type AdmissionRequest } from './admission-policy-match.ts'
import type { AdmissionPlugin } from './chain.ts'

const configurations = {
  mutating: 'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  validating: 'validatingwebhookconfigurations.admissionregistration.k8s.io',
} as const

/** Webhooks are stored, but there is nothing that could be called: who writes under one is told that it was passed over. */
export const webhookWarnings: AdmissionPlugin = {
  name: 'AdmissionWebhooks',
  validate(api, context, object, old) {
    if (!anyWebhook(api.etcd) || isExempt(context.resource)) return
    warn({ api, context, operation: old ? 'UPDATE' : 'CREATE', object, old })
  },
  validateDelete(api, context, old) {
    if (!anyWebhook(api.etcd) || isExempt(context.resource)) return
    warn({ api, context, operation: 'DELETE', object: undefined, old })
  },
}

function anyWebhook(etcd: AdmissionRequest['api']['etcd']): boolean {
  return etcd.entries(configurations.mutating).size > 0 || etcd.entries(configurations.validating).size > 0
}

function warn(request: AdmissionRequest): void {
  const { etcd } = request.api
  const passedOver: string[] = []
  for (const resource of Object.values(configurations)) {
    for (const key of etcd.keys(resource)) {
      const { webhooks = [] } = etcd.get(resource, key) as unknown as { webhooks?: readonly Webhook[] }
      for (const { name, rules, ...match } of webhooks)
        if (matchesResources({ ...match, resourceRules: rules ?? [] }, request) && rules?.length) passedOver.push(name)
    }
  }
  if (passedOver.length === 0) return
  const [first, ...others] = passedOver
  const which =
    others.length === 0
      ? `webhook ${JSON.stringify(first)} was`
      : `webhooks ${passedOver.map((name) => JSON.stringify(name)).join(', ')} were`
  request.context.warnings.push(
    `admission webhooks cannot be called in a simulated cluster: ${which} passed over, and this request went on as if it had been allowed unchanged`,
  )
}

interface Webhook {
  readonly name: string
  readonly rules?: readonly ResourceRule[]
}
