import { expect, test } from 'vitest'
import { filesFit, filesThatGrow, foldersOpenWithReadme, namesSaySomething, noBarrels } from './layout.ts'

const file = (path: string, lines = 1): { path: string; text: string } => ({ path, text: 'a\n'.repeat(lines) })

test('401 lines are too many, 400 are a warning, 250 are neither', () => {
  const sources = [file('gateway/a/a.ts', 401), file('contracts/B.sol', 400), file('gateway/a/c.ts', 250), file('contracts/abi/d.ts', 900)]
  expect(filesFit(sources)).toEqual([expect.stringContaining('gateway/a/a.ts: 401 lines')])
  expect(filesThatGrow(sources)).toEqual([expect.stringContaining('contracts/B.sol: 400 lines')])
})

test('a folder with source and without a README is reported, one without source is not', () => {
  const sources = [
    file('gateway/a/a.ts'),
    file('gateway/a/b/b.ts'),
    file('gateway/a/README.md'),
    file('docs/x.md'),
    file('contracts/C.sol'),
  ]
  expect(foldersOpenWithReadme(sources)).toEqual([expect.stringMatching(/^gateway\/a\/b: /), expect.stringMatching(/^contracts: /)])
})

test('a folder or file whose name says nothing is reported', () => {
  const sources = [file('gateway/utils/a.ts'), file('gateway/a/helpers.test.ts'), file('gateway/a/commonCase.ts')]
  expect(namesSaySomething(sources)).toEqual([expect.stringContaining('"utils"'), expect.stringContaining('"helpers"')])
})

test('a barrel is reported', () => {
  expect(noBarrels([file('gateway/a/index.ts'), file('gateway/a/indexOf.ts'), file('packages/a/index.ts')])).toEqual([
    expect.stringContaining('gateway/a/index.ts'),
  ])
})
