import { bootstrapRbac } from './apiserver/rbac/bootstrap.ts'
import type { ApiServer } from './apiserver/server.ts'
import { provisioners } from './storage/provisioners.ts'

/** What a new cluster holds before anybody uses it. */
export function bootstrap(api: ApiServer): void {
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
    api.create('namespaces', { metadata: { name } })
  }
  bootstrapRbac(api)
  const priorities = { 'system-cluster-critical': 2_000_000_000, 'system-node-critical': 2_000_001_000 }
  for (const [name, value] of Object.entries(priorities)) {
    const description =
      name === 'system-cluster-critical'
        ? 'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.'
        : 'Used for system critical pods that must not be moved from their current node.'
    api.create('priorityclasses.scheduling.k8s.io', { metadata: { name }, value, description })
  }
  api.create('services', {
    metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.1',
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
    },
  })
  publishOwnAddress(api)
}

/** Where the API server is, as it tells itself. Upstream: pkg/controlplane/reconcilers. */
function publishOwnAddress(api: ApiServer): void {
  const address = '192.168.0.1'
  const ports = [{ name: 'https', port: 6443, protocol: 'TCP' }]
  const meta = { name: 'kubernetes', namespace: 'default' }
  api.create('endpoints', {
    metadata: { ...meta, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: address }], ports }],
  })
  api.create('endpointslices.discovery.k8s.io', {
    metadata: { ...meta, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports,
  })
}

/** The storage that the cluster has: a class and a driver for each kind of it. Claims get the first when they name none. */
export function createStorageClasses(api: ApiServer): void {
  for (const { name, className, isDefault, bindingMode, expands, attaches } of provisioners) {
    api.create('csidrivers.storage.k8s.io', { metadata: { name }, spec: { attachRequired: attaches } })
    const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' }
    api.create('storageclasses.storage.k8s.io', {
      metadata: { name: className, ...(isDefault && { annotations }) },
      provisioner: name,
      reclaimPolicy: 'Delete',
      volumeBindingMode: bindingMode,
      allowVolumeExpansion: expands,
    })
  }
}
