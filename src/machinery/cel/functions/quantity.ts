import { addQuantities, parseQuantity, subtractQuantities } from '../../quantity.ts'
import { CelError, QuantityValue } from '../values.ts'
import { overload, type Overload } from './overload.ts'

const type = 'kubernetes.Quantity'
const billion = 1_000_000_000n

function nano({ text }: QuantityValue): bigint {
  return parseQuantity(text)?.nano ?? 0n
}

/** Kubernetes' quantity library. */
export const quantityFunctions: readonly Overload[] = [
  overload(`quantity(string): ${type}`, ([text]) => {
    if (!parseQuantity(text))
      throw new CelError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
    return new QuantityValue(text)
  }),
  overload('isQuantity(string): bool', ([text]) => parseQuantity(text) !== undefined),
  overload(`${type}.sign(): int`, ([a]) => (nano(a) > 0n ? 1n : nano(a) < 0n ? -1n : 0n)),
  overload(`${type}.isInteger(): bool`, ([a]) => nano(a) % billion === 0n && fitsInt(nano(a) / billion)),
  overload(`${type}.asInteger(): int`, ([a]) => {
    const whole = nano(a) / billion
    if (nano(a) % billion !== 0n || !fitsInt(whole)) throw new CelError('cannot convert value to integer')
    return whole
  }),
  overload(`${type}.asApproximateFloat(): double`, ([a]) => Number(nano(a)) / 1e9),
  overload(`${type}.isGreaterThan(${type}): bool`, ([a, b]) => a.compareTo(b) > 0),
  overload(`${type}.isLessThan(${type}): bool`, ([a, b]) => a.compareTo(b) < 0),
  overload(`${type}.compareTo(${type}): int`, ([a, b]) => BigInt(a.compareTo(b))),
  overload(`${type}.add(${type}): ${type}`, ([a, b]) => new QuantityValue(addQuantities(a.text, b.text))),
  overload(`${type}.add(int): ${type}`, ([a, b]) => new QuantityValue(addQuantities(a.text, String(b)))),
  overload(`${type}.sub(${type}): ${type}`, ([a, b]) => new QuantityValue(subtractQuantities(a.text, b.text))),
  overload(`${type}.sub(int): ${type}`, ([a, b]) => new QuantityValue(subtractQuantities(a.text, String(b)))),
]

function fitsInt(value: bigint): boolean {
  return value >= -0x8000_0000_0000_0000n && value <= 0x7fff_ffff_ffff_ffffn
}
