import { forbidden, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'

const modes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
const short: readonly (readonly [string, string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
]

/** `RWO,ROX`, as kubectl prints access modes. */
export function accessModesText(accessModes: readonly string[] | undefined): string {
  return short
    .filter(([mode]) => accessModes?.includes(mode))
    .map(([, text]) => text)
    .join(',')
}

/** At least one, and all known. */
export function validateAccessModes(accessModes: readonly string[] | undefined, field: string): FieldError[] {
  if (!accessModes?.length)
    return [required(field, field === 'spec.accessModes' ? 'at least 1 access mode is required' : '')]
  const errors: FieldError[] = []
  for (const mode of accessModes) if (!modes.includes(mode)) errors.push(notSupported(field, mode, modes))
  if (accessModes.includes('ReadWriteOncePod') && accessModes.length > 1)
    errors.push(forbidden(field, 'may not use ReadWriteOncePod with other access modes'))
  return errors
}
