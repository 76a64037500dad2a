import { podPrefix } from '../machines/machine.ts'
import type { KubeletEnvironment } from './environment.ts'

/** Addresses that a node has given to pods. It is on the machine's disk: it outlives a power cut. */
export interface Addresses {
  /** The last one that was given: the next is looked for after it. */
  last: number
  /** Pods' uids by the last part of their addresses. */
  taken: Record<string, string>
}

const first = 2
const end = 255

/** Gives a pod an address, each in its turn. Upstream: the CNI plugin host-local. */
export function takeAddress({ state, machine, find }: KubeletEnvironment, uid: string): string {
  const { addresses } = state
  const next = (from: number) => (from + 1 < end ? from + 1 : first)
  const search = (isFree: (host: number) => boolean): number | undefined => {
    for (let host = next(addresses.last), n = first; n < end; host = next(host), n++) if (isFree(host)) return host
    return undefined
  }
  // What a finished pod still shows is given away only when there is nothing else.
  const host =
    search((one) => addresses.taken[one] === undefined) ??
    search((one) => find(addresses.taken[one]!)?.stage === 'terminated') ??
    next(addresses.last)
  addresses.last = host
  addresses.taken[host] = uid
  return `${podPrefix(machine())}.${host}`
}

/** The pods whose uids are not wanted any more give their addresses back. */
export function releaseAddresses({ state }: KubeletEnvironment, isWanted: (uid: string) => boolean): void {
  const { taken } = state.addresses
  for (const [host, uid] of Object.entries(taken)) if (!isWanted(uid)) delete taken[host]
}

/** One pod gives back what it had, but for the address that it has now. */
export function releaseAddressesOf(environment: KubeletEnvironment, uid: string, but?: string): void {
  const { taken } = environment.state.addresses
  const kept = but?.slice(but.lastIndexOf('.') + 1)
  for (const host in taken) if (taken[host] === uid && host !== kept) delete taken[host]
}
