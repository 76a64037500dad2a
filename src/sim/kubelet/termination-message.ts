import type { KubeletEnvironment } from './environment.ts'
import { specOf, type ContainerState, type PodState } from './state.ts'

const longestMessage = 4096
const longestFromLog = 2048
const linesOfLog = 80

/** What a container leaves to be read about its end. Upstream: getTerminationMessage. */
export function terminationMessage(
  { containers }: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  code: number,
): string | undefined {
  const spec = specOf(pod, container)
  if (!spec) return undefined
  const written = containers.terminationLog(pod, container)
  if (written) return written.slice(-longestMessage)
  if (spec.terminationMessagePolicy !== 'FallbackToLogsOnError' || code === 0) return undefined
  const lines = containers.log(container).slice(-linesOfLog)
  const text = lines.map((one) => `${one.text}\n`).join('')
  return text ? text.slice(-longestFromLog) : undefined
}
