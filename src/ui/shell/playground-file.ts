import type { Playground } from '../../playground/model.ts'
import { fileName, saveFile } from '../share/save-file.ts'
import { currentPlayground } from '../state/playgrounds.ts'

/** Saves this moment as a file, without the values of Secrets. */
export async function downloadCurrent(): Promise<void> {
  const playground = currentPlayground()
  if (!playground) return
  const { withoutSecrets } = await import('../../playground/redact.ts')
  await downloadPlayground(withoutSecrets(playground))
}

/** Saves a playground as it is. */
export async function downloadPlayground(playground: Playground): Promise<void> {
  const { toFileText } = await import('../../playground/share.ts')
  saveFile(`${fileName(playground.name)}.kubecosm.json`, toFileText(playground), 'application/json')
}

/** Lets the user choose a file: one of ours is opened as a playground of its own, another is taken for manifests. */
export function uploadPlayground(): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = '.json,application/json'
  input.onchange = async () => {
    const file = input.files?.[0]
    if (!file) return
    const { importFiles } = await import('../editor/import-files.ts')
    await importFiles([{ name: file.name, text: await file.text() }])
  }
  input.click()
}
