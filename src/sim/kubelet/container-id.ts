import { fnv1aHex } from '../../lib/fnv1a.ts'

/** 64 hexadecimal digits, as containerd names what it runs: another for every number of a node. */
export function containerId(node: string, number: number): string {
  return (fnv1aHex(node) + number.toString(16).padStart(8, '0')).repeat(4)
}
