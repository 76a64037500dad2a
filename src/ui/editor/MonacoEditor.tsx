import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { looksExported } from '../../playground/manifests/tidy.ts'
import { applyFiles, checkFile, editFile, useFiles } from '../state/files-store.ts'
import { openDialog, usePage } from '../state/page-store.ts'
import { followDefinitions, followTokens, monaco } from './monaco.ts'
import { offerToTidy } from './import-files.ts'
import { showHints } from './hints/show-hints.ts'
import { revealPending, setRevealer } from './reveal.ts'
import { showVerdict } from './verdict-zones.ts'

const checkDelayMs = 400

const uriOf = (name: string) => monaco.Uri.from({ scheme: 'file', path: `/${name}` })

/**
 * The browser brings the end of a long line that was just inserted into view by scrolling a box that Monaco scrolls
 * itself: all text would be out of sight, and nothing would bring it back.
 */
function undoNativeScroll({ target }: Event): void {
  if (!(target instanceof HTMLElement) || !target.classList.contains('editor-scrollable')) return
  target.scrollLeft = 0
  target.scrollTop = 0
}

/** Monaco over the open file. Loaded lazily: it is larger than the rest of the page together. */
export function MonacoEditor() {
  const { t } = useTranslation()
  const theme = usePage((state) => state.theme)
  const activeFile = useFiles((state) => state.activeFile)
  const epoch = useFiles((state) => state.epoch)
  const verdict = useFiles((state) => state.verdicts[state.activeFile])
  const container = useRef<HTMLDivElement>(null)
  const editorRef = useRef<monaco.editor.IStandaloneCodeEditor | null>(null)
  const zones = useRef<string[]>([])

  useEffect(() => followTokens(theme === 'dark' ? 'vs-dark' : 'vs'), [theme])

  useEffect(followDefinitions, [])

  useEffect(() => {
    if (!container.current) return
    const editor = monaco.editor.create(container.current, editorOptions)
    editorRef.current = editor
    // Dictation, automation and some input methods insert many lines as if they were typed; indenting each after the
    // one before would change them.
    const insertLines = (event: InputEvent) => {
      if (event.inputType !== 'insertText' || !event.data?.includes('\n')) return
      event.preventDefault()
      event.stopPropagation()
      editor.executeEdits(
        'insert',
        (editor.getSelections() ?? []).map((range) => ({ range, text: event.data, forceMoveMarkers: true })),
      )
    }
    const element = container.current
    element.addEventListener('beforeinput', insertLines, true)
    element.addEventListener('scroll', undoNativeScroll, true)
    editor.addCommand(
      monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter,
      () => void applyFiles([useFiles.getState().activeFile]),
    )
    editor.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyMod.Shift | monaco.KeyCode.Enter, () => openDialog('diff'))
    const pasting = editor.onDidPaste(({ range }) => {
      const model = editor.getModel()
      if (model && looksExported(model.getValueInRange(range))) offerToTidy(useFiles.getState().activeFile)
    })
    return () => {
      pasting.dispose()
      element.removeEventListener('beforeinput', insertLines, true)
      element.removeEventListener('scroll', undoNativeScroll, true)
      setRevealer(null)
      editor.dispose()
      editorRef.current = null
      for (const model of monaco.editor.getModels()) if (model.uri.scheme === 'file') model.dispose()
    }
  }, [])

  // Files that came, went or changed from outside.
  useEffect(() => {
    const { files } = useFiles.getState()
    for (const model of monaco.editor.getModels()) {
      // Others may edit texts that are no files.
      if (model.uri.scheme !== 'file') continue
      if (!files.some((file) => uriOf(file.name).toString() === model.uri.toString())) model.dispose()
    }
    for (const { name, text } of files) {
      const model = monaco.editor.getModel(uriOf(name))
      if (model && model.getValue() !== text) model.setValue(text)
    }
  }, [epoch])

  useEffect(() => {
    const editor = editorRef.current
    const text = useFiles.getState().files.find((file) => file.name === activeFile)?.text
    if (!editor || text === undefined) return
    const model =
      monaco.editor.getModel(uriOf(activeFile)) ?? monaco.editor.createModel(text, 'yaml', uriOf(activeFile))
    editor.setModel(model)
    let timer = setTimeout(() => void checkFile(activeFile), checkDelayMs)
    const typing = model.onDidChangeContent(() => {
      editFile(activeFile, model.getValue())
      clearTimeout(timer)
      timer = setTimeout(() => void checkFile(activeFile), checkDelayMs)
    })
    setRevealer((file) =>
      file === activeFile
        ? (line) => {
            editor.revealLineInCenter(line)
            editor.setPosition({ lineNumber: line, column: 1 })
            editor.focus()
          }
        : null,
    )
    revealPending()
    const hideHints = showHints(editor, activeFile)
    return () => {
      hideHints()
      clearTimeout(timer)
      typing.dispose()
    }
  }, [activeFile, epoch])

  useEffect(() => {
    const editor = editorRef.current
    if (!editor) return
    const words = {
      created: t('editor.result.created'),
      configured: t('editor.result.configured'),
      unchanged: t('editor.result.unchanged'),
      refused: t('editor.result.refused'),
      storedOnly: t('editor.storedOnly'),
      storedOnlyWhy: t('editor.storedOnlyWhy'),
    }
    zones.current = showVerdict(editor, verdict, words, zones.current)
  }, [verdict, activeFile, epoch, t])

  useEffect(() => {
    editorRef.current?.updateOptions({
      placeholder: t('editor.placeholder'),
      ariaLabel: t('editor.label', { file: activeFile }),
    })
  }, [t, activeFile])

  return <div className="code" ref={container} />
}

const editorOptions: monaco.editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  editContext: false,
  fontFamily: '"JetBrains Mono", ui-monospace, monospace',
  fontSize: 12,
  lineHeight: 18,
  fontLigatures: false,
  letterSpacing: -0.3,
  minimap: { enabled: false },
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 10,
  glyphMargin: false,
  folding: false,
  scrollBeyondLastLine: false,
  renderLineHighlight: 'all',
  overviewRulerLanes: 0,
  hideCursorInOverviewRuler: true,
  overviewRulerBorder: false,
  padding: { top: 6, bottom: 6 },
  tabSize: 2,
  insertSpaces: true,
  detectIndentation: false,
  quickSuggestions: { other: true, strings: true, comments: false },
  fixedOverflowWidgets: true,
  dropIntoEditor: { enabled: false },
  scrollbar: { verticalScrollbarSize: 9, horizontalScrollbarSize: 9 },
  stickyScroll: { enabled: false },
  unicodeHighlight: { ambiguousCharacters: false },
  wordBasedSuggestions: 'off',
}
