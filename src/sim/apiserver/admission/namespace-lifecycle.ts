import { forbiddenRequest, notFound } from '../../../machinery/errors.ts'
import { groupName } from '../group-names.ts'
import type { AdmissionPlugin } from './chain.ts'

/** Nothing is created in a namespace that does not exist or is on its way out. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  admit(api, context, draft, old) {
    if (old || !context.namespace) return
    const namespace = api.etcd.get('namespaces', context.namespace)
    if (!namespace) throw notFound({ group: '', name: 'namespaces' }, context.namespace)
    if (!namespace.metadata.deletionTimestamp) return
    const detail = `unable to create new content in namespace ${context.namespace} because it is being terminated`
    throw forbiddenRequest(groupName(context.kind), draft.metadata.name, detail, [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${context.namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ])
  },
}
