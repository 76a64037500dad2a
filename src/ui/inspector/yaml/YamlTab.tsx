import { Fragment, lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { KubeObject } from '../../../machinery/objects.ts'
import { act } from '../../state/session.ts'
import { pieces } from './yaml-pieces.ts'
import { changedFields, comparable, ontoLive, problemsOf, readYaml, yamlOf, type Problem } from './yaml-text.ts'
import './yaml.css'

const YamlEditor = lazy(() => import('./YamlEditor.tsx').then((module) => ({ default: module.YamlEditor })))

/** The object as YAML, live; and an editor whose answer is the API server's own. */
export function YamlTab({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const [base, setBase] = useState<KubeObject>()
  const [saved, setSaved] = useState(false)
  const text = useMemo(() => yamlOf(object), [object])
  if (base)
    return (
      <Editing
        key={base.metadata.resourceVersion}
        base={base}
        live={object}
        onReload={() => setBase(object)}
        onEnd={(isSaved) => (setSaved(isSaved), setBase(undefined))}
      />
    )
  return (
    <>
      <div className="row yaml-bar">
        <span className="grow faint">{t('inspector.live')}</span>
        <button type="button" className="btn out slim" onClick={() => void navigator.clipboard?.writeText(text)}>
          {t('inspect.yaml.copy')}
        </button>
        <button type="button" className="btn out slim" onClick={() => (setSaved(false), setBase(object))}>
          {t('inspector.edit')}
        </button>
      </div>
      {saved && (
        <p className="answer" role="status">
          {t('inspector.saved')}
        </p>
      )}
      <Yaml text={text} />
    </>
  )
}

interface EditingProps {
  /** The object as it was when editing began. */
  readonly base: KubeObject
  readonly live: KubeObject
  readonly onReload: () => void
  readonly onEnd: (isSaved: boolean) => void
}

function Editing({ base, live, onReload, onEnd }: EditingProps) {
  const { t } = useTranslation()
  const initial = useMemo(() => yamlOf(base), [base])
  const [draft, setDraft] = useState(initial)
  const [compares, setCompares] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const changed = useMemo(() => changedFields(base, live), [base, live])
  const liveText = useMemo(() => yamlOf(comparable(live, base)), [live, base])

  async function save() {
    const read = readYaml(draft)
    if ('error' in read) {
      setRefusal(read.error)
      return setProblems([{ line: read.line, message: read.error }])
    }
    // Where only the cluster's own fields moved on, there is nothing to decide; else the user has seen what changed.
    const { ok, message = '' } = await act({ type: 'replace', object: ontoLive(read.object, live) })
    if (ok) return onEnd(true)
    setRefusal(message || t('inspector.refused'))
    setProblems(problemsOf(draft, message))
  }

  return (
    <>
      <div className="row yaml-bar">
        <button
          type="button"
          className={compares ? 'chip toggle on' : 'chip toggle'}
          aria-pressed={compares}
          onClick={() => setCompares(!compares)}
        >
          {t('inspect.yaml.diff')}
        </button>
        <span className="grow" />
        <button type="button" className="btn slim" onClick={() => onEnd(false)}>
          {t('inspector.cancel')}
        </button>
        <button type="button" className="btn ink slim" disabled={draft === initial} onClick={() => void save()}>
          {t(changed.length > 0 ? 'inspect.yaml.overwrite' : 'inspector.replace')}
        </button>
      </div>
      {changed.length > 0 && (
        <div className="answer conflict" role="status">
          {t('inspect.yaml.changed', { fields: changed.slice(0, 4).join(', ') })}{' '}
          <button type="button" className="object-link" onClick={onReload}>
            {t('inspect.yaml.reload')}
          </button>
        </div>
      )}
      {refusal && (
        <p className="answer refused" role="alert">
          {refusal}
        </p>
      )}
      <Suspense>
        <YamlEditor
          initial={initial}
          live={compares ? liveText : undefined}
          problems={problems}
          label={t('inspector.yamlOf', { name: base.metadata.name })}
          liveLabel={t('inspect.yaml.liveOf', { name: base.metadata.name })}
          onChange={setDraft}
          onSave={() => void save()}
        />
      </Suspense>
    </>
  )
}

function Yaml({ text }: { text: string }) {
  return (
    <pre className="yaml mono" tabIndex={0}>
      {text.split('\n').map((line, index) => (
        <Fragment key={index}>
          {pieces(line).map(([className, piece], at) => (
            <span key={at} className={className}>
              {piece}
            </span>
          ))}
          {'\n'}
        </Fragment>
      ))}
    </pre>
  )
}
