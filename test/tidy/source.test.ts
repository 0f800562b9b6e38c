import { expect, test } from 'vitest'
import { linesMatching, withoutComments } from './source.ts'

test('comments are blanked and everything else stays on its line', () => {
  const text = `const a = 'https://x' // Math.\n/* Math.\n */ const b = \`// ${'$'}{a}\`\nconst c = /'\\/\\//.test(a) // Math.\n`
  const code = withoutComments(text)
  expect(code).toContain("'https://x'")
  expect(code).toContain(`\`// ${'$'}{a}\``)
  expect(code).toContain("/'\\/\\//.test(a)")
  expect(code).not.toContain('Math.')
  expect(code.split('\n')).toHaveLength(text.split('\n').length)
})

test('a matching line is named by its number', () => {
  expect(linesMatching('a\nb\nab', /b/)).toEqual([2, 3])
})
