import { editObject } from '../../machinery/object-edits.ts'
import { Cluster } from '../../sim/cluster.ts'
import type { ClusterSnapshot } from '../../sim/snapshot.ts'
import { act } from '../actions.ts'
import type { Candidate, Finding } from './finding.ts'
import { Look } from './look.ts'
import type { Fix, Say } from './types.ts'

/** How a trial lets others work meanwhile. */
export interface Turns {
  /** Real milliseconds. */
  now(): number
  later(run: () => void, ms: number): void
}

const user = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }
const checkEveryMs = 1000
const defaultWithinMs = 60_000
/** Real time: of one piece, and of one trial. */
const sliceMs = 7
const trialBudgetMs = 1500
const mostTried = 8
const mostOffered = 4
/** A copy of a large cluster takes a while to put together, and nothing else runs meanwhile. */
const largeClusterPods = 3000
const mostTriedInLarge = 3

/**
 * Tries what may help, each on a copy of the cluster that runs on by itself, and answers what did. The cluster itself is
 * not touched; the work is done in pieces, so that it keeps running meanwhile.
 */
export async function triedFixes(cluster: Cluster, { candidates }: Finding, turns: Turns): Promise<Fix[]> {
  const fixes: Fix[] = []
  const isLarge = cluster.api.etcd.entries('pods').size > largeClusterPods
  const all = candidates().slice(0, isLarge ? mostTriedInLarge : mostTried)
  if (all.length === 0) return fixes
  const snapshot = cluster.snapshot()
  for (const candidate of all) {
    if (fixes.length >= mostOffered) break
    await pause(turns)
    const outcome = await tried(snapshot, candidate, turns)
    if (!outcome) continue
    const { solved: _solved, withinMs: _withinMs, holdsMs: _holdsMs, ...fix } = candidate
    fixes.push({ ...fix, verified: true, outcome })
  }
  return fixes
}

async function tried(snapshot: ClusterSnapshot, candidate: Candidate, turns: Turns): Promise<Say | undefined> {
  const copy = Cluster.restore(snapshot)
  const look = new Look(copy)
  if (!done(copy, candidate)) return undefined
  const until = copy.now() + (candidate.withinMs ?? defaultWithinMs)
  const deadline = turns.now() + trialBudgetMs
  while (copy.now() < until) {
    if (!(await ran(copy, Math.min(until, copy.now() + checkEveryMs), deadline, turns))) return undefined
    const outcome = candidate.solved(look)
    if (!outcome) continue
    if (!candidate.holdsMs) return outcome
    if (!(await ran(copy, copy.now() + candidate.holdsMs, deadline, turns))) return undefined
    return candidate.solved(look)
  }
  return undefined
}

/** Does what is to be tried; what the API server refuses is no fix. */
function done(copy: Cluster, { action, edits, object, recreate, after }: Candidate): boolean {
  if (action && !act(copy, action).ok) return false
  if (!edits) return true
  try {
    const found = copy.api.etcd.get(object.resource, object.key)
    if (!found) return false
    const edited = editObject(found, edits)
    if (!recreate) {
      copy.api.update(object.resource, edited, { user })
      return !after || act(copy, after).ok
    }
    copy.api.delete(object.resource, object.key, { user, gracePeriodSeconds: 0 })
    const { name, namespace, labels, annotations } = edited.metadata
    const { nodeName: _node, ...spec } = edited.spec
    copy.runFor(2000)
    copy.api.create(object.resource, {
      ...edited,
      metadata: { name, namespace, labels, annotations },
      spec,
      status: undefined,
    })
    return true
  } catch {
    return false
  }
}

/** Runs to a virtual time in pieces; false when it takes too long. */
async function ran(copy: Cluster, until: number, deadline: number, turns: Turns): Promise<boolean> {
  let sliceEnd = turns.now() + sliceMs
  for (let count = 0; copy.clock.step(until); count++) {
    if ((count & 7) !== 7 || turns.now() < sliceEnd) continue
    if (turns.now() > deadline) return false
    await pause(turns)
    sliceEnd = turns.now() + sliceMs
  }
  copy.clock.runUntil(until)
  return true
}

function pause(turns: Turns): Promise<void> {
  return new Promise((resolve) => turns.later(resolve, 0))
}
