import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { clockText } from '../clock-text.ts'
import { levelOf, piecesOf } from './levels.ts'
import type { LogLine } from './use-logs.ts'

/** Lines are rendered by the hundred: what is printed touches the last hundred only. */
const perChunk = 100

interface ShowProps {
  readonly search: string
  /** Index of the match that is gone to. */
  readonly current: number | undefined
}

interface LogLinesProps extends ShowProps {
  readonly lines: readonly LogLine[]
  /** Index of the first that is shown. */
  readonly first: number
}

export function LogLines({ lines, first, search, current }: LogLinesProps) {
  const chunks: number[] = []
  for (let at = first - (first % perChunk); at < lines.length; at += perChunk) chunks.push(at)
  return chunks.map((at) => {
    const isHere = current !== undefined && current >= at && current < at + perChunk
    return (
      <Chunk
        key={at}
        lines={lines}
        from={at}
        count={Math.min(lines.length - at, perChunk)}
        last={lines[Math.min(at + perChunk, lines.length) - 1]!.text}
        search={search}
        current={isHere ? current : undefined}
      />
    )
  })
}

interface ChunkProps extends ShowProps {
  readonly lines: readonly LogLine[]
  readonly from: number
  readonly count: number
  readonly last: string
}

const Chunk = memo(
  function Chunk({ lines, from, count, search, current }: ChunkProps) {
    return lines
      .slice(from, from + count)
      .map((line, index) => (
        <Line
          key={from + index}
          line={line}
          index={from + index}
          search={search}
          isCurrent={from + index === current}
        />
      ))
  },
  // Its lines are only ever added to, and the last may grow.
  (a, b) =>
    a.from === b.from && a.count === b.count && a.last === b.last && a.search === b.search && a.current === b.current,
)

function Line({
  line,
  index,
  search,
  isCurrent,
}: {
  line: LogLine
  index: number
  search: string
  isCurrent: boolean
}) {
  const { t } = useTranslation()
  const level = levelOf(line.text)
  return (
    <li className={`${level} ${isCurrent ? 'current' : ''}`} data-line={index}>
      <time>{clockText(line.at)}</time>
      {level && (
        <abbr title={t(`inspect.logs.${level}`)} aria-label={t(`inspect.logs.${level}`)}>
          {level === 'error' ? 'E' : 'W'}
        </abbr>
      )}
      {search
        ? piecesOf(line.text, search).map((piece, at) => (at % 2 ? <mark key={at}>{piece}</mark> : piece))
        : line.text}
    </li>
  )
}
