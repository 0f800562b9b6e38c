import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromText, toText } from './plainText.ts'

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('#', '##', '#5', '##5', '5n', '#-1', '__proto__'))
const { plain } = fc.letrec((tie) => ({
  plain: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.bigInt(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('plain'), { maxLength: 4 }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('plain'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
}))

test('plain data comes back from text as it was: bigints, marks, half surrogates and all', () => {
  fc.assert(
    fc.property(plain, (thing) => {
      expect(fromText(toText(thing))).toEqual(thing)
    }),
  )
})

test('text is well-formed, whatever the data is', () => {
  expect(toText({ half: '\ud800' }).isWellFormed()).toBe(true)
  expect(fromText(toText({ half: '\ud800' }))).toEqual({ half: '\ud800' })
})

test('a field that is undefined is left out, and what is not plain stops', () => {
  expect(fromText(toText({ a: undefined, b: 1n }))).toStrictEqual({ b: 1n })
  expect(() => toText({ when: new Map() })).toThrow('plain data')
})
