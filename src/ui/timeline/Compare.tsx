import { Popover } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answers } from '../../bridge/protocol.ts'
import { splitKey } from '../../machinery/objects.ts'
import { momentText } from '../shell/time-text.ts'
import { useCluster } from '../state/cluster-store.ts'
import { select } from '../state/page-store.ts'
import { request } from '../state/session.ts'
import { forgetFuture, goToFuture } from '../state/time.ts'

/** What stands otherwise in another future at this moment; and the way there. */
export function CompareButton() {
  const { t } = useTranslation()
  const futures = useCluster((state) => state.futures)
  const others = futures.all.filter(({ id }) => id !== futures.current)
  const [shown, setShown] = useState<{ id: string; answer: Answers['compare'] } | null>(null)
  const look = async (id: string) => {
    const answer = await request<'compare'>({ type: 'compare', with: id }).catch(() => null)
    setShown(answer && { id, answer })
  }
  return others.map(({ id }) => (
    <Popover.Root key={id} onOpenChange={(isOpen) => (isOpen ? void look(id) : setShown(null))}>
      <Popover.Trigger className="btn out">{t('dock.time.compare', { id })}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="pop compare" side="top" align="end" sideOffset={6} collisionPadding={8}>
          {shown?.id === id && <Differences here={futures.current} there={id} {...shown.answer} />}
          <div className="compare-foot">
            <Popover.Close className="btn out" onClick={() => void forgetFuture(id)}>
              {t('dock.time.forget', { id })}
            </Popover.Close>
            <Popover.Close className="btn ink" onClick={() => void goToFuture(id)}>
              {t('dock.time.goTo', { id })}
            </Popover.Close>
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  ))
}

function Differences({ here, there, at, differences }: Answers['compare'] & { here: string; there: string }) {
  const { t } = useTranslation()
  if (differences.length === 0) return <p className="nothing">{t('dock.time.same', { at: momentText(at) })}</p>
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region has to be reachable by keyboard
    <div className="compare-rows" tabIndex={0} role="region" aria-label={t('dock.time.compare', { id: there })}>
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">{t('dock.time.at', { at: momentText(at) })}</th>
            <th scope="col">{here}</th>
            <th scope="col">{there}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map((one) => (
            <tr key={`${one.resource} ${one.key}`}>
              <td>
                {one.resource === 'pods' ? (
                  t('dock.time.podsThatAre', { phase: one.key })
                ) : (
                  <button type="button" className="link" onClick={() => select(one)}>
                    {`${one.resource.split('.')[0]} ${splitKey(one.key).name}`}
                  </button>
                )}
              </td>
              <td>{one.here ?? '–'}</td>
              <td>{one.there ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
