/** What is selected. */
export function Inspector() {
  return null
}
