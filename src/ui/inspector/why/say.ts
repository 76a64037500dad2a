import { useTranslation } from 'react-i18next'
import type { Say, Verdict } from '../../../bridge/protocol.ts'
import { humanDuration } from '../../../machinery/duration.ts'
import { formatBytes } from '../../graph/node-summary.ts'
import { clockText } from '../clock-text.ts'

/** Puts what the cluster answers into words. */
export function useWords() {
  const { t } = useTranslation()
  const reason = ({ code, params }: Say) =>
    code.startsWith('verdict.')
      ? t(`explain.verdict.${code.slice(8)}`, worded(params)).replace('|', ' ')
      : t(`explain.because.${code}`, worded(params))
  return {
    /** The sentence in bold, and what follows it. */
    verdict({ code, params, because }: Verdict): readonly [string, string] {
      const text = t(`explain.verdict.${code}`, worded(params))
      const bar = text.indexOf('|')
      const [head, rest] = bar < 0 ? [text, ''] : [text.slice(0, bar), text.slice(bar + 1)]
      const sentences = because.filter((one) => one.code.startsWith('verdict.')).map(reason)
      const counts = because.filter((one) => !one.code.startsWith('verdict.')).map(reason)
      const counted = counts.length > 0 ? counts.join(t('explain.comma')) + t('explain.stop') : ''
      return [head, [rest, counted, ...sentences].filter(Boolean).join(' ')]
    },
    step: ({ code, params }: Say) => t(`explain.step.${code}`, worded(params)),
    fix: ({ code, params }: Say) => t(`explain.fix.${code}`, worded(params)),
    outcome: ({ code, params }: Say) => t(`explain.outcome.${code}`, worded(params)),
  }
}

/** Times and sizes as people read them. */
function worded(params: Say['params'] = {}): Record<string, string | number> {
  const { ms, at, next, memory, ...rest } = params
  return {
    ...rest,
    ...(typeof ms === 'number' && { ms: humanDuration(ms) }),
    ...(typeof at === 'number' && { at: clockText(at) }),
    ...(typeof next === 'number' && { next: clockText(next) }),
    ...(typeof memory === 'number' && { memory: formatBytes(memory) }),
  }
}
