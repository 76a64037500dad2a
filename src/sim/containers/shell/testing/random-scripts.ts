import fc from 'fast-check'

/** For tests: scripts of a small grammar, in which each part of the language may stand within each other. */
const names = fc.constantFrom('a', 'b', 'c', 'x')
const plainText = fc.constantFrom(
  'foo',
  'b*r',
  'x y',
  '1',
  '07',
  '',
  'a:b:c',
  '-n',
  '$',
  'é',
  'ab.c',
  '~',
  '\\t',
  '[x]',
)
const bare = fc.constantFrom(
  'foo',
  'bar',
  '1',
  '2',
  'a.b',
  'x/y',
  '*',
  'f?',
  '[ab]*',
  'a=b',
  '~',
  '-n',
  '%',
  '{}',
  'a\\ b',
)
const pattern = fc.constantFrom(
  '*',
  'f*',
  '*o',
  '?',
  '[a-f]*',
  'x y',
  '1',
  '"*"',
  '*:*',
  '$a',
  '${b}*',
  '[!x]*',
  "'a'*",
)
const operators = fc.constantFrom(':-', '-', ':=', '=', ':+', '+', '#', '##', '%', '%%')
const joiners = fc.constantFrom('; ', ' && ', ' || ', '\n')

const { script } = fc.letrec<{
  word: string
  parameter: string
  arithmetic: string
  simple: string
  command: string
  list: string
  script: string
}>((tie) => ({
  parameter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    names.map((name) => `$${name}`),
    fc.constantFrom('$1', '$@', '$*', '$#', '$?', '"$@"', '"$*"', '${2}', '${#a}', '${#x}'),
    fc.tuple(names, operators, tie('word')).map(([name, operator, word]) => `\${${name}${operator}${word}}`),
    fc
      .tuple(names, fc.constantFrom('#', '##', '%', '%%'), pattern)
      .map(([name, how, what]) => `\${${name}${how}${what}}`),
  ),
  arithmetic: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom('1', '2', '10', '0', 'n', 'm', '0x1f', '-3'),
    fc
      .tuple(
        tie('arithmetic'),
        fc.constantFrom('+', '-', '*', '<', '>=', '==', '!=', '&', '|', '^', '<<', '>>'),
        tie('arithmetic'),
      )
      .map(([left, operator, right]) => `${left} ${operator} ${right}`),
    tie('arithmetic').map((inner) => `(${inner})`),
    fc.tuple(tie('arithmetic'), tie('arithmetic')).map(([yes, no]) => `(m ? ${yes} : ${no})`),
  ),
  word: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    bare,
    plainText.map((text) => `'${text}'`),
    plainText.map((text) => `"${text.replace(/[$\\]/g, '\\$&')}"`),
    tie('parameter'),
    tie('parameter').map((inner) => `"${inner.replace(/^"|"$/g, '')}"`),
    tie('arithmetic').map((inner) => `$((${inner}))`),
    tie('arithmetic').map((inner) => `$((n = ${inner}))`),
    tie('simple').map((inner) => `$( ${inner})`),
    tie('simple').map((inner) => `"$( ${inner})"`),
    fc.tuple(tie('word'), tie('word')).map((pair) => pair.join('')),
  ),
  simple: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.array(tie('word'), { maxLength: 3 }).map((words) => `printf '<%s>' ${words.join(' ')}; echo`),
    fc.array(tie('word'), { maxLength: 3 }).map((words) => `echo - ${words.join(' ')}`),
    fc.tuple(names, tie('word')).map(([name, word]) => `${name}=${word}`),
    fc.tuple(names, tie('word')).map(([name, word]) => `${name}=${word} eval 'echo "$${name}"'`),
    fc.array(tie('word'), { minLength: 1, maxLength: 3 }).map((words) => `set -- ${words.join(' ')}`),
    fc.constantFrom('true', 'false', ':', 'shift', '(exit 3)', 'unset b', 'read a b', 'cat', 'break'),
    fc
      .tuple(tie('word'), fc.constantFrom('=', '!=', '-ef'), tie('word'))
      .map(
        ([left, operator, right]) =>
          `[ "${left.replace(/["'\\`]/g, '')}" ${operator} "${right.replace(/["'\\`]/g, '')}" ]`,
      ),
    tie('word').map((word) => `local x=${word}`),
  ),
  command: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('simple'),
    tie('simple'),
    fc.tuple(tie('list'), tie('list'), tie('list')).map(([a, b, c]) => `if ${a}\nthen ${b}\nelse ${c}\nfi`),
    fc
      .tuple(names, fc.array(tie('word'), { maxLength: 3 }), tie('list'))
      .map(([name, words, body]) => `for ${name} in ${words.join(' ')}; do ${body}\ndone`),
    fc
      .tuple(tie('word'), pattern, tie('list'), tie('list'))
      .map(([word, one, first, second]) => `case ${word} in\n${one}) ${first} ;;\n*) ${second} ;;\nesac`),
    tie('list').map((body) => `i=; while [ "$i" != 11 ]; do i=1$i; ${body}\ndone`),
    tie('list').map((body) => `(${body}\n)`),
    tie('list').map((body) => `{ ${body}\n}`),
    fc.tuple(tie('list'), tie('list')).map(([one, other]) => `{ ${one}\n} | { cat; ${other}\n}`),
    tie('list').map((body) => `f() { ${body}\n}`),
    tie('list').map((body) => `g() ( ${body}\n)`),
    tie('command').map((inner) => `! ${inner}`.replace(/^! !/, '!')),
    fc.tuple(tie('list'), names).map(([body, word]) => `{ { ${body}\n} <<E\nline $${word} $a\nE\n}`),
    fc.tuple(tie('list')).map(([body]) => `{ ${body}\n} >out 2>&1; cat out`),
    tie('simple').map(
      (inner) => `eval ${JSON.stringify(inner).replace(/\$/g, '\\$').replace(/`/g, '\\`').replace(/\\n/g, ' ')}`,
    ),
    fc.constantFrom(
      'set -e',
      'set -u',
      'set +e',
      'set -f',
      'IFS=:',
      'IFS=',
      'trap "echo bye" EXIT',
      'return 3',
      'exit 4',
      'continue',
    ),
  ),
  list: fc
    .array(fc.tuple(tie('command'), joiners), { minLength: 1, maxLength: 3, depthIdentifier: 'list' })
    .map((parts) => parts.map(([text, joiner], at) => (at === parts.length - 1 ? text : text + joiner)).join('')),
  // Functions are called from outside of all, so that nothing calls itself.
  script: fc
    .array(
      fc.oneof({ weight: 3, arbitrary: tie('list') }, fc.constantFrom('f', 'f "$@"', 'g x', 'f || echo no', 'x=$(g)')),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((lists) => `set -- p1 'p 2'; a=foo; n=5\n${lists.join('\n')}\necho "end $? $a $#"`),
}))

/** A script that ends by itself, whatever it does on its way. */
export const randomScript: fc.Arbitrary<string> = script
