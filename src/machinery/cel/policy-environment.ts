import type { CelEnvironment } from './check.ts'
import { authorizerFunctions } from './functions/authorizer.ts'
import { Functions, kubernetesFunctions } from './functions/registry.ts'
import { overload } from './functions/overload.ts'
import { compileCel, type Compilation } from './program.ts'
import { bool, dyn, listOf, mapOf, string, timestamp, int, type CelType } from './types.ts'

const opaque = (name: string): CelType => ({ kind: 'opaque', name })

function object(name: string, fields: Readonly<Record<string, CelType>>): CelType {
  return { kind: 'object', name, field: (field) => (Object.hasOwn(fields, field) ? fields[field] : undefined) }
}

const stringMap = mapOf(string, string)
const groupVersionKind = object('kubernetes.GroupVersionKind', { group: string, version: string, kind: string })
const groupVersionResource = object('kubernetes.GroupVersionResource', {
  group: string,
  version: string,
  resource: string,
})
const userInfo = object('kubernetes.UserInfo', {
  username: string,
  uid: string,
  groups: listOf(string),
  extra: mapOf(string, listOf(string)),
})
const request = object('kubernetes.AdmissionRequest', {
  kind: groupVersionKind,
  resource: groupVersionResource,
  subResource: string,
  requestKind: groupVersionKind,
  requestResource: groupVersionResource,
  requestSubResource: string,
  name: string,
  namespace: string,
  operation: string,
  userInfo,
  dryRun: bool,
  options: dyn,
})
const metadata = object('kubernetes.ObjectMeta', {
  name: string,
  generateName: string,
  namespace: string,
  labels: stringMap,
  annotations: stringMap,
  UID: string,
  creationTimestamp: timestamp,
  deletionGracePeriodSeconds: int,
  deletionTimestamp: timestamp,
  generation: int,
  resourceVersion: string,
  finalizers: listOf(string),
})
const namespace = object('kubernetes.Namespace', {
  metadata,
  spec: object('kubernetes.NamespaceSpec', { finalizers: listOf(string) }),
  status: object('kubernetes.NamespaceStatus', { phase: string }),
})

const policyFunctions = new Functions(authorizerFunctions, kubernetesFunctions)
const mutationFunctions = new Functions(
  [
    overload('jsonpatch.escapeKey(string): string', ([key], meter) =>
      meter.text(key).replaceAll('~', '~0').replaceAll('/', '~1'),
    ),
  ],
  policyFunctions,
)

/** What a policy's expressions may use beyond what all of them may. */
export interface PolicyScope {
  readonly hasParams: boolean
  readonly hasAuthorizer: boolean
  /** Expressions of a MutatingAdmissionPolicy make objects and patches. */
  readonly mutates?: boolean
  /** What is known of the objects, where a policy is checked against the kinds it is for. */
  readonly object?: CelType
  readonly params?: CelType
}

interface Variable {
  readonly name: string
  readonly expression: string
}

const patchFields: Readonly<Record<string, CelType>> = { op: string, path: string, from: string, value: dyn }

/** Messages that mutations make. */
function structField(name: string): ((field: string) => CelType | undefined) | undefined {
  if (name === 'JSONPatch') return (field) => (Object.hasOwn(patchFields, field) ? patchFields[field] : undefined)
  return name === 'Object' || name.startsWith('Object.') ? () => dyn : undefined
}

/** The compiled variables of a policy, each with the environment that it and those after it see. */
export class PolicyEnvironment {
  /** For expressions after all variables. */
  readonly environment: CelEnvironment
  readonly variables: readonly { readonly name: string; readonly compiled: Compilation }[]

  constructor(scope: PolicyScope, variables: readonly Variable[]) {
    const fields: Record<string, CelType> = Object.create(null)
    const compiled: { name: string; compiled: Compilation }[] = []
    let environment = environmentOf(scope, {}, variables.length > 0)
    for (const { name, expression } of variables) {
      const one = compileCel(expression ?? '', environment)
      compiled.push({ name, compiled: one })
      fields[name] = 'program' in one ? one.program.type : dyn
      environment = environmentOf(scope, { ...fields }, true)
    }
    this.environment = environment
    this.variables = compiled
  }
}

function environmentOf(
  scope: PolicyScope,
  variables: Readonly<Record<string, CelType>>,
  composes: boolean,
): CelEnvironment {
  return {
    variables: {
      object: scope.object ?? dyn,
      oldObject: scope.object ?? dyn,
      request,
      namespaceObject: namespace,
      ...(composes && { variables: object('kubernetes.variables', variables) }),
      ...(scope.hasParams && { params: scope.params ?? dyn }),
      ...(scope.hasAuthorizer && {
        authorizer: opaque('kubernetes.authorization.Authorizer'),
        'authorizer.requestResource': opaque('kubernetes.authorization.ResourceCheck'),
      }),
    },
    functions: scope.mutates ? mutationFunctions : policyFunctions,
    ...(scope.mutates && { structField }),
  }
}
