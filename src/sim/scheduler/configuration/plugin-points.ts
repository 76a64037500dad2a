import type { ExtensionPoint } from './types.ts'

/**
 * The plugins of kube-scheduler 1.36 in the order of its default profile, with the points they extend and the weight of
 * their score. Source: facts/scheduler-defaults.json.
 */
export const pluginPoints: ReadonlyMap<
  string,
  { readonly points: readonly ExtensionPoint[]; readonly weight?: number }
> = new Map([
  ['SchedulingGates', { points: ['preEnqueue'] }],
  ['PrioritySort', { points: ['queueSort'] }],
  ['NodeUnschedulable', { points: ['filter'] }],
  ['NodeName', { points: ['filter'] }],
  ['TaintToleration', { points: ['filter', 'preScore', 'score'], weight: 3 }],
  ['NodeAffinity', { points: ['preFilter', 'filter', 'preScore', 'score'], weight: 2 }],
  ['NodePorts', { points: ['preFilter', 'filter'] }],
  ['NodeResourcesFit', { points: ['preFilter', 'filter', 'preScore', 'score'], weight: 1 }],
  ['VolumeRestrictions', { points: ['preFilter', 'filter'] }],
  ['NodeVolumeLimits', { points: ['preFilter', 'filter'] }],
  ['VolumeBinding', { points: ['preFilter', 'filter', 'reserve', 'preBind', 'preScore', 'score'], weight: 1 }],
  ['VolumeZone', { points: ['preFilter', 'filter'] }],
  ['PodTopologySpread', { points: ['preFilter', 'filter', 'preScore', 'score'], weight: 2 }],
  ['InterPodAffinity', { points: ['preFilter', 'filter', 'preScore', 'score'], weight: 2 }],
  [
    'DynamicResources',
    { points: ['preEnqueue', 'preFilter', 'filter', 'postFilter', 'reserve', 'preBind', 'score'], weight: 2 },
  ],
  ['DefaultPreemption', { points: ['preEnqueue', 'postFilter'] }],
  ['NodeResourcesBalancedAllocation', { points: ['preScore', 'score'], weight: 1 }],
  ['ImageLocality', { points: ['score'], weight: 1 }],
  ['NodeDeclaredFeatures', { points: ['preFilter', 'filter'] }],
  ['DefaultBinder', { points: ['bind'] }],
])
