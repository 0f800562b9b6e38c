import { describe, expect, test } from 'vitest'
import type { Json } from '../../ports/books.ts'
import { canonicalJson } from './canonicalJson.ts'

describe('canonical JSON (RFC 8785)', () => {
  const cases: [string, Json, string][] = [
    ['keys are sorted at every depth, without blanks', { b: { d: '1', c: '2' }, a: ['y', 'x'] }, '{"a":["y","x"],"b":{"c":"2","d":"1"}}'],
    [
      'keys are in the order of their UTF-16 units',
      { '\ufb33': 1, '😀': 2, '\u20ac': 3, '1': 4, '10': 5, '9': 6 },
      '{"1":4,"10":5,"9":6,"€":3,"😀":2,"\ufb33":1}',
    ],
    ['text is escaped only where it must be', '€$\u000f\nA\'"\\/', '"€$\\u000f\\nA\'\\"\\\\/"'],
    [
      'numbers are as ECMAScript writes them',
      [333333333.3333333, 1e30, 4.5, 0.002, 1e-27, -0, 8453],
      '[333333333.3333333,1e+30,4.5,0.002,1e-27,0,8453]',
    ],
    ['words', [true, false, null], '[true,false,null]'],
    ['nothing inside', [{}, [], ''], '[{},[],""]'],
  ]

  test.each(cases)('%s', (_, value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  test.each<[string, Json]>([
    ['a number that is none', Number.NaN],
    ['a number without end', [Number.POSITIVE_INFINITY]],
    ['half a letter', { a: 'x\ud83d' }],
    ['half a letter in a key', { '\ude00': 1 }],
  ])('%s has no canonical form and is refused', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError)
  })
})
