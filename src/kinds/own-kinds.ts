import { CertificateSigningRequest } from './certificatesigningrequest/kind.ts'
import { ClusterRole } from './clusterrole/kind.ts'
import { ClusterRoleBinding } from './clusterrolebinding/kind.ts'
import { ConfigMap } from './configmap/kind.ts'
import { CronJob } from './cronjob/kind.ts'
import { CustomResourceDefinition } from './customresourcedefinition/kind.ts'
import { DaemonSet } from './daemonset/kind.ts'
import { Deployment } from './deployment/kind.ts'
import { EndpointSlice } from './endpointslice/kind.ts'
import { EventsV1Event } from './event/events-v1.ts'
import { Event } from './event/kind.ts'
import { HorizontalPodAutoscaler, HorizontalPodAutoscalerV1 } from './horizontalpodautoscaler/kind.ts'
import { Ingress } from './ingress/kind.ts'
import { Job } from './job/kind.ts'
import type { Kind } from './kind.ts'
import { Lease } from './lease/kind.ts'
import { LimitRange } from './limitrange/kind.ts'
import { MutatingAdmissionPolicy } from './mutatingadmissionpolicy/kind.ts'
import { MutatingAdmissionPolicyBinding } from './mutatingadmissionpolicybinding/kind.ts'
import { Namespace } from './namespace/kind.ts'
import { NetworkPolicy } from './networkpolicy/kind.ts'
import { Node } from './node/kind.ts'
import { PersistentVolume } from './persistentvolume/kind.ts'
import { PersistentVolumeClaim } from './persistentvolumeclaim/kind.ts'
import { Pod } from './pod/kind.ts'
import { PodDisruptionBudget } from './poddisruptionbudget/kind.ts'
import { PriorityClass } from './priorityclass/kind.ts'
import { ReplicaSet } from './replicaset/kind.ts'
import { ReplicationController } from './replicationcontroller/kind.ts'
import { ResourceQuota } from './resourcequota/kind.ts'
import { Role } from './role/kind.ts'
import { RoleBinding } from './rolebinding/kind.ts'
import { RuntimeClass } from './runtimeclass/kind.ts'
import { Secret } from './secret/kind.ts'
import { Service } from './service/kind.ts'
import { ServiceAccount } from './serviceaccount/kind.ts'
import { StatefulSet } from './statefulset/kind.ts'
import { StorageClass } from './storageclass/kind.ts'
import { ValidatingAdmissionPolicy } from './validatingadmissionpolicy/kind.ts'
import { ValidatingAdmissionPolicyBinding } from './validatingadmissionpolicybinding/kind.ts'

/** The kinds with a folder of their own. */
export const ownKinds: readonly Kind[] = [
  CertificateSigningRequest,
  ClusterRole,
  ClusterRoleBinding,
  ConfigMap,
  CronJob,
  CustomResourceDefinition,
  DaemonSet,
  Deployment,
  EndpointSlice,
  Event,
  EventsV1Event,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerV1,
  Ingress,
  Job,
  Lease,
  LimitRange,
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  Namespace,
  NetworkPolicy,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  PriorityClass,
  ReplicaSet,
  ReplicationController,
  ResourceQuota,
  Role,
  RoleBinding,
  RuntimeClass,
  Secret,
  Service,
  ServiceAccount,
  StatefulSet,
  StorageClass,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
]
