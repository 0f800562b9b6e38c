import { describe, expect, test } from 'vitest'
import { everyTestRuns, factsAreRead, noFloatsNearMoney, noMachinePaths, nothingForLater } from './wording.ts'

describe('floating point near money', () => {
  test.each([
    'const a = Number(units)',
    'const a = parseFloat(text)',
    'const a = Number.parseFloat(text)',
    'const a = b.toFixed(2)',
    `const a = \`${'$'}{Math.round(b)}\``,
  ])('%s is reported', (line) => {
    expect(noFloatsNearMoney([{ path: 'gateway/payouts/router/a.ts', text: `\n${line}\n` }])).toEqual([
      expect.stringContaining('gateway/payouts/router/a.ts:2'),
    ])
    expect(noFloatsNearMoney([{ path: 'adapters/lightning/embedded/translate.ts', text: line }])).toHaveLength(1)
  })

  test.each(['gateway/exchange', 'gateway/payins/vouchers', 'gateway/suspense', 'gateway/facilitator', 'gateway/attic', 'app/purse'])(
    'it is reported in %s',
    (room) => {
      expect(noFloatsNearMoney([{ path: `${room}/a.ts`, text: 'const a = Math.round(b)' }])).toHaveLength(1)
    },
  )

  test('a stated reason, a comment, a test and a folder without money are left alone', () => {
    const float = 'const a = Math.max(1, 2)'
    expect(
      noFloatsNearMoney([
        { path: 'gateway/payouts/router/a.ts', text: `${float} // not money: a count of candidates` },
        { path: 'gateway/payouts/router/b.ts', text: '/** Never Math. here. */' },
        { path: 'gateway/payouts/router/c.test.ts', text: float },
        { path: 'world/bank/d.ts', text: float },
      ]),
    ).toEqual([])
  })

  test('a reason that says nothing does not excuse', () => {
    expect(noFloatsNearMoney([{ path: 'gateway/payouts/router/a.ts', text: 'Math.max(1, 2) // not money: ' }])).toHaveLength(1)
  })
})

test('a cast of what a fact carries is reported, and the one reader that has it is not', () => {
  for (const text of ['const d = fact.data as Record<string, string>', 'const { a } = data as unknown as Made']) {
    expect(factsAreRead([{ path: 'gateway/a/a.ts', text }])).toEqual([expect.stringContaining('gateway/a/a.ts:1')])
    expect(factsAreRead([{ path: 'gateway/ports/factKinds.ts', text }])).toEqual([])
  }
  expect(factsAreRead([{ path: 'gateway/a/a.ts', text: "const d = { kind: 'a', data } as const // fact.data as it was" }])).toEqual([])
})

test.each(['only', 'skip', 'todo', 'skipIf', 'concurrent.only'])('a test with .%s is reported', (word) => {
  expect(everyTestRuns([{ path: 'gateway/a/a.test.ts', text: `test.${word}('a')` }])).toEqual([expect.stringContaining('a.test.ts:1')])
  expect(everyTestRuns([{ path: 'gateway/a/a.test.ts', text: "test.each([])('a')" }])).toEqual([])
})

test('a promise for later is reported', () => {
  expect(nothingForLater([{ path: 'gateway/a/a.ts', text: `a\n// ${'TO'}${'DO'}: b` }])).toEqual([expect.stringContaining('a.ts:2')])
  expect(nothingForLater([{ path: 'gateway/a/a.ts', text: 'const TODOS = 1' }])).toEqual([])
})

test.each(['work', 'home', 'Users', 'tmp'])('a path under /%s is reported', (folder) => {
  expect(noMachinePaths([{ path: 'docs/a.md', text: `see ${`/${folder}/`}a` }])).toEqual([expect.stringContaining('docs/a.md:1')])
  expect(noMachinePaths([{ path: 'docs/a.md', text: `https://x.example/${folder}/a and a/${folder}/b` }])).toEqual([])
})
