import { Command } from 'cmdk'
import { Dialog } from 'radix-ui'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { loadAreas } from '../i18n/i18n.ts'
import { clusterStore } from '../state/cluster-store.ts'
import { usePage } from '../state/page-store.ts'
import { clusterActions, eventEntries, objectEntries } from './cluster-entries.ts'
import type { Entry, PaletteGroup } from './entry.ts'
import { pageEntries } from './page-entries.ts'
import { bestOf, scoreOf, tokensOf } from './search.ts'
import { useReturnFocus } from '../shell/use-return-focus.ts'
import './palette.css'

await loadAreas('palette')

const groups: readonly PaletteGroup[] = ['do', 'goto', 'examples', 'settings']
const shown: Readonly<Record<PaletteGroup, number>> = { do: 14, goto: 24, examples: 6, settings: 6 }
/** Before anything is typed, the actions of the page itself: a list of everything helps nobody. */
const shownAtFirst: Readonly<Record<PaletteGroup, number>> = { do: 9, goto: 6, examples: 0, settings: 4 }

/** Find or do: every action, object, file and example by a few letters of its name. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const returnFocus = useReturnFocus()
  const [query, setQuery] = useState('')
  const results = useResults(query)
  const run = (entry: Entry) => {
    onClose()
    entry.run()
  }
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="pop palette" onCloseAutoFocus={returnFocus} aria-describedby={undefined}>
          <Dialog.Title className="sr">{t('shell.find')}</Dialog.Title>
          <Command shouldFilter={false} label={t('shell.find')} loop>
            <div className="palette-query">
              <Icon name="ui-search" className="faint" />
              <Command.Input
                value={query}
                onValueChange={setQuery}
                maxLength={200}
                placeholder={t('palette.placeholder')}
              />
            </div>
            <Command.List className="palette-list" label={t('palette.results')}>
              <Command.Empty className="palette-none">{t('palette.none')}</Command.Empty>
              {results.map(([group, entries]) => (
                <Command.Group key={group} className="palette-group" heading={t(`palette.group.${group}`)}>
                  {entries.map((entry) => (
                    <Line key={entry.id} entry={entry} onSelect={() => run(entry)} />
                  ))}
                </Command.Group>
              ))}
            </Command.List>
            <div className="palette-foot">
              <span className="kbd">↑</span>
              <span className="kbd">↓</span>
              {t('palette.choose')}
              <span className="kbd">↵</span>
              {t('palette.doIt')}
              <span className="grow" />
              {t('palette.hint')}
            </div>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Line({ entry, onSelect }: { entry: Entry; onSelect: () => void }) {
  const { t } = useTranslation()
  return (
    <Command.Item className="palette-item" value={entry.id} onSelect={onSelect}>
      <Icon name={entry.icon} size={15} />
      <span className="ell">
        {entry.verb ? (
          <>
            {entry.verb} <b>{entry.title}</b>
          </>
        ) : (
          <b>{entry.title}</b>
        )}
      </span>
      <span className="grow" />
      {entry.detail && <span className="faint palette-detail">{entry.detail}</span>}
      {entry.keys?.map((key) => (
        <span key={key} className="kbd">
          {key === '␣' ? t('shell.keys.space') : key}
        </span>
      ))}
    </Command.Item>
  )
}

/** The best of each group, the group with the best of all first. */
function useResults(query: string): [PaletteGroup, Entry[]][] {
  const { t } = useTranslation()
  const examples = useExamples()
  // As of opening: a list that changes under the hands would make one press the wrong thing.
  const page = useMemo(() => pageEntries(t), [t])
  const cluster = useMemo(() => {
    const state = clusterStore.getState()
    return [...objectEntries(state), ...eventEntries(state)]
  }, [])
  const number = /\s(\d{1,5})\s*$/.exec(query)?.[1]
  const isAsked = query.trim() !== ''
  // With ten thousand pods there are as many actions: made once, not with each letter.
  const actions = useMemo(
    () => (isAsked ? clusterActions(t, clusterStore.getState(), number ? +number : undefined) : []),
    [isAsked, number, t],
  )
  return useMemo(() => {
    const tokens = tokensOf(query)
    const limits = tokens.length === 0 ? shownAtFirst : shown
    const all = tokens.length === 0 ? page : [...page, ...cluster, ...actions, ...examples]
    return groups
      .map((group): [PaletteGroup, Entry[]] => {
        const members = all.filter((entry) => entry.group === group)
        return [group, withFewEvents(bestOf(members, tokens, limits[group]))]
      })
      .filter(([, entries]) => entries.length > 0)
      .sort(([, a], [, b]) => (tokens.length === 0 ? 0 : scoreOf(b[0]!, tokens) - scoreOf(a[0]!, tokens)))
  }, [query, page, cluster, actions, examples])
}

const eventsShown = 4

/** A node has more events than anybody wants to go to. */
function withFewEvents(entries: readonly Entry[]): Entry[] {
  let events = 0
  return entries.filter(({ icon }) => icon !== 'event' || ++events <= eventsShown)
}

function useExamples(): Entry[] {
  const { t } = useTranslation()
  const language = usePage((state) => state.language)
  const [entries, setEntries] = useState<Entry[]>([])
  useEffect(() => {
    let isCurrent = true
    void import('./example-entries.ts').then(({ exampleEntries }) => {
      if (isCurrent) setEntries(exampleEntries(t, language))
    })
    return () => {
      isCurrent = false
    }
  }, [t, language])
  return entries
}
