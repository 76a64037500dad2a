import { addressOf } from '../machines/machine.ts'
import { healthIn, healthRequest, speaksGrpc } from '../containers/native/grpc.ts'
import type { NetworkEvent } from '../network/types.ts'
import type { KubeletEnvironment } from './environment.ts'
import { portOf, probed, type ProbeOutcome } from './probes.ts'
import { containerNamed, specOf, type Call, type ContainerState, type PodState, type ProbeType } from './state.ts'

type Purpose = ProbeType | 'hook'

/** Asks a container over the network, for a probe or a hook. */
export function call(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  purpose: Purpose,
  probe: any,
): void {
  const { network, name, machine } = environment
  const { httpGet, tcpSocket, grpc } = probe
  const port = portOf((httpGet ?? tcpSocket ?? grpc ?? {}).port, specOf(pod, container))
  const own = pod.pod.spec.hostNetwork ? addressOf(machine()) : (pod.ip ?? '')
  const host: string = httpGet?.host || tcpSocket?.host || own
  const caller = {
    end: { kind: 'kubelet', node: name, probe: `${pod.uid}/${container.name}/${container.run}/${purpose}` } as const,
    address: addressOf(machine()),
    namespace: '',
    clusterNames: false,
  }
  const connection = network.connect(caller, host, port)
  const url = httpGet
    ? `${(httpGet.scheme ?? 'HTTP').toLowerCase()}://${host}:${port}${pathOf(httpGet.path)}`
    : `${host}:${port}`
  const headers = [
    ['Host', `${host}:${port}`],
    ['User-Agent', 'kube-probe/1.36'],
    ['Accept', '*/*'],
  ]
  for (const one of httpGet?.httpHeaders ?? []) {
    const at = headers.findIndex(([name]) => name!.toLowerCase() === one.name.toLowerCase())
    if (at < 0) headers.push([one.name, one.value])
    else headers[at] = [one.name, one.value]
  }
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const request = grpc
    ? healthRequest(grpc.service ?? '')
    : httpGet && `GET ${pathOf(httpGet.path)} HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`
  const made: Call = { connection, url, received: '', ...(request && { request }), ...(grpc && { grpc: true }) }
  if (purpose === 'hook') container.hook!.call = made
  else container.probes[purpose]!.call = made
}

function pathOf(path: string | undefined): string {
  return path ? (path.startsWith('/') ? path : `/${path}`) : '/'
}

/** What became of a connection of the kubelet's. False when nobody asks any more. */
export function called(environment: KubeletEnvironment, probe: string, event: NetworkEvent): boolean {
  const [uid, name, run, purpose] = probe.split('/') as [string, string, string, Purpose]
  const pod = environment.find(uid)
  const container = pod && containerNamed(pod, name)
  if (!pod || !container || container.run !== Number(run)) return false
  const holder = purpose === 'hook' ? container.hook : container.probes[purpose]
  const made = holder?.call
  if (!holder || !made || made.connection !== event.connection) return false
  const outcome = outcomeOf(environment, made, event)
  if (!outcome) return true
  delete holder.call
  environment.network.shut(made.connection, true)
  if (purpose !== 'hook') probed(environment, pod, container, purpose, outcome)
  else environment.workers.hookDone(pod, container, outcome.ok ? undefined : outcome.output)
  return true
}

function outcomeOf({ network }: KubeletEnvironment, made: Call, event: NetworkEvent): ProbeOutcome | undefined {
  const { request, url } = made
  const get = request ? `Get "${url}": ` : ''
  const where = url.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
  switch (event.type) {
    case 'connected':
      if (!request) return { ok: true }
      made.connected = true
      network.send(made.connection, request)
      return undefined
    case 'failed': {
      // gRPC's client tries again until its time is up.
      if (made.grpc) return undefined
      const why = {
        ECONNREFUSED: 'connect: connection refused',
        EHOSTUNREACH: 'connect: no route to host',
        ETIMEDOUT: 'i/o timeout',
      }
      return { ok: false, output: `${get}dial tcp ${where}: ${why[event.errno]}` }
    }
    case 'received': {
      made.received = (made.received + event.text).slice(0, 10_240)
      if (made.grpc) return healthIn(made.received)
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(made.received)
      return status && made.received.includes('\r\n\r\n') ? ofStatus(Number(status[1])) : undefined
    }
    case 'ended': {
      if (made.grpc) return undefined
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(made.received)
      if (status) return ofStatus(Number(status[1]))
      return { ok: false, output: `${get}${made.received ? 'malformed HTTP response' : 'EOF'}` }
    }
    default:
      return undefined
  }
}

/** Seconds as Go prints a duration. */
function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes % 60}m` : ''}${seconds % 60}s`
}

function ofStatus(code: number): ProbeOutcome {
  return code >= 200 && code < 400 ? { ok: true } : { ok: false, output: `HTTP probe failed with statuscode: ${code}` }
}

/** An attempt has taken too long: its connection is given up, and this is what is said of it. */
export function giveUp(
  environment: KubeletEnvironment,
  container: ContainerState,
  type: ProbeType,
  probe: any,
): string {
  const state = container.probes[type]
  const made = state?.call
  if (state && made) {
    delete state.call
    environment.network.shut(made.connection, true)
  }
  const { httpGet, grpc } = probe
  const seconds = probe.timeoutSeconds ?? 1
  if (httpGet) return `Get "${made?.url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`
  if (grpc)
    return speaksGrpc(made?.received ?? '')
      ? `timeout: health rpc did not complete within ${duration(seconds)}`
      : `timeout: failed to connect service "${made?.url}" within ${duration(seconds)}: context deadline exceeded`
  return `dial tcp ${made?.url}: i/o timeout`
}
