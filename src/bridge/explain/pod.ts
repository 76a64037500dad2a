import type { Question } from './finding.ts'
import { podEnding, podOnLostNode } from './pod-ending.ts'
import { podPending } from './pod-pending.ts'
import { podFine, podNotReady } from './pod-ready.ts'
import { podRestarts } from './pod-restarts.ts'
import { podWaiting } from './pod-waiting.ts'

/** What keeps a pod from being ready, from what stops everything to what is only a pity. */
export const podQuestion: Question = (look, subject) =>
  podEnding(look, subject) ??
  podPending(look, subject) ??
  podOnLostNode(look, subject) ??
  podWaiting(look, subject) ??
  podRestarts(look, subject) ??
  podNotReady(look, subject) ??
  podFine(look, subject)
