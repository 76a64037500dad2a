import { useEffect } from 'react'
import { clusterStore } from '../state/cluster-store.ts'
import { applyFiles, useFiles } from '../state/files-store.ts'
import { openDialog, usePage } from '../state/page-store.ts'
import { setRunning } from '../state/playgrounds.ts'

/** Keys of the whole page. Monaco has the ones of the editor. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || usePage.getState().dialog) return
      if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
        event.preventDefault()
        void applyFiles([useFiles.getState().activeFile])
        return
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      if (event.key === ' ' && !isControl(event.target)) {
        event.preventDefault()
        setRunning(!clusterStore.getState().clock.running)
      }
      if (event.key === '?') openDialog('keys')
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select, .monaco-editor *'))
  )
}

/** The space bar presses a focused control. */
function isControl(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('button, a, [role="button"], [role="tab"], [role="menuitem"], [role="slider"]') !== null
  )
}
