import { openFile } from '../state/files-store.ts'
import { setCollapsed } from '../state/page-store.ts'

type Reveal = (line: number) => void

let pending: { file: string; line: number } | null = null
let revealInEditor: ((file: string) => Reveal | null) | null = null

/** Shows a line of a file in the editor, now or as soon as the editor is there. */
export function revealLine(file: string, line: number): void {
  pending = { file, line }
  setCollapsed('editor', false)
  openFile(file)
  revealPending()
}

/** The editor says how to reveal in the file it shows; null when it goes away. */
export function setRevealer(revealer: typeof revealInEditor): void {
  revealInEditor = revealer
  revealPending()
}

/** Does what is still to be done, once the editor shows the file. */
export function revealPending(): void {
  if (!pending) return
  const reveal = revealInEditor?.(pending.file)
  if (!reveal) return
  reveal(pending.line)
  pending = null
}
