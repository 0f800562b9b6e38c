import { expect, test } from 'vitest'
import { DOCUMENT_COLUMNS_MAX, documentsFit, documentsPointSomewhere, factsAreDocumented, railsAreDescribed } from './documents.ts'

test('a line of documentation that is too long is reported with its place', () => {
  const fits = 'é '.repeat(DOCUMENT_COLUMNS_MAX / 2)
  expect(documentsFit([{ path: 'docs/a.md', text: `${fits}\n${fits}x\n` }])).toEqual([expect.stringContaining('docs/a.md:2: 161 columns')])
  expect(documentsFit([{ path: 'docs/a.md', text: `"signature": "0x${'f'.repeat(240)}",` }])).toEqual([])
})

test('a link or a path in backticks that leads nowhere is reported', () => {
  const text = '[a](b.md#c) [x](../gateway/a.ts) `gateway/a.ts` `gateway/room/` `npm test` [w](https://example.com/a)'
  const files = ['docs/b.md', 'gateway/a.ts', 'gateway/room/c.ts'].map((path) => ({ path, text: '' }))
  expect(documentsPointSomewhere([{ path: 'docs/a.md', text }, ...files])).toEqual([])
  expect(documentsPointSomewhere([{ path: 'docs/a.md', text }])).toHaveLength(4)
})

test('a rail that leaves out one of its five sentences, or says them in another order, is reported', () => {
  const words = ['Can', 'Cannot', 'Failure words', 'Tried on the real thing', 'Tried on a stand-in only']
  const page = (name: string, said: readonly string[]) => ({
    path: `docs/${name}.md`,
    text: `# A rail\n\n## What this rail can and cannot\n\n${said.map((word) => `- **${word}:** something.\n`).join('')}\n# More\n`,
  })
  const pages = (said: readonly string[]) => [page('bank', said), ...['lightning', 'chains', 'book'].map((name) => page(name, words))]
  expect(railsAreDescribed(pages(words))).toEqual([])
  for (const said of [words.slice(1), [...words].reverse(), []]) {
    expect(railsAreDescribed(pages(said))).toEqual([expect.stringContaining('docs/bank.md: ')])
  }
  expect(railsAreDescribed(pages(words).slice(1))).toEqual([expect.stringContaining('docs/bank.md: ')])
})

test('facts are compared with their list both ways, and none is declared or listed twice', () => {
  const room = (path: string, ...types: string[]) => ({
    path,
    text: `const kinds = factKinds<Made>({\n${types.map((type) => `  '${type}': true,\n`).join('')}})`,
  })
  const page = (text: string) => ({ path: 'docs/facts.md', text })
  const list = '- `a.made`: it was made.\n- `a.broken`: it broke.\n'
  expect(factsAreDocumented([room('gateway/a/facts.ts', 'a.made', 'a.broken'), page(list)])).toEqual([])
  expect(factsAreDocumented([room('gateway/a/facts.ts', 'a.made'), page(list)])).toEqual([
    expect.stringContaining('no room declares a.broken'),
  ])
  expect(factsAreDocumented([room('gateway/a/facts.ts', 'a.made', 'a.broken', 'a.lost'), page(list)])).toEqual([
    expect.stringContaining('has no line "- `a.lost`'),
  ])
  expect(factsAreDocumented([room('gateway/a/facts.ts', 'a.made', 'a.broken'), room('gateway/b/facts.ts', 'a.made'), page(list)])).toEqual([
    expect.stringContaining('gateway/b/facts.ts: a.made is declared twice'),
  ])
  expect(factsAreDocumented([room('gateway/a/facts.ts', 'a.made', 'a.broken'), page(`${list}- \`a.made\`: again.\n`)])).toEqual([
    expect.stringContaining('a.made stands there twice'),
  ])
})
