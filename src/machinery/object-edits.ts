import type { Json, KubeObject } from './objects.ts'

/** One change of an object. `-` at the end of a path is the end of a list; without a value, what is there goes. */
export interface ObjectEdit {
  readonly path: readonly (string | number)[]
  readonly value?: Json
}

/** The object with edits made; the one given stays as it is. Paths name what the object has before any of them. */
export function editObject(object: KubeObject, edits: readonly ObjectEdit[]): any {
  const copy = JSON.parse(JSON.stringify(object))
  // From the back, so that what goes from a list moves none that is still to be changed.
  for (const edit of [...edits].reverse()) change(copy, edit)
  return copy
}

function change(root: any, { path, value }: ObjectEdit): void {
  let target = root
  for (const [index, part] of path.slice(0, -1).entries()) {
    if (target[part] === undefined || target[part] === null) {
      if (value === undefined) return
      const next = path[index + 1]
      target[part] = typeof next === 'number' || next === '-' ? [] : {}
    }
    target = target[part]
    if (typeof target !== 'object') return
  }
  const last = path.at(-1)!
  if (Array.isArray(target) && last === '-') target.push(value)
  else if (value !== undefined) target[last] = value
  else if (Array.isArray(target)) target.splice(Number(last), 1)
  else delete target[last]
}
