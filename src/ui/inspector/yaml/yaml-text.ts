import { dump, load } from 'js-yaml'
import { deepEqual } from '../../../lib/deep-equal.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { locate } from '../../../machinery/yaml-positions.ts'

/** As `kubectl get -o yaml` prints it: without managedFields, which a replace may leave out too. */
export function yamlOf(object: KubeObject): string {
  const { apiVersion, kind, metadata: all, ...rest } = object
  const metadata = { ...all, managedFields: undefined }
  return `${dump({ apiVersion, kind, metadata, ...rest }, { noRefs: true, lineWidth: -1, skipInvalid: true }).trimEnd()}\n`
}

export function readYaml(
  text: string,
): { readonly object: KubeObject } | { readonly error: string; readonly line: number } {
  try {
    const object = load(text)
    return object && typeof object === 'object' ? { object: object as KubeObject } : { error: 'not an object', line: 1 }
  } catch (error) {
    const { message, mark } = error as { message?: string; mark?: { line?: number } }
    return { error: message ?? String(error), line: (mark?.line ?? 0) + 1 }
  }
}

export interface Problem {
  readonly line: number
  readonly message: string
}

/** What the API server has against fields, each on its line: `… is invalid: [spec.replicas: Invalid value: …, …]`. */
export function problemsOf(text: string, message: string): Problem[] {
  const list = /is invalid: (.*)$/s.exec(message)?.[1]?.replace(/^\[|\]$/g, '')
  if (list === undefined) return []
  return list.split(/, (?=[a-z][\w.]*(?:\[[^\]]*\][\w.]*)*: [A-Z])/).flatMap((one) => {
    const path = /^([a-z][\w.[\]/"=-]*): /.exec(one)?.[1]
    return path ? [{ line: locate(text, 0, path).line, message: one }] : []
  })
}

/** Which fields that people write differ, by their paths; what the cluster itself keeps is left out. */
export function changedFields(before: KubeObject, after: KubeObject): string[] {
  const changed: string[] = []
  const walk = (a: any, b: any, path: string) => {
    if (deepEqual(a, b)) return
    if (isMap(a) && isMap(b) && path.split('.').length < 4) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
        walk(a[key], b[key], path ? `${path}.${key}` : key)
    } else changed.push(path)
  }
  walk(written(before), written(after), '')
  return changed
}

function written({ status: _status, metadata, ...rest }: KubeObject): object {
  const { resourceVersion: _version, managedFields: _managers, generation: _generation, ...kept } = metadata
  return { ...rest, metadata: kept }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The live object with what the cluster keeps for itself as it was before: a comparison shows what people wrote. */
export function comparable(
  live: KubeObject,
  { metadata: { resourceVersion, generation }, status }: KubeObject,
): KubeObject {
  const metadata = { ...live.metadata, resourceVersion, ...(generation !== undefined && { generation }) }
  return { ...live, metadata, status }
}

/** The draft with the version that the live object has: what changed meanwhile is overwritten knowingly. */
export function ontoLive(draft: KubeObject, live: KubeObject): KubeObject {
  const { resourceVersion } = live.metadata
  return { ...draft, metadata: { ...draft.metadata, resourceVersion } }
}
