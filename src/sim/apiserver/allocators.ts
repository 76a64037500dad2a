import { internalError } from '../../machinery/errors.ts'
import { invalid, type FieldError } from '../../machinery/field-errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { Draft } from './request.ts'

export interface AllocatorsSnapshot {
  readonly clusterIPs: readonly string[]
  readonly nodePorts: readonly number[]
  readonly nextClusterIP: number
}

/** Service addresses: 10.96.0.0/12, kubeadm's default; node ports 30000–32767. */
const base = (10 << 24) + (96 << 16)
const addresses = 1 << 20
/** Upstream hands out dynamic addresses above this offset first, so that low ones stay free to be asked for. */
const dynamicOffset = 256
const firstNodePort = 30_000
const lastNodePort = 32_767

/** Hands out cluster addresses and node ports of Services, and takes them back. */
export class Allocators {
  private readonly clusterIPs: Set<string>
  private readonly nodePorts: Set<number>
  private nextClusterIP: number

  constructor(snapshot?: AllocatorsSnapshot) {
    this.clusterIPs = new Set(snapshot?.clusterIPs)
    this.nodePorts = new Set(snapshot?.nodePorts)
    this.nextClusterIP = snapshot?.nextClusterIP ?? dynamicOffset
  }

  /**
   * Gives a Service what it lacks; returns what cannot be given. `old` keeps what it has. Nothing is taken until the
   * Service is stored and recorded.
   */
  allocate(service: Draft, old: KubeObject | undefined, random: (bound: number) => number): FieldError[] {
    const { spec } = service
    const errors: FieldError[] = []
    if (spec.type !== 'ExternalName') this.allocateClusterIP(spec, old, errors)
    else if (old && old.spec.clusterIP && old.spec.clusterIP !== 'None') {
      delete spec.clusterIP
      delete spec.clusterIPs
    }
    if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') this.allocateNodePorts(spec, old, random, errors)
    return errors
  }

  /** A Service was stored: what it has is taken, what its old self had beyond that is free. */
  record(service: KubeObject, old: KubeObject | undefined): void {
    if (old) this.release('services', old)
    const { clusterIP } = service.spec
    if (clusterIP && clusterIP !== 'None') this.clusterIPs.add(clusterIP)
    for (const port of nodePortsOf(service)) this.nodePorts.add(port)
  }

  release(resource: string, object: KubeObject): void {
    if (resource !== 'services') return
    if (object.spec.clusterIP) this.clusterIPs.delete(object.spec.clusterIP)
    for (const port of nodePortsOf(object)) this.nodePorts.delete(port)
  }

  /** Where dry runs begin, for `reset` to go back to. */
  mark(): number {
    return this.nextClusterIP
  }

  reset(mark: number): void {
    this.nextClusterIP = mark
  }

  snapshot(): AllocatorsSnapshot {
    return {
      clusterIPs: [...this.clusterIPs].sort(),
      nodePorts: [...this.nodePorts].sort((a, b) => a - b),
      nextClusterIP: this.nextClusterIP,
    }
  }

  private allocateClusterIP(spec: any, old: KubeObject | undefined, errors: FieldError[]): void {
    if (spec.clusterIP === 'None') return void (spec.clusterIPs = ['None'])
    const present: string | undefined = old?.spec.clusterIP
    if (!spec.clusterIP && present && present !== 'None') spec.clusterIP = present
    if (!spec.clusterIP) {
      spec.clusterIP = this.freeClusterIP()
    } else if (spec.clusterIP !== present) {
      const value = spec.clusterIP
      if (!inRange(value)) {
        const range = 'failed to allocate IP ' + value + ': the provided network does not match the current range'
        errors.push(invalid('spec.clusterIPs', [value], range))
        return
      }
      if (this.clusterIPs.has(value)) {
        errors.push(
          invalid('spec.clusterIPs', [value], `failed to allocate IP ${value}: provided IP is already allocated`),
        )
        return
      }
    }
    spec.clusterIPs = [spec.clusterIP]
  }

  private allocateNodePorts(
    spec: any,
    old: KubeObject | undefined,
    random: (bound: number) => number,
    errors: FieldError[],
  ): void {
    const taken = new Set<number>()
    for (const port of spec.ports ?? []) if (port.nodePort) taken.add(port.nodePort)
    const had = new Set(old ? nodePortsOf(old) : [])
    ;(spec.ports ?? []).forEach((port: any, index: number) => {
      if (port.nodePort) {
        const outside = port.nodePort < firstNodePort || port.nodePort > lastNodePort
        if (outside) {
          const range = `provided port is not in the valid range. The range of valid ports is ${firstNodePort}-${lastNodePort}`
          errors.push(invalid(`spec.ports[${index}].nodePort`, port.nodePort, range))
        } else if (!had.has(port.nodePort) && this.nodePorts.has(port.nodePort)) {
          errors.push(invalid(`spec.ports[${index}].nodePort`, port.nodePort, 'provided port is already allocated'))
        }
      } else {
        const before = old?.spec.ports?.find((one: any) => one.port === port.port && one.protocol === port.protocol)
        if (before?.nodePort) port.nodePort = before.nodePort
        else if (spec.type === 'NodePort' || spec.allocateLoadBalancerNodePorts !== false) {
          port.nodePort = this.freeNodePort(random, taken)
        }
      }
      if (port.nodePort) taken.add(port.nodePort)
    })
    // Load balancers that keep to local endpoints ask the node, on a port of its own, whether it has any.
    if (spec.type !== 'LoadBalancer' || spec.externalTrafficPolicy !== 'Local') return
    const before = old?.spec.healthCheckNodePort
    if (!spec.healthCheckNodePort) spec.healthCheckNodePort = before ?? this.freeNodePort(random, taken)
    else if (spec.healthCheckNodePort !== before && this.nodePorts.has(spec.healthCheckNodePort)) {
      const field = 'spec.healthCheckNodePort'
      errors.push(invalid(field, spec.healthCheckNodePort, 'provided port is already allocated'))
    }
  }

  private freeClusterIP(): string {
    for (let tries = 0; tries < addresses; tries++) {
      const offset = this.nextClusterIP
      this.nextClusterIP = offset + 1 >= addresses - 1 ? 1 : offset + 1
      const text = dotted(base + offset)
      if (!this.clusterIPs.has(text)) return text
    }
    throw internalError('failed to allocate a serviceIP: range is full')
  }

  private freeNodePort(random: (bound: number) => number, taken: ReadonlySet<number>): number {
    const count = lastNodePort - firstNodePort + 1
    const start = random(count)
    for (let i = 0; i < count; i++) {
      const port = firstNodePort + ((start + i) % count)
      if (!this.nodePorts.has(port) && !taken.has(port)) return port
    }
    throw internalError('failed to allocate a nodePort: range is full')
  }
}

function nodePortsOf(service: { readonly spec?: any }): number[] {
  const ports: any[] = service.spec?.ports ?? []
  return [...ports.map((port) => port.nodePort), service.spec?.healthCheckNodePort].filter(Boolean)
}

function dotted(address: number): string {
  return `${(address >>> 24) & 255}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`
}

function inRange(address: string): boolean {
  const parts = address.split('.').map(Number)
  if (parts.length !== 4 || parts.some(Number.isNaN)) return false
  const offset = ((parts[0]! << 24) | (parts[1]! << 16) | (parts[2]! << 8) | parts[3]!) - base
  return offset > 0 && offset < addresses - 1
}
