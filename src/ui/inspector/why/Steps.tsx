import { useTranslation } from 'react-i18next'
import type { Step } from '../../../bridge/protocol.ts'
import { Icon, type IconName } from '../../design/Icon.tsx'
import { select } from '../../state/page-store.ts'
import { clockText } from '../clock-text.ts'
import { Section } from '../Section.tsx'
import { useWords } from './say.ts'

const icons: Readonly<Record<NonNullable<Step['tone']>, IconName>> = {
  ok: 's-running',
  wait: 's-pending',
  warn: 's-notready',
  fail: 's-error',
}

/** What was found on the way to the answer: objects to go to, events, last words. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  const { t } = useTranslation()
  const words = useWords()
  if (steps.length === 0) return null
  return (
    <Section title={t('explain.found')}>
      <ul className="found">
        {steps.map((step, index) => {
          const { tone, object, at, lines } = step
          const text = words.step(step)
          return (
            <li key={index}>
              <Icon
                name={tone ? icons[tone] : lines ? 'ui-term' : 'ui-chev-r'}
                size={13}
                className={tone ? `c-${tone}` : 'faint'}
              />
              <div>
                {object ? (
                  <button type="button" className="object-link" onClick={() => select(object)}>
                    {text}
                  </button>
                ) : (
                  text
                )}
                {lines && <pre className="mono last-lines">{lines.join('\n')}</pre>}
              </div>
              {at !== undefined && <time>{clockText(at)}</time>}
            </li>
          )
        })}
      </ul>
    </Section>
  )
}
