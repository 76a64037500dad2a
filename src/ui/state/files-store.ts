import { create } from 'zustand'
import type { ApplyResult } from '../../bridge/protocol.ts'
import type { PlaygroundFile } from '../../playground/model.ts'
import { act, request } from './session.ts'

/** What the API server said to a text: after an apply, or (`isCheck`) in a dry run while typing. */
export interface Verdict {
  readonly text: string
  readonly results: readonly ApplyResult[]
  readonly isCheck: boolean
}

interface FilesState {
  readonly files: readonly PlaygroundFile[]
  readonly activeFile: string
  /** Text of each file when it was last applied. */
  readonly applied: Readonly<Record<string, string>>
  readonly verdicts: Readonly<Record<string, Verdict>>
  readonly isApplying: boolean
  /** Counts changes that come from outside the editor, which then has to show them. */
  readonly epoch: number
}

/** The manifests in the editor. */
export const useFiles = create<FilesState>()(() => ({
  files: [{ name: 'manifests.yaml', text: '' }],
  activeFile: 'manifests.yaml',
  applied: {},
  verdicts: {},
  isApplying: false,
  epoch: 0,
}))

/** Replaces all files, when a playground is opened. */
export function loadFiles(
  files: readonly PlaygroundFile[],
  activeFile: string,
  applied: Readonly<Record<string, string>>,
): void {
  const some = files.length > 0 ? files : [{ name: 'manifests.yaml', text: '' }]
  useFiles.setState(({ epoch }) => ({
    files: some,
    activeFile: some.some((file) => file.name === activeFile) ? activeFile : some[0].name,
    applied,
    verdicts: {},
    epoch: epoch + 1,
  }))
}

export function openFile(name: string): void {
  useFiles.setState({ activeFile: name })
}

/** Takes over what the user typed. */
export function editFile(name: string, text: string): void {
  useFiles.setState(({ files }) => ({ files: files.map((file) => (file.name === name ? { name, text } : file)) }))
}

/** Replaces a file's text from outside the editor. */
export function replaceText(name: string, text: string): void {
  editFile(name, text)
  useFiles.setState(({ epoch }) => ({ epoch: epoch + 1 }))
}

/** Adds a file under a name that is still free, and opens it. Returns that name. */
export function addFile(wanted: string, text = ''): string {
  const { files, epoch } = useFiles.getState()
  const name = freeName(wanted, files)
  useFiles.setState({ files: [...files, { name, text }], activeFile: name, epoch: epoch + 1 })
  return name
}

/** Puts dropped files in: an empty, untouched file makes room for the first. */
export function takeFiles(dropped: readonly PlaygroundFile[]): void {
  for (const { name, text } of dropped) {
    const { files } = useFiles.getState()
    if (files.length === 1 && files[0].text.trim() === '') loadFiles([{ name, text }], name, {})
    else addFile(name, text)
  }
}

/** Renames a file unless the name is taken or empty; says whether it did. */
export function renameFile(from: string, to: string): boolean {
  const { files, activeFile, applied, verdicts, epoch } = useFiles.getState()
  const name = to.trim()
  if (name === '' || (name !== from && files.some((file) => file.name === name))) return false
  const moved = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key === from ? name : key, value]))
  useFiles.setState({
    files: files.map((file) => (file.name === from ? { ...file, name } : file)),
    activeFile: activeFile === from ? name : activeFile,
    applied: moved(applied),
    verdicts: moved(verdicts),
    epoch: epoch + 1,
  })
  return true
}

/** Removes a file from the editor; what it applied stays in the cluster. */
export function removeFile(name: string): void {
  const { files, activeFile, applied } = useFiles.getState()
  const rest = files.filter((file) => file.name !== name)
  const { [name]: _, ...appliedRest } = applied
  loadFiles(rest, activeFile === name ? (rest[0]?.name ?? '') : activeFile, appliedRest)
}

/** Files whose text is not what was last applied. */
export function changedFiles({ files, applied }: Pick<FilesState, 'files' | 'applied'>): readonly PlaygroundFile[] {
  return files.filter((file) => file.text.trim() !== '' && applied[file.name] !== file.text)
}

/** Applies files in order. Nothing is lost by a refusal: other documents are applied, the text stays. */
export async function applyFiles(names: readonly string[]): Promise<readonly ApplyResult[]> {
  useFiles.setState({ isApplying: true })
  const all: ApplyResult[] = []
  try {
    for (const name of names) {
      const text = useFiles.getState().files.find((file) => file.name === name)?.text
      if (text === undefined || text.trim() === '') continue
      const answer = await act({ type: 'apply', file: name, text })
      const results = answer.results ?? [wholeFileRefused(answer.message)]
      all.push(...results)
      useFiles.setState(({ applied, verdicts }) => ({
        applied: answer.results ? { ...applied, [name]: text } : applied,
        verdicts: { ...verdicts, [name]: { text, results, isCheck: false } },
      }))
    }
  } finally {
    useFiles.setState({ isApplying: false })
  }
  return all
}

/** Asks what the API server would say to a file, unless it has changed again by then. */
export async function checkFile(name: string): Promise<void> {
  const textOf = () => useFiles.getState().files.find((file) => file.name === name)?.text
  const text = textOf()
  const isKnown = () => useFiles.getState().verdicts[name]?.text === text
  if (text === undefined || isKnown()) return
  try {
    const { results } = await request<'check'>({ type: 'check', text })
    // An apply that was asked for meanwhile has the last word.
    if (textOf() !== text || isKnown()) return
    useFiles.setState(({ verdicts }) => ({ verdicts: { ...verdicts, [name]: { text, results, isCheck: true } } }))
  } catch {
    // A host that died has its own notice; the marks come with the next check.
  }
}

function wholeFileRefused(message = ''): ApplyResult {
  return {
    document: 0,
    line: 1,
    object: '',
    result: 'refused',
    message,
    problems: [{ line: 1, column: 1, endColumn: 2, message, severity: 'error' }],
  }
}

function freeName(wanted: string, files: readonly PlaygroundFile[]): string {
  const taken = new Set(files.map((file) => file.name))
  if (!taken.has(wanted)) return wanted
  const [, stem, ending] = /^(.*?)(\.[^.]*)?$/.exec(wanted) ?? ['', wanted, '']
  for (let number = 2; ; number++) {
    const name = `${stem}-${number}${ending ?? ''}`
    if (!taken.has(name)) return name
  }
}
