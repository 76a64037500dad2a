/** What a field may hold. `any` is looked at by others. */
export type Shape =
  | 'string'
  | 'int32'
  | 'int64'
  | 'float32'
  | 'bool'
  | 'any'
  | { readonly list: Shape }
  | { readonly fields: Readonly<Record<string, Shape>> }

/** Go's names of what is not a scalar. */
const goNames: Readonly<Record<string, string>> = { list: 'slice', fields: 'struct' }

/**
 * Unknown fields and wrong types, in the words of Kubernetes' strict decoder. null stands for a field that is not
 * there. The depth is that of the shape, whatever the value.
 */
export function shapeErrors(value: unknown, shape: Shape, type: string): string[] {
  const errors: string[] = []
  check(value, shape, '', type, errors)
  return errors
}

function check(value: unknown, shape: Shape, path: string, type: string, errors: string[]): void {
  if (value === null || value === undefined || shape === 'any') return
  if (typeof shape === 'string') {
    if (!isScalar(value, shape)) errors.push(mismatch(value, path, type, shape))
  } else if ('list' in shape) {
    if (!Array.isArray(value)) errors.push(mismatch(value, path, type, goNames.list!))
    else value.forEach((item, index) => check(item, shape.list, `${path}[${index}]`, type, errors))
  } else if (typeof value !== 'object' || Array.isArray(value)) {
    errors.push(mismatch(value, path, type, goNames.fields!))
  } else {
    for (const [key, one] of Object.entries(value)) {
      const at = path === '' ? key : `${path}.${key}`
      if (Object.hasOwn(shape.fields, key)) check(one, shape.fields[key]!, at, type, errors)
      else errors.push(`strict decoding error: unknown field "${at}"`)
    }
  }
}

function isScalar(value: unknown, shape: string): boolean {
  if (shape === 'string') return typeof value === 'string'
  if (shape === 'bool') return typeof value === 'boolean'
  if (shape === 'float32') return typeof value === 'number'
  return Number.isInteger(value) && Math.abs(value as number) < (shape === 'int32' ? 2 ** 31 : 2 ** 53)
}

function mismatch(value: unknown, path: string, type: string, goType: string): string {
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  const field = path.replace(/\[\d+\]/g, '')
  const what = kind === 'number' ? `number ${String(value)}` : kind
  return `json: cannot unmarshal ${what} into Go struct field ${type}.${field} of type ${goType}`
}
