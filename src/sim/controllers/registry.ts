import type { ControllerDefinition } from '../controller-runtime/controller.ts'
import { kwokControllers, type HasMachine } from '../kwok/controllers.ts'
import { clusterRoleAggregationController } from './clusterrole-aggregation/controller.ts'
import { cronJobController } from './cronjob/controller.ts'
import { customResourceDefinitionController } from './customresourcedefinition/controller.ts'
import { daemonSetController } from './daemonset/controller.ts'
import { deploymentController } from './deployment/controller.ts'
import { disruptionController } from './disruption/controller.ts'
import { endpointSliceMirroringController } from './endpointslice-mirroring/controller.ts'
import { endpointSliceController } from './endpointslice/controller.ts'
import { endpointsController } from './endpoints/controller.ts'
import { horizontalPodAutoscalerController } from './horizontalpodautoscaling/controller.ts'
import { jobController } from './job/controller.ts'
import { jobOrphanController } from './job/orphans.ts'
import { namespaceController } from './namespace/controller.ts'
import { nodeLifecycleController, type NodeLifecycleOptions } from './node-lifecycle/controller.ts'
import { nodeTtlController } from './node-ttl/controller.ts'
import { volumeAttacher } from '../storage/attach.ts'
import { volumeResizer } from '../storage/resize.ts'
import { attachDetachController } from './attach-detach/controller.ts'
import { volumeExpandController } from './volume-expand/controller.ts'
import { volumeDeleter, volumeProvisioner } from '../storage/provision.ts'
import { persistentVolumeBinder, persistentVolumeReclaimer } from './persistent-volume/controller.ts'
import { podGarbageCollector } from './pod-gc/controller.ts'
import { replicaSetController } from './replicaset/controller.ts'
import { replicationController } from './replicationcontroller/controller.ts'
import { resourceClaimController } from './resourceclaim/controller.ts'
import { resourceQuotaController } from './resourcequota/controller.ts'
import { serviceAccountTokenController } from './serviceaccount-token/controller.ts'
import { serviceLoadBalancerController } from './service-lb/controller.ts'
import { rootCaController, serviceAccountController } from './serviceaccount/controller.ts'
import { ttlAfterFinishedController } from './ttl-after-finished/controller.ts'
import { statefulSetController } from './statefulset/controller.ts'
import { taintEvictionController } from './taint-eviction/controller.ts'
import { validatingAdmissionPolicyStatusController } from './validatingadmissionpolicy/controller.ts'
import { claimProtection, volumeProtection } from './volume-protection/controller.ts'

/** Flags of kube-controller-manager. */
export interface ControllerManagerOptions {
  readonly nodeLifecycle: NodeLifecycleOptions
  readonly autoscalerSyncMs: number
  readonly loadBalancers: boolean
}

/** The loops that kube-controller-manager runs, and KWOK's, which have nothing to do until a node says that it is fake. */
export function controllerDefinitions(
  { nodeLifecycle, autoscalerSyncMs, loadBalancers }: ControllerManagerOptions,
  hasMachine: HasMachine,
): readonly ControllerDefinition[] {
  return [
    namespaceController,
    customResourceDefinitionController,
    validatingAdmissionPolicyStatusController,
    serviceAccountController,
    rootCaController,
    serviceAccountTokenController,
    clusterRoleAggregationController,
    deploymentController,
    replicaSetController,
    replicationController,
    statefulSetController,
    daemonSetController,
    cronJobController,
    jobController,
    jobOrphanController,
    ttlAfterFinishedController,
    horizontalPodAutoscalerController(autoscalerSyncMs),
    ...(loadBalancers ? [serviceLoadBalancerController] : []),
    endpointSliceController,
    endpointsController,
    endpointSliceMirroringController,
    disruptionController,
    nodeLifecycleController(nodeLifecycle),
    taintEvictionController,
    nodeTtlController,
    podGarbageCollector,
    resourceQuotaController,
    resourceClaimController,
    persistentVolumeBinder,
    persistentVolumeReclaimer,
    volumeProvisioner,
    volumeDeleter,
    attachDetachController,
    volumeAttacher,
    volumeExpandController,
    volumeResizer,
    claimProtection,
    volumeProtection,
    ...kwokControllers(hasMachine),
  ]
}
