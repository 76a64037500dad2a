import { ageColumn, column, nameColumn } from '../columns.ts'
import type { PrinterColumn } from '../kind.ts'

const counted = (name: string, description: string, cell: PrinterColumn['cell']) =>
  column(name, cell, { type: 'integer', description })

const webhooks = [
  nameColumn,
  counted(
    'Webhooks',
    'Webhooks indicates the number of webhooks registered in this configuration',
    (object: any) => object.webhooks?.length ?? 0,
  ),
  ageColumn,
]
const paramKind = column(
  'ParamKind',
  ({ spec }) => (spec?.paramKind ? `${spec.paramKind.apiVersion ?? ''}/${spec.paramKind.kind ?? ''}` : '<unset>'),
  { description: 'ParamKind specifies the kind of resources used to parameterize this policy' },
)
const binding = [
  nameColumn,
  column('PolicyName', ({ spec }) => spec?.policyName ?? '', {
    description: 'PolicyName indicates the policy definition which the policy binding binded to',
  }),
  column(
    'ParamRef',
    ({ spec }) => {
      const { namespace, name } = spec?.paramRef ?? {}
      return name ? `${namespace ? `${namespace}/` : ''}${name}` : '<unset>'
    },
    { description: 'ParamRef indicates the param resource which sets the configration param' },
  ),
  ageColumn,
]

/** Columns of policies and webhooks. Upstream: printers/internalversion. */
export const admissionPrinters: Readonly<Record<string, readonly PrinterColumn[]>> = {
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': webhooks,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': webhooks,
  'validatingadmissionpolicies.admissionregistration.k8s.io': [
    nameColumn,
    counted(
      'Validations',
      'Validations indicates the number of validation rules defined in this configuration',
      ({ spec }) => spec?.validations?.length ?? 0,
    ),
    paramKind,
    ageColumn,
  ],
  'mutatingadmissionpolicies.admissionregistration.k8s.io': [
    nameColumn,
    counted(
      'Mutations',
      'Mutation indicates the number of mutations rules defined in this configuration',
      ({ spec }) => spec?.mutations?.length ?? 0,
    ),
    paramKind,
    ageColumn,
  ],
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': binding,
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io': binding,
}
