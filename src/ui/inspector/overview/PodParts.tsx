import { useTranslation } from 'react-i18next'
import type { KubeObject } from '../../../machinery/objects.ts'
import { Icon } from '../../design/Icon.tsx'
import { livePods } from '../../graph/live-pods.ts'
import { podLooks } from '../../graph/pod-states.ts'
import type { Selection } from '../../state/page-store.ts'
import { ObjectLink } from '../ObjectLink.tsx'
import { stateOf } from '../Containers.tsx'
import { Section } from '../Section.tsx'
import { Table } from './Table.tsx'
import { UsageOf } from './UsageOf.tsx'

/** A Pod: its containers at a glance, and what it mounts. */
export function PodParts({ object: pod, selection }: { object: KubeObject; selection: Selection }) {
  const { t } = useTranslation()
  // The view is of the same state: the object changes with it.
  const view = livePods.get(selection.key)
  const statuses: readonly any[] = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ]
  const containers: readonly any[] = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])]
  return (
    <>
      <Section title={t('inspector.containers')}>
        <ul className="rows">
          {containers.map(({ name, image }) => {
            const status = statuses.find((one) => one.name === name)
            const state = status ? stateOf(status) : undefined
            const look = state ? podLooks[state.look] : undefined
            return (
              <li key={name}>
                {look ? (
                  <Icon name={look.icon} size={13} className={`c-${look.tone}`} />
                ) : (
                  <Icon name="s-pending" size={13} className="c-wait" />
                )}
                <span>{name}</span>
                <span className="grow" />
                <span className="faint ell" title={image}>
                  {state && !look?.quiet ? state.text : image}
                  {status?.restartCount > 0 && ` ↻${status.restartCount}`}
                </span>
              </li>
            )
          })}
        </ul>
      </Section>
      <UsageOf pods={view ? [view] : []} selection={selection} />
      <Volumes pod={pod} />
    </>
  )
}

function Volumes({ pod }: { pod: KubeObject }) {
  const { t } = useTranslation()
  const { namespace } = pod.metadata
  const volumes: readonly any[] = (pod.spec?.volumes ?? []).filter(
    ({ name }: any) => !name.startsWith('kube-api-access-'),
  )
  if (volumes.length === 0) return null
  const containers: readonly any[] = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])]
  return (
    <Section title={t('inspector.fact.volumes')}>
      <Table
        label={t('inspector.fact.volumes')}
        columns={[t('inspect.name'), t('inspect.from'), t('inspect.mountedAt')]}
        rows={volumes.map((volume) => ({
          key: volume.name,
          cells: [
            volume.name,
            source(volume, namespace),
            containers
              .flatMap(({ volumeMounts = [] }) => volumeMounts)
              .filter((mount: any) => mount.name === volume.name)
              .map((mount: any) => `${mount.mountPath}${mount.readOnly ? ' (ro)' : ''}`)
              .join(', ') || '–',
          ],
        }))}
      />
    </Section>
  )
}

function source(volume: any, namespace: string | undefined) {
  const link = (resource: string, name: string) => (
    <ObjectLink resource={resource} objectKey={`${namespace}/${name}`} text={name} />
  )
  if (volume.persistentVolumeClaim) return link('persistentvolumeclaims', volume.persistentVolumeClaim.claimName)
  if (volume.configMap) return link('configmaps', volume.configMap.name)
  if (volume.secret) return link('secrets', volume.secret.secretName)
  const kind = Object.keys(volume).find((key) => key !== 'name') ?? ''
  return volume.hostPath ? `hostPath ${volume.hostPath.path}` : kind
}
