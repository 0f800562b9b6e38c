import { expect, test } from 'vitest'
import { exportedNames } from './guardEntry.ts'

test('the names of an entry are those that it re-exports', () => {
  expect(exportedNames("export { a, b as c } from './x.js'\nexport { default } from './y.js'", 'entry.js')).toEqual(['a', 'c', 'default'])
})

test.each([
  "export * from './x.js'",
  "export * as x from './x.js'",
  'export const a = 1',
  'export default 1',
  "export { a as 'b-c' } from './x.js'",
])('an entry with %s is not built: a guard would lose what it exports', (text) => {
  expect(() => exportedNames(text, 'entry.js')).toThrow(/^entry\.js (?:may only re-export by name|exports b-c)/)
})
