import { CelError, type Opaque } from '../values.ts'
import { overload, type Overload } from './overload.ts'

const type = 'kubernetes.Semver'

class Semver implements Opaque {
  readonly typeName = type
  readonly major: bigint
  readonly minor: bigint
  readonly patch: bigint
  readonly pre: readonly string[]
  constructor([, major, minor, patch, pre]: RegExpExecArray) {
    this.major = BigInt(major!)
    this.minor = BigInt(minor ?? '0')
    this.patch = BigInt(patch ?? '0')
    this.pre = pre ? pre.split('.') : []
  }
  equals(other: Opaque): boolean {
    return compareVersions(this, other as Semver) === 0
  }
}

const number = '(0|[1-9]\\d{0,18})'
const identifiers = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*'
const strict = new RegExp(`^${number}\\.${number}\\.${number}(?:-(${identifiers}))?(?:\\+${identifiers})?$`)
const loose = new RegExp(
  `^v?0*(\\d{1,19})(?:\\.0*(\\d{1,19})(?:\\.0*(\\d{1,19}))?)?(?:-(${identifiers}))?(?:\\+${identifiers})?$`,
)

function parse(text: string, normalize = false): Semver | undefined {
  const parts = text.length > 300 ? null : (normalize ? loose : strict).exec(text)
  return parts ? new Semver(parts) : undefined
}

const order = (a: bigint | string, b: bigint | string) => (a < b ? -1 : a > b ? 1 : 0)

function compareVersions(a: Semver, b: Semver): number {
  const main = order(a.major, b.major) || order(a.minor, b.minor) || order(a.patch, b.patch)
  if (main !== 0 || (a.pre.length === 0 && b.pre.length === 0)) return main
  if (a.pre.length === 0 || b.pre.length === 0) return a.pre.length === 0 ? 1 : -1
  for (let index = 0; index < Math.max(a.pre.length, b.pre.length); index++) {
    const [x, y] = [a.pre[index], b.pre[index]]
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1
    const [xIsNumber, yIsNumber] = [/^\d+$/.test(x), /^\d+$/.test(y)]
    const result =
      xIsNumber && yIsNumber
        ? order(BigInt(x), BigInt(y))
        : xIsNumber !== yIsNumber
          ? xIsNumber
            ? -1
            : 1
          : order(x, y)
    if (result !== 0) return result
  }
  return 0
}

function required(text: string, normalize = false): Semver {
  const version = parse(text, normalize)
  if (!version) throw new CelError(`semver parse error: ${JSON.stringify(text)}`)
  return version
}

/** Kubernetes' semver library. */
export const semverFunctions: readonly Overload[] = [
  overload(`semver(string): ${type}`, ([text]) => required(text)),
  overload(`semver(string, bool): ${type}`, ([text, normalize]) => required(text, normalize)),
  overload('isSemver(string): bool', ([text]) => parse(text) !== undefined),
  overload('isSemver(string, bool): bool', ([text, normalize]) => parse(text, normalize) !== undefined),
  overload(`${type}.major(): int`, ([version]) => version.major),
  overload(`${type}.minor(): int`, ([version]) => version.minor),
  overload(`${type}.patch(): int`, ([version]) => version.patch),
  overload(`${type}.isGreaterThan(${type}): bool`, ([a, b]) => compareVersions(a, b) > 0),
  overload(`${type}.isLessThan(${type}): bool`, ([a, b]) => compareVersions(a, b) < 0),
  overload(`${type}.compareTo(${type}): int`, ([a, b]) => BigInt(compareVersions(a, b))),
]
