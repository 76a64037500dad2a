import type { Action } from '../../bridge/protocol.ts'
import { notify } from '../state/notices.ts'
import { act, request } from '../state/session.ts'

/** Does something to the cluster; a refusal is told. */
export async function perform(action: Action): Promise<void> {
  const result = await act(action)
  if (!result.ok) notify('error', reasonOf(result.message ?? ''))
}

/** Sends a patch as a client would; a refusal is told. */
export async function patch(path: string, body: unknown): Promise<void> {
  const answer = await request<'http'>({
    type: 'http',
    method: 'PATCH',
    path,
    contentType: 'application/strategic-merge-patch+json',
    body: JSON.stringify(body),
  }).catch(() => undefined)
  if (answer && answer.status >= 400) notify('error', reasonOf(answer.body))
}

/** The words of a Status, or the text as it is. */
function reasonOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return typeof message === 'string' ? message : text
  } catch {
    return text
  }
}
