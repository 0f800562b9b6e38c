import { expect, test } from 'vitest'
import { lineOfText, shownText } from './wire.ts'

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

test.each([
  ['a joiner, as emoji and some scripts need', '\u{1f468}\u200d\u{1f469} می‌خواهم', true],
  ['nothing at all', '', true],
  ['a line break', 'a\nb', false],
  ['a turn of the direction of writing', 'a\u202eb', false],
  ['an isolate that is never ended', 'a\u2067b', false],
  ['half a character', 'a\ud800', false],
])("a line of somebody's own words with %s", (_, text, isTaken) => {
  expect(lineOfText(60).safeParse(text).success).toBe(isTaken)
})
