import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../design/Icon.tsx'
import { clusterStore } from '../state/cluster-store.ts'
import { notify } from '../state/notices.ts'
import type { ExportKind } from './exports.ts'
import { exportableObjects, exportAs, exportKinds } from './exports.ts'

const icons: Readonly<Record<ExportKind, IconName>> = {
  manifests: 'ui-file',
  zip: 'ui-layers',
  kind: 'node',
  playground: 'ui-share',
  snapshot: 'etcd',
}

/** The cluster in other forms, each saved as a file. */
export function Exports({ withSecrets }: { withSecrets: boolean }) {
  const { t } = useTranslation()
  const [counts] = useState(() => ({
    manifests: exportableObjects().length,
    kind: clusterStore.getState().machines.size,
  }))
  return (
    <section className="exports" aria-label={t('share.export.title')}>
      <h3 className="strong">{t('share.export.title')}</h3>
      <p className="dim share-hint">{t('share.export.text')}</p>
      <ul>
        {exportKinds.map((kind) => (
          <li key={kind}>
            <button
              type="button"
              className="export"
              onClick={() => void exportAs(kind, withSecrets).catch((error: unknown) => notify('error', String(error)))}
            >
              <Icon name={icons[kind]} size={15} />
              <span>{t(`share.export.${kind}`)}</span>
              <span className="faint">{t(`share.export.${kind}What`, { count: counts[kind as 'kind'] ?? 0 })}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
