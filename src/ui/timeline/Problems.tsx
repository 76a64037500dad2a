import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { revealLine } from '../editor/reveal.ts'
import { select } from '../state/page-store.ts'
import type { Problem } from './use-problems.ts'
import { useProblems } from './use-problems.ts'

const rowsShown = 200

/** What is wrong, each with the place where it can be looked at. */
export function Problems() {
  const { t } = useTranslation()
  const problems = useProblems()
  if (problems.length === 0) return <p className="nothing">{t('dock.problems.none')}</p>
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region has to be reachable by keyboard
    <div className="scroll" tabIndex={0} role="region" aria-label={t('dock.tab.problems')}>
      <ul className="problems">
        {problems.slice(0, rowsShown).map((problem, index) => (
          <li key={index}>
            <button type="button" className="problem" onClick={() => open(problem)}>
              <Icon
                name={problem.type === 'document' ? 's-error' : 'ui-warn'}
                size={14}
                className={problem.type === 'document' ? 'c-fail' : 'c-warn'}
              />
              <span className="strong">
                {problem.type === 'document' ? problem.object || problem.file : problem.key}
              </span>
              <span className="faint">
                {problem.type === 'document'
                  ? t('dock.problems.line', { file: problem.file, line: problem.line })
                  : problem.state}
              </span>
              <span className="dim ell">{problem.message}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function open(problem: Problem): void {
  if (problem.type === 'document') revealLine(problem.file, problem.line)
  else select({ resource: problem.resource, key: problem.key })
}
