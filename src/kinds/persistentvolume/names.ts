export const claims = 'persistentvolumeclaims'
export const volumes = 'persistentvolumes'
export const classes = 'storageclasses.storage.k8s.io'

export const bindCompleted = 'pv.kubernetes.io/bind-completed'
export const boundByController = 'pv.kubernetes.io/bound-by-controller'
export const provisionedBy = 'pv.kubernetes.io/provisioned-by'
export const selectedNode = 'volume.kubernetes.io/selected-node'
export const provisionerAnnotation = 'volume.kubernetes.io/storage-provisioner'

export const attachments = 'volumeattachments.storage.k8s.io'
