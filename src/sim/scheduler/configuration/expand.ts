import { forbidden, invalid, type FieldError } from '../../../machinery/field-errors.ts'
import { pluginPoints } from './plugin-points.ts'
import { extensionPoints, type ExtensionPoint, type PluginSet, type ProfileConfiguration } from './types.ts'

interface Enabled {
  readonly name: string
  readonly weight?: number
}

/** Which plugins run at each extension point, in order, with their weights. */
export type ExpandedProfile = Readonly<Record<ExtensionPoint, readonly Enabled[]>>

/** Spreads `multiPoint` and the defaults over the points. Upstream: mergePluginSet and expandMultiPointPlugins. */
export function expandProfile({ plugins = {} }: ProfileConfiguration): ExpandedProfile {
  const everywhere = withDefaults(plugins.multiPoint)
  const weights = new Map(everywhere.map(({ name, weight }) => [name, weight || 1]))
  for (const { name, weight } of plugins.score?.enabled ?? []) weights.set(name, weight || 1)
  const expanded = extensionPoints.map((point) => {
    const names = namesAt(point, plugins[point] ?? {}, everywhere)
    return [point, names.map((name) => (point === 'score' ? { name, weight: weights.get(name) ?? 1 } : { name }))]
  })
  return Object.fromEntries(expanded) as ExpandedProfile
}

/** The default plugins, without those disabled, those given anew in their old place, and the others after them. */
function withDefaults({ enabled = [], disabled = [] }: PluginSet = {}): Enabled[] {
  const off = new Set(disabled.map(({ name }) => name))
  const defaults = off.has('*') ? [] : [...pluginPoints.keys()].filter((name) => !off.has(name))
  const own = new Map(enabled.map((one) => [one.name, one]))
  const kept = defaults.map((name) => own.get(name) ?? { name, weight: pluginPoints.get(name)!.weight ?? 0 })
  return [...kept, ...enabled.filter(({ name }) => !defaults.includes(name))]
}

/** First those a point names that are enabled everywhere as well, then those enabled everywhere, then its others. */
function namesAt(point: ExtensionPoint, { enabled = [], disabled = [] }: PluginSet, everywhere: readonly Enabled[]) {
  const own = enabled.map(({ name }) => name)
  const off = new Set(disabled.map(({ name }) => name))
  if (off.has('*')) return own
  const general = everywhere
    .map(({ name }) => name)
    .filter((name) => !off.has(name) && pluginPoints.get(name)?.points.includes(point))
  return [
    ...own.filter((name) => general.includes(name)),
    ...general.filter((name) => !own.includes(name)),
    ...own.filter((name) => !general.includes(name)),
  ]
}

/** What can not run: plugins nobody knows, twice, at points they do not extend, or without what they need. */
export function pluginErrors(profile: ProfileConfiguration, path: string): FieldError[] {
  const errors = [...extensionPoints, 'multiPoint' as const].flatMap((point) => {
    const at = `${path}.plugins.${point}.enabled`
    const enabled = profile.plugins?.[point]?.enabled ?? []
    return enabled.flatMap(({ name }, index) => {
      const known = pluginPoints.get(name)
      if (!known) return [invalid(`${at}[${index}]`, name, `plugin ${JSON.stringify(name)} does not exist`)]
      if (enabled.findIndex((one) => one.name === name) < index)
        return [invalid(`${at}[${index}]`, name, `plugin ${JSON.stringify(name)} already registered`)]
      if (point === 'multiPoint' || known.points.includes(point)) return []
      return [invalid(`${at}[${index}]`, name, `plugin ${JSON.stringify(name)} does not extend ${point} plugin`)]
    })
  })
  return errors.length > 0 ? errors : needErrors(profile, path)
}

/** kube-scheduler finds these out when it starts, or when it fails with the first pod. */
function needErrors(profile: ProfileConfiguration, path: string): FieldError[] {
  const at = expandProfile(profile)
  const quoted = JSON.stringify(profile.schedulerName)
  const errors: FieldError[] = []
  if (at.queueSort.length !== 1) {
    const text =
      at.queueSort.length === 0 ? 'no queue sort plugin is enabled' : 'only one queue sort plugin can be enabled'
    errors.push(invalid(`${path}.plugins.queueSort`, at.queueSort.length, text))
  }
  if (at.bind.length === 0) {
    const text = `at least one bind plugin is needed for profile with scheduler name ${quoted}`
    errors.push(invalid(`${path}.plugins.bind`, 0, text))
  }
  const pairs = [
    ['filter', 'preFilter'],
    ['score', 'preScore'],
  ] as const
  for (const [point, before] of pairs) {
    for (const { name } of at[point]) {
      if (!pluginPoints.get(name)!.points.includes(before) || at[before].some((one) => one.name === name)) continue
      errors.push(forbidden(`${path}.plugins.${before}`, `${point} of ${name} needs its ${before}`))
    }
  }
  return errors
}
