const line = /^(\s*)((?:- )*)(?:("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s:#'"][^:]*?)(:)(?=\s|$))?(.*)$/

/** A line of printed YAML in coloured pieces: keys, strings, numbers, words. Not a parser: it colours our own output. */
export function pieces(text: string): [className: string, text: string][] {
  const [, indent = '', dashes = '', key, colon, rest = ''] = line.exec(text) ?? []
  const parts: [string, string][] = [
    ['', indent],
    ['y-punct', dashes],
    ['y-key', key ?? ''],
    ['y-punct', colon ?? ''],
    [valueClass(rest.trim()), rest],
  ]
  return parts.filter(([, part]) => part)
}

function valueClass(value: string): string {
  if (/^-?\d+(\.\d+)?$/.test(value)) return 'y-num'
  if (/^(true|false|null|~|\{\}|\[\])$/.test(value)) return 'y-word'
  return 'y-str'
}
