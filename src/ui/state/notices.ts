export type NoticeKind = 'success' | 'info' | 'warning' | 'error'

const durationsMs = { success: 5_000, info: 8_000, warning: 12_000, error: Number.POSITIVE_INFINITY }

/** Says something that the canvas does not show already; failures stay until they are closed. */
export function notify(
  kind: NoticeKind,
  title: string,
  description?: string,
  action?: { readonly label: string; run(): void },
): void {
  void import('sonner').then(({ toast }) =>
    toast[kind](title, {
      ...(description && { description }),
      ...(action && { action: { label: action.label, onClick: () => action.run() } }),
      duration: durationsMs[kind],
    }),
  )
}
