import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { LazyMenu } from '../design/LazyMenu.tsx'
import { usePlaygrounds } from '../state/playgrounds.ts'

const loadItems = () => import('./PlaygroundItems.tsx')

/** The open playground's name; behind it all others and what can be done with this one. */
export function PlaygroundMenu() {
  const { t } = useTranslation()
  const name = usePlaygrounds((state) => state.current?.name)
  return (
    <LazyMenu
      className="btn playground-name"
      label={t('shell.playground.menu', { name: name ?? '' })}
      load={loadItems}
      more={{}}
    >
      <span className="ell">{name ?? '…'}</span>
      <Icon name="ui-chev-d" size={14} />
    </LazyMenu>
  )
}
