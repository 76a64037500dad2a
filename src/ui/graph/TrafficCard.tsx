import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { useObject } from '../state/cluster-store.ts'
import { useIsSelected } from '../state/page-store.ts'
import { useEndpointCounts } from './live-relations.ts'
import { useIsDimmed } from './use-dimmed.ts'
import { splitKey } from '../../machinery/objects.ts'

const mostMarks = 12

/** Where traffic enters: a Service with its endpoints, or an Ingress with its host. */
export const TrafficCard = memo(function TrafficCard({ resource, name: key }: { resource: string; name: string }) {
  return resource === 'services' ? <ServiceCard name={key} /> : <IngressCard resource={resource} name={key} />
})

function ServiceCard({ name: key }: { name: string }) {
  const { t } = useTranslation()
  const service = useObject('services', key)
  const { ready, total } = useEndpointCounts(key)
  const isSelected = useIsSelected('services', key)
  const isDimmed = useIsDimmed('services', key)
  const spec = service?.spec ?? {}
  const lacking = Boolean(spec.selector) && spec.type !== 'ExternalName' && ready < Math.max(1, total)
  const address = service?.status?.loadBalancer?.ingress?.[0]
  const counts =
    total > 0 || spec.selector ? t('graph.endpointsReady', { ready, total }) : (spec.externalName ?? spec.type)
  const port = spec.ports?.[0]?.port
  return (
    <div className={cardClass(isSelected, lacking, isDimmed)} data-resource="services" data-key={key}>
      <button
        type="button"
        className="t"
        aria-pressed={isSelected}
        aria-label={t('graph.serviceSpoken', { name: splitKey(key).name, counts })}
      >
        <Icon name={spec.type === 'LoadBalancer' ? 'loadbalancer' : 'service'} size={14} />
        <span className="ell">{splitKey(key).name}</span>
      </button>
      <div className="m">
        <span className="ell">{counts}</span>
        <span className="dim ell">{address?.ip ?? address?.hostname ?? (port ? `:${port}` : '')}</span>
      </div>
      {total > 0 && (
        <div className="eps">
          {Array.from({ length: Math.min(total, mostMarks) }, (_, i) => (
            <i key={i} className={i < Math.round((ready / total) * Math.min(total, mostMarks)) ? '' : 'x'} />
          ))}
        </div>
      )}
    </div>
  )
}

function IngressCard({ resource, name: key }: { resource: string; name: string }) {
  const { t } = useTranslation()
  const ingress = useObject(resource, key)
  const isSelected = useIsSelected(resource, key)
  const isDimmed = useIsDimmed(resource, key)
  const host = ingress?.spec?.rules?.find((rule: any) => rule.host)?.host ?? '*'
  return (
    <div className={cardClass(isSelected, false, isDimmed)} data-resource={resource} data-key={key}>
      <button
        type="button"
        className="t"
        aria-pressed={isSelected}
        aria-label={t('graph.ingressSpoken', { name: splitKey(key).name, host })}
      >
        <Icon name="ingress" size={14} />
        <span className="ell">{splitKey(key).name}</span>
      </button>
      <div className="m">
        <span className="ell">{host}</span>
      </div>
    </div>
  )
}

function cardClass(isSelected: boolean, warns: boolean, isDimmed: boolean): string {
  return `obj${warns ? ' warn' : ''}${isSelected ? ' sel' : ''}${isDimmed ? ' faded' : ''}`
}
