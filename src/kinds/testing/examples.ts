import { readYaml } from '../../machinery/yaml.ts'
import type { KubeObject } from '../../machinery/objects.ts'

const pod = '{containers: [{name: c, image: "web:1", ports: [{containerPort: 80}]}]}'
const template = `{metadata: {labels: {app: web}}, spec: ${pod}}`
const workload = `selector: {matchLabels: {app: web}}, template: ${template}`

/** One valid object of every kind that is stored, as a person would write it. */
const text = `
apiVersion: v1
kind: ConfigMap
metadata: {name: example, namespace: demo}
data: {a: "1", b: "two\\nlines"}
---
apiVersion: v1
kind: Endpoints
metadata: {name: example, namespace: demo}
subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]
---
apiVersion: v1
kind: Event
metadata: {name: example, namespace: demo}
involvedObject: {kind: Pod, name: web, namespace: demo}
reason: Seen
message: something happened
type: Normal
source: {component: example}
---
apiVersion: v1
kind: LimitRange
metadata: {name: example, namespace: other}
spec: {limits: [{type: Container, default: {cpu: 500m}, defaultRequest: {cpu: 100m}}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: example}
---
apiVersion: v1
kind: Node
metadata: {name: example, labels: {zone: a}}
spec: {unschedulable: true}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: example, namespace: demo}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: example}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /data}}
---
apiVersion: v1
kind: Pod
metadata: {name: example, namespace: demo, labels: {app: web}}
spec: ${pod}
---
apiVersion: v1
kind: PodTemplate
metadata: {name: example, namespace: demo}
template: ${template}
---
apiVersion: v1
kind: ReplicationController
metadata: {name: example, namespace: demo}
spec: {replicas: 0, template: ${template}}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: example, namespace: other}
spec: {hard: {pods: "10", requests.cpu: "4"}}
---
apiVersion: v1
kind: Secret
metadata: {name: example, namespace: demo}
stringData: {password: secret}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: example, namespace: demo}
---
apiVersion: v1
kind: Service
metadata: {name: example, namespace: demo}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: ControllerRevision
metadata: {name: example, namespace: demo}
revision: 1
data: {spec: {template: {}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: example, namespace: demo}
spec: {${workload}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: example, namespace: demo}
spec: {replicas: 0, ${workload}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: example, namespace: demo}
spec: {replicas: 0, ${workload}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: example, namespace: demo}
spec:
  serviceName: web
  ${workload.replace(', template', '\n  template')}
  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: example, namespace: demo}
spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
---
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: example-v1, namespace: demo}
spec: {maxReplicas: 3, targetCPUUtilizationPercentage: 60, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: example, namespace: demo}
spec: {schedule: "*/5 * * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "job:1"}]}}}}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: example, namespace: demo}
spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: c, image: "job:1"}]}}}
---
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: example}
spec:
  signerName: example.com/signer
  usages: [client auth]
  request: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJPQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K
---
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {name: example, namespace: demo}
spec: {holderIdentity: someone, leaseDurationSeconds: 15}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: example, namespace: demo, labels: {kubernetes.io/service-name: other}}
addressType: IPv4
endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]
ports: [{name: http, port: 80}]
---
apiVersion: events.k8s.io/v1
kind: Event
metadata: {name: example-new, namespace: demo}
eventTime: "2026-01-01T00:00:00.000000Z"
reason: Seen
action: Seeing
reportingController: example.com/controller
reportingInstance: example-1
regarding: {kind: Pod, name: web, namespace: demo}
note: something happened
type: Normal
---
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: FlowSchema
metadata: {name: example}
spec: {matchingPrecedence: 100, priorityLevelConfiguration: {name: example}}
---
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: PriorityLevelConfiguration
metadata: {name: example}
spec: {type: Limited, limited: {nominalConcurrencyShares: 10, limitResponse: {type: Reject}}}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: example}
spec: {controller: example.com/ingress}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: example, namespace: demo}
spec: {rules: [{host: example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
---
apiVersion: networking.k8s.io/v1
kind: IPAddress
metadata: {name: 10.9.8.7}
spec: {parentRef: {resource: services, name: web, namespace: demo}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: example, namespace: demo}
spec: {podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: 80}]}]}
---
apiVersion: networking.k8s.io/v1
kind: ServiceCIDR
metadata: {name: example}
spec: {cidrs: [10.200.0.0/16]}
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: example}
handler: runsc
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: example, namespace: demo}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: example, namespace: demo}
rules: [{apiGroups: [""], resources: [pods], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: example, namespace: demo}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: example}
subjects: [{kind: User, name: dev, apiGroup: rbac.authorization.k8s.io}, {kind: ServiceAccount, name: default, namespace: demo}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: example}
rules: [{nonResourceURLs: [/healthz], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: example}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: Group, name: developers, apiGroup: rbac.authorization.k8s.io}]
---
apiVersion: resource.k8s.io/v1
kind: DeviceClass
metadata: {name: example.com}
spec: {selectors: [{cel: {expression: 'device.driver == "example.com"'}}]}
---
apiVersion: resource.k8s.io/v1
kind: ResourceClaim
metadata: {name: example, namespace: demo}
spec: {devices: {requests: [{name: gpu, exactly: {deviceClassName: example.com}}]}}
---
apiVersion: resource.k8s.io/v1
kind: ResourceClaimTemplate
metadata: {name: example, namespace: demo}
spec: {spec: {devices: {requests: [{name: gpu, exactly: {deviceClassName: example.com}}]}}}
---
apiVersion: resource.k8s.io/v1
kind: ResourceSlice
metadata: {name: example}
spec: {driver: example.com, nodeName: node-1, pool: {name: node-1, generation: 1, resourceSliceCount: 1}, devices: [{name: gpu-0}]}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: example}
value: 1000
---
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: {name: csi.example.com}
spec: {attachRequired: false}
---
apiVersion: storage.k8s.io/v1
kind: CSINode
metadata: {name: example}
spec: {drivers: [{name: csi.example.com, nodeID: node-1}]}
---
apiVersion: storage.k8s.io/v1
kind: CSIStorageCapacity
metadata: {name: example, namespace: demo}
storageClassName: example
capacity: 10Gi
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: example}
provisioner: csi.example.com
parameters: {type: fast}
---
apiVersion: storage.k8s.io/v1
kind: VolumeAttachment
metadata: {name: example}
spec: {attacher: csi.example.com, nodeName: node-1, source: {persistentVolumeName: example}}
---
apiVersion: storage.k8s.io/v1
kind: VolumeAttributesClass
metadata: {name: example}
driverName: csi.example.com
parameters: {iops: "100"}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: example}
webhooks:
  - name: check.example.com
    admissionReviewVersions: [v1]
    sideEffects: None
    clientConfig: {service: {name: hook, namespace: demo}}
    rules: [{apiGroups: [example.com], apiVersions: [v1], operations: [CREATE], resources: [things]}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: example}
webhooks:
  - name: change.example.com
    admissionReviewVersions: [v1]
    sideEffects: None
    clientConfig: {url: "https://hook.example.com/change"}
    rules: [{apiGroups: [example.com], apiVersions: [v1], operations: [CREATE], resources: [things]}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: example}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [example.com], apiVersions: [v1], operations: [CREATE], resources: [things]}]}
  validations: [{expression: "object.metadata.name != 'bad'"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: example}
spec: {policyName: example, validationActions: [Deny]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: example}
spec:
  reinvocationPolicy: Never
  matchConstraints: {resourceRules: [{apiGroups: [example.com], apiVersions: [v1], operations: [CREATE], resources: [things]}]}
  mutations:
    - patchType: ApplyConfiguration
      applyConfiguration: {expression: 'Object{metadata: Object.metadata{labels: {"seen": "yes"}}}'}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: example}
spec: {policyName: example}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer, default: 1}}}}}}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.metrics.example.com}
spec: {group: metrics.example.com, version: v1, groupPriorityMinimum: 100, versionPriority: 100, service: {name: metrics, namespace: demo}}
`

/** One valid object of every kind that is stored. They live in the namespaces `demo` and `other`. */
export function kindExamples(): KubeObject[] {
  return readYaml(text).map(({ value, error }) => {
    if (error) throw new Error(error.message)
    return value as KubeObject
  })
}
