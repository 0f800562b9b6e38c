import { expect, test } from 'vitest'
import { FIXTURE_LINES_MAX, FUNCTION_LINES_MAX, functionsFit, noSpreadLiterals } from './functions.ts'

const lines = (count: number) => 'let a = 1\n'.repeat(count)
/** A function of `count` lines with its first and last. */
const made = (head: string, count: number) => `${head} {\n${lines(count - 2)}}`

test('a function of the program is counted with the functions inside it', () => {
  const text = `export function outer() {\n${made('  function inner()', 40)}\n${lines(30)}}\n`
  expect(functionsFit([{ path: 'gateway/a/a.ts', text }])).toEqual([expect.stringContaining('gateway/a/a.ts:1: a function of 72 lines')])
  expect(functionsFit([{ path: 'gateway/a/a.ts', text: made('function f()', FUNCTION_LINES_MAX) }])).toEqual([])
  expect(functionsFit([{ path: 'gateway/a/a.ts', text: `const f = ${made('() =>', FUNCTION_LINES_MAX + 1)}` }])).toHaveLength(1)
})

test('of a callback in a test counts what stands in no function inside it, and a fixture may be longer', () => {
  const inner = `${made("  test('a', () =>", 60)})\n`
  expect(functionsFit([{ path: 'test/a.test.ts', text: `describe('a', () => {\n${inner.repeat(3)}})` }])).toEqual([])
  expect(functionsFit([{ path: 'test/a.test.ts', text: `${made("describe('a', () =>", 71)})` }])).toHaveLength(1)
  expect(functionsFit([{ path: 'test/a.ts', text: made('function world()', FIXTURE_LINES_MAX) }])).toEqual([])
  expect(functionsFit([{ path: 'test/a.ts', text: made('function world()', FIXTURE_LINES_MAX + 1) }])).toHaveLength(1)
})

test('a literal that is spread into a literal is reported, a value that is spread is not', () => {
  const planted = ['const a = {\n  ...{ b, c },\n  d }', 'f({ ...{ a }, ...b })']
  for (const text of planted) expect(noSpreadLiterals([{ path: 'test/a.test.ts', text }])).toHaveLength(1)
  const fine = ['const a = { ...b, ...(c ? { d } : {}) }', 'const [a] = [...[b]]', '// { ...{ a } }']
  for (const text of fine) expect(noSpreadLiterals([{ path: 'gateway/a/a.ts', text }])).toEqual([])
})
