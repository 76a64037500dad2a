import i18next from 'i18next'
import { fileSort, fromSnapshotText } from '../../playground/snapshot-file.ts'
import type { LeftOut } from '../../playground/manifests/tidy.ts'
import { looksExported, tidy } from '../../playground/manifests/tidy.ts'
import { loadAreas } from '../i18n/i18n.ts'
import { openFile, replaceText, takeFiles, useFiles } from '../state/files-store.ts'
import { notify } from '../state/notices.ts'
import { openImported, openSnapshot } from '../state/playgrounds.ts'

await loadAreas('changes')

/** Takes in files that were dropped or chosen: playgrounds and snapshots are opened, everything else is manifests. */
export async function importFiles(files: readonly { readonly name: string; readonly text: string }[]): Promise<void> {
  const manifests = files.filter(({ text }) => fileSort(text) === 'manifests')
  takeFiles(manifests)
  for (const { name, text } of manifests) if (looksExported(text)) offerToTidy(name)
  const other = files.find((file) => !manifests.includes(file))
  if (!other) return
  if (fileSort(other.text) === 'snapshot') {
    const read = fromSnapshotText(other.text)
    if (read.ok) await openSnapshot(read.file)
    else notify('error', i18next.t('changes.badSnapshot'), read.detail)
    return
  }
  const { fromFileText } = await import('../../playground/share.ts')
  const opened = fromFileText(other.text)
  if (opened.ok) await openImported(opened.playground)
  else notify('error', i18next.t(`shell.badLink.${opened.problem}`), opened.detail)
}

/** Asks whether what came out of a cluster should be made into manifests. */
export function offerToTidy(name: string): void {
  notify('info', i18next.t('changes.tidy.offer', { file: name }), i18next.t('changes.tidy.offerWhy'), {
    label: i18next.t('changes.tidy.do'),
    run: () => tidyFile(name),
  })
}

const reasons: readonly LeftOut[] = ['owned', 'system', 'derived', 'nodes', 'provisioned', 'tokens', 'hooks']

/** Makes a file's text into manifests, and says what was left out. */
export function tidyFile(name: string): void {
  const text = useFiles.getState().files.find((file) => file.name === name)?.text
  if (text === undefined) return
  const tidied = tidy(text)
  if (!tidied.ok) return notify('error', i18next.t('changes.tidy.unreadable', { line: tidied.line }), tidied.message)
  openFile(name)
  replaceText(name, tidied.text)
  const notes = reasons.flatMap((reason) => {
    const count = tidied.leftOut[reason]?.length ?? 0
    return count > 0 ? [i18next.t(`changes.tidy.${reason}`, { count })] : []
  })
  notify('success', i18next.t('changes.tidy.done', { count: tidied.kept }), notes.join(' ') || undefined, {
    label: i18next.t('changes.tidy.undo'),
    run: () => replaceText(name, text),
  })
}

/** Lets the user choose files, and takes them in. */
export function chooseFiles(): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  input.accept = '.yaml,.yml,.json,application/json,application/yaml'
  input.onchange = async () => {
    const chosen = [...(input.files ?? [])]
    void importFiles(await Promise.all(chosen.map(async (file) => ({ name: file.name, text: await file.text() }))))
  }
  input.click()
}
