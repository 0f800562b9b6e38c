import { expect, test } from 'vitest'
import {
  DOCUMENT_COLUMNS_MAX,
  documentsFit,
  documentsPointSomewhere,
  factsAreDocumented,
  pagesAreListed,
  railsAreDescribed,
  roomsAreNamed,
} from './documents.ts'
import { FLOORS, ROOMS } from './floors.ts'

test('a line of documentation, or of a comment, that is too long is reported with its place', () => {
  const fits = 'é '.repeat(DOCUMENT_COLUMNS_MAX / 2)
  expect(documentsFit([{ path: 'docs/a.md', text: `${fits}\n${fits}x\n` }])).toEqual([expect.stringContaining('docs/a.md:2: 161 columns')])
  const comments = ['// ', '/** ', ' * '].map((begin) => `${begin}${fits}`).join('\n')
  expect(documentsFit([{ path: 'gateway/a.ts', text: `const a = '${fits}'\n${comments}` }])).toHaveLength(3)
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

test('a page that is in no row of the table by reader is reported', () => {
  const pages = ['docs/a.md', 'docs/b.md', 'test/c.md'].map((path) => ({ path, text: '' }))
  const table = { path: 'docs/README.md', text: '| run a gateway | [a.md](a.md) | what a says |' }
  expect(pagesAreListed([table, ...pages])).toEqual([expect.stringContaining('no row for b.md')])
  expect(pagesAreListed([{ ...table, text: '[a.md](a.md) [b.md](b.md)' }, ...pages])).toEqual([])
})

test('a room that the README of its wing leaves out is reported, and a wing that the first page leaves out', () => {
  const names = (rooms: readonly string[]) => rooms.map((room) => `\`${room}\``).join()
  const first = { path: 'README.md', text: names(FLOORS.flat().map((wing) => wing.split('/').at(-1)!)) }
  const wings = Object.entries(ROOMS).map(([wing, floors]) => ({ path: `${wing}/README.md`, text: names(floors.flat()) }))
  expect(roomsAreNamed([first, ...wings])).toEqual([])
  const without = (room: string) => [first, ...wings].map(({ path, text }) => ({ path, text: text.replace(`\`${room}\``, room) }))
  expect(roomsAreNamed(without('router'))).toEqual([expect.stringContaining('gateway/payouts/README.md: does not name `router`')])
  expect(roomsAreNamed(without('guard'))).toEqual([expect.stringContaining('README.md: does not name `guard`')])
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
