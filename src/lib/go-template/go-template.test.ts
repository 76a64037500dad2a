import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TemplateError } from './errors.ts'
import { executeTemplate } from './execute.ts'
import { sprintf } from './format.ts'
import { parseTemplate } from './parse.ts'
import { sprig } from './sprig.ts'

const data = {
  name: 'web',
  n: 3,
  half: 0.5,
  empty: '',
  none: null,
  no: false,
  list: ['a', 'b', 'c'],
  map: { y: 2, x: 1, 'a-b': 'dash' },
  deep: { er: { est: 'here' } },
  items: [{ id: 1 }, { id: 2, tags: ['t'] }],
}

const run = (source: string, value: unknown = data) =>
  executeTemplate(parseTemplate(source), value, { functions: sprig })

// What Go 1.24's text/template (with sprig) writes.
const cases: readonly (readonly [what: string, source: string, output: string])[] = [
  ['text alone', 'a } b', 'a } b'],
  ['a field', '{{.name}}', 'web'],
  ['a path', '{{ .deep.er.est }}', 'here'],
  ['a path of a variable', '{{ $d := .deep }}{{ $d.er.est }}', 'here'],
  ['the dollar is the data', '{{ range .list }}{{ $.name }}{{ . }} {{ end }}', 'weba webb webc '],
  ['a field of what is in parentheses', '{{ (index .items 1).id }}', '2'],
  ['a field that is not there', '{{ .missing }}', '<no value>'],
  ['null', '{{ .none }}', '<no value>'],
  ['a list and a map as they are', '{{ .list }} {{ .map }}', '[a b c] map[a-b:dash x:1 y:2]'],
  [
    'numbers',
    "{{ 1 }} {{ -2 }} {{ 0x1F }} {{ 010 }} {{ 1.5 }} {{ 1e3 }} {{ 'a' }} {{ 1_000 }}",
    '1 -2 31 8 1.5 1000 97 1000',
  ],
  ['strings', '{{ "a\\t\\"b\\"\\x41\\u00e9" }} {{ `raw\\n` }}', 'a\t"b"A\u00e9 raw\\n'],
  ['trim marks', 'a \n {{- .n -}} \n b', 'a3b'],
  ['trim on one side', 'a {{- 1 }} {{ 2 -}} b', 'a1 2b'],
  ['a minus is no trim mark', '{{-3}}', '-3'],
  ['a comment', 'a{{/* {{ not this }} */}}b', 'ab'],
  ['a comment that trims', 'a {{- /* c */ -}} b', 'ab'],
  ['an action over lines', '{{ printf\n "%s"\n .name }}', 'web'],
  ['if', '{{ if .name }}yes{{ end }}{{ if .empty }}no{{ end }}', 'yes'],
  ['else', '{{ if .no }}a{{ else }}b{{ end }}', 'b'],
  ['else if', '{{ if .no }}a{{ else if eq .n 3 }}b{{ else }}c{{ end }}', 'b'],
  ['with', '{{ with .deep.er }}{{ .est }}{{ end }}', 'here'],
  ['with else', '{{ with .empty }}a{{ else }}{{ .name }}{{ end }}', 'web'],
  ['else with', '{{ with .empty }}a{{ else with .n }}{{ . }}{{ end }}', '3'],
  ['with a variable', '{{ with $x := .n }}{{ $x }}{{ . }}{{ end }}', '33'],
  ['range over a list with index', '{{ range $i, $e := .list }}{{ $i }}{{ $e }}{{ end }}', '0a1b2c'],
  ['range with one variable', '{{ range $e := .list }}{{ $e }}{{ end }}', 'abc'],
  ['range over a map goes by keys', '{{ range $k, $v := .map }}{{ $k }}={{ $v }} {{ end }}', 'a-b=dash x=1 y=2 '],
  ['range over nothing', '{{ range .missing }}a{{ else }}none{{ end }}', 'none'],
  ['range over a number', '{{ range $i := 3 }}{{ $i }}{{ end }}', '012'],
  ['break and continue', '{{ range .list }}{{ if eq . "a" }}{{ continue }}{{ end }}{{ . }}{{ break }}{{ end }}', 'b'],
  ['a variable is set from inside', '{{ $x := 1 }}{{ range .list }}{{ $x = add $x 1 }}{{ end }}{{ $x }}', '4'],
  ['a variable hides another', '{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}', '21'],
  ['a pipeline gives its value last', '{{ .name | printf "%s-%s" "x" }}', 'x-web'],
  ['a long pipeline', '{{ .name | upper | printf "%q" | len }}', '5'],
  ['and, or', '{{ and .name .n }} {{ or .empty "d" }} {{ or .no .empty }}|{{ and .no .x.y.z }}', '3 d |false'],
  ['or leaves unasked what it need not know', '{{ or .name .missing.field }}', 'web'],
  ['not', '{{ not .empty }} {{ not .list }}', 'true false'],
  [
    'comparisons',
    '{{ eq .n 3 }} {{ ne .n 3 }} {{ lt 1 2 }} {{ le 2 2 }} {{ gt "b" "a" }} {{ ge 1 2 }}',
    'true false true true true false',
  ],
  ['eq with several', '{{ eq .name "x" "web" }}', 'true'],
  ['eq with what is not there', '{{ eq .missing "Always" }}', 'false'],
  ['index', '{{ index .list 1 }} {{ index .map "a-b" }} {{ index .items 1 "tags" 0 }}', 'b dash t'],
  ['index of what is not there', '{{ or (index .map "q") "none" }}', 'none'],
  ['len', '{{ len .list }} {{ len .map }} {{ len "h\u00e9" }}', '3 3 3'],
  ['slice', '{{ slice .list 1 }} {{ slice .name 0 2 }}', '[b c] we'],
  ['print', '{{ print 1 2 "a" 3 }} {{ println "x" 1 }}', '1 2a3 x 1\n'],
  ['printf', '{{ printf "%5d|%-4s|%05.1f|%v|%%|%x" 42 "ab" 2.55 true 255 }}', '   42|ab  |002.5|true|%|ff'],
  ['html and urlquery', '{{ html "<a&\'>" }} {{ urlquery "a b/c" }}', '&lt;a&amp;&#39;&gt; a+b%2Fc'],
  ['define and template', '{{ define "t" }}<{{ .er.est }}>{{ end }}{{ template "t" .deep }}', '<here>'],
  ['template without data', '{{ define "t" }}[{{ . }}]{{ end }}{{ template "t" }}', '[<no value>]'],
  ['block', '{{ block "b" .list }}{{ len . }}{{ end }}', '3'],
  [
    'a template that calls itself',
    '{{ define "t" }}{{ . }}{{ if gt . 0 }}{{ template "t" (sub . 1) }}{{ end }}{{ end }}{{ template "t" 3 }}',
    '3210',
  ],
  ['default', '{{ .missing | default "d" }} {{ default 1 .n }}', 'd 3'],
  ['dict and list', '{{ $d := dict "a" 1 "b" (list 1 2) }}{{ $d.a }}{{ index $d.b 1 }}{{ hasKey $d "c" }}', '12false'],
  ['an empty dict is nothing', '{{ $a := or .annotations dict }}{{ or (index $a "x") "none" }}', 'none'],
  [
    'texts',
    '{{ trimSuffix "b" "ab" }} {{ replace "a" "$&" "bab" }} {{ "a,b" | splitList "," | join "-" }} {{ "x" | repeat 3 }}',
    'a b$&b a-b xxx',
  ],
  ['numbers of texts', '{{ add "2" 3 }} {{ div 7 2 }} {{ mod 7 2 }} {{ max 1 5 3 }} {{ until 3 }}', '5 3 1 5 [0 1 2]'],
  ['indent', '{{ nindent 2 "a\\nb" }}', '\n  a\n  b'],
  ['json', '{{ toJson .map }}', '{"a-b":"dash","x":1,"y":2}'],
]

test.each(cases)('%s', (_, source, output) => {
  expect(run(source)).toBe(output)
})

const failures: readonly (readonly [what: string, source: string, message: string])[] = [
  ['an action that is not closed', '{{ .a', 'unclosed action'],
  ['an if without end', '{{ if .a }}x', 'unexpected EOF'],
  ['an end too many', 'a{{ end }}', 'unexpected {{end}}'],
  ['two else', '{{ if .a }}{{ else }}{{ else }}{{ end }}', 'expected end; found {{else}}'],
  ['nothing in an action', '{{ }}', 'missing value for command'],
  ['a pipe into a field', '{{ 1 | .name }}', 'non executable command in pipeline'],
  ['a break outside', '{{ break }}', '{{break}} outside {{range}}'],
  ['a text that is not closed', '{{ "a }}', 'unterminated quoted string'],
  ['a function that nobody knows', '{{ nope 1 }}', 'function "nope" not defined'],
  ['one that every object has', '{{ constructor }}', 'function "constructor" not defined'],
  ['a variable that nobody knows', '{{ $x }}', 'undefined variable "$x"'],
  ['a field of nothing', '{{ .missing.field }}', 'nil pointer evaluating interface {}.field'],
  ['a field of a text', '{{ .name.field }}', "can't evaluate field field in type string"],
  ['an index beyond', '{{ index .list 9 }}', 'index out of range: 9'],
  ['what cannot be compared', '{{ eq .name 1 }}', 'incompatible types for comparison'],
  ['a range over a text', '{{ range .name }}{{ end }}', "range can't iterate over web"],
  ['a template that is not there', '{{ template "x" }}', 'template "x" not defined'],
  [
    'one that calls itself for ever',
    '{{ define "t" }}{{ template "t" }}{{ end }}{{ template "t" }}',
    'maximum template depth',
  ],
  ['a loop without end', '{{ range 1000000000 }}{{ end }}', 'takes too long'],
  ['a text without end', '{{ range 150000 }}{{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }}{{ end }}', 'too'],
  ['parentheses without end', `{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`, 'nested too deeply'],
  ['blocks without end', '{{ if 1 }}'.repeat(5000), 'nested too deeply'],
  ['an else if without end', `{{ if 1 }}${'{{ else if 1 }}'.repeat(5000)}{{ end }}`, 'nested too deeply'],
  ['fail', '{{ fail "no" }}', 'error calling fail: no'],
  ['a wrong value for a function', '{{ first 1 }}{{ rest .n }}', 'wrong type of value'],
]

test.each(failures)('%s is refused', (_, source, message) => {
  expect(() => run(source)).toThrow(TemplateError)
  expect(() => run(source)).toThrow(message)
})

describe('sprintf', () => {
  test.each([
    ['%d', ['a'], '%!d(string=a)'],
    ['%s', [], '%!s(MISSING)'],
    ['%s', ['a', 1], 'a%!(EXTRA int=1)'],
    ['%q', ['a"\u0001\\u00'], '"a\\"\\x01\\\\u00"'],
    ['%+d %03d %-3d|', [1, 7, 7], '+1 007 7  |'],
    ['%.2f %g %e', [1.005, 0.00001, 12345.678], '1.00 1e-05 1.234568e+04'],
    ['%v', [[1, { a: null }]], '[1 map[a:<nil>]]'],
    ['%T %t', [{}, false], 'map[string]interface {} false'],
  ] as const)('%s', (format, values, output) => {
    expect(sprintf(format, values)).toBe(output)
  })
})

const pieces = [
  '{{',
  '}}',
  ' ',
  '.',
  '.a',
  '$x',
  ':=',
  '=',
  '|',
  '(',
  ')',
  '"s"',
  '1',
  'if',
  'range',
  'end',
  'else',
  'eq',
  'x',
  '-',
  '/*',
  '*/',
  ',',
  'with',
  'define',
  'index',
  '\n',
]

test('any text is read or refused, and soon', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
      try {
        run(parts.join(''))
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError)
      }
    }),
    { numRuns: 2000 },
  )
})
