import {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  required,
  type FieldError,
} from '../../../machinery/field-errors.ts'
import { isQualifiedName } from '../../../machinery/names.ts'
import { validateNodeSelectorTerm } from '../../../kinds/pod/validation.ts'
import type { Shape } from './shape.ts'

/** A plugin's arguments: their shape, what stands for what is not said, and what may not be said. */
export interface ArgsKind {
  readonly shape: Shape
  defaults(args: any): any
  validate(args: any, path: string): FieldError[]
}

const resources: Shape = { list: { fields: { name: 'string', weight: 'int64' } } }
const cpuAndMemory = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
]
const meta = { apiVersion: 'string', kind: 'string' } as const

const withWeights = (list: readonly any[] | undefined): readonly any[] =>
  list?.length ? list.map((one) => ({ ...one, weight: one.weight || 1 })) : cpuAndMemory

/** By the plugin's name; its arguments are of the kind `NAMEArgs`. Upstream: apis/config/v1/defaults.go and validation. */
export const argsKinds: Readonly<Record<string, ArgsKind>> = {
  NodeResourcesFit: {
    shape: {
      fields: {
        ...meta,
        ignoredResources: { list: 'string' },
        ignoredResourceGroups: { list: 'string' },
        scoringStrategy: {
          fields: {
            type: 'string',
            resources,
            requestedToCapacityRatio: {
              fields: { shape: { list: { fields: { utilization: 'int32', score: 'int32' } } } },
            },
          },
        },
      },
    },
    defaults: (args) => ({
      ...args,
      scoringStrategy: {
        ...(args.scoringStrategy ?? { type: 'LeastAllocated' }),
        resources: withWeights(args.scoringStrategy?.resources),
      },
    }),
    validate: validateFit,
  },
  NodeResourcesBalancedAllocation: {
    shape: { fields: { ...meta, resources } },
    defaults: (args) => ({ ...args, resources: withWeights(args.resources) }),
    validate: ({ resources }, path) =>
      resources.flatMap(({ name, weight }: any, index: number) => {
        const at = `${path}.resources[${index}]`
        const again = resources.findIndex((one: any) => one.name === name) < index
        return [
          ...(again ? [duplicate(`${at}.name`, name)] : []),
          ...(weight !== 1 ? [invalid(`${at}.weight`, weight, 'must be 1')] : []),
        ]
      }),
  },
  InterPodAffinity: {
    shape: { fields: { ...meta, hardPodAffinityWeight: 'int32', ignorePreferredTermsOfExistingPods: 'bool' } },
    defaults: (args) => ({ hardPodAffinityWeight: 1, ignorePreferredTermsOfExistingPods: false, ...args }),
    validate: ({ hardPodAffinityWeight: weight }, path) =>
      within(weight, 0, 100) ? [] : [invalid(`${path}.hardPodAffinityWeight`, weight, 'not in valid range [0, 100]')],
  },
  PodTopologySpread: {
    shape: {
      fields: {
        ...meta,
        defaultingType: 'string',
        defaultConstraints: {
          list: {
            fields: {
              maxSkew: 'int32',
              topologyKey: 'string',
              whenUnsatisfiable: 'string',
              labelSelector: 'any',
              minDomains: 'int32',
              nodeAffinityPolicy: 'string',
              nodeTaintsPolicy: 'string',
            },
          },
        },
      },
    },
    defaults: (args) => ({ ...args, defaultingType: args.defaultingType || 'System' }),
    validate: validateSpread,
  },
  NodeAffinity: {
    shape: {
      fields: {
        ...meta,
        addedAffinity: {
          fields: {
            requiredDuringSchedulingIgnoredDuringExecution: { fields: { nodeSelectorTerms: { list: term() } } },
            preferredDuringSchedulingIgnoredDuringExecution: {
              list: { fields: { weight: 'int32', preference: term() } },
            },
          },
        },
      },
    },
    defaults: (args) => args,
    validate: validateAddedAffinity,
  },
  DefaultPreemption: {
    shape: { fields: { ...meta, minCandidateNodesPercentage: 'int32', minCandidateNodesAbsolute: 'int32' } },
    defaults: (args) => ({ minCandidateNodesPercentage: 10, minCandidateNodesAbsolute: 100, ...args }),
    validate: validatePreemption,
  },
  VolumeBinding: {
    shape: { fields: { ...meta, bindTimeoutSeconds: 'int64' } },
    defaults: (args) => ({ bindTimeoutSeconds: 600, ...args }),
    validate: ({ bindTimeoutSeconds: seconds }, path) =>
      seconds < 0
        ? [invalid(`${path}.bindTimeoutSeconds`, seconds, 'invalid BindTimeoutSeconds, should not be a negative value')]
        : [],
  },
  DynamicResources: {
    shape: { fields: { ...meta, filterTimeout: 'string', bindingTimeout: 'string' } },
    defaults: (args) => args,
    validate: () => [],
  },
}

function term(): Shape {
  const expressions: Shape = { list: { fields: { key: 'string', operator: 'string', values: { list: 'string' } } } }
  return { fields: { matchExpressions: expressions, matchFields: expressions } }
}

function within(value: number, min: number, max: number): boolean {
  return value >= min && value <= max
}

function validateFit(args: any, path: string): FieldError[] {
  const errors: FieldError[] = []
  const labelName = (name: string, at: string) =>
    errors.push(...isQualifiedName(name).map((text) => invalid(at, name, text)))
  args.ignoredResources?.forEach((name: string, index: number) => labelName(name, `${path}.ignoredResources[${index}]`))
  args.ignoredResourceGroups?.forEach((name: string, index: number) => {
    const at = `${path}.ignoredResourceGroups[${index}]`
    if (name.includes('/')) errors.push(invalid(at, name, "resource group name can't contain '/'"))
    labelName(name, at)
  })
  const { type = '', resources, requestedToCapacityRatio: ratio } = args.scoringStrategy
  const at = `${path}.scoringStrategy`
  const types = ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio']
  if (!types.includes(type)) errors.push(notSupported(`${at}.type`, type, types))
  resources.forEach(({ name, weight }: any, index: number) => {
    const text = `resource weight of ${name} not in valid range (0, 100]`
    if (!within(weight, 1, 100)) errors.push(invalid(`${at}.resources[${index}].weight`, weight, text))
  })
  const ratioAt = `${at}.requestedToCapacityRatio`
  if (type !== 'RequestedToCapacityRatio') {
    if (ratio) errors.push(forbidden(ratioAt, 'must be nil when type is not RequestedToCapacityRatio'))
  } else if (ratio) errors.push(...shapePoints(ratio.shape ?? [], `${ratioAt}.shape`))
  else errors.push(required(ratioAt, 'must be specified when type is RequestedToCapacityRatio'))
  return errors
}

function shapePoints(points: readonly any[], path: string): FieldError[] {
  if (points.length === 0) return [required(path, 'at least one point must be specified')]
  const errors: FieldError[] = []
  const unsorted = points.findIndex(
    ({ utilization = 0 }, index) => index > 0 && (points[index - 1].utilization ?? 0) >= utilization,
  )
  if (unsorted > 0) {
    const at = `${path}[${unsorted}].utilization`
    errors.push(invalid(at, points[unsorted].utilization ?? 0, 'values must be sorted in increasing order'))
  }
  points.forEach(({ utilization = 0, score = 0 }, index) => {
    const at = `${path}[${index}]`
    if (!within(utilization, 0, 100))
      errors.push(invalid(`${at}.utilization`, utilization, 'not in valid range [0, 100]'))
    if (!within(score, 0, 10)) errors.push(invalid(`${at}.score`, score, 'not in valid range [0, 10]'))
  })
  return errors
}

function validateSpread({ defaultingType, defaultConstraints = [] }: any, path: string): FieldError[] {
  const errors: FieldError[] = []
  const typeAt = `${path}.defaultingType`
  if (defaultingType !== 'System' && defaultingType !== 'List')
    errors.push(notSupported(typeAt, defaultingType, ['System', 'List']))
  else if (defaultingType === 'System' && defaultConstraints.length > 0)
    errors.push(invalid(typeAt, defaultingType, 'when .defaultConstraints are not empty'))
  defaultConstraints.forEach((one: any, index: number) => {
    const at = `${path}.defaultConstraints[${index}]`
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable = '', labelSelector } = one
    if (maxSkew <= 0) errors.push(invalid(`${at}.maxSkew`, maxSkew, 'not in valid range (0, inf)'))
    if (!topologyKey) errors.push(required(`${at}.topologyKey`, 'can not be empty'))
    else errors.push(...isQualifiedName(topologyKey).map((text) => invalid(`${at}.topologyKey`, topologyKey, text)))
    const actions = ['DoNotSchedule', 'ScheduleAnyway']
    if (!whenUnsatisfiable) errors.push(required(`${at}.whenUnsatisfiable`, 'can not be empty'))
    else if (!actions.includes(whenUnsatisfiable))
      errors.push(notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable, actions))
    if (labelSelector) {
      const text = 'constraint must not define a selector, as they deduced for each pod'
      errors.push(forbidden(`${at}.labelSelector`, text))
    }
    const same = (other: any) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable
    if (defaultConstraints.findIndex(same) < index && topologyKey)
      errors.push(duplicate(at, `{${topologyKey}, ${whenUnsatisfiable}}`))
  })
  return errors
}

function validateAddedAffinity({ addedAffinity }: any, path: string): FieldError[] {
  const errors: FieldError[] = []
  const at = `${path}.addedAffinity`
  const needed = addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const preferred = addedAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
  const neededAt = `${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`
  needed?.nodeSelectorTerms?.forEach((one: any, index: number) =>
    errors.push(...validateNodeSelectorTerm(one, `${neededAt}[${index}]`)),
  )
  preferred.forEach(({ preference }: any, index: number) => {
    const oneAt = `${at}.preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`
    errors.push(...validateNodeSelectorTerm(preference ?? {}, oneAt))
  })
  return errors
}

function validatePreemption(args: any, path: string): FieldError[] {
  const { minCandidateNodesPercentage: share, minCandidateNodesAbsolute: count } = args
  const shareAt = `${path}.minCandidateNodesPercentage`
  const countAt = `${path}.minCandidateNodesAbsolute`
  const errors: FieldError[] = []
  if (!within(share, 0, 100)) errors.push(invalid(shareAt, share, 'not in valid range [0, 100]'))
  if (count < 0) errors.push(invalid(countAt, count, 'not in valid range [0, inf)'))
  if (share === 0 && count === 0) {
    errors.push(invalid(shareAt, share, 'cannot be zero at the same time as minCandidateNodesAbsolute'))
    errors.push(invalid(countAt, count, 'cannot be zero at the same time as minCandidateNodesPercentage'))
  }
  return errors
}
