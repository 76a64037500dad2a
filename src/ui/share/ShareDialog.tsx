import { Checkbox, Dialog } from 'radix-ui'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Playground } from '../../playground/model.ts'
import { holdsSecrets, withoutSecrets } from '../../playground/redact.ts'
import { encodeFragment, linkLimits, sizesOf } from '../../playground/share.ts'
import { Icon } from '../design/Icon.tsx'
import { loadAreas } from '../i18n/i18n.ts'
import { momentText } from '../shell/time-text.ts'
import { downloadPlayground } from '../shell/playground-file.ts'
import { currentPlayground } from '../state/playgrounds.ts'
import { Exports } from './Exports.tsx'
import { useReturnFocus } from '../shell/use-return-focus.ts'

await loadAreas('share')

/** A link to this moment: what is in it, how long it is, and what it leaves out. */
export function ShareDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const returnFocus = useReturnFocus()
  // The moment of opening the dialog: the cluster goes on meanwhile.
  const [playground] = useState(currentPlayground)
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="pop dialog share" onCloseAutoFocus={returnFocus} aria-describedby={undefined}>
          <div className="row">
            <Dialog.Title className="dialog-title grow">{t('share.title')}</Dialog.Title>
            <Dialog.Close className="btn icon" aria-label={t('shell.close')}>
              <Icon name="ui-x" />
            </Dialog.Close>
          </div>
          {playground ? <ShareForm playground={playground} /> : <p className="dim">{t('share.nothing')}</p>}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function ShareForm({ playground }: { playground: Playground }) {
  const { t } = useTranslation()
  const [withFiles, setWithFiles] = useState(true)
  const [withActions, setWithActions] = useState(true)
  const [withMoment, setWithMoment] = useState(true)
  const [withSecrets, setWithSecrets] = useState(false)
  const [isCopied, setCopied] = useState(false)
  const hasSecrets = useMemo(() => holdsSecrets(playground), [playground])
  const chosen = useMemo(() => {
    const { camera, files, journal, until, ...rest } = playground
    const kept = withActions ? journal : []
    const moment: Playground = {
      ...rest,
      files: withFiles ? files : [],
      journal: kept,
      until: withMoment && withActions ? until : (kept.at(-1)?.at ?? 0),
      ...(withMoment && camera && { camera }),
    }
    return withSecrets ? moment : withoutSecrets(moment)
  }, [playground, withFiles, withActions, withMoment, withSecrets])
  const sizes = useMemo(() => sizesOf(chosen), [chosen])
  const link = useMemo(() => `${location.origin}${location.pathname}#${encodeFragment(chosen)}`, [chosen])
  const isTooLong = sizes.total > linkLimits.file
  const isLong = sizes.total > linkLimits.warn
  const copy = async () => {
    await navigator.clipboard.writeText(link)
    setCopied(true)
  }
  return (
    <div className="stack">
      <div className="row">
        <input
          className="input mono grow"
          aria-label={t('share.link')}
          readOnly
          value={isTooLong ? t('share.tooLong') : link}
          onFocus={(event) => event.target.select()}
        />
        {isTooLong ? (
          <button type="button" className="btn ink" onClick={() => void downloadPlayground(chosen)}>
            <Icon name="ui-file" size={14} />
            {t('share.download')}
          </button>
        ) : (
          <button type="button" className="btn ink" onClick={() => void copy()}>
            <Icon name={isCopied ? 'ui-check' : 'ui-copy'} size={14} />
            {t(isCopied ? 'share.copied' : 'share.copy')}
          </button>
        )}
      </div>
      <Meter total={sizes.total} />
      <div className="parts">
        <Part
          label={t('share.files', { count: playground.files.length })}
          size={sizes.files}
          isOn={withFiles}
          onChange={setWithFiles}
        />
        <Part label={t('share.cluster')} size={sizes.cluster} isFixed />
        <Part
          label={t('share.actions', { count: playground.journal.length })}
          size={sizes.actions}
          isOn={withActions}
          onChange={setWithActions}
        />
        <Part
          label={t('share.clock', { time: momentText(playground.until) })}
          size={sizes.view}
          isOn={withMoment}
          onChange={setWithMoment}
        />
        {hasSecrets && <Part label={t('share.secrets')} isOn={withSecrets} onChange={setWithSecrets} />}
      </div>
      <div className="row" role="status">
        <Icon name={isLong ? 'ui-warn' : 'ui-lock'} size={14} className={isLong ? 'c-wait' : 'faint'} />
        <span className="dim grow share-hint">
          {t(isTooLong ? 'share.hint.file' : isLong ? 'share.hint.long' : 'share.hint.private')}
        </span>
        {isLong && withActions && sizes.actions > 100 && (
          <button type="button" className="btn out" onClick={() => setWithActions(false)}>
            {t('share.leaveOut')}
          </button>
        )}
      </div>
      <Exports withSecrets={withSecrets} />
    </div>
  )
}

function Meter({ total }: { total: number }) {
  const { t } = useTranslation()
  const share = Math.min(100, (total / linkLimits.file) * 100)
  const tone = total > linkLimits.file ? 'fail' : total > linkLimits.warn ? 'wait' : 'text-3'
  return (
    <div>
      <div className="row">
        <span className="dim">{t('share.length')}</span>
        <span className="grow" />
        <b className={tone === 'text-3' ? '' : `c-${tone}`}>{spaced(total)}</b>
        <span className="faint">{t('share.ofLimit')}</span>
      </div>
      <div
        className="meter"
        role="meter"
        aria-label={t('share.length')}
        aria-valuemin={0}
        aria-valuemax={linkLimits.file}
        aria-valuenow={Math.min(total, linkLimits.file)}
      >
        <i style={{ width: `${share}%`, background: `var(--${tone === 'text-3' ? tone : `${tone}-fill`})` }} />
        <u style={{ left: `${(linkLimits.warn / linkLimits.file) * 100}%` }} />
      </div>
      <div className="row faint meter-scale">
        <span className="warn-mark">2 000</span>
        <span className="grow" />
        {t('share.fileAbove')}
      </div>
    </div>
  )
}

const spaced = (count: number) => count.toLocaleString('en').replaceAll(',', '\u202f')

interface PartProps {
  readonly label: string
  readonly size?: number
  readonly isFixed?: boolean
  readonly isOn?: boolean
  readonly onChange?: (isOn: boolean) => void
}

function Part({ label, size, isFixed = false, isOn = true, onChange }: PartProps) {
  return (
    <label className="row part">
      <Checkbox.Root
        className="checkbox"
        checked={isOn}
        disabled={isFixed}
        onCheckedChange={(checked) => onChange?.(checked === true)}
      >
        <Checkbox.Indicator>
          <Icon name="ui-check" size={11} />
        </Checkbox.Indicator>
      </Checkbox.Root>
      <span className="grow">{label}</span>
      {size !== undefined && <span className="faint">{spaced(size)}</span>}
    </label>
  )
}
