import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './ui/design/tokens.css'
import './ui/design/ui.css'
import './ui/shell/shell.css'
import './ui/shell/menus.css'
import './ui/editor/editor.css'
import './ui/timeline/dock.css'
import './ui/shell/dialogs.css'
import { App } from './ui/shell/App.tsx'
import { switchLanguage } from './ui/i18n/i18n.ts'
import { usePage } from './ui/state/page-store.ts'
import { start } from './ui/shell/start.ts'

document.documentElement.dataset.theme = usePage.getState().theme
await switchLanguage(usePage.getState().language)

usePage.subscribe((state, previous) => {
  if (state.theme !== previous.theme) document.documentElement.dataset.theme = state.theme
  if (state.language !== previous.language) void switchLanguage(state.language)
})

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)

void start()
