import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Explanation, SchedulingRecord } from '../../../bridge/protocol.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import type { Selection } from '../../state/page-store.ts'
import { request } from '../../state/session.ts'
import { Chain } from './Chain.tsx'
import { Fixes } from './Fixes.tsx'
import { NodeStrip } from './NodeStrip.tsx'
import { useWords } from './say.ts'
import { Steps } from './Steps.tsx'
import { useExplanation, useFixes } from './use-explanation.ts'
import './why.css'

/** Why it is as it is: the answer, what it rests on, what would help, and the chain of causes. */
export function Why({ object, selection }: { object: KubeObject; selection: Selection }) {
  const { t } = useTranslation()
  const explanation = useExplanation(selection)
  const fixes = useFixes(selection, explanation)
  const record = useScheduling(object)
  const isPlaced = Boolean(object.spec?.nodeName)
  const title = explanation?.verdict.code === 'podUnschedulable' ? t('explain.smallest') : t('explain.helps')
  return (
    <>
      {explanation && <Headline explanation={explanation} />}
      {record && !isPlaced && <NodeStrip record={record} pod={object} />}
      {explanation && <Steps steps={explanation.steps} />}
      {explanation && explanation.verdict.tone !== 'ok' && explanation.verdict.tone !== 'wait' ? (
        <Fixes fixes={fixes} title={title} />
      ) : (
        fixes && fixes.length > 0 && <Fixes fixes={fixes} title={title} />
      )}
      <Chain object={object} resource={selection.resource} />
      {record && isPlaced && <NodeStrip record={record} pod={object} />}
    </>
  )
}

function Headline({ explanation }: { explanation: Explanation }) {
  const [head, rest] = useWords().verdict(explanation.verdict)
  return (
    <p className="verdict">
      <b aria-live="polite">{head}</b> {rest && <span className="dim">{rest}</span>}
    </p>
  )
}

function useScheduling(object: KubeObject): SchedulingRecord | null {
  const [record, setRecord] = useState<SchedulingRecord | null>(null)
  const isPod = object.kind === 'Pod'
  const key = keyOf(object)
  const { resourceVersion } = object.metadata
  useEffect(() => {
    if (!isPod) return undefined
    let isOpen = true
    request<'scheduling'>({ type: 'scheduling', pod: key })
      .then((answer) => isOpen && setRecord(answer.record))
      .catch(() => isOpen && setRecord(null))
    return () => {
      isOpen = false
    }
  }, [isPod, key, resourceVersion])
  return record
}
