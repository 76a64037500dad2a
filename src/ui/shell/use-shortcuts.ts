import { useEffect } from 'react'
import { clusterStore } from '../state/cluster-store.ts'
import { applyFiles, useFiles } from '../state/files-store.ts'
import { openDialog, usePage } from '../state/page-store.ts'
import { setRunning } from '../state/playgrounds.ts'
import { undo } from '../state/time.ts'

/** Keys of the whole page. Monaco has the ones of the editor. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // Before Monaco, for which it begins a chord.
      if (
        isPaletteKey(event) &&
        !isOfTerminal(event) &&
        !document.querySelector('[role="dialog"], [role="alertdialog"]')
      ) {
        event.preventDefault()
        event.stopPropagation()
        openDialog('palette')
        return
      }
      if (event.defaultPrevented || usePage.getState().dialog) return
      if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && !isTyping(event.target)) {
        event.preventDefault()
        if (event.shiftKey) openDialog('diff')
        else void applyFiles([useFiles.getState().activeFile])
        return
      }
      if (event.key.toLowerCase() === 'z' && (event.metaKey || event.ctrlKey) && !event.shiftKey) {
        if (isTyping(event.target)) return
        event.preventDefault()
        void undo()
        return
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      if (event.key === ' ' && !isControl(event.target)) {
        event.preventDefault()
        event.stopPropagation()
        setRunning(!clusterStore.getState().clock.running)
      }
      if (event.key === '?') openDialog('keys')
    }
    // Before the graph, for which a held space bar means panning.
    addEventListener('keydown', onKeyDown, true)
    return () => removeEventListener('keydown', onKeyDown, true)
  }, [])
}

function isPaletteKey({ key, metaKey, ctrlKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === 'k' && (metaKey || ctrlKey) && !altKey && !shiftKey
}

/** In a shell Ctrl+K takes the rest of the line away. */
function isOfTerminal({ ctrlKey, target }: KeyboardEvent): boolean {
  return ctrlKey && target instanceof HTMLElement && target.closest('.xterm') !== null
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select, .monaco-editor *'))
  )
}

const controls = 'button, a, .react-flow__node, [role^="menu"], [role="tab"], [role="checkbox"], [role="separator"]'

/** The space bar presses a focused control. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest(controls) !== null
}
