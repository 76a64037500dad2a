import { duplicate, invalid, required, type FieldError } from '../../../machinery/field-errors.ts'
import { readYaml } from '../../../machinery/yaml.ts'
import { pluginErrors } from './expand.ts'
import { argsKinds } from './plugin-args.ts'
import { shapeErrors, type Shape } from './shape.ts'
import {
  defaultConfiguration,
  extensionPoints,
  type ProfileConfiguration,
  type SchedulerConfiguration,
} from './types.ts'

const kind = 'KubeSchedulerConfiguration'
const group = 'kubescheduler.config.k8s.io'
const version = `${group}/v1`
const limits = { profiles: 50 }

const pluginSet: Shape = {
  fields: {
    enabled: { list: { fields: { name: 'string', weight: 'int32' } } },
    disabled: { list: { fields: { name: 'string', weight: 'int32' } } },
  },
}
const shape: Shape = {
  fields: {
    apiVersion: 'string',
    kind: 'string',
    parallelism: 'int32',
    leaderElection: 'any',
    clientConnection: 'any',
    enableProfiling: 'bool',
    enableContentionProfiling: 'bool',
    percentageOfNodesToScore: 'int32',
    podInitialBackoffSeconds: 'int64',
    podMaxBackoffSeconds: 'int64',
    delayCacheUntilActive: 'bool',
    extenders: { list: 'any' },
    profiles: {
      list: {
        fields: {
          schedulerName: 'string',
          percentageOfNodesToScore: 'int32',
          plugins: {
            fields: Object.fromEntries([...extensionPoints, 'multiPoint'].map((point) => [point, pluginSet])),
          },
          pluginConfig: { list: { fields: { name: 'string', args: 'any' } } },
        },
      },
    },
  },
}

export type ReadConfiguration =
  | { readonly configuration: SchedulerConfiguration }
  /** One text for each thing that is wrong, with the field it is about. */
  | { readonly errors: readonly string[] }

/** Reads a KubeSchedulerConfiguration (v1) from YAML or JSON, fills in what it does not say, and checks it. */
export function readSchedulerConfiguration(text: string): ReadConfiguration {
  const documents = readYaml(text)
  const broken = documents.flatMap(({ error }) => (error ? [`line ${error.line}: ${error.message}`] : []))
  if (broken.length > 0) return { errors: broken }
  if (documents.length !== 1)
    return {
      errors: [`one document is expected, there ${documents.length === 0 ? 'is none' : `are ${documents.length}`}`],
    }
  return checkSchedulerConfiguration(documents[0]!.value)
}

/** The same from what YAML or JSON holds. */
export function checkSchedulerConfiguration(value: unknown): ReadConfiguration {
  const wrongKind = kindError(value)
  if (wrongKind) return { errors: [wrongKind] }
  const shapeProblems = shapeErrors(value, shape, kind)
  if (shapeProblems.length > 0) return { errors: shapeProblems }
  const given = withoutNulls(value)
  const named = given.profiles?.length ? given.profiles : [{}]
  const argsProblems = named.flatMap((profile: any, index: number) => argsShapeErrors(profile, `profiles[${index}]`))
  if (argsProblems.length > 0) return { errors: argsProblems }
  const only = named.length === 1
  const profiles: ProfileConfiguration[] = named.map((profile: any) => ({
    ...profile,
    schedulerName: profile.schedulerName ?? (only ? 'default-scheduler' : ''),
    ...(profile.pluginConfig && { pluginConfig: profile.pluginConfig.map(withDefaultArgs) }),
  }))
  const configuration: SchedulerConfiguration = {
    profiles,
    percentageOfNodesToScore: given.percentageOfNodesToScore ?? defaultConfiguration.percentageOfNodesToScore,
    podInitialBackoffSeconds: given.podInitialBackoffSeconds ?? defaultConfiguration.podInitialBackoffSeconds,
    podMaxBackoffSeconds: given.podMaxBackoffSeconds ?? defaultConfiguration.podMaxBackoffSeconds,
  }
  const errors = validate(configuration, given)
  return errors.length > 0 ? { errors: errors.map(({ field, message }) => `${field}: ${message}`) } : { configuration }
}

function kindError(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `a ${kind} is expected`
  const { kind: ownKind, apiVersion } = value as Record<string, unknown>
  if (!ownKind) return "Object 'Kind' is missing"
  if (!apiVersion) return "Object 'apiVersion' is missing"
  if (ownKind === kind && apiVersion === version) return undefined
  return `no kind ${JSON.stringify(ownKind)} is registered for version ${JSON.stringify(apiVersion)}`
}

/** Fields that are null are not there; a null in a list is what Go makes of it: nothing. */
function withoutNulls(value: any): any {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const own = Object.entries(value).filter(([, one]) => one !== null && one !== undefined)
  return Object.fromEntries(own.map(([key, one]) => [key, withoutNulls(one)]))
}

function argsShapeErrors({ pluginConfig = [] }: any, path: string): string[] {
  return pluginConfig.flatMap(({ name = '', args = {} }: any, index: number) => {
    const at = `${path}.pluginConfig[${index}]`
    if (!Object.hasOwn(argsKinds, name)) {
      // A plugin nobody knows may have arguments; nobody reads them.
      return []
    }
    const wanted = `${name}Args`
    if (typeof args !== 'object' || Array.isArray(args)) return [`${at}.args: Invalid value: has to match plugin args`]
    if (args.kind !== undefined && args.kind !== wanted)
      return [`${at}.args: Invalid value: ${JSON.stringify(args.kind)}: has to match plugin args`]
    if (args.apiVersion !== undefined && args.apiVersion !== version)
      return [`${at}.args: no kind "${wanted}" is registered for version ${JSON.stringify(args.apiVersion)}`]
    return shapeErrors(args, argsKinds[name]!.shape, wanted).map((text) => `${at}.args: ${text}`)
  })
}

function withDefaultArgs({ name = '', args = {} }: any): { name: string; args: any } {
  return { name, args: Object.hasOwn(argsKinds, name) ? argsKinds[name]!.defaults(args) : args }
}

function validate(configuration: SchedulerConfiguration, given: any): FieldError[] {
  const { profiles, podInitialBackoffSeconds: first, podMaxBackoffSeconds: longest } = configuration
  const errors: FieldError[] = []
  if (given.parallelism !== undefined && given.parallelism <= 0)
    errors.push(invalid('parallelism', given.parallelism, 'should be an integer value greater than zero'))
  if (profiles.length > limits.profiles)
    errors.push(invalid('profiles', profiles.length, `at most ${limits.profiles} profiles are taken`))
  else profiles.forEach((profile, index) => errors.push(...profileErrors(profile, index, profiles)))
  percentage(configuration.percentageOfNodesToScore, 'percentageOfNodesToScore', errors)
  if (first <= 0) errors.push(invalid('podInitialBackoffSeconds', first, 'must be greater than 0'))
  if (longest < first) {
    const text = 'must be greater than or equal to PodInitialBackoffSeconds'
    errors.push(invalid('podMaxBackoffSeconds', longest, text))
  }
  if (given.extenders?.length)
    errors.push(invalid('extenders', given.extenders.length, 'extenders cannot be called from here'))
  return errors
}

function profileErrors(
  profile: ProfileConfiguration,
  index: number,
  all: readonly ProfileConfiguration[],
): FieldError[] {
  const path = `profiles[${index}]`
  const errors: FieldError[] = []
  if (!profile.schedulerName) errors.push(required(`${path}.schedulerName`))
  percentage(profile.percentageOfNodesToScore ?? 0, `${path}.percentageOfNodesToScore`, errors)
  errors.push(...pluginErrors(profile, path))
  const configs = profile.pluginConfig ?? []
  configs.forEach(({ name, args }, at) => {
    const field = `${path}.pluginConfig[${at}]`
    if (configs.findIndex((one) => one.name === name) < at) errors.push(duplicate(field, name))
    if (Object.hasOwn(argsKinds, name)) errors.push(...argsKinds[name]!.validate(args, `${field}.args`))
  })
  const first = all.findIndex(({ schedulerName }) => schedulerName === profile.schedulerName)
  if (first < index) errors.push(duplicate(`${path}.schedulerName`, `profiles[${first}].schedulerName`))
  return errors
}

function percentage(value: number, field: string, errors: FieldError[]): void {
  if (value < 0 || value > 100) errors.push(invalid(field, value, 'not in valid range [0-100]'))
}
