import { deepEqual } from '../../../lib/deep-equal.ts'
import type { ValidatingPolicySpec } from '../../../kinds/validatingadmissionpolicy/kind.ts'
import { defineController, done, type ReconcileContext, type Result } from '../../controller-runtime/controller.ts'
import { expressionWarnings } from './type-checking.ts'

const policies = 'validatingadmissionpolicies.admissionregistration.k8s.io'

/** Checks policies against the kinds they are for. Upstream: pkg/controller/validatingadmissionpolicystatus. */
export const validatingAdmissionPolicyStatusController = defineController({
  name: 'validatingadmissionpolicy-status',
  for: policies,
  reconcile,
})

function reconcile(key: string, { client, api }: ReconcileContext): Result {
  const policy = client.live(policies, key)
  if (!policy || policy.status?.observedGeneration === policy.metadata.generation) return done
  const warnings = expressionWarnings(policy.spec as ValidatingPolicySpec, api.kinds)
  const status = {
    ...policy.status,
    observedGeneration: policy.metadata.generation,
    typeChecking: warnings.length > 0 ? { expressionWarnings: warnings } : {},
  }
  if (!deepEqual(status, policy.status))
    client.update(
      policies,
      { ...policy, status },
      { subresource: 'status', fieldManager: 'validatingadmissionpolicy-status-controller' },
    )
  return done
}
