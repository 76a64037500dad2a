import { formatLabels, formatLabelSelector } from '../../machinery/selectors.ts'
import type { ScaleAccess } from '../kind.ts'

/** Workloads with `spec.replicas`, `status.replicas` and a label selector. */
export const workloadScale: ScaleAccess = {
  read: ({ spec, status }) => ({
    replicas: spec.replicas ?? 0,
    statusReplicas: status?.replicas ?? 0,
    selector: spec.selector ? formatLabelSelector(spec.selector) : '',
  }),
  withReplicas: (object, replicas) => ({ ...object, spec: { ...object.spec, replicas } }),
}

/** ReplicationControllers select by plain labels. */
export const replicationControllerScale: ScaleAccess = {
  ...workloadScale,
  read: (object) => ({
    ...workloadScale.read(object),
    selector: object.spec.selector ? formatLabels(object.spec.selector) : '',
  }),
}
