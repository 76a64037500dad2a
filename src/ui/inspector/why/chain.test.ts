import { expect, test } from 'vitest'
import type { CauseLink, JournalEntry } from '../../../bridge/protocol.ts'
import { chainOf } from './chain.ts'

const link = (
  revision: number,
  at: number,
  actor: string,
  verb: string,
  resource: string,
  name: string,
  details?: CauseLink['details'],
): CauseLink => ({
  revision,
  at,
  actor,
  verb,
  resource,
  name,
  ...(details && { details }),
})
const said = (
  links: readonly CauseLink[],
  journal: readonly JournalEntry[] = [],
  warnings: Parameters<typeof chainOf>[2] = [],
) => chainOf(links, journal, warnings).map(({ at, verb, key, count, file }) => [at, verb, key, count, file])

test('writes are told oldest first, and alike ones that follow each other once', () => {
  const links = [
    link(5, 50, 'system:node:a', 'update', 'pods', 'p'),
    link(4, 40, 'system:node:a', 'update', 'pods', 'p'),
    link(3, 30, 'system:scheduler', 'update', 'pods', 'p', { node: 'a' }),
  ]
  expect(said(links)).toEqual([
    [30, 'update', 'p', 1, undefined],
    [40, 'update', 'p', 2, undefined],
  ])
})

test('an apply names its file, and what was done to the node of the chain is among it', () => {
  const links = [
    link(2, 700, 'system:scheduler', 'update', 'pods', 'p', { node: 'a' }),
    link(1, 105, 'kubernetes-admin', 'create', 'deployments.apps', 'web'),
  ]
  const journal: JournalEntry[] = [
    { at: 100, action: { type: 'apply', file: 'shop.yaml', text: '' } },
    { at: 800, action: { type: 'machine', name: 'a', change: 'unplug' } },
    { at: 900, action: { type: 'machine', name: 'other', change: 'unplug' } },
  ]
  expect(said(links, journal, [{ at: 850, reason: 'NodeNotReady', message: 'm' }])).toEqual([
    [105, 'create', 'web', 1, 'shop.yaml'],
    [700, 'update', 'p', 1, undefined],
    [800, 'unplug', 'a', 1, undefined],
    [850, 'NodeNotReady', '', 1, undefined],
  ])
})
