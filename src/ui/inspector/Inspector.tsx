import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { loadAreas } from '../i18n/i18n.ts'
import { useObject } from '../state/cluster-store.ts'
import { useSelection, type Selection } from '../state/page-store.ts'
import { ClusterSummary } from './ClusterSummary.tsx'
import './inspector.css'

const Details = lazy(() =>
  Promise.all([import('./Details.tsx'), loadAreas('inspect')]).then(([module]) => ({ default: module.Details })),
)

/** What is selected, in full; without a selection, the cluster as a whole. */
export function Inspector() {
  const selection = useSelection()
  return selection ? (
    <Selected key={`${selection.resource} ${selection.key}`} selection={selection} />
  ) : (
    <ClusterSummary />
  )
}

function Selected({ selection }: { selection: Selection }) {
  const object = useObject(selection.resource, selection.key)
  // What was deleted stays readable as it last was, until something else is selected.
  const [last, setLast] = useState(object)
  if (object && object !== last) setLast(object)
  const shown = object ?? last
  return shown ? (
    <Suspense fallback={<div className="inspector" />}>
      <Details object={shown} selection={selection} isGone={!object} />
    </Suspense>
  ) : (
    <Missing selection={selection} />
  )
}

function Missing({ selection }: { selection: Selection }) {
  const { t } = useTranslation()
  return (
    <div className="inspector">
      <p className="nothing">{t('inspector.missing', { name: selection.key, resource: selection.resource })}</p>
    </div>
  )
}
