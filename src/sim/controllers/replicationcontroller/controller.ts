import { keepsReplicas } from '../../controller-runtime/replicas/replicas.ts'

export const replicationController = keepsReplicas({
  name: 'replicationcontroller',
  component: 'replication-controller',
  resource: 'replicationcontrollers',
  kind: 'ReplicationController',
  selector: ({ spec }) => ({ matchLabels: spec.selector }),
  countsTerminating: false,
})
