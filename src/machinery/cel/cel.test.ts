import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CelEnvironment } from './check.ts'
import { kubernetesFunctions } from './functions/registry.ts'
import { Meter, perCallLimit } from './meter.ts'
import { compileCel } from './program.ts'
import { dyn, int, listOf, string, typeText, type CelType } from './types.ts'
import { CelCostError, CelError, fromJson, isList, isMapValue, listItems, Message, toJson } from './values.ts'

const self: CelType = {
  kind: 'object',
  name: 'Self',
  field: (name) => ({ size: int, name: string, tags: listOf(string) })[name],
}
const environment: CelEnvironment = { variables: { object: dyn, self }, functions: kubernetesFunctions }

function run(source: string, object: unknown = {}, budget = perCallLimit): unknown {
  const compiled = compileCel(source, environment)
  if ('problem' in compiled) throw new Error(compiled.problem)
  const value = compiled.program.run((name) => (name === 'object' ? fromJson(object) : undefined), new Meter(budget))
  return isList(value) ? listItems(value) : isMapValue(value) || value instanceof Message ? toJson(value) : value
}

describe('expressions', () => {
  test.each<[string, unknown, unknown?]>([
    ['1 + 2 * 3 == 7', true],
    ['-7 / 2', -3n],
    ['7 % -3', 1n],
    ['1.5 + 1.5', 3],
    ['dyn(1) == 1.0 && 1u == dyn(1)', true],
    ["object.a == 'x'", false, { a: 1 }],
    ["object.a in [dyn(1), 'x', 2.0]", true, { a: 2 }],
    ["'k' in object.m && !('q' in object.m)", true, { m: { k: null } }],
    ["has(object.a.b) ? 'yes' : 'no'", 'no', { a: {} }],
    ['has(object.spec.containers[0].image)', true, { spec: { containers: [{ image: 'x' }] } }],
    ['object.list.all(x, x > 0)', true, { list: [1, 2] }],
    ['object.list.exists(x, x / 0 == 1 || x == 2)', true, { list: [1, 2] }],
    ['object.list.exists_one(x, x == 2)', true, { list: [1, 2] }],
    ['object.list.map(x, x * 2)', [2n, 4n], { list: [1, 2] }],
    ['object.list.map(x, x > 1, x * 2)', [4n], { list: [1, 2] }],
    ['object.list.filter(x, x > 1)', [2n], { list: [1, 2] }],
    ["object.m.all(k, k.startsWith('a'))", true, { m: { a: 1, ab: 2 } }],
    ['object.list.all(i, v, v > i)', true, { list: [1, 2] }],
    ['object.m.transformMap(k, v, v + 1)', { a: 2 }, { m: { a: 1 } }],
    ["[1, 2, 3].sum() == 6 && [3, 1].min() == 1 && ['a', 'b'].isSorted()", true],
    ['[1, 2, 1].indexOf(1) == 0 && [1, 2, 1].lastIndexOf(1) == 2', true],
    ["'tacocat'.charAt(3) + 'abc'.upperAscii() + ' x '.trim()", 'oABCx'],
    ["'hello'.replace('l', 'L', 1) + 'a,b'.split(',')[1]", 'heLlob'],
    ["'hello mellow'.indexOf('ello', 2)", 7n],
    ["'tacocat'.substring(0, 4) + ['a', 'b'].join('-')", 'tacoa-b'],
    ["'%s has %d of %.2f'.format(['x', 3, 1.5])", 'x has 3 of 1.50'],
    ["'abc 123 45'.find('[0-9]+') + '|' + 'abc 123 45'.findAll('[0-9]+').join(',')", '123|123,45'],
    ["'a1'.matches('^[a-z][0-9]$') && matches('xx', 'x+')", true],
    ["size('😀') == 1 && size(object.s) == 2", true, { s: 'ab' }],
    [
      "quantity('1Gi').isGreaterThan(quantity('1000Mi')) && quantity('500m').add(quantity('500m')) == quantity('1')",
      true,
    ],
    ["isQuantity('1x') || !isURL('https://a.b/c?d=e')", false],
    [
      "url('https://example.com:80/p?k=v&k=w').getHostname() + url('https://example.com:80/').getPort()",
      'example.com80',
    ],
    ["url('https://example.com/?k=v&k=w').getQuery()['k'].size()", 2n],
    ["ip('::1').isLoopback() && ip('10.0.0.1').family() == 4 && cidr('10.0.0.0/8').containsIP('10.2.3.4')", true],
    ["string(ip('2001:db8:0:0:0:0:0:1'))", '2001:db8::1'],
    ["semver('1.2.3').isLessThan(semver('1.10.0')) && isSemver('1.0') == false", true],
    ['sets.contains([1, 2, 3], [2]) && sets.intersects([1], [1, 2]) && sets.equivalent([1, 1], [1])', true],
    ["timestamp('2026-01-02T03:04:05Z').getFullYear() + timestamp('2026-01-02T03:04:05Z').getDayOfWeek()", 2031n],
    ["duration('1h30m') > duration('80m') && string(duration('90s')) == '90s'", true],
    ["timestamp('2026-01-01T00:00:00Z') + duration('24h') == timestamp('2026-01-02T00:00:00Z')", true],
    ["object.?a.?b.orValue('none')", 'none', { a: {} }],
    ['object.?a.optMap(x, x + 1).orValue(0)', 2n, { a: 1 }],
    ['[?object.?a, 2]', [2n], {}],
    ["{?'k': object.?a, 'b': 1}", { b: 1 }, {}],
    ['cel.bind(x, object.a, x + x)', 4n, { a: 2 }],
    ['type(1) == int && type(object.a) == string', true, { a: 's' }],
    ["int('42') + int(2.9) + int(timestamp('1970-01-01T00:00:01Z'))", 45n],
    ['object.`a-b`', 1n, { 'a-b': 1 }],
    ["!format.dns1123Label().validate('ok').hasValue()", true],
    ["b'abc' == bytes('abc') && string(b'abc') == 'abc'", true],
    ['false && object.nope == 1', false],
    ['object.nope == 1 || true', true],
    ["'a' < 'b' && 1 < 2.5", true],
  ])('%s is %s', (source, want, object) => {
    expect(run(source, object)).toEqual(want)
  })

  test.each<[string, string, unknown?]>([
    ["object.metadata.labels['x'] == 'y'", 'no such key: labels', { metadata: {} }],
    ["object.labels['x'] == 'y'", 'no such key: x', { labels: {} }],
    ['object.list[5] == 1', 'index out of bounds: 5', { list: [] }],
    ['1 / object.zero == 1', 'division by zero', { zero: 0 }],
    ['9223372036854775807 + object.one > 0', 'integer overflow', { one: 1 }],
    ['object.a + object.b == 1', 'no such overload', { a: 1, b: 's' }],
    ['object.a.b == 1', 'no such overload', { a: null }],
    [
      "object.s.matches('(') || true && object.s.matches('(')",
      'error parsing regexp: missing closing ): `(`',
      { s: 'x' },
    ],
    [
      'quantity(object.q).sign() == 1',
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      { q: 'x' },
    ],
  ])('%s fails with %s', (source, message, object) => {
    expect(() => run(source, object)).toThrow(new CelError(message))
  })
})

describe('compile errors in cel-go’s words', () => {
  const operands =
    "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"
  test.each([
    [
      'object.spec.replicas >',
      `ERROR: <input>:1:23: Syntax error: mismatched input '<EOF>' expecting ${operands}\n | object.spec.replicas >\n | ......................^`,
    ],
    ['nope.x == 1', "ERROR: <input>:1:1: undeclared reference to 'nope' (in container '')\n | nope.x == 1\n | ^"],
    [
      '1 + "a"',
      "ERROR: <input>:1:3: found no matching overload for '_+_' applied to '(int, string)'\n | 1 + \"a\"\n | ..^",
    ],
    ['self.sise > 1', "ERROR: <input>:1:5: undefined field 'sise'\n | self.sise > 1\n | ....^"],
    [
      "self.size > 'a'",
      "ERROR: <input>:1:11: found no matching overload for '_>_' applied to '(int, string)'\n | self.size > 'a'\n | ..........^",
    ],
    ['foo(1)', "ERROR: <input>:1:4: undeclared reference to 'foo' (in container '')\n | foo(1)\n | ...^"],
    [
      'self.name.startsWith(1)',
      "ERROR: <input>:1:21: found no matching overload for 'startsWith' applied to 'string.(int)'\n | self.name.startsWith(1)\n | ....................^",
    ],
    [
      'self.size.all(x, true)',
      "ERROR: <input>:1:5: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)\n | self.size.all(x, true)\n | ....^",
    ],
    [
      'self.size &&\n  nope',
      "ERROR: <input>:1:11: found no matching overload for '_&&_' applied to '(int, !error!)'\n | self.size &&\n | ..........^\nERROR: <input>:2:3: undeclared reference to 'nope' (in container '')\n |   nope\n | ..^",
    ],
    ["[1, 'a']", "ERROR: <input>:1:5: expected type 'int' but found 'string'\n | [1, 'a']\n | ....^"],
    ['1 == 1 1', "ERROR: <input>:1:8: Syntax error: extraneous input '1' expecting <EOF>\n | 1 == 1 1\n | .......^"],
    ['Foo{a: 1}', "ERROR: <input>:1:4: undeclared reference to 'Foo' (in container '')\n | Foo{a: 1}\n | ...^"],
    ['has(object)', 'ERROR: <input>:1:5: invalid argument to has() macro\n | has(object)\n | ....^'],
  ])('%s', (source, problem) => {
    expect(compileCel(source, environment)).toEqual({ problem })
  })

  test('types of what compiles', () => {
    const type = (source: string) => {
      const compiled = compileCel(source, environment)
      return 'program' in compiled ? typeText(compiled.program.type) : compiled.problem
    }
    expect(type('self.tags.map(t, size(t))')).toBe('list(int)')
    expect(type("{'a': [1]}")).toBe('map(string, list(int))')
    expect(type('object.x')).toBe('dyn')
    expect(type('self.size > 1 ? self.size : 2')).toBe('int')
    expect(type("optional.of('x')")).toBe('optional_type(string)')
  })
})

describe('nothing runs away', () => {
  test.each([
    ['lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, a + b + c >= 0)))'],
    ["['aaaaaaaaaaaaaaaaaaaa'].map(a, a.replace('', a).replace('', a).replace('', a).replace('', a).replace('', a))"],
    ["object.s.matches('(((((a{20}){20}){20}){5}){5})*b')"],
  ])('%s', (source) => {
    expect(() => run(source, { s: 'a'.repeat(10_000) })).toThrow(CelCostError)
  })

  test('long chains take no longer than they are', () => {
    const chain = `optional.of(1)${'.optMap(x, x)'.repeat(50)}.hasValue()`
    const compiled = compileCel(chain, environment)
    expect('program' in compiled && compiled.program.uses('self')).toBe(false)
    expect(run(chain)).toBe(true)
  })

  test('any text compiles or says why not', () => {
    const piece = fc.constantFrom(
      'object',
      '.a',
      '[0]',
      '(',
      ')',
      '{',
      '}',
      '1',
      "'x'",
      '+',
      '&&',
      '?',
      ':',
      ',',
      '`',
      '\\',
      'has',
      'all',
      '!',
      '-',
      ' ',
      '\n',
      '"',
      'self',
      '.map(x, x)',
      '|',
      '😀',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const compiled = compileCel(pieces.join(''), environment)
        if ('problem' in compiled) expect(compiled.problem).toMatch(/^ERROR: <input>:\d+:\d+: /)
        else {
          try {
            compiled.program.run(() => fromJson({ a: [1, 'x', null] }), new Meter(1000))
          } catch (error) {
            if (!(error instanceof CelError || error instanceof CelCostError)) throw error
          }
        }
      }),
      { numRuns: 3000 },
    )
  })
})
