import { useEffect, useRef } from 'react'
import { followTokens, monaco } from '../../editor/monaco.ts'
import { usePage } from '../../state/page-store.ts'
import type { Problem } from './yaml-text.ts'

interface YamlEditorProps {
  readonly initial: string
  /** What is compared with; an editor without comparison when there is none. */
  readonly live: string | undefined
  readonly problems: readonly Problem[]
  readonly label: string
  readonly liveLabel: string
  readonly onChange: (text: string) => void
  readonly onSave: () => void
}

/** Monaco over one object; with `live`, what the draft would change is shown inline. */
export function YamlEditor({ initial, live, problems, label, liveLabel, onChange, onSave }: YamlEditorProps) {
  const theme = usePage((state) => state.theme)
  const box = useRef<HTMLDivElement>(null)
  const draft = useRef<monaco.editor.ITextModel | null>(null)
  const text = useRef(initial)
  const handlers = useRef({ onChange, onSave })
  useEffect(() => {
    handlers.current = { onChange, onSave }
  })
  const compares = live !== undefined

  useEffect(() => followTokens(theme === 'dark' ? 'vs-dark' : 'vs'), [theme])

  useEffect(() => {
    const element = box.current
    if (!element) return undefined
    const model = monaco.editor.createModel(text.current, 'yaml')
    draft.current = model
    model.onDidChangeContent(() => {
      text.current = model.getValue()
      handlers.current.onChange(text.current)
    })
    const save = (editor: monaco.editor.IStandaloneCodeEditor) =>
      editor.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, () => handlers.current.onSave())
    if (!compares) {
      const editor = monaco.editor.create(element, { ...options, model, ariaLabel: label })
      save(editor)
      editor.focus()
      return () => {
        editor.dispose()
        model.dispose()
      }
    }
    const original = monaco.editor.createModel('', 'yaml')
    const editor = monaco.editor.createDiffEditor(element, {
      ...options,
      renderSideBySide: false,
      originalEditable: false,
      renderOverviewRuler: false,
      renderMarginRevertIcon: false,
      hideUnchangedRegions: { enabled: true, contextLineCount: 2, minimumLineCount: 3 },
      originalAriaLabel: liveLabel,
      modifiedAriaLabel: label,
    })
    editor.setModel({ original, modified: model })
    save(editor.getModifiedEditor() as monaco.editor.IStandaloneCodeEditor)
    return () => {
      editor.dispose()
      original.dispose()
      model.dispose()
    }
  }, [compares, label, liveLabel])

  useEffect(() => {
    if (live === undefined) return
    const diff = monaco.editor.getDiffEditors().find((one) => one.getModel()?.modified === draft.current)
    const original = diff?.getModel()?.original
    if (original && original.getValue() !== live) original.setValue(live)
  }, [live, compares])

  useEffect(() => {
    if (!draft.current) return
    monaco.editor.setModelMarkers(
      draft.current,
      'server',
      problems.map(({ line, message }) => ({
        severity: monaco.MarkerSeverity.Error,
        message,
        startLineNumber: line,
        endLineNumber: line,
        startColumn: draft.current!.getLineFirstNonWhitespaceColumn(Math.min(line, draft.current!.getLineCount())) || 1,
        endColumn: draft.current!.getLineMaxColumn(Math.min(line, draft.current!.getLineCount())),
      })),
    )
    const [first] = problems
    const editor = monaco.editor.getEditors().find((one) => one.getModel() === draft.current)
    if (first && editor) editor.revealLineInCenter(first.line)
  }, [problems, compares])

  return <div className="yaml-editor" ref={box} />
}

const options: monaco.editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  editContext: false,
  fontFamily: '"JetBrains Mono", ui-monospace, monospace',
  fontSize: 11,
  lineHeight: 17,
  fontLigatures: false,
  letterSpacing: -0.3,
  minimap: { enabled: false },
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 8,
  glyphMargin: false,
  folding: false,
  wordWrap: 'on',
  scrollBeyondLastLine: false,
  overviewRulerLanes: 0,
  hideCursorInOverviewRuler: true,
  overviewRulerBorder: false,
  tabSize: 2,
  insertSpaces: true,
  detectIndentation: false,
  fixedOverflowWidgets: true,
  scrollbar: { verticalScrollbarSize: 8, horizontalScrollbarSize: 8 },
  stickyScroll: { enabled: false },
  wordBasedSuggestions: 'off',
}
