import type { Plugin } from '../framework/types.ts'
import { defaultPreemptionWith } from '../plugins/default-preemption/plugin.ts'
import { interPodAffinityWith } from '../plugins/inter-pod-affinity/plugin.ts'
import { nodeAffinityWith } from '../plugins/node-affinity/added.ts'
import { balancedAllocationWith } from '../plugins/node-resources-balanced-allocation/resources.ts'
import { nodeResourcesFitWith } from '../plugins/node-resources-fit/strategies.ts'
import { podTopologySpreadWith } from '../plugins/pod-topology-spread/configured.ts'
import { defaultPlugins } from '../plugins/registry.ts'
import { expandProfile, type ExpandedProfile } from './expand.ts'
import { pluginPoints } from './plugin-points.ts'
import type { ExtensionPoint, ProfileConfiguration, SchedulerConfiguration } from './types.ts'

/** One scheduler among those that a configuration names. */
export interface Profile {
  readonly schedulerName: string
  /** In the order in which their filters run; each does no more than what the profile lets it do. */
  readonly plugins: readonly Plugin[]
  /** In the order in which they are tried for a pod that fits nowhere. */
  readonly postFilters: readonly Plugin[]
  /** 0: by how many nodes there are. */
  readonly percentageOfNodesToScore: number
  /** How long a pod that has its node may wait for volumes. Upstream: bindTimeoutSeconds. */
  readonly bindTimeoutMs: number
}

/** Profiles by schedulerName. Without a configuration: the default one, its plugins just as they are. */
export function buildProfiles(configuration: SchedulerConfiguration | undefined): ReadonlyMap<string, Profile> {
  if (!configuration) return new Map([[defaultProfile.schedulerName, defaultProfile]])
  const profiles = configuration.profiles.map((profile) => buildProfile(profile, configuration))
  return new Map(profiles.map((profile) => [profile.schedulerName, profile]))
}

const defaultProfile: Profile = {
  schedulerName: 'default-scheduler',
  plugins: defaultPlugins,
  postFilters: defaultPlugins,
  percentageOfNodesToScore: 0,
  bindTimeoutMs: 600_000,
}

function buildProfile(profile: ProfileConfiguration, configuration: SchedulerConfiguration): Profile {
  const at = expandProfile(profile)
  const made = new Map(defaultPlugins.map((plugin) => [plugin.name, configured(plugin, profile)]))
  const order = [
    ...at.filter,
    ...at.postFilter,
    ...at.score,
    ...at.preEnqueue,
    ...at.preFilter,
    ...at.preBind,
    ...at.bind,
  ]
  const names = [...new Set(order.map(({ name }) => name))].filter((name) => made.has(name))
  const bindTimeout = profile.pluginConfig?.find(({ name }) => name === 'VolumeBinding')?.args.bindTimeoutSeconds
  return {
    schedulerName: profile.schedulerName,
    plugins: names.map((name) => restricted(made.get(name)!, at)),
    postFilters: at.postFilter.flatMap(({ name }) => made.get(name) ?? []),
    percentageOfNodesToScore: profile.percentageOfNodesToScore ?? configuration.percentageOfNodesToScore,
    bindTimeoutMs: bindTimeout === undefined ? defaultProfile.bindTimeoutMs : bindTimeout * 1000,
  }
}

/** A plugin with the arguments that the profile gives it. */
function configured(plugin: Plugin, { pluginConfig = [] }: ProfileConfiguration): Plugin {
  const args = pluginConfig.find(({ name }) => name === plugin.name)?.args
  if (!args) return plugin
  switch (plugin.name) {
    case 'NodeResourcesFit':
      return nodeResourcesFitWith(args)
    case 'NodeResourcesBalancedAllocation':
      return balancedAllocationWith(args)
    case 'InterPodAffinity':
      return interPodAffinityWith(args)
    case 'NodeAffinity':
      return nodeAffinityWith(args)
    case 'DefaultPreemption':
      return defaultPreemptionWith(args)
    case 'PodTopologySpread':
      return args.defaultingType === 'List' ? podTopologySpreadWith(args.defaultConstraints ?? []) : plugin
    default:
      return plugin
  }
}

/** A plugin that does only what it is enabled for. What it does just to be fast goes with what that is for. */
function restricted(plugin: Plugin, at: ExpandedProfile): Plugin {
  const { name } = plugin
  const points = pluginPoints.get(name)!.points
  const runs = (point: ExtensionPoint) => at[point].some((one) => one.name === name)
  const runsFor = (point: ExtensionPoint, main: ExtensionPoint) => runs(points.includes(point) ? point : main)
  const { preEnqueue, preFilter, filter, postFilter, preScore, score, normalizeScore, ...others } = plugin
  const { reserve, unreserve, permit, preBind, bind, postBind, ...rest } = others
  return {
    ...rest,
    weight: at.score.find((one) => one.name === name)?.weight ?? plugin.weight ?? 1,
    ...(preEnqueue && runs('preEnqueue') && { preEnqueue }),
    ...(preFilter && runsFor('preFilter', 'filter') && { preFilter }),
    ...(filter && runs('filter') && { filter }),
    ...(postFilter && runs('postFilter') && { postFilter }),
    ...(preScore && runsFor('preScore', 'score') && { preScore }),
    ...(score && runs('score') && { score }),
    ...(score && normalizeScore && runs('score') && { normalizeScore }),
    ...(reserve && runs('reserve') && { reserve }),
    ...(unreserve && runs('reserve') && { unreserve }),
    ...(permit && runs('permit') && { permit }),
    ...(preBind && runs('preBind') && { preBind }),
    ...(bind && runs('bind') && { bind }),
    ...(postBind && runs('postBind') && { postBind }),
  }
}
