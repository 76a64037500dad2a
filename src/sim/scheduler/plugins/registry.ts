import type { Plugin } from '../framework/types.ts'
import { defaultBinder } from './default-binder/plugin.ts'
import { defaultPreemption } from './default-preemption/plugin.ts'
import { dynamicResources } from './dynamic-resources/plugin.ts'
import { imageLocality } from './image-locality/plugin.ts'
import { interPodAffinity } from './inter-pod-affinity/plugin.ts'
import { nodeAffinity } from './node-affinity/plugin.ts'
import { nodeName } from './node-name/plugin.ts'
import { nodePorts } from './node-ports/plugin.ts'
import { nodeResourcesBalancedAllocation } from './node-resources-balanced-allocation/plugin.ts'
import { nodeResourcesFit } from './node-resources-fit/plugin.ts'
import { nodeVolumeLimits } from './node-volume-limits/plugin.ts'
import { nodeUnschedulable } from './node-unschedulable/plugin.ts'
import { podTopologySpread } from './pod-topology-spread/plugin.ts'
import { prioritySort } from './priority-sort/plugin.ts'
import { schedulingGates } from './scheduling-gates/plugin.ts'
import { taintToleration } from './taint-toleration/plugin.ts'
import { volumeBinding } from './volume-binding/plugin.ts'
import { volumeRestrictions } from './volume-restrictions/plugin.ts'
import { volumeZone } from './volume-zone/plugin.ts'

/** The default profile, in the order in which its filters run. Source: facts/scheduler-defaults.json. */
export const defaultPlugins: readonly Plugin[] = [
  schedulingGates,
  prioritySort,
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  volumeRestrictions,
  nodeVolumeLimits,
  volumeBinding,
  volumeZone,
  podTopologySpread,
  interPodAffinity,
  dynamicResources,
  defaultPreemption,
  nodeResourcesBalancedAllocation,
  imageLocality,
  defaultBinder,
]
