import { create } from 'zustand'

/** Lines of the open file that have a hint worth a look. */
export const useHintLines = create<{ readonly file: string; readonly lines: readonly number[] }>()(() => ({
  file: '',
  lines: [],
}))

export function setHintCount(file: string, lines: readonly number[]): void {
  const { file: before, lines: old } = useHintLines.getState()
  if (before === file && old.join() === lines.join()) return
  useHintLines.setState({ file, lines })
}
