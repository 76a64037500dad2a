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
  sheet: ['?'],
  close: ['Esc'],
} as const satisfies Record<string, readonly string[]>
