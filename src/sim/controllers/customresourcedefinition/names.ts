import {
  withCrdCondition,
  type CrdNames,
  type CrdStatus,
  type CustomResourceDefinition,
} from '../../../kinds/customresourcedefinition/types.ts'
import { isProtected } from '../../../kinds/customresourcedefinition/validation.ts'

interface Problem {
  readonly reason: string
  readonly message: string
}

/** The status that a definition's names give it beside the others of its group. Upstream: status/naming_controller.go. */
export function namingStatus(
  crd: CustomResourceDefinition,
  others: readonly CustomResourceDefinition[],
  now: string,
): CrdStatus {
  const { accepted, problem } = acceptNames(crd, others)
  const set = (conditions: CrdStatus['conditions'], type: string, isTrue: boolean, reason: string, message: string) =>
    withCrdCondition(conditions, { type, status: isTrue ? 'True' : 'False', reason, message }, now)
  let conditions = problem
    ? set(crd.status.conditions, 'NamesAccepted', false, problem.reason, problem.message)
    : set(crd.status.conditions, 'NamesAccepted', true, 'NoConflicts', 'no conflicts found')
  const isEstablished = conditions.some(({ type, status }) => type === 'Established' && status === 'True')
  if (!isEstablished) {
    conditions = problem
      ? set(conditions, 'Established', false, 'NotAccepted', 'not all names are accepted')
      : set(conditions, 'Established', false, 'Installing', 'the initial names have been accepted')
  }
  return { ...crd.status, conditions: withApproval(crd, conditions, now), acceptedNames: accepted }
}

/** Upstream: establish.EstablishingController. Undefined when there is nothing to establish. */
export function establishedStatus({ status }: CustomResourceDefinition, now: string): CrdStatus | undefined {
  const condition = (type: string) => status.conditions?.find((one) => one.type === type)
  if (condition('NamesAccepted')?.status !== 'True' || condition('Established')?.status === 'True') return undefined
  const established = {
    type: 'Established',
    status: 'True' as const,
    reason: 'InitialNamesAccepted',
    message: 'the initial names have been accepted',
  }
  return { ...status, conditions: withCrdCondition(status.conditions, established, now) }
}

function acceptNames(crd: CustomResourceDefinition, others: readonly CustomResourceDefinition[]) {
  const taken = new Set<string>()
  const takenKinds = new Set<string>()
  for (const { status } of others) {
    const { plural, singular, shortNames, kind, listKind } = status.acceptedNames
    for (const name of [plural, singular, ...(shortNames ?? [])]) if (name) taken.add(name)
    for (const name of [kind, listKind]) if (name) takenKinds.add(name)
  }
  const { names } = crd.spec
  const before = crd.status.acceptedNames
  const inUse = (wanted: readonly string[], within: ReadonlySet<string>) => wanted.filter((name) => within.has(name))
  let problem: Problem | undefined
  const accepted: Record<string, unknown> = {}
  const decide = (field: keyof CrdNames, reason: string, within: ReadonlySet<string>) => {
    const wanted = names[field]
    const list = typeof wanted === 'string' ? [wanted] : (wanted ?? [])
    const conflicts = inUse(list, within)
    // Later problems are the ones that are told, as upstream overwrites the condition.
    if (conflicts.length > 0)
      problem = { reason, message: conflicts.map((name) => `${JSON.stringify(name)} is already in use`).join(', ') }
    const value = conflicts.length > 0 ? before[field] : wanted
    if (value !== undefined) accepted[field] = value
  }
  decide('plural', 'PluralConflict', taken)
  decide('singular', 'SingularConflict', taken)
  decide('shortNames', 'ShortNamesConflict', taken)
  decide('kind', 'KindConflict', takenKinds)
  decide('listKind', 'ListKindConflict', takenKinds)
  if (names.categories) accepted.categories = names.categories
  accepted.plural ??= ''
  accepted.kind ??= ''
  return { accepted: accepted as unknown as CrdNames, problem }
}

/** Upstream: apiapproval controller. */
function withApproval(
  { spec, metadata }: CustomResourceDefinition,
  conditions: NonNullable<CrdStatus['conditions']>,
  now: string,
): NonNullable<CrdStatus['conditions']> {
  if (!isProtected(spec.group)) return conditions
  const annotation = 'api-approved.kubernetes.io'
  const value = metadata.annotations?.[annotation]
  const type = 'KubernetesAPIApprovalPolicyConformant'
  const condition = !value
    ? {
        type,
        status: 'False' as const,
        reason: 'MissingAnnotation',
        message: `protected groups must have approval annotation "${annotation}", see https://github.com/kubernetes/enhancements/pull/1111`,
      }
    : value.startsWith('unapproved')
      ? {
          type,
          status: 'False' as const,
          reason: 'UnapprovedAnnotation',
          message: `not approved: ${JSON.stringify(value)}`,
        }
      : { type, status: 'True' as const, reason: 'ApprovedAnnotation', message: `approved in ${value}` }
  return withCrdCondition(conditions, condition, now)
}
