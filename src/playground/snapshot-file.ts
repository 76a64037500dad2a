import type { Playground } from './model.ts'
import { isTooDeep, PlaygroundError, readPlayground } from './validate.ts'

const maximumFile = 64 * 1024 * 1024
/** A snapshot's own format nests deeper than a playground does, and is read by its own rules. */
const maximumDepth = 96

/** A cluster's whole state in a file, with the playground that it belongs to. */
export interface SnapshotFile {
  readonly playground: Playground
  readonly snapshot: string
}

/** What sort of file a text is: one of ours, or manifests. Looks at its beginning only. */
export function fileSort(text: string): 'snapshot' | 'playground' | 'manifests' {
  const head = text.slice(0, 2_000)
  if (!/^\s*\{/.test(head)) return 'manifests'
  if (/^\s*\{\s*"kubecosmSnapshot"\s*:/.test(head)) return 'snapshot'
  return /"engine"\s*:/.test(head) && /"version"\s*:\s*\d/.test(head) ? 'playground' : 'manifests'
}

export function toSnapshotText({ playground, snapshot }: SnapshotFile): string {
  return `${JSON.stringify({ kubecosmSnapshot: 1, playground, snapshot })}\n`
}

/** Reads a snapshot's file. Never throws: whatever is in it, there is an answer. */
export function fromSnapshotText(
  text: string,
): { readonly ok: true; readonly file: SnapshotFile } | { readonly ok: false; readonly detail: string } {
  if (text.length > maximumFile) return { ok: false, detail: 'larger than 64 MB' }
  if (isTooDeep(text, maximumDepth)) return { ok: false, detail: 'nested too deeply' }
  let parsed: any
  try {
    parsed = JSON.parse(text)
  } catch {
    return { ok: false, detail: 'not JSON' }
  }
  if (parsed?.kubecosmSnapshot !== 1) return { ok: false, detail: 'not a snapshot of this version' }
  if (typeof parsed.snapshot !== 'string' || !parsed.snapshot.startsWith('{'))
    return { ok: false, detail: 'snapshot: must be text' }
  if (isTooDeep(parsed.snapshot, 2_000)) return { ok: false, detail: 'snapshot: nested too deeply' }
  try {
    return { ok: true, file: { playground: readPlayground(parsed.playground), snapshot: parsed.snapshot } }
  } catch (error) {
    if (error instanceof PlaygroundError) return { ok: false, detail: error.message }
    return { ok: false, detail: 'cannot be read' }
  }
}
