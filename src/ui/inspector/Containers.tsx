import { useTranslation } from 'react-i18next'
import type { KubeObject } from '../../machinery/objects.ts'
import { Icon } from '../design/Icon.tsx'
import { podLooks } from '../graph/pod-states.ts'
import { openShell } from '../terminal/terminal-store.ts'
import type { PodState } from '../graph/pod-status.ts'

/** Containers of a pod with what they do, or of a pod template with what they are. */
export function Containers({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const isPod = object.kind === 'Pod'
  const spec = isPod ? object.spec : object.spec?.template?.spec
  const statuses: readonly any[] = isPod
    ? [...(object.status?.initContainerStatuses ?? []), ...(object.status?.containerStatuses ?? [])]
    : []
  const groups: readonly [string, readonly any[]][] = [
    [t('inspector.initContainers'), spec?.initContainers ?? []],
    [t('inspector.containers'), spec?.containers ?? []],
  ]
  return groups.map(
    ([title, containers]) =>
      containers.length > 0 && (
        <section key={title}>
          <h3 className="sec">{title}</h3>
          <ul className="containers">
            {containers.map((container) => (
              <Container
                key={container.name}
                container={container}
                pod={isPod ? object : undefined}
                status={statuses.find(({ name }) => name === container.name)}
              />
            ))}
          </ul>
        </section>
      ),
  )
}

function Container({ container, status, pod }: { container: any; status: any; pod: KubeObject | undefined }) {
  const { t } = useTranslation()
  const { resources = {}, ports = [], env = [], envFrom = [], volumeMounts = [], command = [], args = [] } = container
  const last = status?.lastState?.terminated
  const lines: readonly [label: string, text: string][] = [
    [t('inspector.container.image'), container.image],
    [t('inspector.container.command'), [...command, ...args].join(' ')],
    [
      t('inspector.container.ports'),
      ports.map((port: any) => `${port.containerPort}/${port.protocol ?? 'TCP'}`).join(', '),
    ],
    [t('inspector.container.requests'), amountsText(resources.requests)],
    [t('inspector.container.limits'), amountsText(resources.limits)],
    [t('inspector.container.readiness'), probeText(container.readinessProbe)],
    [t('inspector.container.liveness'), probeText(container.livenessProbe)],
    [t('inspect.startup'), probeText(container.startupProbe)],
    [t('inspector.container.restarts'), status?.restartCount ? String(status.restartCount) : ''],
    [t('inspector.container.env'), [...envFrom.map(sourceText), ...env.map(variableText)].join('\n')],
    [
      t('inspect.mounts'),
      volumeMounts
        .filter(({ name }: any) => !name.startsWith('kube-api-access-'))
        .map(
          ({ name, mountPath, subPath, readOnly }: any) =>
            `${mountPath} ← ${name}${subPath ? `/${subPath}` : ''}${readOnly ? ' (ro)' : ''}`,
        )
        .join('\n'),
    ],
    [t('inspect.lastEnd'), last ? `${last.reason ?? 'Terminated'}, exit ${last.exitCode}` : ''],
  ]
  const state = status ? stateOf(status) : undefined
  const look = state ? podLooks[state.look] : undefined
  return (
    <li className="box">
      <div className="row">
        <b>{container.name}</b>
        <span className="grow" />
        {pod && status?.state?.running && (
          <button
            type="button"
            className="btn icon"
            aria-label={t('inspect.shellIn', { name: container.name })}
            title={t('inspect.shellIn', { name: container.name })}
            onClick={() => openShell(pod.metadata.namespace ?? 'default', pod.metadata.name, container.name)}
          >
            <Icon name="ui-term" size={14} />
          </button>
        )}
        {look && (
          <span className={`badge b-${look.tone}`}>
            <Icon name={look.icon} size={12} />
            {state?.text}
          </span>
        )}
      </div>
      {state?.message && <p className="faint">{state.message}</p>}
      <dl className="facts">
        {lines.map(
          ([label, text]) =>
            text && (
              <div key={label}>
                <dt>{label}</dt>
                <dd className="mono">{text}</dd>
              </div>
            ),
        )}
      </dl>
    </li>
  )
}

export function stateOf({ state = {}, ready }: any): { text: string; look: PodState; message?: string } {
  const { waiting, terminated } = state
  if (waiting) {
    const isStarting = waiting.reason === 'ContainerCreating' || waiting.reason === 'PodInitializing'
    return {
      text: waiting.reason ?? 'Waiting',
      look: isStarting ? 'ContainerCreating' : 'CrashLoopBackOff',
      message: waiting.message,
    }
  }
  if (terminated) {
    const look = terminated.reason === 'OOMKilled' ? 'OOMKilled' : terminated.exitCode === 0 ? 'Completed' : 'Error'
    return { text: `${terminated.reason ?? 'Terminated'} ${terminated.exitCode}`, look, message: terminated.message }
  }
  return { text: 'Running', look: ready ? 'Running' : 'NotReady' }
}

function variableText({ name, value, valueFrom }: any): string {
  if (value !== undefined || !valueFrom) return `${name}=${value ?? ''}`
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom
  const key = configMapKeyRef ?? secretKeyRef
  return `${name} ← ${key ? `${key.name}/${key.key}` : (fieldRef?.fieldPath ?? resourceFieldRef?.resource ?? '?')}`
}

function sourceText({ prefix = '', configMapRef, secretRef }: any): string {
  return `${prefix}* ← ${(configMapRef ?? secretRef)?.name ?? '?'}`
}

function amountsText(amounts: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(amounts ?? {})
    .map(([resource, amount]) => `${resource} ${amount}`)
    .join(', ')
}

function probeText(probe: any): string {
  if (!probe) return ''
  const { httpGet, tcpSocket, grpc, exec } = probe
  if (httpGet) return `GET ${httpGet.path ?? '/'} :${httpGet.port}`
  if (tcpSocket) return `TCP :${tcpSocket.port}`
  if (grpc) return `gRPC :${grpc.port}`
  return exec ? exec.command.join(' ') : ''
}
