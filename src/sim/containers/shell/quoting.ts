import { isReserved } from './reserved.ts'

/** A text as a shell would read it back: runs of single quotes stand in double ones. */
export function quoted(text: string): string {
  let result = ''
  for (const [, plain, quotes] of text.matchAll(/([^']*)('*)/g))
    if (plain || quotes || result === '') result += `'${plain}'${quotes && `"${quotes}"`}`
  return result
}

/** The same, where it has to be: what ash shows of a command that it traces. */
export const sparinglyQuoted = (text: string): string =>
  /^[+,\-./0-9:@A-Z\]^_a-z]*$/.test(text) && !isReserved(text) ? text : quoted(text)
