import { create } from 'zustand'

/** A machine more, in a zone that is there or in a new one; or one of another size. */
export type MachineQuestion =
  | { readonly mode: 'add'; readonly zone?: string }
  | { readonly mode: 'addZone' }
  | { readonly mode: 'resize'; readonly name: string }

export const useMachineDialog = create<{ readonly question: MachineQuestion | null }>()(() => ({ question: null }))

/** Asks for a machine's size and place; with null it stops asking. */
export function openMachineDialog(question: MachineQuestion | null): void {
  useMachineDialog.setState({ question })
}
