import { expect, test } from 'vitest'
import { undocumentedCodes, unraisedCodes } from './errorCodes.ts'

test('a code without a section, a section without a code and a section twice are reported', () => {
  expect(undocumentedCodes(['a_b', 'c'], '# Errors\n## a_b\n## `d`\n## a_b\n')).toEqual([
    expect.stringContaining('no heading "## c"'),
    expect.stringContaining('"## d" is not in'),
    expect.stringContaining('"## a_b" stands there twice'),
  ])
  expect(undocumentedCodes(['a_b'], '## a_b\n### An example\n')).toEqual([])
})

test('a code is raised by a GatewayError or by a typed table, and by nothing else', () => {
  const codes = ['one', 'two', 'three', 'four', 'five', 'six']
  const sources = [
    { path: 'gateway/a/a.ts', text: "throw new GatewayError(\n  late ? 'one' : 'two',\n 'three')" },
    { path: 'gateway/a/b.ts', text: "const table: Record<string, ErrorCode> = { x: 'four' }" },
    { path: 'gateway/a/c.ts', text: "// new GatewayError('five', 'x')\nconst kind = 'five'" },
    { path: 'gateway/a/d.test.ts', text: "new GatewayError('six', 'x')" },
  ]
  expect(unraisedCodes(codes, sources).map((message) => /raises (\w+)/.exec(message)?.[1])).toEqual(['three', 'five', 'six'])
})
