import { deepEqual } from '../../lib/deep-equal.ts'
import { forbidden, invalid, notSupported, RawValue, required, type FieldError } from '../../machinery/field-errors.ts'
import { isDns1035Label, isDns1123Subdomain } from '../../machinery/names.ts'
import { validateObjectMeta } from '../../machinery/object-meta.ts'
import type { JsonSchema } from '../../machinery/structural/json-schema.ts'
import {
  schemaTooDeep,
  validateDefaults,
  validateOpenApi,
  validateStructural,
} from '../../machinery/structural/validate-schema.ts'
import { validateRules } from './rules.ts'
import { hoisted, partPath, versionsText, versionsWith, type Hoisted } from './spec-layout.ts'
import {
  isCrdConditionTrue,
  type CrdNames,
  type CrdSpec,
  type CrdVersion,
  type CustomResourceDefinition,
} from './types.ts'
import { validateColumns, validateScale, validateSelectableFields } from './validate-parts.ts'

const approval = 'api-approved.kubernetes.io'

/** Upstream: apiextensions/validation, ValidateCustomResourceDefinition. */
export function validateCrd(crd: CustomResourceDefinition): FieldError[] {
  const { spec } = crd
  const required = `${spec.names?.plural ?? ''}.${spec.group ?? ''}`
  const validateName = (name: string) => [
    ...isDns1123Subdomain(name),
    ...(name === required ? [] : ['must be spec.names.plural+"."+spec.group']),
  ]
  return [
    ...validateObjectMeta(crd.metadata, false, validateName),
    ...validateSpec(spec),
    ...validateNames(crd.status?.acceptedNames, 'status.acceptedNames'),
    ...validateStoredVersions(crd),
    ...validateApproval(crd),
    ...validatePreserving(spec),
  ]
}

/** Upstream: ValidateCustomResourceDefinitionUpdate. */
export function validateCrdUpdate(crd: CustomResourceDefinition, old: CustomResourceDefinition): FieldError[] {
  const { spec } = crd
  const same = (value: unknown, before: unknown, field: string) =>
    deepEqual(value, before) ? [] : [invalid(field, value ?? '', 'field is immutable')]
  const isEstablished = isCrdConditionTrue(old, 'Established')
  return [
    ...validateSpec(spec, old.spec),
    ...(isEstablished
      ? [
          ...same(spec.scope, old.spec.scope, 'spec.scope'),
          ...same(spec.names.kind, old.spec.names.kind, 'spec.names.kind'),
        ]
      : []),
    ...same(spec.group, old.spec.group, 'spec.group'),
    ...same(spec.names.plural, old.spec.names.plural, 'spec.names.plural'),
    ...validateNames(crd.status?.acceptedNames, 'status.acceptedNames'),
    ...validateStoredVersions(crd),
  ]
}

function validateStoredVersions({ spec, status }: CustomResourceDefinition): FieldError[] {
  if (!status?.storedVersions?.length)
    return [invalid('status.storedVersions', null, 'must have at least one stored version')]
  const names = new Set(spec.versions.map(({ name }) => name))
  return (status?.storedVersions ?? []).flatMap((name, index) =>
    names.has(name)
      ? []
      : [
          invalid(
            `status.storedVersions[${index}]`,
            name,
            'missing from spec.versions; ' +
              `${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
          ),
        ],
  )
}

/** Kubernetes' own groups are protected. */
function validateApproval({ spec, metadata }: CustomResourceDefinition): FieldError[] {
  if (!isProtected(spec.group ?? '')) return []
  const value = metadata.annotations?.[approval]
  const field = `metadata.annotations[${approval}]`
  if (!value)
    return [
      required(
        field,
        `protected groups must have approval annotation "${approval}", see https://github.com/kubernetes/enhancements/pull/1111`,
      ),
    ]
  if (value.startsWith('unapproved') || /^[a-z]+:\/\/[^/\s]+/.test(value)) return []
  return [
    invalid(
      field,
      value,
      `protected groups must have approval annotation "${approval}" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111`,
    ),
  ]
}

/** Does a group belong to Kubernetes? */
export function isProtected(group: string): boolean {
  return ['k8s.io', 'kubernetes.io'].some((domain) => group === domain || group.endsWith(`.${domain}`))
}

function validatePreserving({ preserveUnknownFields }: CrdSpec): FieldError[] {
  if (!preserveUnknownFields) return []
  const detail =
    'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'
  return [invalid('spec.preserveUnknownFields', true, detail)]
}

const joined = (problems: readonly string[]) => problems.join(',')

function validateSpec(spec: CrdSpec, old?: CrdSpec): FieldError[] {
  const parts = (own: boolean) => [
    ...partsOf(spec, 'schema', own, (version, path) => validateSchema(spec, version, path, old)),
    ...partsOf(spec, 'subresources', own, (version, path) => validateScale(version.subresources?.scale, path)),
    ...partsOf(spec, 'additionalPrinterColumns', own, (version, path) =>
      validateColumns(version.additionalPrinterColumns, path),
    ),
    ...partsOf(spec, 'selectableFields', own, validateSelectableFields),
  ]
  return [
    ...validateGroup(spec.group),
    ...validateScope(spec.scope),
    ...validateSchemasAreThere(spec),
    ...validateVersionNames(spec),
    // Parts of versions come before what all of them share.
    ...parts(true),
    ...validateVersions(spec),
    ...validateRequiredNames(spec.names ?? {}),
    ...validateNames(spec.names, 'spec.names'),
    ...parts(false),
    ...validateConversion(spec),
  ]
}

/** Checks a part of the versions, where it stands in upstream's internal form: in each of them or once at the top. */
function partsOf(
  spec: CrdSpec,
  part: Hoisted,
  own: boolean,
  check: (version: CrdVersion, path: string) => FieldError[],
): FieldError[] {
  if (hoisted(spec, part) === own) return []
  return versionsWith(spec, part).flatMap(([index, version]) => check(version, partPath(spec, index, part)))
}

function validateSchemasAreThere(spec: CrdSpec): FieldError[] {
  return (spec.versions ?? []).flatMap(({ schema }, index) =>
    schema?.openAPIV3Schema ? [] : [required(`spec.versions[${index}].schema.openAPIV3Schema`, 'schemas are required')],
  )
}

function validateGroup(group: string | undefined): FieldError[] {
  if (!group) return [required('spec.group')]
  const problems = isDns1123Subdomain(group)
  if (problems.length > 0) return [invalid('spec.group', group, joined(problems))]
  return group.includes('.') ? [] : [invalid('spec.group', group, 'should be a domain with at least one dot')]
}

function validateScope(scope: string | undefined): FieldError[] {
  if (!scope) return [required('spec.scope')]
  return scope === 'Cluster' || scope === 'Namespaced'
    ? []
    : [notSupported('spec.scope', scope, ['Cluster', 'Namespaced'])]
}

function validateVersionNames(spec: CrdSpec): FieldError[] {
  const errors: FieldError[] = []
  for (const [index, version] of (spec.versions ?? []).entries()) {
    const problems = isDns1035Label(version.name ?? '')
    if (problems.length > 0) errors.push(invalid(`spec.versions[${index}].name`, version.name ?? '', joined(problems)))
    if (version.deprecationWarning !== undefined)
      errors.push(...validateDeprecation(version.deprecationWarning, version.deprecated, index))
  }
  return errors
}

function validateVersions(spec: CrdSpec): FieldError[] {
  const errors: FieldError[] = []
  const versions = spec.versions ?? []
  const text = new RawValue(versionsText({ ...spec, versions }))
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    errors.push(invalid('spec.versions', text, 'must contain unique version names'))
  if (versions.filter(({ storage }) => storage).length !== 1)
    errors.push(invalid('spec.versions', text, 'must have exactly one version marked as storage version'))
  return errors
}

function validateDeprecation(warning: string, deprecated: boolean | undefined, index: number): FieldError[] {
  const field = `spec.versions[${index}].deprecationWarning`
  if (!deprecated) return [invalid(field, warning, 'can only be set for deprecated versions')]
  const problem =
    warning.length > 256
      ? 'must be <= 256 characters long'
      : warning === ''
        ? 'must not be an empty string'
        : warning.trim() !== warning
          ? 'must not have leading or trailing spaces'
          : // oxlint-disable-next-line no-control-regex -- exactly what must not be there
            /[\u0000-\u001f\u007f]/.test(warning)
            ? 'must only contain printable UTF-8 characters'
            : undefined
  return problem ? [invalid(field, warning, problem)] : []
}

function validateRequiredNames(names: Partial<CrdNames>): FieldError[] {
  return (['plural', 'singular', 'kind', 'listKind'] as const)
    .filter((name) => !names[name])
    .map((name) => required(`spec.names.${name}`))
}

function validateNames(names: CrdNames | undefined, path: string): FieldError[] {
  if (!names) return []
  const errors: FieldError[] = []
  const label = (value: string | undefined, field: string, mixed = false) => {
    const problems = value ? isDns1035Label(mixed ? value.toLowerCase() : value) : []
    if (problems.length === 0) return
    const prefix = mixed ? 'may have mixed case, but should otherwise match: ' : ''
    errors.push(invalid(`${path}.${field}`, value, prefix + joined(problems)))
  }
  label(names.plural, 'plural')
  label(names.singular, 'singular')
  label(names.kind, 'kind', true)
  label(names.listKind, 'listKind', true)
  for (const [index, name] of (names.shortNames ?? []).entries()) label(name || ' ', `shortNames[${index}]`)
  if (names.kind && names.kind === names.listKind)
    errors.push(invalid(`${path}.listKind`, names.listKind, 'kind and listKind may not be the same'))
  for (const [index, name] of (names.categories ?? []).entries()) label(name || ' ', `categories[${index}]`)
  return errors
}

function validateSchema(spec: CrdSpec, version: CrdVersion, path: string, old: CrdSpec | undefined): FieldError[] {
  const schema = version.schema?.openAPIV3Schema
  if (!schema) return []
  const at = `${path}.openAPIV3Schema`
  const tooDeep = schemaTooDeep(schema, at)
  if (tooDeep) return [tooDeep]
  // Rules that were accepted before are not compiled again.
  const before = old?.versions.find(({ name }) => name === version.name)?.schema?.openAPIV3Schema
  const hasStatus = spec.versions.some(({ subresources }) => subresources?.status !== undefined)
  const problems = [
    ...validateRoot(schema, hasStatus, at),
    ...validateOpenApi(schema, at),
    ...(deepEqual(before, schema) ? [] : validateRules(schema, at)),
    ...validateStructural(schema, at),
  ]
  return problems.length > 0 ? problems : validateDefaults(schema, at)
}

/** With a status of its own, the root schema may say only so much. */
function validateRoot(schema: JsonSchema, hasStatus: boolean, path: string): FieldError[] {
  if (!hasStatus) return []
  const combining = ['allOf', 'anyOf', 'oneOf', 'not'] as const
  if (!combining.some((name) => schema[name] !== undefined)) return []
  const allowed =
    'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations'
  return [
    invalid(
      path,
      new RawValue(JSON.stringify(schema)),
      `only [${allowed}] fields are allowed at the root of the schema if the status subresource is enabled`,
    ),
  ]
}

function validateConversion({ conversion }: CrdSpec): FieldError[] {
  const strategy = conversion?.strategy
  if (!conversion) return []
  const client = 'spec.conversion.webhookClientConfig'
  if (!strategy) return [required('spec.conversion.strategy')]
  if (strategy !== 'None' && strategy !== 'Webhook')
    return [notSupported('spec.conversion.strategy', strategy, ['None', 'Webhook'])]
  const { webhook } = conversion
  if (strategy === 'None')
    return webhook?.clientConfig ? [forbidden(client, 'should not be set when strategy is not set to Webhook')] : []
  const errors: FieldError[] = []
  if (!webhook?.clientConfig) errors.push(required(client, 'required when strategy is set to Webhook'))
  else if ((webhook.clientConfig.url === undefined) === (webhook.clientConfig.service === undefined))
    errors.push(required(client, 'exactly one of url or service is required'))
  if (!webhook?.conversionReviewVersions?.length) errors.push(required('spec.conversion.conversionReviewVersions'))
  return errors
}
