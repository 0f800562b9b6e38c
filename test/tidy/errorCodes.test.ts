import { expect, test } from 'vitest'
import { undocumentedCodes, unraisedCodes, wrongExamples } from './errorCodes.ts'

test('a code without a section, a section without a code and a section twice are reported', () => {
  expect(undocumentedCodes(['a_b', 'c'], '# Errors\n## a_b\n## `d`\n## a_b\n')).toEqual([
    expect.stringContaining('no heading "## c"'),
    expect.stringContaining('"## d" is not in'),
    expect.stringContaining('"## a_b" stands there twice'),
  ])
  expect(undocumentedCodes(['a_b'], '## a_b\n### An example\n')).toEqual([])
})

test('an example that is missing or says another status, title or hint is reported', () => {
  const catalog = { a: { status: 400, title: 'A', hint: 'Do a.' }, b: { status: 402, title: 'B', hint: 'Do b.' } }
  const example = (code: string, status: number): string =>
    `## ${code}\nWhat happened.\n\`\`\`json\n${JSON.stringify({ code, ...catalog.a, status })}\n\`\`\`\n`
  expect(wrongExamples({ a: catalog.a }, example('a', 400))).toEqual([])
  expect(wrongExamples(catalog, example('a', 401))).toEqual([
    expect.stringContaining('another status'),
    expect.stringContaining('"## b" has no'),
  ])
})

test('an example of an answer over HTTP with a member that none has is reported', () => {
  const a = { status: 400, title: 'A', hint: 'Do a.' }
  const example = (more: object) => `## a\nIt.\n\`\`\`json\n${JSON.stringify({ type: '/errors#a', code: 'a', ...a, ...more })}\n\`\`\`\n`
  const sent = { detail: 'No. Do a.', outcome: 'failed', request_id: 'req_1' }
  expect(wrongExamples({ a }, example({ ...sent, meta: { of: 'b' } }))).toEqual([])
  expect(wrongExamples({ a }, example({ ...sent, of: 'b' }))).toEqual([expect.stringContaining('of stands beside meta')])
  expect(wrongExamples({ a }, example({ detail: 'No. Do a.' }))).toEqual([
    expect.stringContaining('has no outcome'),
    expect.stringContaining('has no request_id'),
  ])
})

test('a code is raised by a GatewayError or by a typed table, and by nothing else', () => {
  const codes = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight']
  const sources = [
    { path: 'gateway/a/a.ts', text: "throw new GatewayError(\n  late ? 'one' : 'two',\n 'three')" },
    {
      path: 'gateway/a/b.ts',
      text: "const table: Record<string, ErrorCode> = { x: 'four' }\nconst names: Record<ErrorCode, string> = { six: 'b' }",
    },
    { path: 'gateway/a/c.ts', text: "// new GatewayError('five', 'x')\nconst kind = 'five'" },
    { path: 'gateway/a/e.ts', text: "const refuse = (code: 'seven') => new GatewayError(code, 'x')" },
    { path: 'gateway/a/f.ts', text: "throw new GroundError('eight', 'x')" },
    { path: 'gateway/a/d.test.ts', text: "new GatewayError('six', 'x')" },
  ]
  expect(unraisedCodes(codes, sources).map((message) => /raises (\w+)/.exec(message)?.[1])).toEqual(['three', 'five', 'six'])
})
