const groups: Readonly<Record<string, string>> = {
  Deployment: 'apps',
  ReplicaSet: 'apps',
  StatefulSet: 'apps',
  DaemonSet: 'apps',
  Job: 'batch',
  CronJob: 'batch',
  Ingress: 'networking.k8s.io',
  NetworkPolicy: 'networking.k8s.io',
  StorageClass: 'storage.k8s.io',
  EndpointSlice: 'discovery.k8s.io',
  HorizontalPodAutoscaler: 'autoscaling',
  PodDisruptionBudget: 'policy',
  Lease: 'coordination.k8s.io',
}

/** `Deployment` → `deployments.apps`, for what an event is about; events name the kind alone. */
export function resourceOfKind(kind: string): string {
  const lower = kind.toLowerCase()
  const plural = lower.endsWith('s') ? `${lower}es` : lower.endsWith('cy') ? `${lower.slice(0, -1)}ies` : `${lower}s`
  return groups[kind] ? `${plural}.${groups[kind]}` : plural
}
