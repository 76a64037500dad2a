import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Section } from '../Section.tsx'

/** Keys and values of a ConfigMap, or of a Secret, whose values are shown only when asked for. */
export function DataEntries({
  data,
  isSecret,
}: {
  data: Readonly<Record<string, string>> | undefined
  isSecret?: boolean
}) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<readonly string[]>([])
  const entries = Object.entries(data ?? {})
  if (!entries.length) return null
  return (
    <Section title={t('inspector.data', { count: entries.length })}>
      <dl className="data">
        {entries.map(([key, value]) => {
          const isShown = !isSecret || shown.includes(key)
          return (
            <div key={key}>
              <dt>
                <span className="mono">{key}</span>
                <span className="grow" />
                {isSecret && (
                  <button
                    type="button"
                    className="btn slim"
                    aria-label={isShown ? t('inspector.hideOf', { key }) : t('inspector.showOf', { key })}
                    onClick={() => setShown(isShown ? shown.filter((one) => one !== key) : [...shown, key])}
                  >
                    {isShown ? t('inspector.hide') : t('inspector.show')}
                  </button>
                )}
              </dt>
              <dd className="mono" tabIndex={0}>
                {isShown ? (isSecret ? decoded(value) : value) : '••••••••'}
              </dd>
            </div>
          )
        })}
      </dl>
    </Section>
  )
}

/** Bytes that are no text stay in base64. */
function decoded(base64: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)))
  } catch {
    return base64
  }
}
