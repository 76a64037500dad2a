/** Does the keyboard have a ⌘? */
export const isMac = navigator.platform.startsWith('Mac')

const mod = isMac ? '⌘' : 'Ctrl'
const shift = isMac ? '⇧' : 'Shift'

/** Keys that do the same wherever they are shown: in the sheet, in the palette, on buttons. */
export const shortcuts = {
  palette: [mod, 'K'],
  apply: [mod, '↵'],
  diff: [mod, shift, '↵'],
  undo: [mod, 'Z'],
  space: ['␣'],
  lenses: ['1', '…', '4'],
  filter: ['/'],
  travel: ['←', '↑', '↓', '→'],
  choose: ['↵'],
  menu: [shift, 'F10'],
  fit: ['F'],
  zoom: ['+', '−'],
  complete: ['Ctrl', '␣'],
  quickFix: [mod, '.'],
  command: ['F1'],
  tab: ['Tab'],
  recall: ['↑'],
  interrupt: ['Ctrl', 'C'],
  moment: ['←', '→'],
  sheet: ['?'],
  close: ['Esc'],
} as const satisfies Record<string, readonly string[]>
