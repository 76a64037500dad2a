import i18next from 'i18next'
import type { Playground } from '../../playground/model.ts'
import { notify } from '../state/notices.ts'
import { currentPlayground, openImported } from '../state/playgrounds.ts'

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
  const url = URL.createObjectURL(new Blob([toFileText(playground)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${playground.name.replace(/[^\p{L}\p{N}._-]+/gu, '-') || 'playground'}.kubecosm.json`
  link.click()
  URL.revokeObjectURL(url)
}

/** Lets the user choose a file and opens it as a playground of its own. */
export function uploadPlayground(): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = '.json,application/json'
  input.onchange = async () => {
    const text = await input.files?.[0]?.text()
    if (text === undefined) return
    const { fromFileText } = await import('../../playground/share.ts')
    const opened = fromFileText(text)
    if (opened.ok) await openImported(opened.playground)
    else notify('error', i18next.t(`shell.badLink.${opened.problem}`), opened.detail)
  }
  input.click()
}
