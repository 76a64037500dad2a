import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { useCluster, useControlPlane } from '../state/cluster-store.ts'
import { usePodsOn } from './live-pods.ts'
import { PodTile } from './PodTile.tsx'
import { useRequestRate } from './live-rate.ts'
import { usePulse } from './use-pulse.ts'

/** The control plane as a strip: each part beats when it works, and pods wait in the scheduler's queue. */
export const ControlPlane = memo(function ControlPlane({ width, scale }: { width: number; scale: number }) {
  const inner = width / scale
  return (
    <div className="cp" style={{ width: inner }}>
      <Etcd />
      <ApiServer />
      <Scheduler room={Math.max(2, Math.floor((inner - 330) / 70))} />
      <Controllers />
    </div>
  )
})

function Etcd() {
  const { t } = useTranslation()
  const revision = useControlPlane()?.revision ?? 0
  return (
    <div className="part" style={{ width: 92 }} ref={usePulse(revision)}>
      <span className="t">
        <Icon name="etcd" size={14} />
        etcd
      </span>
      <span className="m">
        {t('graph.revision')} <b>{revision}</b>
      </span>
    </div>
  )
}

function ApiServer() {
  const { t } = useTranslation()
  const requests = useControlPlane()?.requests ?? 0
  const { perSecond, history } = useRequestRate()
  const highest = Math.max(1, ...history)
  return (
    <div className="part" style={{ width: 104 }} ref={usePulse(requests)}>
      <span className="t">
        <Icon name="apiserver" size={14} />
        {t('graph.apiServer')}
      </span>
      <span className="m">
        <b>{Math.round(perSecond)}</b> req/s
        <svg width="26" height="11" aria-hidden="true">
          {history.map((value, i, all) => {
            const height = Math.max(1, (value / highest) * 11)
            return (
              <rect
                key={i}
                x={i * 3.3}
                y={11 - height}
                width="2"
                height={height}
                rx=".5"
                fill={i > all.length - 4 ? 'var(--text-2)' : 'var(--line-3)'}
              />
            )
          })}
        </svg>
      </span>
    </div>
  )
}

function Scheduler({ room }: { room: number }) {
  const { t } = useTranslation()
  const scheduled = useControlPlane()?.scheduled ?? 0
  const waiting = usePodsOn('')
  const shown = waiting.length > room ? waiting.slice(0, room - 1) : waiting
  return (
    <div className="part grow" id="scheduler-queue" ref={usePulse(scheduled)}>
      <span className="t">
        <PartName part="scheduler" name={t('graph.scheduler')} />
        <span className="grow" />
        <span className={waiting.length ? 'm c-wait' : 'm'}>{t('graph.queue', { count: waiting.length })}</span>
      </span>
      <span className="queue">
        {shown.map((pod, index) => (
          <PodTile key={pod.uid} pod={pod} isFirst={index === 0} />
        ))}
        {waiting.length > shown.length && <span className="m">+{waiting.length - shown.length}</span>}
      </span>
    </div>
  )
}

function Controllers() {
  const { t } = useTranslation()
  const controllers = Object.entries(useControlPlane()?.controllers ?? {})
  const reconciles = controllers.reduce((sum, [, { reconciles }]) => sum + reconciles, 0)
  const busiest = controllers.reduce<(typeof controllers)[number] | undefined>(
    (most, entry) => (entry[1].depth > (most?.[1].depth ?? 0) ? entry : most),
    undefined,
  )
  return (
    <div className="part" style={{ width: 118 }} ref={usePulse(reconciles)}>
      <span className="t">
        <PartName part="controllerManager" name={t('graph.controllers')} />
      </span>
      <span className="m ell">
        {busiest ? (
          <>
            {busiest[0]} <b>{busiest[1].depth}</b>
          </>
        ) : (
          <>
            <b>{reconciles}</b> {t('graph.reconciles')}
          </>
        )}
      </span>
    </div>
  )
}

/** A part that can be ended: its name opens its menu, and says when it is not there. */
function PartName({ part, name }: { part: 'scheduler' | 'controllerManager'; name: string }) {
  const { t } = useTranslation()
  const isStopped = useCluster((state) => state.controlPlane?.stopped.includes(part) ?? false)
  return (
    <>
      <button
        type="button"
        className="name nodrag"
        data-resource="part"
        data-key={part}
        aria-haspopup="menu"
        aria-label={t('graph.partActions', { name })}
      >
        <Icon name={part === 'scheduler' ? 'scheduler' : 'controllermanager'} size={14} />
        {name}
      </button>
      {isStopped && (
        <span className="badge b-fail">
          <Icon name="ui-power" size={11} />
          {t('graph.stopped')}
        </span>
      )}
    </>
  )
}
