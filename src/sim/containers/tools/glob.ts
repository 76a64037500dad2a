import { BadPattern, regex } from './regex.ts'

/** Does a shell pattern (`*.txt`) match all of a text? */
export function matchesGlob(pattern: string, text: string): boolean {
  let source = ''
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!
    if (char === '*') source += '.*'
    else if (char === '?') source += '.'
    else if (char === '[') {
      let end = at + 1
      if (pattern[end] === '!' || pattern[end] === '^') end++
      if (pattern[end] === ']') end++
      while (end < pattern.length && pattern[end] !== ']')
        end =
          pattern[end] === '[' && pattern[end + 1] === ':' ? pattern.indexOf(':]', end) + 2 || pattern.length : end + 1
      if (end >= pattern.length) source += '\\['
      else {
        source += `[${pattern.slice(at + 1, end).replace(/^!/, '^')}]`
        at = end
      }
    } else if (char === '\\' && at + 1 < pattern.length) source += quoted(pattern[++at]!)
    else source += quoted(char)
  }
  try {
    const found = regex(`^${source}$`, true).exec(text)
    return found !== undefined
  } catch (error) {
    if (!(error instanceof BadPattern)) throw error
    return pattern === text
  }
}

const quoted = (char: string) => (/[\\^$.|?*+()[\]{}]/.test(char) ? `\\${char}` : char)
