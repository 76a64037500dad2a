import i18next from 'i18next'
import type { Playground } from '../../playground/model.ts'
import { fileName, saveFile } from '../share/save-file.ts'
import { notify } from '../state/notices.ts'
import { currentPlayground, openImported, openSnapshot } from '../state/playgrounds.ts'

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

/** Lets the user choose a file of ours and opens it as a playground of its own. */
export function uploadPlayground(): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = '.json,application/json'
  input.onchange = async () => {
    const text = await input.files?.[0]?.text()
    if (text !== undefined) await openFileText(text)
  }
  input.click()
}

/** Opens a playground or a snapshot from the text of its file; says what is wrong with it otherwise. */
export async function openFileText(text: string): Promise<void> {
  const { fileSort, fromSnapshotText } = await import('../../playground/snapshot-file.ts')
  if (fileSort(text) === 'snapshot') {
    const read = fromSnapshotText(text)
    if (read.ok) await openSnapshot(read.file)
    else notify('error', i18next.t('share.badSnapshot'), read.detail)
    return
  }
  const { fromFileText } = await import('../../playground/share.ts')
  const opened = fromFileText(text)
  if (opened.ok) await openImported(opened.playground)
  else notify('error', i18next.t(`shell.badLink.${opened.problem}`), opened.detail)
}
