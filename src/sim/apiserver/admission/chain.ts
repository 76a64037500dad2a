import type { KubeObject } from '../../../machinery/objects.ts'
import type { Draft, RequestContext } from '../request.ts'
import type { ApiServer } from '../server.ts'
import { certificateApproval, certificateSigning, certificateSubjectRestriction } from './certificates.ts'
import { defaultIngressClass } from './default-ingress-class.ts'
import { defaultStorageClass } from './default-storage-class.ts'
import { defaultTolerationSeconds } from './default-toleration-seconds.ts'
import { limitRanger } from './limit-ranger.ts'
import { mutatingAdmissionPolicy } from './mutating-admission-policy.ts'
import { namespaceLifecycle } from './namespace-lifecycle.ts'
import { nodeRestriction } from './node-restriction.ts'
import { nodeTaints } from './node-taints.ts'
import { podSecurity } from './pod-security/plugin.ts'
import { podTopologyLabels } from './pod-topology-labels.ts'
import { priority } from './priority.ts'
import { runtimeClass } from './runtime-class.ts'
import { validatingAdmissionPolicy } from './validating-admission-policy.ts'
import { volumeClaimResize } from './volume-claim-resize.ts'
import { resourceQuota } from './resource-quota.ts'
import { serviceAccount } from './service-account.ts'
import { escalationCheck } from '../rbac/escalation.ts'
import { storageProtection } from './storage-protection.ts'
import { webhookWarnings } from './webhook-warnings.ts'

/** A step that may change or refuse a write. Throwing StatusError refuses. */
export interface AdmissionPlugin {
  readonly name: string
  /** Changes the draft before it is validated; `old` is undefined on create. */
  admit?(api: ApiServer, context: RequestContext, draft: Draft, old: KubeObject | undefined): void
  /** Sees the final object. */
  validate?(api: ApiServer, context: RequestContext, object: Draft, old: KubeObject | undefined): void
  /** Sees what is to be deleted. */
  validateDelete?(api: ApiServer, context: RequestContext, old: KubeObject): void
}

/** In the order in which Kubernetes runs its default plugins. */
const plugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  nodeRestriction,
  nodeTaints,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageProtection,
  volumeClaimResize,
  runtimeClass,
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
  defaultIngressClass,
  podTopologyLabels,
  mutatingAdmissionPolicy,
  validatingAdmissionPolicy,
  webhookWarnings,
  // What anything else refuses is not counted.
  resourceQuota,
  // Not a plugin upstream, but what the storage of roles and bindings asks once admission is done.
  escalationCheck,
]

/** The admission chain of one API server. */
export class Admission {
  private readonly api: ApiServer

  constructor(api: ApiServer) {
    this.api = api
  }

  admit(context: RequestContext, draft: Draft, old: KubeObject | undefined): void {
    for (const plugin of plugins) plugin.admit?.(this.api, context, draft, old)
  }

  validate(context: RequestContext, object: Draft, old: KubeObject | undefined): void {
    for (const plugin of plugins) plugin.validate?.(this.api, context, object, old)
  }

  validateDelete(context: RequestContext, old: KubeObject): void {
    for (const plugin of plugins) plugin.validateDelete?.(this.api, context, old)
  }
}
