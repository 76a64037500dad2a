import type { ReconcileContext } from '../controller-runtime/controller.ts'
import { isFake } from './fake.ts'

/** Upstream: --cidr. */
const usual = '10.0.0.1/24'

/**
 * The next address for a pod on a node: of the node's podCIDR, or of KWOK's own range. The last one that was given is
 * remembered; who has lost that looks at the pods.
 */
export function nextPodAddress({ client, memory }: ReconcileContext, nodeName: string): string {
  const own: unknown = client.get('nodes', nodeName)?.spec?.podCIDR
  const cidr = typeof own === 'string' && firstOf(own) !== undefined ? own : usual
  const first = firstOf(cidr)!
  // No pod has such a key: there is a space in it.
  const key = `addresses ${cidr}`
  let last: number | undefined = memory.get(key)
  if (last === undefined) {
    last = first
    for (const node of client.list('nodes')) {
      if (!isFake(node)) continue
      for (const { status } of client.cache('pods').byIndex('node', node.metadata.name)) {
        const number = numberOf(status?.podIP)
        if (number !== undefined && number > last && number - first < 0x100_0000) last = number
      }
    }
  }
  memory.set(key, last + 1)
  return [24, 16, 8, 0].map((bits) => ((last + 1) >>> bits) & 255).join('.')
}

/** The address from which a range is given away; undefined when it is none of IPv4. */
function firstOf(cidr: string): number | undefined {
  return numberOf(/^([\d.]+)\/\d+$/.exec(cidr)?.[1])
}

function numberOf(address: string | undefined): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address ?? '')
  return parts ? parts.slice(1).reduce((number, part) => number * 256 + Number(part), 0) : undefined
}
