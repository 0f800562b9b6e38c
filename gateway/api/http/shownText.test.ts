import { expect, test } from 'vitest'
import { shownText } from './wire.ts'

test.each([
  ['a letter of any script', 'Ĝardeno 庭 \u{1f33f}', true],
  ['a control character', 'a\u0001', false],
  ['a turn of the direction of writing', 'a\u202eb', false],
  ['what no XML may have', 'a\ufffe', false],
  ['what is no character in a later plane', 'a\u{1ffff}', false],
  ['half a character', 'a\ud800', false],
])('text with %s', (_, text, isTaken) => {
  expect(shownText(60).safeParse(text).success).toBe(isTaken)
})
