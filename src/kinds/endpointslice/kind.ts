import { invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { isIp } from '../../machinery/names.ts'
import { ageColumn, column, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'
import { immutable } from '../workload/validation.ts'

export const EndpointSlice = defineKind({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
  schema: 'io.k8s.api.discovery.v1.EndpointSlice',
  hasGeneration: true,
  applyDefaults(slice) {
    for (const endpoint of slice.endpoints ?? []) endpoint.conditions ??= {}
    for (const port of slice.ports ?? []) {
      port.name ??= ''
      port.protocol ??= 'TCP'
    }
  },
  validate: (slice) => [...namespacedMeta(slice), ...validateSlice(slice)],
  validateUpdate: (slice, old: any) => [
    ...metaUpdate(slice, old),
    ...namespacedMeta(slice),
    ...validateSlice(slice),
    ...immutable(slice.addressType, old.addressType, 'addressType'),
  ],
  columns: [
    nameColumn,
    column('AddressType', (slice: any) => slice.addressType ?? '', {
      description: 'discovery.v1.EndpointSlice.addressType',
    }),
    column(
      'Ports',
      (slice: any) =>
        limited(slice.ports ?? [], 3, (port: any) => (port.port === undefined ? '*' : String(port.port)), '<unset>'),
      {
        description: 'discovery.v1.EndpointSlice.ports',
      },
    ),
    column(
      'Endpoints',
      (slice: any) =>
        limited(
          (slice.endpoints ?? []).flatMap((one: any) => one.addresses ?? []),
          3,
          (address: string) => address,
          '<unset>',
        ),
      { description: 'discovery.v1.EndpointSlice.endpoints' },
    ),
    ageColumn,
  ],
  references: (slice: any) => {
    const service = slice.metadata.labels?.['kubernetes.io/service-name']
    return service
      ? [{ type: 'route', resource: 'services', namespace: slice.metadata.namespace ?? '', name: service }]
      : []
  },
})

/** Up to `max`, then ` + N more...`. */
function limited<T>(items: readonly T[], max: number, text: (item: T) => string, none: string): string {
  if (!items.length) return none
  const shown = items.slice(0, max).map(text).join(',')
  return items.length > max ? `${shown} + ${items.length - max} more...` : shown
}

function validateSlice(slice: any): FieldError[] {
  const errors: FieldError[] = []
  const types = ['FQDN', 'IPv4', 'IPv6']
  if (!slice.addressType) errors.push(required('addressType'))
  else if (!types.includes(slice.addressType)) errors.push(notSupported('addressType', slice.addressType, types))
  for (const [index, endpoint] of (slice.endpoints ?? []).entries()) {
    const at = `endpoints[${index}].addresses`
    if (!endpoint.addresses?.length) errors.push(required(at, 'must contain at least 1 address'))
    for (const [addressIndex, address] of (endpoint.addresses ?? []).entries())
      if (slice.addressType === 'IPv4' && (!isIp(address) || address.includes(':')))
        errors.push(invalid(`${at}[${addressIndex}]`, address, 'must be a valid IPv4 address'))
  }
  return errors
}
