import i18next from 'i18next'
import type { Playground } from '../../playground/model.ts'
import { pauseWhileHidden } from '../state/auto-pause.ts'
import { notify } from '../state/notices.ts'
import { openImported, startPlaygrounds } from '../state/playgrounds.ts'
import { takeServerToken } from '../state/served.ts'

/** Opens the playground of the link, or of last time; links clicked later open too. */
export async function start(): Promise<void> {
  takeServerToken()
  pauseWhileHidden()
  await startPlaygrounds(await takeLink())
  addEventListener('hashchange', () => {
    void takeLink().then((playground) => playground && openImported(playground))
  })
}

/** The playground in the address, which is taken out of it: from here on the browser's own copy is what counts. */
async function takeLink(): Promise<Playground | null> {
  const { hash } = location
  if (hash.length < 2) return null
  const { decodeFragment } = await import('../../playground/share.ts')
  const opened = decodeFragment(hash)
  if (!opened.ok && opened.problem === 'notALink') return null
  history.replaceState(null, '', location.pathname + location.search)
  if (opened.ok) return opened.playground
  notify('error', i18next.t(`shell.badLink.${opened.problem}`), opened.detail)
  return null
}
