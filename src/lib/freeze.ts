/** Freezes a value all the way down; stops at what is frozen already, so shared parts cost nothing. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  if (Array.isArray(value)) {
    for (const item of value) deepFreeze(item)
  } else {
    for (const key in value) deepFreeze(value[key])
  }
  return value
}

/** Sets a key that may come from outside: one named __proto__ is data like any other. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
  else target[key] = value
}

/** A private, mutable deep copy of plain data. */
export function deepCopy<T>(value: T): Mutable<T> {
  if (typeof value !== 'object' || value === null) return value as Mutable<T>
  if (Array.isArray(value)) {
    const copy = new Array(value.length)
    for (let i = 0; i < value.length; i++) copy[i] = deepCopy(value[i])
    return copy as Mutable<T>
  }
  const copy: Record<string, unknown> = {}
  for (const key in value) setOwn(copy, key, deepCopy(value[key]))
  return copy as Mutable<T>
}

/** A copy of plain data that shares whatever is frozen: what a component's state needs when it is saved. */
export function copyState<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (Array.isArray(value)) return value.map((item) => copyState(item)) as T
  const copy: Record<string, unknown> = {}
  for (const key in value) setOwn(copy, key, copyState(value[key]))
  return copy as T
}

export type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T
