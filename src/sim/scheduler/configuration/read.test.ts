import { describe, expect, test } from 'vitest'
import { expandProfile } from './expand.ts'
import { readSchedulerConfiguration } from './read.ts'
import { defaultConfiguration } from './types.ts'

const head = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n'

function errorsOf(body: string): readonly string[] {
  const read = readSchedulerConfiguration(head + body)
  return 'errors' in read ? read.errors : []
}

function configurationOf(body: string) {
  const read = readSchedulerConfiguration(head + body)
  if ('errors' in read) throw new Error(read.errors.join('\n'))
  return read.configuration
}

const profileWith = (inner: string) => `profiles: [{schedulerName: a, ${inner}}]`
const config = (name: string, args: string) => profileWith(`pluginConfig: [{name: ${name}, args: ${args}}]`)

describe('what it takes', () => {
  test('nothing but the kind is the default', () => {
    expect(configurationOf('')).toEqual(defaultConfiguration)
  })

  test('arguments get their defaults', () => {
    const { profiles } = configurationOf(config('NodeResourcesFit', '{scoringStrategy: {type: MostAllocated}}'))
    expect(profiles[0]!.pluginConfig![0]!.args.scoringStrategy).toEqual({
      type: 'MostAllocated',
      resources: [
        { name: 'cpu', weight: 1 },
        { name: 'memory', weight: 1 },
      ],
    })
  })

  test('what kube-scheduler needs for itself is let pass', () => {
    expect(errorsOf('leaderElection: {leaderElect: true}\nclientConnection: {qps: 50}\nparallelism: 8')).toEqual([])
  })
})

describe('what it refuses', () => {
  test.each<[string, string, string]>([
    ['an unknown field', 'profile: []', 'strict decoding error: unknown field "profile"'],
    [
      'an unknown field deep down',
      profileWith('plugins: {scores: {}}'),
      'strict decoding error: unknown field "profiles[0].plugins.scores"',
    ],
    [
      'a prototype that nobody has',
      'profiles: [{schedulerName: a, plugins: {__proto__: {}}}]',
      'strict decoding error: unknown field "profiles[0].plugins.__proto__"',
    ],
    [
      'a wrong type',
      'percentageOfNodesToScore: many',
      'json: cannot unmarshal string into Go struct field KubeSchedulerConfiguration.percentageOfNodesToScore of type int32',
    ],
    [
      'too high a percentage',
      'percentageOfNodesToScore: 101',
      'percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]',
    ],
    [
      "a profile's percentage",
      profileWith('percentageOfNodesToScore: -1'),
      'profiles[0].percentageOfNodesToScore: Invalid value: -1: not in valid range [0-100]',
    ],
    ['two without a name', 'profiles: [{}, {schedulerName: b}]', 'profiles[0].schedulerName: Required value'],
    [
      'one name twice',
      'profiles: [{schedulerName: b}, {schedulerName: b}]',
      'profiles[1].schedulerName: Duplicate value: "profiles[0].schedulerName"',
    ],
    [
      'a first back-off of nothing',
      'podInitialBackoffSeconds: 0',
      'podInitialBackoffSeconds: Invalid value: 0: must be greater than 0',
    ],
    [
      'a longest back-off below the first',
      'podInitialBackoffSeconds: 20',
      'podMaxBackoffSeconds: Invalid value: 10: must be greater than or equal to PodInitialBackoffSeconds',
    ],
    [
      'a plugin nobody has',
      profileWith('plugins: {filter: {enabled: [{name: Astrology}]}}'),
      'profiles[0].plugins.filter.enabled[0]: Invalid value: "Astrology": plugin "Astrology" does not exist',
    ],
    [
      'a plugin where it does nothing',
      profileWith('plugins: {filter: {enabled: [{name: ImageLocality}]}}'),
      'profiles[0].plugins.filter.enabled[0]: Invalid value: "ImageLocality": plugin "ImageLocality" does not extend filter plugin',
    ],
    [
      'nobody who binds',
      profileWith('plugins: {bind: {disabled: [{name: "*"}]}}'),
      'profiles[0].plugins.bind: Invalid value: 0: at least one bind plugin is needed for profile with scheduler name "a"',
    ],
    [
      'a filter without what it builds on',
      profileWith('plugins: {preFilter: {disabled: [{name: PodTopologySpread}]}}'),
      'profiles[0].plugins.preFilter: Forbidden: filter of PodTopologySpread needs its preFilter',
    ],
    [
      'a strategy nobody knows',
      config('NodeResourcesFit', '{scoringStrategy: {type: Best}}'),
      'profiles[0].pluginConfig[0].args.scoringStrategy.type: Unsupported value: "Best": supported values: "LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"',
    ],
    [
      'a shape that goes back',
      config(
        'NodeResourcesFit',
        '{scoringStrategy: {type: RequestedToCapacityRatio, requestedToCapacityRatio: {shape: [{utilization: 50}, {utilization: 50}]}}}',
      ),
      'profiles[0].pluginConfig[0].args.scoringStrategy.requestedToCapacityRatio.shape[1].utilization: Invalid value: 50: values must be sorted in increasing order',
    ],
    [
      "another plugin's arguments",
      config('NodeResourcesFit', '{kind: InterPodAffinityArgs}'),
      'profiles[0].pluginConfig[0].args: Invalid value: "InterPodAffinityArgs": has to match plugin args',
    ],
    [
      'an unknown argument',
      config('InterPodAffinity', '{weight: 3}'),
      'profiles[0].pluginConfig[0].args: strict decoding error: unknown field "weight"',
    ],
    [
      'a weight out of range',
      config('InterPodAffinity', '{hardPodAffinityWeight: 101}'),
      'profiles[0].pluginConfig[0].args.hardPodAffinityWeight: Invalid value: 101: not in valid range [0, 100]',
    ],
    [
      "default constraints beside the system's",
      config(
        'PodTopologySpread',
        '{defaultConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway}]}',
      ),
      'profiles[0].pluginConfig[0].args.defaultingType: Invalid value: "System": when .defaultConstraints are not empty',
    ],
    [
      'a balance that weighs',
      config('NodeResourcesBalancedAllocation', '{resources: [{name: cpu, weight: 2}]}'),
      'profiles[0].pluginConfig[0].args.resources[0].weight: Invalid value: 2: must be 1',
    ],
    [
      'a preemption that looks nowhere',
      config('DefaultPreemption', '{minCandidateNodesPercentage: 101}'),
      'profiles[0].pluginConfig[0].args.minCandidateNodesPercentage: Invalid value: 101: not in valid range [0, 100]',
    ],
    [
      'an expression without values',
      config(
        'NodeAffinity',
        '{addedAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: In}]}]}}}',
      ),
      "profiles[0].pluginConfig[0].args.addedAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ],
  ])('%s', (_name, body, expected) => {
    expect(errorsOf(body)).toEqual([expected])
  })

  test.each<[string, string, string]>([
    ['no YAML', 'a: [', 'line 1:'],
    ['nothing', '', 'one document is expected, there is none'],
    [
      'an older version',
      head.replace('/v1', '/v1beta3'),
      'no kind "KubeSchedulerConfiguration" is registered for version "kubescheduler.config.k8s.io/v1beta3"',
    ],
  ])('%s at all', (_name, text, expected) => {
    const read = readSchedulerConfiguration(text)
    expect('errors' in read && read.errors[0]).toContain(expected)
  })
})

describe('which plugins run', () => {
  const score = (body: string) =>
    expandProfile(configurationOf(profileWith(body)).profiles[0]!).score.map(({ name, weight }) => `${name}=${weight}`)
  const defaults = [
    'TaintToleration=3',
    'NodeAffinity=2',
    'NodeResourcesFit=1',
    'VolumeBinding=1',
    'PodTopologySpread=2',
    'InterPodAffinity=2',
    'DynamicResources=2',
    'NodeResourcesBalancedAllocation=1',
    'ImageLocality=1',
  ]
  const without = (...names: string[]) => defaults.filter((one) => !names.includes(one.split('=')[0]!))

  test.each<[string, string, readonly string[]]>([
    ['the default ones', '', defaults],
    ['one is disabled', 'plugins: {score: {disabled: [{name: PodTopologySpread}]}}', without('PodTopologySpread')],
    [
      'all but one are disabled',
      'plugins: {score: {disabled: [{name: "*"}], enabled: [{name: ImageLocality, weight: 5}]}}',
      ['ImageLocality=5'],
    ],
    [
      'one weighs more and comes first',
      'plugins: {score: {enabled: [{name: ImageLocality, weight: 5}]}}',
      ['ImageLocality=5', ...without('ImageLocality')],
    ],
    [
      'one weighs more everywhere and keeps its place',
      'plugins: {multiPoint: {enabled: [{name: NodeResourcesFit, weight: 7}]}}',
      defaults.map((one) => (one === 'NodeResourcesFit=1' ? 'NodeResourcesFit=7' : one)),
    ],
    [
      'one is disabled everywhere',
      'plugins: {multiPoint: {disabled: [{name: InterPodAffinity}]}}',
      without('InterPodAffinity'),
    ],
  ])('%s', (_name, body, expected) => {
    expect(score(body)).toEqual(expected)
  })
})
