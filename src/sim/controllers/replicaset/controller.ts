import { selectorOf } from '../../controller-runtime/claims.ts'
import { keepsReplicas } from '../../controller-runtime/replicas/replicas.ts'

export const replicaSetController = keepsReplicas({
  name: 'replicaset',
  component: 'replicaset-controller',
  resource: 'replicasets.apps',
  kind: 'ReplicaSet',
  selector: selectorOf,
  countsTerminating: true,
})
