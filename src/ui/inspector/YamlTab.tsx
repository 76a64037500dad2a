import { dump, load } from 'js-yaml'
import { Fragment, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { KubeObject } from '../../machinery/objects.ts'
import { act } from '../state/session.ts'
import { pieces } from './yaml-pieces.ts'

/** The object as YAML, live; and an editor whose answer is the API server's own. */
export function YamlTab({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState<string>()
  const [answer, setAnswer] = useState<{ ok: boolean; message: string }>()
  const text = useMemo(() => yamlOf(object), [object])

  async function save() {
    const read = readYaml(draft!)
    if ('error' in read) return setAnswer({ ok: false, message: read.error })
    const result = await act({ type: 'replace', object: read.object })
    setAnswer({ ok: result.ok, message: result.message ?? (result.ok ? t('inspector.saved') : t('inspector.refused')) })
    if (result.ok) setDraft(undefined)
  }

  const message = answer && (
    <p className={answer.ok ? 'answer' : 'answer refused'} role={answer.ok ? 'status' : 'alert'}>
      {answer.message}
    </p>
  )
  if (draft === undefined) {
    return (
      <>
        <div className="row yaml-bar">
          <span className="grow faint">{t('inspector.live')}</span>
          <button type="button" className="btn out" onClick={() => (setAnswer(undefined), setDraft(text))}>
            {t('inspector.edit')}
          </button>
        </div>
        {message}
        <Yaml text={text} />
      </>
    )
  }
  return (
    <>
      <div className="row yaml-bar">
        <span className="grow" />
        <button type="button" className="btn" onClick={() => (setAnswer(undefined), setDraft(undefined))}>
          {t('inspector.cancel')}
        </button>
        <button type="button" className="btn ink" onClick={() => void save()}>
          {t('inspector.replace')}
        </button>
      </div>
      {message}
      <textarea
        className="yaml mono"
        aria-label={t('inspector.yamlOf', { name: object.metadata.name })}
        spellCheck={false}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
      />
    </>
  )
}

function Yaml({ text }: { text: string }) {
  return (
    <pre className="yaml mono">
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

/** As `kubectl get -o yaml` prints it: without managedFields, which a replace may leave out too. */
function yamlOf(object: KubeObject): string {
  const metadata = { ...object.metadata, managedFields: undefined }
  return dump({ ...object, metadata }, { noRefs: true, lineWidth: -1, skipInvalid: true }).trimEnd()
}

function readYaml(text: string): { object: KubeObject } | { error: string } {
  try {
    const object = load(text)
    return object && typeof object === 'object' ? { object: object as KubeObject } : { error: 'not an object' }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}
