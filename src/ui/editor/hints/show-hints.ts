import i18next from 'i18next'
import { loadAreas } from '../../i18n/i18n.ts'
import { clusterStore } from '../../state/cluster-store.ts'
import { useFiles } from '../../state/files-store.ts'
import { monaco } from '../monaco.ts'
import { hintsOf } from './find-hints.ts'
import type { Hint } from './hint.ts'
import { setHintCount } from './hint-count.ts'

await loadAreas('hints')

const owner = 'kubecosm-hints'
/** With every change of the cluster would be too often: a rollout changes it sixty times a second. */
const lookAgainMs = 1500

const shown = new WeakMap<monaco.editor.ITextModel, readonly Hint[]>()

type Editor = monaco.editor.IStandaloneCodeEditor

/** Keeps the hints of the file in the editor up to date. Returns how to stop. */
export function showHints(editor: Editor, file: string): () => void {
  const decorations = editor.createDecorationsCollection()
  let seen: unknown[] = []
  const look = () => {
    const model = editor.getModel()
    const { files } = useFiles.getState()
    const { resources } = clusterStore.getState()
    const open = files.find((each) => each.name === file)
    const now = [files, resources, i18next.language]
    if (!model || !open || open.text !== model.getValue() || now.every((each, index) => each === seen[index])) return
    seen = now
    const hints = hintsOf(open, files, resources)
    shown.set(model, hints)
    monaco.editor.setModelMarkers(model, owner, hints.map(markerOf))
    decorations.set(hints.filter(({ code }) => code === 'storedField').flatMap((hint) => decorationsOf(hint, model)))
    setHintCount(
      file,
      hints.filter(({ level }) => level === 'info').map(({ line }) => line),
    )
  }
  look()
  const timer = setInterval(look, lookAgainMs)
  const changed = useFiles.subscribe((state, previous) => {
    if (state.verdicts !== previous.verdicts) look()
  })
  return () => {
    clearInterval(timer)
    changed()
    decorations.clear()
  }
}

const rangeOf = ({ line, column, endLine, endColumn }: Hint) => ({
  startLineNumber: line,
  startColumn: column,
  endLineNumber: endLine,
  endColumn,
})

function markerOf(hint: Hint): monaco.editor.IMarkerData {
  return {
    ...rangeOf(hint),
    severity: hint.level === 'info' ? monaco.MarkerSeverity.Info : monaco.MarkerSeverity.Hint,
    message: i18next.t(`hints.${hint.code}`, hint.params),
    source: i18next.t('hints.source'),
  }
}

/** The field is underlined softly; the words stand at the end of its line. */
function decorationsOf(hint: Hint, model: monaco.editor.ITextModel): monaco.editor.IModelDeltaDecoration[] {
  const end = model.getLineMaxColumn(hint.line)
  const words = { content: `  ${i18next.t('hints.stored')}`, inlineClassName: 'stored-note' }
  return [
    { range: rangeOf(hint), options: { inlineClassName: 'stored-field' } },
    { range: new monaco.Range(hint.line, end, hint.line, end), options: { after: words, showIfCollapsed: true } },
  ]
}

monaco.languages.registerCodeActionProvider('yaml', {
  provideCodeActions(model, range, { markers }) {
    const actions = (shown.get(model) ?? []).flatMap((hint): monaco.languages.CodeAction[] => {
      if (!hint.fix || !monaco.Range.areIntersectingOrTouching(rangeOf(hint), range)) return []
      const edit = { range: rangeOf(hint), text: hint.fix.text }
      return [
        {
          title: i18next.t('hints.fix', { text: hint.fix.text }),
          kind: 'quickfix',
          isPreferred: true,
          diagnostics: markers.filter((marker) => marker.startLineNumber === hint.line),
          edit: { edits: [{ resource: model.uri, versionId: model.getVersionId(), textEdit: edit }] },
        },
      ]
    })
    return { actions, dispose: () => undefined }
  },
})
