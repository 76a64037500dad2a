import { finding, type Candidate, type Finding } from './finding.ts'
import { conditionOf, isReady, type Look, type Subject } from './look.ts'
import { containersOf, podEdit, rollBack, type ContainerPlace } from './pod-candidates.ts'
import { eventSteps } from './pod-waiting.ts'

/** A pod that runs and is not ready, and one that is. */
export function podNotReady(look: Look, subject: Subject): Finding | undefined {
  const { object: pod } = subject
  if (pod.status?.phase === 'Succeeded') return finding('ok', 'podSucceeded')
  if (isReady(pod)) return undefined
  const gates = (pod.spec.readinessGates ?? []).filter(
    ({ conditionType }: any) => conditionOf(pod, conditionType)?.status !== 'True',
  )
  const place = containersOf(pod).find(
    ({ list, status }) => list === 'containers' && status?.state?.running && !status.ready,
  )
  if (!place) {
    if (gates.length === 0) return undefined
    return finding('warn', 'podGate', { gate: gates[0].conditionType })
  }
  const { spec, status } = place
  if (spec.startupProbe && !status.started)
    return finding(
      'wait',
      'podStartupProbe',
      { container: spec.name, probe: probeText(spec.startupProbe) },
      {
        steps: eventSteps(look, subject, 'Unhealthy'),
        candidates: () => [...probeCandidates(look, subject, place, 'startupProbe'), rollBack(look, subject)],
      },
    )
  const [event] = look.events(pod, 'Unhealthy')
  if (!event) return finding('wait', 'podNotYetReady', { container: spec.name, probe: probeText(spec.readinessProbe) })
  return finding(
    'fail',
    'podReadinessProbe',
    { container: spec.name, probe: probeText(spec.readinessProbe) },
    {
      steps: eventSteps(look, subject, 'Unhealthy'),
      candidates: () => [...probeCandidates(look, subject, place, 'readinessProbe'), rollBack(look, subject)],
    },
  )
}

/** A pod that is as it should be, and why that can be said. */
export function podFine(_look: Look, { object: pod }: Subject): Finding {
  const places = containersOf(pod).filter(({ list }) => list === 'containers')
  const probed = places.filter(({ spec }) => spec.readinessProbe)
  const params = { count: places.length, node: pod.spec.nodeName ?? '', probes: probed.length }
  return finding('ok', probed.length > 0 ? 'podReadyProbed' : 'podReady', params)
}

/** A probe as people write it: `GET /healthz :8081`. */
export function probeText(probe: any): string {
  if (!probe) return ''
  const { httpGet, tcpSocket, grpc, exec } = probe
  if (httpGet) return `GET ${httpGet.path ?? '/'} :${httpGet.port}`
  if (tcpSocket) return `TCP :${tcpSocket.port}`
  if (grpc) return `gRPC :${grpc.port}`
  return (exec?.command ?? []).join(' ')
}

export function portsOf(spec: any): (string | number)[] {
  return (spec.ports ?? []).map(({ containerPort }: any) => containerPort)
}

/** Another port that the container says it opens; the root instead of a path; more time at the start. */
export function probeCandidates(look: Look, subject: Subject, place: ContainerPlace, field: string): Candidate[] {
  const { spec, list, index } = place
  const probe = spec[field]
  if (!probe) return []
  const at = [list, index, field]
  const way = (['httpGet', 'tcpSocket', 'grpc'] as const).find((one) => probe[one])
  const port = way && probe[way].port
  const found: Candidate[] = []
  for (const other of portsOf(spec))
    if (way && other !== port && !(spec.ports ?? []).some(({ name }: any) => name === port))
      found.push(
        podEdit(look, subject, 'setPort', { probe: field, from: port, to: other }, [
          { at: [...at, way, 'port'], value: other },
        ]),
      )
  if (way === 'httpGet' && probe.httpGet.path && probe.httpGet.path !== '/')
    found.push(
      podEdit(look, subject, 'setPath', { probe: field, from: probe.httpGet.path, to: '/' }, [
        { at: [...at, 'httpGet', 'path'], value: '/' },
      ]),
    )
  if (field === 'livenessProbe' && !spec.startupProbe) {
    const patience = { ...probe, periodSeconds: 10, failureThreshold: 30, successThreshold: 1 }
    delete patience.initialDelaySeconds
    delete patience.terminationGracePeriodSeconds
    found.push(podEdit(look, subject, 'addStartupProbe', {}, [{ at: [list, index, 'startupProbe'], value: patience }]))
  }
  if (field === 'startupProbe')
    found.push(
      podEdit(look, subject, 'morePatience', { from: probe.failureThreshold ?? 3, to: 60 }, [
        { at: [...at, 'failureThreshold'], value: 60 },
      ]),
    )
  return found
}
