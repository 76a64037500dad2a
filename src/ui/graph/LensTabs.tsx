import { useEffect, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../design/Icon.tsx'
import { usePage } from '../state/page-store.ts'
import { lenses, type Lens } from './graph-filter.ts'
import { setLens, useLens } from './lens-store.ts'

const icons: Readonly<Record<Lens, IconName>> = {
  nodes: 'node',
  workloads: 'deployment',
  network: 'service',
  storage: 'pv',
}

/** Which question the graph answers. The keys 1 to 4 choose, wherever the focus is, unless somebody types. */
export function LensTabs() {
  const { t } = useTranslation()
  const lens = useLens((state) => state.lens)
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      const chosen = lenses[Number(event.key) - 1]
      if (!chosen || event.defaultPrevented || isBusyElsewhere(event)) return
      setLens(chosen)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    const next = lenses[(lenses.indexOf(lens) + step + lenses.length) % lenses.length]!
    event.preventDefault()
    event.stopPropagation()
    setLens(next)
    event.currentTarget.querySelector<HTMLElement>(`[data-lens="${next}"]`)?.focus()
  }
  return (
    <div className="seg lenses" role="tablist" aria-label={t('graph.lens.label')} onKeyDown={onKeyDown}>
      {lenses.map((each, index) => (
        <button
          key={each}
          type="button"
          role="tab"
          className={each === lens ? 'on' : undefined}
          aria-selected={each === lens}
          aria-controls="graph-canvas"
          aria-keyshortcuts={String(index + 1)}
          tabIndex={each === lens ? 0 : -1}
          data-lens={each}
          onClick={() => setLens(each)}
        >
          <Icon name={icons[each]} size={14} />
          {t(`graph.lens.${each}`)}
        </button>
      ))}
    </div>
  )
}

/** Does this key belong to a field, a dialog or a shortcut of another kind? */
export function isBusyElsewhere(event: globalThis.KeyboardEvent): boolean {
  const { target } = event
  const isTyping =
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('input, textarea, select, [role="dialog"], [role="menu"], .monaco-editor, .xterm') !== null)
  return isTyping || event.metaKey || event.ctrlKey || event.altKey || usePage.getState().dialog !== null
}
