import type { ApplyResult } from '../../../bridge/protocol.ts'
import { readYaml } from '../../../machinery/yaml.ts'
import type { Loose } from '../../../playground/manifests/clean.ts'
import { manifestText } from '../../../playground/manifests/tidy.ts'
import { clusterStore } from '../../state/cluster-store.ts'
import { request } from '../../state/session.ts'
import { narrowed } from './narrow.ts'

/** What an apply of a text would do: both texts, and what comes of each object. */
export interface Preview {
  readonly before: string
  readonly after: string
  readonly results: readonly ApplyResult[]
}

/** Asks the API server what it would make of a text, by dry runs; nothing is changed. */
export async function previewOf(text: string): Promise<Preview> {
  const { results } = await request<'check'>({ type: 'check', text })
  const objects = objectsOf(text)
  const sides = await Promise.all(
    results.map(async (result, index) => {
      const file = objects[index]
      if (!file) return { before: undefined, after: undefined }
      const live = liveOf(result)
      if (result.result === 'refused') return { before: live && narrowed(live, live, file).before, after: file }
      return narrowed(live, (await dryRun(result, file)) ?? file, file)
    }),
  )
  const textOf = (side: 'before' | 'after') => manifestText(sides.flatMap((each) => each[side] ?? []))
  return { before: textOf('before'), after: textOf('after'), results }
}

/** Its objects in the order in which the API server answers for them. */
function objectsOf(text: string): Loose[] {
  try {
    return readYaml(text, { tolerant: true }).flatMap(({ value, error }) => {
      if (error) return [{}]
      if (value === null || value === undefined) return []
      const { kind, items } = value as Loose
      return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) ? items : [value as Loose]
    })
  } catch {
    return []
  }
}

function liveOf({ resource, namespace, name }: ApplyResult): Loose | undefined {
  if (!resource || !name) return undefined
  return clusterStore.getState().resources[resource]?.byKey.get(namespace ? `${namespace}/${name}` : name)
}

/** The object after a server-side apply, or undefined where the server would not say (its namespace comes with it). */
async function dryRun({ resource = '', namespace, name = '' }: ApplyResult, file: Loose): Promise<Loose | undefined> {
  const { apiVersion } = file
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const where = namespace ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  const answer = await request<'http'>({
    type: 'http',
    method: 'PATCH',
    path: `${base}${where}/${resource.split('.')[0]}/${encodeURIComponent(name)}?dryRun=All&force=true&fieldManager=kubecosm`,
    contentType: 'application/apply-patch+yaml',
    body: JSON.stringify(namespace ? { ...file, metadata: { ...file.metadata, namespace } } : file),
  })
  return answer.status < 400 ? (JSON.parse(answer.body) as Loose) : undefined
}
