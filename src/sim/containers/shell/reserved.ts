const reserved = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'do',
  'done',
  'case',
  'esac',
  'while',
  'until',
  'for',
  '{',
  '}',
  '!',
  'in',
])
/** Is this a word of the grammar where a command begins? */
export const isReserved = (word: string): boolean => reserved.has(word)
