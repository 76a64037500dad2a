import { CelError, compare, Duration, equal, isList, listItems, type LazyList, Uint } from '../values.ts'
import type { Meter } from '../meter.ts'
import { overload, type Overload } from './overload.ts'

type List = readonly unknown[] | LazyList

const comparable = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes']

function order(a: unknown, b: unknown): number {
  const result = compare(a, b)
  if (result === undefined) throw new CelError('no such overload')
  return result
}

function extreme(list: List, name: 'min' | 'max', meter: Meter): unknown {
  meter.charge(list.length)
  const items = listItems(list)
  if (items.length === 0) throw new CelError(`${name} called on empty list`)
  return items.reduce((best, item) => ((name === 'min' ? order(item, best) < 0 : order(item, best) > 0) ? item : best))
}

function isSorted(list: List, meter: Meter): boolean {
  meter.charge(list.length)
  const items = listItems(list)
  return items.every((item, index) => index === 0 || order(items[index - 1], item) <= 0)
}

function sum(list: List, zero: unknown, meter: Meter): unknown {
  meter.charge(list.length)
  return listItems(list).reduce((total: any, item: any) => {
    if (typeof item !== typeof total) throw new CelError('no such overload')
    if (total instanceof Uint) return new Uint(total.value + item.value)
    if (total instanceof Duration) return new Duration(total.nanos + item.nanos)
    return total + item
  }, zero)
}

function flatten(list: List, depth: number, meter: Meter): unknown[] {
  const result: unknown[] = []
  for (const item of listItems(list)) {
    meter.step()
    if (isList(item) && depth > 0) result.push(...flatten(item, depth - 1, meter))
    else result.push(item)
  }
  return result
}

function contains(list: List, item: unknown, meter: Meter): boolean {
  return listItems(list).some((one) => equal(one, item, meter.step))
}

const maxRange = 100_000

/** Kubernetes' list library, sets, and what cel-go's lists extension adds. */
export const listFunctions: readonly Overload[] = [
  ...comparable.flatMap((type) => [
    overload(`list(${type}).isSorted(): bool`, ([list], meter) => isSorted(list, meter)),
    overload(`list(${type}).min(): ${type}`, ([list], meter) => extreme(list, 'min', meter)),
    overload(`list(${type}).max(): ${type}`, ([list], meter) => extreme(list, 'max', meter)),
  ]),
  overload('list(int).sum(): int', ([list], meter) => sum(list, typedZero(list, 0n), meter)),
  overload('list(uint).sum(): uint', ([list], meter) => sum(list, new Uint(0n), meter)),
  overload('list(double).sum(): double', ([list], meter) => sum(list, 0, meter)),
  overload('list(duration).sum(): duration', ([list], meter) => sum(list, new Duration(0n), meter)),
  overload('list(T).indexOf(T): int', ([list, item], meter) =>
    BigInt(listItems(list).findIndex((one) => equal(one, item, meter.step))),
  ),
  overload('list(T).lastIndexOf(T): int', ([list, item], meter) => {
    const items = listItems(list)
    for (let at = items.length - 1; at >= 0; at--) if (equal(items[at], item, meter.step)) return BigInt(at)
    return -1n
  }),
  overload('list(T).distinct(): list(T)', ([list], meter) => {
    const result: unknown[] = []
    for (const item of listItems(list)) if (!contains(result, item, meter)) result.push(item)
    return result
  }),
  overload('list(T).reverse(): list(T)', ([list], meter) => {
    meter.charge(list.length)
    return [...listItems(list)].reverse()
  }),
  overload('list(T).sort(): list(T)', ([list], meter) => {
    meter.charge(list.length * 4)
    return [...listItems(list)].sort(order)
  }),
  overload('list(T).slice(int, int): list(T)', ([list, start, end], meter) => {
    meter.charge(list.length)
    if (start < 0n || end < start || end > BigInt(list.length))
      throw new CelError(`cannot slice(${start}, ${end}), list is length ${list.length}`)
    return listItems(list).slice(Number(start), Number(end))
  }),
  overload('list(T).flatten(): list(dyn)', ([list], meter) => flatten(list, 1, meter)),
  overload('list(T).flatten(int): list(dyn)', ([list, depth], meter) => flatten(list, Number(depth), meter)),
  overload('lists.range(int): list(int)', ([count], meter) => {
    if (count > BigInt(maxRange)) throw new CelError(`lists.range() too large: ${count}`)
    meter.charge(Number(count < 0n ? 0n : count))
    return [...Array(Math.max(0, Number(count))).keys()].map(BigInt)
  }),
  overload('sets.contains(list(T), list(T)): bool', ([list, part], meter) =>
    listItems(part).every((item) => contains(list, item, meter)),
  ),
  overload('sets.intersects(list(T), list(T)): bool', ([list, other], meter) =>
    listItems(other).some((item) => contains(list, item, meter)),
  ),
  overload(
    'sets.equivalent(list(T), list(T)): bool',
    ([a, b], meter) =>
      listItems(a).every((item) => contains(b, item, meter)) && listItems(b).every((item) => contains(a, item, meter)),
  ),
]

/** An empty list of a type that is only known at runtime sums up to the type's zero. */
function typedZero(list: List, zero: unknown): unknown {
  const [first] = listItems(list)
  return typeof first === 'number'
    ? 0
    : first instanceof Uint
      ? new Uint(0n)
      : first instanceof Duration
        ? new Duration(0n)
        : zero
}
