import { describe, expect, it } from 'vitest'
import { ClusterRole } from './clusterrole/kind.ts'
import { ClusterRoleBinding } from './clusterrolebinding/kind.ts'
import type { Kind } from './kind.ts'
import { created, problems, row, updateProblems } from './kind-cases.test-helper.ts'
import { LimitRange } from './limitrange/kind.ts'
import { PriorityClass } from './priorityclass/kind.ts'
import { ResourceQuota } from './resourcequota/kind.ts'
import { Role } from './role/kind.ts'
import { RoleBinding } from './rolebinding/kind.ts'
import { RuntimeClass } from './runtimeclass/kind.ts'

const rbac = 'rbac.authorization.k8s.io'
const limit = (item: object) => ({ spec: { limits: [{ type: 'Container', ...item }] } })
const hard = (quantities: object, more: object = {}) => ({ spec: { hard: quantities, ...more } })

describe('what is wrong with', () => {
  it.each<[string, Kind, object, string[]]>([
    ['a sound Role', Role, { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }, []],
    [
      'a Role without verbs',
      Role,
      { rules: [{ apiGroups: [''], resources: ['pods'] }] },
      ['rules[0].verbs: Required value: verbs must contain at least one value'],
    ],
    [
      'a Role for URLs',
      Role,
      { rules: [{ nonResourceURLs: ['/x'], resources: ['pods'], verbs: ['get'] }] },
      [
        'rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs',
        'rules[0].nonResourceURLs: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs',
      ],
    ],
    ['a ClusterRole for URLs', ClusterRole, { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] }, []],
    [
      'a ClusterRole that aggregates nothing',
      ClusterRole,
      { aggregationRule: {} },
      [
        'aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil',
      ],
    ],
    [
      'a binding of all that is wrong',
      RoleBinding,
      {
        roleRef: { apiGroup: 'apps', kind: 'Pod', name: '' },
        subjects: [
          { kind: 'ServiceAccount', apiGroup: rbac, name: 'Y' },
          { kind: 'User', apiGroup: 'x', name: '' },
        ],
      },
      [
        `roleRef.apiGroup: Unsupported value: "apps": supported values: "${rbac}"`,
        'roleRef.kind: Unsupported value: "Pod": supported values: "Role", "ClusterRole"',
        'roleRef.name: Required value',
        expect.stringContaining('subjects[0].name: Invalid value: "Y"') as unknown as string,
        `subjects[0].apiGroup: Unsupported value: "${rbac}": supported values: ""`,
        'subjects[1].name: Required value',
        `subjects[1].apiGroup: Unsupported value: "x": supported values: "${rbac}"`,
      ],
    ],
    [
      'a ClusterRoleBinding of an account of no namespace',
      ClusterRoleBinding,
      { roleRef: { kind: 'ClusterRole', name: 'x' }, subjects: [{ kind: 'ServiceAccount', name: 'y' }] },
      ['subjects[0].namespace: Required value'],
    ],
    [
      'a LimitRange that contradicts itself',
      LimitRange,
      limit({ min: { cpu: '2' }, max: { cpu: '1' }, defaultRequest: { cpu: '1' } }),
      [
        'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
        'spec.limits[0].defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1',
        'spec.limits[0].default[cpu]: Invalid value: "2": min value 2 is greater than default value 1',
      ],
    ],
    [
      'a LimitRange of a ratio that can never be',
      LimitRange,
      limit({ min: { cpu: '500m' }, max: { cpu: '1' }, maxLimitRequestRatio: { cpu: '3' } }),
      ['spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000'],
    ],
    [
      'a LimitRange of pods with defaults',
      LimitRange,
      limit({ type: 'Pod', default: { cpu: '1' } }),
      ["spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'"],
    ],
    [
      'a LimitRange of odd types',
      LimitRange,
      { spec: { limits: [{ type: 'Box' }, { type: 'PersistentVolumeClaim' }, { type: 'Box' }] } },
      [
        'spec.limits[0].type: Invalid value: "Box": must be a standard limit type or fully qualified',
        'spec.limits[1].limits: Required value: either minimum or maximum storage value is required, but neither was provided',
        'spec.limits[2].type: Invalid value: "Box": must be a standard limit type or fully qualified',
        'spec.limits[2].type: Duplicate value: "Box"',
      ],
    ],
    [
      'a quota of something unknown',
      ResourceQuota,
      hard({ boxes: '1' }),
      [
        'spec.hard[boxes]: Invalid value: "boxes": must be a standard resource type or fully qualified',
        'spec.hard[boxes]: Invalid value: "boxes": must be a standard resource for quota',
      ],
    ],
    [
      'a quota of half a pod, and of less than none',
      ResourceQuota,
      hard({ pods: '500m', 'requests.cpu': '-1' }),
      [
        'spec.hard[pods]: Invalid value: "500m": must be an integer',
        'spec.hard[requests.cpu]: Invalid value: "-1": must be greater than or equal to 0',
      ],
    ],
    [
      'scopes that exclude each other',
      ResourceQuota,
      hard({ pods: '1' }, { scopes: ['Terminating', 'NotTerminating'] }),
      ['spec.scopes: Invalid value: ["Terminating","NotTerminating"]: conflicting scopes'],
    ],
    [
      'a scope selector without values',
      ResourceQuota,
      hard({ pods: '1' }, { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In' }] } }),
      [
        "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
      ],
    ],
    [
      'a priority class that takes a system name',
      PriorityClass,
      { metadata: { name: 'system-node-critical' }, value: 5 },
      [
        "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: value of system-node-critical PriorityClass must be 2000001000",
      ],
    ],
    [
      'the system class itself',
      PriorityClass,
      { metadata: { name: 'system-node-critical' }, value: 2_000_001_000 },
      [],
    ],
    [
      'a runtime class',
      RuntimeClass,
      { handler: 'a.b', overhead: { podFixed: { cpu: '-1' } }, scheduling: { nodeSelector: { a: '!' } } },
      [
        'handler: Invalid value: "a.b": must not contain dots',
        'overhead.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
        expect.stringContaining('scheduling.nodeSelector: Invalid value: "!"') as unknown as string,
      ],
    ],
  ])('%s', (_name, kind, object, expected) => expect(problems(kind, object)).toEqual(expected))
})

describe('what an update may not change', () => {
  const binding = (name: string) => ({ roleRef: { kind: 'ClusterRole', name } })
  it.each<[string, Kind, object, object, string[]]>([
    [
      'the role of a binding',
      ClusterRoleBinding,
      binding('a'),
      binding('b'),
      [`roleRef: Invalid value: {"apiGroup":"${rbac}","kind":"ClusterRole","name":"b"}: cannot change roleRef`],
    ],
    [
      'the value of a priority',
      PriorityClass,
      { value: 1 },
      { value: 2 },
      ['value: Forbidden: may not be changed in an update.'],
    ],
    [
      'the scopes of a quota',
      ResourceQuota,
      hard({ pods: '1' }, { scopes: ['BestEffort'] }),
      hard({ pods: '1' }),
      ['spec.scopes: Invalid value: []: field is immutable'],
    ],
    [
      'the handler of a runtime class',
      RuntimeClass,
      { handler: 'a' },
      { handler: 'b' },
      ['handler: Invalid value: "b": field is immutable'],
    ],
  ])('%s', (_name, kind, old, next, expected) => expect(updateProblems(kind, old, next)).toEqual(expected))
})

it('a limit range works out its defaults', () => {
  const range = created(LimitRange, limit({ max: { cpu: '2' }, min: { memory: '64Mi' }, defaultRequest: { cpu: '1' } }))
  expect(range.spec.limits[0]).toMatchObject({
    default: { cpu: '2' },
    defaultRequest: { cpu: '1', memory: '64Mi' },
  })
})

it('a quota shows what is used of what', () => {
  const quota = {
    ...created(ResourceQuota, hard({ pods: '4', 'limits.cpu': '2' })),
    status: { hard: { pods: '4', 'limits.cpu': '2' }, used: { pods: '1' } },
  }
  expect(row(ResourceQuota, quota).slice(1, 3)).toEqual(['pods: 1/4', 'limits.cpu: 0/2'])
})
