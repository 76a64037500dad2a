import { useTranslation } from 'react-i18next'
import { Toaster } from 'sonner'
import { usePage } from '../state/page-store.ts'

/** Where notices appear. Loaded after the page itself, which needs it only when something is amiss. */
export function Notices() {
  const { t } = useTranslation()
  const theme = usePage((state) => state.theme)
  return (
    <Toaster
      theme={theme}
      position="bottom-center"
      offset={{ bottom: 16 }}
      closeButton
      containerAriaLabel={t('shell.region.notices')}
    />
  )
}
