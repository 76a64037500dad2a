import { toast } from 'sonner'

export type NoticeKind = 'success' | 'info' | 'warning' | 'error'

/** Says something that the canvas does not show already; failures stay until they are closed. */
export function notify(kind: NoticeKind, title: string, description?: string): void {
  toast[kind](title, {
    ...(description && { description }),
    duration: kind === 'error' ? Number.POSITIVE_INFINITY : kind === 'warning' ? 12_000 : 5_000,
  })
}
