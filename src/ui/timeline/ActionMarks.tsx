import { Popover } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import type { JournalEntry } from '../../bridge/protocol.ts'
import { Icon } from '../design/Icon.tsx'
import { momentText } from '../shell/time-text.ts'
import { canGoBack, seek, undo } from '../state/time.ts'
import { actionIcon, actionText, isTyping } from './action-text.ts'

interface ActionMarksProps {
  readonly journal: readonly JournalEntry[]
  readonly from: number
  readonly to: number
  x(at: number): number
}

const apartPx = 22
const listed = 12

/** What the user did, on the line of time. Those so close that they would overlap share one mark. */
export function ActionMarks({ journal, x, from, to }: ActionMarksProps) {
  const { t } = useTranslation()
  const groups: {
    readonly at: number
    readonly entries: { readonly entry: JournalEntry; readonly index: number }[]
  }[] = []
  for (const [index, entry] of journal.entries()) {
    if (isTyping(entry.action)) continue
    const last = groups.at(-1)
    if (last && x(entry.at) - x(last.at) < apartPx) last.entries.push({ entry, index })
    else groups.push({ at: entry.at, entries: [{ entry, index }] })
  }
  return groups.map(({ at, entries }, place) => {
    const left = x(at)
    if (left < from - 4 || left > to) return null
    const next = groups[place + 1]
    const said = actionText(entries[0]!.entry.action, t)
    const text = entries.length > 1 ? `${said} +${entries.length - 1}` : said
    const room = (next ? x(next.at) : to) - left - 26
    return (
      <Popover.Root key={entries[0]!.index}>
        <Popover.Trigger
          className="action-mark"
          style={{ left }}
          aria-label={t('dock.time.did', { what: text, at: momentText(at) })}
        >
          <span className="action-disc">
            <Icon name={actionIcon(entries[0]!.entry.action)} size={11} />
          </span>
          {room > 24 && (
            <span className="action-text" style={{ maxWidth: Math.min(room, 180) }}>
              {text}
            </span>
          )}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content className="pop action-pop" side="top" align="start" sideOffset={6} collisionPadding={8}>
            {entries.slice(-listed).map(({ entry, index }) => (
              <div key={index} className="action-row">
                <time>{momentText(entry.at)}</time>
                <span className="grow">{actionText(entry.action, t)}</span>
                {canGoBack() && (
                  <>
                    <Popover.Close className="btn out" onClick={() => seek(Math.max(0, entry.at - 1))}>
                      {t('dock.time.goBefore')}
                    </Popover.Close>
                    <Popover.Close className="btn out" onClick={() => void undo(index)}>
                      {t('dock.time.takeBack')}
                    </Popover.Close>
                  </>
                )}
              </div>
            ))}
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
    )
  })
}
