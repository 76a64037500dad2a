import { describe, expect, it } from 'vitest'
import {
  formatLabelSelector,
  matchesLabels,
  matchesLabelSelector,
  matchesRequirements,
  validateLabelSelector,
} from './selectors.ts'
import { parseFieldSelector, parseLabelSelector } from './selector-syntax.ts'

const labels = { app: 'web', tier: 'front', size: '5' }

describe('label selectors as text', () => {
  it.each([
    ['app=web', true],
    ['app==web', true],
    ['app!=web', false],
    ['missing!=x', true],
    ['app in (web, api)', true],
    ['app notin (web)', false],
    ['missing notin (web)', true],
    ['tier', true],
    ['!tier', false],
    ['!missing,app=web', true],
    ['app=web,tier=back', false],
    ['size>4', true],
    ['size<4', false],
    ['app=', false],
    ['', true],
  ])('%s', (text, expected) => {
    const parsed = parseLabelSelector(text)
    expect(parsed.ok && matchesRequirements(parsed.value, labels)).toBe(expected)
  })

  it.each([
    ['app in web', "unable to parse requirement: found 'web' expected: '('"],
    ['app=web tier=x', "found 'tier', expected: ',' or 'end of string'"],
    ['a===b', "unable to parse requirement: found '=', expected: identifier"],
    ['app=web,', "found '', expected: identifier after ','"],
    ['a,,b', "found ',', expected: identifier after ','"],
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    ['!!a', "unable to parse requirement: found '!', expected: identifier"],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a in ()b', "found 'b', expected: ',' or 'end of string'"],
    ['a in (b c)', "unable to parse requirement: found 'c', expected: ',' or ')'"],
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a in (=', "unable to parse requirement: found '=', expected: ',', ')' or identifier"],
    ['a=(', "unable to parse requirement: found '(', expected: identifier"],
    [
      'a>x',
      "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
    [
      'a=-',
      "unable to parse requirement: values[0][a]: Invalid value: \"-\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    ],
  ])('%s cannot be read', (text, message) => expect(parseLabelSelector(text)).toEqual({ ok: false, message }))
})

describe('LabelSelector', () => {
  it.each([
    ['nothing selects nothing', undefined, false],
    ['an empty one selects everything', {}, true],
    ['all labels have to match', { matchLabels: { app: 'web', tier: 'back' } }, false],
    ['In', { matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] }, true],
    ['NotIn holds for an absent key', { matchExpressions: [{ key: 'x', operator: 'NotIn', values: ['web'] }] }, true],
    ['Exists', { matchExpressions: [{ key: 'x', operator: 'Exists' }] }, false],
    ['DoesNotExist', { matchExpressions: [{ key: 'x', operator: 'DoesNotExist' }] }, true],
    [
      'an unknown operator matches nothing',
      { matchExpressions: [{ key: 'app', operator: 'Like', values: ['web'] }] },
      false,
    ],
  ])('%s', (_name, selector, expected) => expect(matchesLabelSelector(selector, labels)).toBe(expected))

  it('prints as kubectl does', () => {
    expect(
      formatLabelSelector({
        matchLabels: { b: '2', a: '1' },
        matchExpressions: [
          { key: 'c', operator: 'In', values: ['z', 'y'] },
          { key: 'd', operator: 'Exists' },
        ],
      }),
    ).toBe('a=1,b=2,c in (y,z),d')
    expect(formatLabelSelector({})).toBe('<none>')
  })

  it('names what is wrong with it', () => {
    const errors = validateLabelSelector(
      {
        matchExpressions: [
          { key: 'a', operator: 'Like' },
          { key: 'c', operator: 'Exists', values: ['d'] },
          { key: 'e', operator: 'In' },
        ],
      },
      'spec.selector',
    )
    expect(errors.map(({ field, message }) => `${field}: ${message}`)).toEqual([
      'spec.selector.matchExpressions[0].operator: Invalid value: "Like": not a valid selector operator',
      "spec.selector.matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      "spec.selector.matchExpressions[2].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ])
  })
})

it('lets a plain selector without labels match nothing', () => {
  expect([
    matchesLabels({}, labels),
    matchesLabels({ app: 'web' }, labels),
    matchesLabels({ app: 'web' }, undefined),
  ]).toEqual([false, true, false])
})

it('reads field selectors', () => {
  expect(parseFieldSelector('spec.nodeName=a,status.phase!=Failed')).toEqual({
    ok: true,
    value: [
      { field: 'spec.nodeName', value: 'a', negated: false },
      { field: 'status.phase', value: 'Failed', negated: true },
    ],
  })
  expect(parseFieldSelector('b=1,a=x\\,y\\=z')).toMatchObject({
    value: [{ field: 'a', value: 'x,y=z' }, { field: 'b' }],
  })
})

it.each([
  ['nonsense', "invalid selector: 'nonsense'; can't understand 'nonsense'"],
  ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
  ['a=\\x', 'invalid field selector: invalid escape sequence: \\x'],
])('the field selector %s cannot be read', (text, message) => {
  expect(parseFieldSelector(text)).toEqual({ ok: false, message })
})
