import { stringify } from 'yaml'
import type { Fix } from '../../../bridge/protocol.ts'
import { editObject } from '../../../machinery/object-edits.ts'
import { splitKey, type KubeObject } from '../../../machinery/objects.ts'
import type { PlaygroundFile } from '../../../playground/model.ts'
import { revealLine } from '../../editor/reveal.ts'
import { clusterStore } from '../../state/cluster-store.ts'
import { useFiles } from '../../state/files-store.ts'
import { act } from '../../state/session.ts'
import { editText, type EditedText } from './edit-text.ts'

export interface FileEdit extends EditedText {
  readonly file: string
}

/** Where in the editor a fix would be made; undefined when its object comes from no file that is open. */
export function fileEditOf({ edits, object }: Fix, files: readonly PlaygroundFile[]): FileEdit | undefined {
  const live = liveObject(object)
  if (!edits || !live) return undefined
  const { name, namespace } = live.metadata
  const named = { apiVersion: live.apiVersion, kind: live.kind, name, ...(namespace && { namespace }) }
  for (const { name: file, text } of files) {
    const edited = text.includes(name) ? editText(text, named, edits) : undefined
    if (edited) return { file, ...edited }
  }
  return undefined
}

function liveObject({ resource, key }: Fix['object']): KubeObject | undefined {
  return clusterStore.getState().resources[resource]?.byKey.get(key)
}

const framesToWait = 120

/** Makes an edit in the editor, as one step that can be undone; the text is applied when the user says so. */
export async function editInEditor({ file, text, line }: FileEdit): Promise<void> {
  revealLine(file, line)
  const { monaco } = await import('../../editor/monaco.ts')
  const uri = monaco.Uri.from({ scheme: 'file', path: `/${file}` })
  for (let frame = 0; frame < framesToWait; frame++) {
    const model = monaco.editor.getModel(uri)
    const editor = monaco.editor.getEditors().find((one) => one.getModel() === model)
    if (model && editor) {
      const { start, end, inserted } = difference(model.getValue(), text)
      const range = monaco.Range.fromPositions(model.getPositionAt(start), model.getPositionAt(end))
      model.pushStackElement()
      editor.executeEdits('fix', [{ range, text: inserted, forceMoveMarkers: true }])
      model.pushStackElement()
      return revealLine(file, line)
    }
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  // The editor does not come: its text changes all the same.
  useFiles.setState(({ files, epoch }) => ({
    files: files.map((one) => (one.name === file ? { name: file, text } : one)),
    epoch: epoch + 1,
  }))
}

/** The one stretch in which two texts differ. */
function difference(before: string, after: string): { start: number; end: number; inserted: string } {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let tail = 0
  const most = Math.min(before.length, after.length) - start
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  return { start, end: before.length - tail, inserted: after.slice(start, after.length - tail) }
}

/** Does a fix to the cluster itself. What came of it: nothing, or the API server's refusal. */
export async function doFix({ action, edits, object, recreate, after }: Fix): Promise<string | undefined> {
  if (action) return refusalOf(await act(action))
  const live = liveObject(object)
  if (!live || !edits) return 'not found'
  const edited = editObject(live, edits)
  if (!recreate) {
    const refusal = refusalOf(await act({ type: 'replace', object: edited }))
    return refusal === undefined && after ? refusalOf(await act(after)) : refusal
  }
  const { name, namespace, labels, annotations } = edited.metadata
  const { nodeName: _node, volumeName: _volume, ...spec } = edited.spec
  const gone = await act({ type: 'delete', resource: object.resource, ...splitKey(object.key), gracePeriodSeconds: 0 })
  if (!gone.ok) return refusalOf(gone)
  const { apiVersion, kind } = edited
  const text = stringify({ apiVersion, kind, metadata: { name, namespace, labels, annotations }, spec })
  return refusalOf(await act({ type: 'apply', file: '', text }))
}

function refusalOf({ ok, message, results }: Awaited<ReturnType<typeof act>>): string | undefined {
  if (ok) return undefined
  return message ?? results?.find((one) => one.result === 'refused')?.message ?? ''
}
