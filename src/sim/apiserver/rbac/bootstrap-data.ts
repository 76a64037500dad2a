/**
 * The roles that every cluster starts with. Upstream: plugin/pkg/auth/authorizer/rbac/bootstrappolicy, with the
 * feature gates of 1.36 as they are by default.
 *
 * A rule is `VERBS GROUPS:RESOURCES` or `VERBS GROUPS:RESOURCES#NAMES` or `VERBS @URLS`, each a list with commas; the
 * core group is an empty text. READ and WRITE stand for the verbs of reading and writing.
 */
export type RoleTable = Readonly<Record<string, readonly string[]>>

/** Verbs that come together. */
export const verbGroups: Readonly<Record<string, string>> = {
  READ: 'get,list,watch',
  WRITE: 'create,delete,deletecollection,patch,update',
}

/** Recording events. */
export const events = 'create,patch,update ,events.k8s.io:events'
const reviews = ['create authentication.k8s.io:tokenreviews', 'create authorization.k8s.io:subjectaccessreviews']
const health = '/healthz,/livez,/readyz,/version,/version/'
/** Approving what a signer signs. */
export const signer = (name: string) => `approve certificates.k8s.io:signers#kubernetes.io/${name}`

/** Roles of the whole cluster. */
export const clusterRoles: RoleTable = {
  'cluster-admin': ['* *:*', '* @*'],
  admin: [],
  edit: [],
  view: [],
  'system:aggregate-to-admin': [
    'create authorization.k8s.io:localsubjectaccessreviews',
    'READ,WRITE rbac.authorization.k8s.io:roles,rolebindings',
  ],
  'system:aggregate-to-edit': [
    'READ :pods/attach,pods/proxy,pods/exec,pods/portforward,secrets,services/proxy',
    'impersonate :serviceaccounts',
    'WRITE :pods,pods/attach,pods/proxy,pods/exec,pods/portforward',
    'create :pods/eviction',
    'WRITE :configmaps,events,persistentvolumeclaims,replicationcontrollers,replicationcontrollers/scale,secrets,serviceaccounts,services,services/proxy',
    'create :serviceaccounts/token',
    'WRITE apps:daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,replicasets/scale,statefulsets,statefulsets/scale',
    'WRITE autoscaling:horizontalpodautoscalers',
    'WRITE batch:cronjobs,jobs',
    'WRITE extensions:daemonsets,deployments,deployments/rollback,deployments/scale,ingresses,networkpolicies,replicasets,replicasets/scale,replicationcontrollers/scale',
    'WRITE policy:poddisruptionbudgets',
    'WRITE networking.k8s.io:ingresses,networkpolicies',
    'READ,WRITE coordination.k8s.io:leases',
    'WRITE resource.k8s.io:resourceclaims,resourceclaimtemplates',
  ],
  'system:aggregate-to-view': [
    'READ :configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods,replicationcontrollers,replicationcontrollers/scale,serviceaccounts,services,services/status',
    'READ :bindings,events,limitranges,namespaces/status,pods/log,pods/status,replicationcontrollers/status,resourcequotas,resourcequotas/status',
    'READ :namespaces',
    'READ events.k8s.io:events',
    'READ discovery.k8s.io:endpointslices',
    'READ apps:controllerrevisions,daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,replicasets,replicasets/scale,replicasets/status,statefulsets,statefulsets/scale,statefulsets/status',
    'READ autoscaling:horizontalpodautoscalers,horizontalpodautoscalers/status',
    'READ batch:cronjobs,cronjobs/status,jobs,jobs/status',
    'READ extensions:daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,ingresses,ingresses/status,networkpolicies,replicasets,replicasets/scale,replicasets/status,replicationcontrollers/scale',
    'READ policy:poddisruptionbudgets,poddisruptionbudgets/status',
    'READ networking.k8s.io:ingresses,ingresses/status,networkpolicies',
    'READ resource.k8s.io:resourceclaims,resourceclaims/status,resourceclaimtemplates',
  ],
  'system:discovery': [`get @/api,/api/*,/apis,/apis/*,/openapi,/openapi/*,${health}`],
  // Not upstream's own, but what the recorded control plane tells every user that they may read.
  'system:openshift:public-info-viewer': ['get @/.well-known,/.well-known/*'],
  'system:public-info-viewer': [`get @${health}`],
  'system:monitoring': ['get @/healthz,/healthz/*,/livez,/livez/*,/metrics,/metrics/slis,/readyz,/readyz/*'],
  'system:service-account-issuer-discovery': [
    'get @/.well-known/openid-configuration,/.well-known/openid-configuration/,/openid/v1/jwks,/openid/v1/jwks/',
  ],
  'system:basic-user': [
    'create authorization.k8s.io:selfsubjectaccessreviews,selfsubjectrulesreviews',
    'create authentication.k8s.io:selfsubjectreviews',
  ],
  'system:auth-delegator': reviews,
  'system:certificates.k8s.io:certificatesigningrequests:nodeclient': [
    'create certificates.k8s.io:certificatesigningrequests/nodeclient',
  ],
  'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient': [
    'create certificates.k8s.io:certificatesigningrequests/selfnodeclient',
  ],
  'system:certificates.k8s.io:kube-apiserver-client-approver': [signer('kube-apiserver-client')],
  'system:certificates.k8s.io:kube-apiserver-client-kubelet-approver': [signer('kube-apiserver-client-kubelet')],
  'system:certificates.k8s.io:kubelet-serving-approver': [signer('kubelet-serving')],
  'system:certificates.k8s.io:legacy-unknown-approver': [signer('legacy-unknown')],
  'system:heapster': ['READ :events,namespaces,nodes,pods', 'READ extensions:deployments'],
  'system:kube-aggregator': ['READ :endpoints,services'],
  'system:kube-controller-manager': [
    events,
    'create coordination.k8s.io:leases',
    'get,update coordination.k8s.io:leases#kube-controller-manager',
    'create :secrets,serviceaccounts',
    'delete :secrets',
    'get :configmaps,namespaces,secrets,serviceaccounts',
    'update :secrets,serviceaccounts',
    ...reviews,
    'list,watch *:*',
    'create :serviceaccounts/token',
  ],
  'system:kube-dns': ['list,watch :endpoints,services'],
  'system:kube-scheduler': [
    events,
    'create coordination.k8s.io:leases',
    'get,update coordination.k8s.io:leases#kube-scheduler',
    'READ :nodes',
    'READ,delete :pods',
    'create :bindings,pods/binding',
    'patch,update :pods/status',
    'READ :replicationcontrollers,services',
    'READ apps,extensions:replicasets',
    'READ apps:statefulsets',
    'READ policy:poddisruptionbudgets',
    'READ :persistentvolumeclaims,persistentvolumes',
    ...reviews,
    'READ storage.k8s.io:csinodes',
    'READ storage.k8s.io:volumeattachments',
    'READ :namespaces',
    'READ storage.k8s.io:csidrivers',
    'READ storage.k8s.io:csistoragecapacities',
    'READ resource.k8s.io:deviceclasses',
    'READ,patch,update resource.k8s.io:resourceclaims',
    'READ,patch,update resource.k8s.io:resourceclaims/status',
    'READ,patch,update :pods/finalizers',
    'READ resource.k8s.io:resourceslices',
  ],
  'system:kubelet-api-admin': [
    'READ :nodes',
    'proxy :nodes',
    '* :nodes/log,nodes/metrics,nodes/proxy,nodes/stats',
    '* :nodes/configz,nodes/healthz,nodes/pods',
  ],
  'system:node': [
    'create authentication.k8s.io:tokenreviews',
    'create authorization.k8s.io:localsubjectaccessreviews,subjectaccessreviews',
    'READ :services',
    'READ,create :nodes',
    'patch,update :nodes/status',
    'patch,update :nodes',
    'create,patch,update :events',
    'READ :pods',
    'create,delete :pods',
    'patch,update :pods/status',
    'create :pods/eviction',
    'READ :configmaps,secrets',
    'get :persistentvolumeclaims,persistentvolumes',
    'get :endpoints',
    'READ,create certificates.k8s.io:certificatesigningrequests',
    'create,delete,get,patch,update coordination.k8s.io:leases',
    'get storage.k8s.io:volumeattachments',
    'create :serviceaccounts/token',
    'get,patch,update :persistentvolumeclaims/status',
    'READ storage.k8s.io:csidrivers',
    'create,delete,get,patch,update storage.k8s.io:csinodes',
    'READ node.k8s.io:runtimeclasses',
    'get resource.k8s.io:resourceclaims',
    'deletecollection resource.k8s.io:resourceslices',
    'get :serviceaccounts',
  ],
  'system:node-bootstrapper': ['READ,create certificates.k8s.io:certificatesigningrequests'],
  'system:node-problem-detector': ['get :nodes', 'patch :nodes/status', events],
  'system:node-proxier': [
    'list,watch :endpoints,services',
    'READ :nodes',
    events,
    'list,watch networking.k8s.io:servicecidrs',
    'list,watch discovery.k8s.io:endpointslices',
  ],
  'system:persistent-volume-provisioner': [
    'READ,create,delete :persistentvolumes',
    'READ,update :persistentvolumeclaims',
    'READ storage.k8s.io:storageclasses',
    'watch :events',
    events,
  ],
  'system:volume-scheduler': [
    'READ,patch,update :persistentvolumes',
    'READ storage.k8s.io:storageclasses',
    'READ,patch,update :persistentvolumeclaims',
  ],
}

/** Labels by which some of them become part of others. */
export const aggregatedInto: Readonly<Record<string, string>> = {
  edit: 'admin',
  view: 'edit',
  'system:aggregate-to-admin': 'admin',
  'system:aggregate-to-edit': 'edit',
  'system:aggregate-to-view': 'view',
}

/** Who holds which: users, @groups, and %accounts of kube-system. */
export const clusterRoleBindings: Readonly<Record<string, readonly string[]>> = {
  'cluster-admin': ['@system:masters'],
  'system:monitoring': ['@system:monitoring'],
  'system:discovery': ['@system:authenticated'],
  'system:openshift:public-info-viewer': ['@system:authenticated', '@system:unauthenticated'],
  'system:basic-user': ['@system:authenticated'],
  'system:public-info-viewer': ['@system:authenticated', '@system:unauthenticated'],
  'system:node-proxier': ['system:kube-proxy'],
  'system:kube-controller-manager': ['system:kube-controller-manager'],
  'system:kube-dns': ['%kube-dns'],
  'system:kube-scheduler': ['system:kube-scheduler'],
  'system:volume-scheduler': ['system:kube-scheduler'],
  'system:service-account-issuer-discovery': ['@system:serviceaccounts'],
  'system:node': [],
}

/** Roles of single namespaces: `namespace/name`. */
export const namespaceRoles: RoleTable = {
  'kube-system/extension-apiserver-authentication-reader': ['READ :configmaps#extension-apiserver-authentication'],
  'kube-system/system:controller:bootstrap-signer': ['READ :secrets'],
  'kube-system/system:controller:cloud-provider': ['READ,create :configmaps'],
  'kube-system/system:controller:token-cleaner': ['READ,delete :secrets', events],
  'kube-system/system::leader-locking-kube-controller-manager': [
    'watch :configmaps',
    'get,update :configmaps#kube-controller-manager',
  ],
  'kube-system/system::leader-locking-kube-scheduler': ['watch :configmaps', 'get,update :configmaps#kube-scheduler'],
  'kube-public/system:controller:bootstrap-signer': ['READ :configmaps', 'update :configmaps#cluster-info', events],
}

/** Bindings of single namespaces: who, and the role where it is named otherwise. */
export const namespaceRoleBindings: Readonly<
  Record<string, { readonly to: readonly string[]; readonly role?: string }>
> = {
  'kube-system/system::extension-apiserver-authentication-reader': {
    to: ['system:kube-controller-manager', 'system:kube-scheduler'],
    role: 'extension-apiserver-authentication-reader',
  },
  'kube-system/system::leader-locking-kube-controller-manager': {
    to: ['system:kube-controller-manager', '%kube-controller-manager'],
  },
  'kube-system/system::leader-locking-kube-scheduler': { to: ['system:kube-scheduler', '%kube-scheduler'] },
  'kube-system/system:controller:bootstrap-signer': { to: ['%bootstrap-signer'] },
  'kube-system/system:controller:cloud-provider': { to: ['%cloud-provider'] },
  'kube-system/system:controller:token-cleaner': { to: ['%token-cleaner'] },
  'kube-public/system:controller:bootstrap-signer': { to: ['%bootstrap-signer'] },
}
