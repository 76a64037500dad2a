/** What a plugin can do. Upstream: the extension points of the scheduling framework. */
export const extensionPoints = [
  'preEnqueue',
  'queueSort',
  'preFilter',
  'filter',
  'postFilter',
  'preScore',
  'score',
  'reserve',
  'permit',
  'preBind',
  'bind',
  'postBind',
] as const

export type ExtensionPoint = (typeof extensionPoints)[number]

export interface PluginSet {
  readonly enabled?: readonly { readonly name: string; readonly weight?: number }[]
  /** `*`: all of them. */
  readonly disabled?: readonly { readonly name: string }[]
}

export interface ProfileConfiguration {
  readonly schedulerName: string
  readonly percentageOfNodesToScore?: number
  readonly plugins?: Readonly<Partial<Record<ExtensionPoint | 'multiPoint', PluginSet>>>
  readonly pluginConfig?: readonly { readonly name: string; readonly args: any }[]
}

/** A KubeSchedulerConfiguration that was read and found good, as plain data. */
export interface SchedulerConfiguration {
  readonly profiles: readonly ProfileConfiguration[]
  /** 0: by how many nodes there are. */
  readonly percentageOfNodesToScore: number
  readonly podInitialBackoffSeconds: number
  readonly podMaxBackoffSeconds: number
}

/** What a scheduler does that nobody configured. */
export const defaultConfiguration: SchedulerConfiguration = {
  profiles: [{ schedulerName: 'default-scheduler' }],
  percentageOfNodesToScore: 0,
  podInitialBackoffSeconds: 1,
  podMaxBackoffSeconds: 10,
}
