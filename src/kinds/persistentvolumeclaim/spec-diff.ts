import { unifiedDiff } from '../../lib/unified-diff.ts'

/** Go's internal form of a claim's spec: its field names, its order, nulls where nothing is. */
function internal(spec: any): unknown {
  const { resources = {} } = spec
  return {
    AccessModes: spec.accessModes ?? null,
    Selector: spec.selector
      ? { matchLabels: spec.selector.matchLabels, matchExpressions: spec.selector.matchExpressions }
      : null,
    Resources: { Limits: resources.limits ?? null, Requests: resources.requests ?? null },
    VolumeName: spec.volumeName ?? '',
    StorageClassName: spec.storageClassName ?? null,
    VolumeMode: spec.volumeMode ?? null,
    DataSource: reference(spec.dataSource),
    DataSourceRef: reference(spec.dataSourceRef, true),
    VolumeAttributesClassName: spec.volumeAttributesClassName ?? null,
  }
}

function reference(source: any, withNamespace = false): unknown {
  if (!source) return null
  return {
    APIGroup: source.apiGroup ?? null,
    Kind: source.kind ?? '',
    Name: source.name ?? '',
    ...(withNamespace && { Namespace: source.namespace ?? null }),
  }
}

/** What changed between two specs, as the API server appends it to its refusal. */
export function claimSpecDiff(before: any, after: any): string {
  const lines = (spec: any) => JSON.stringify(internal(spec), null, 1).split('\n')
  return unifiedDiff(lines(before), lines(after), 3)
}
