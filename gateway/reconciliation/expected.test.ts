import { expect, test } from 'vitest'
import type { Fact } from '../ports/books.ts'
import { createExpected } from './expected.ts'
import { toReconciliationFact } from './facts.ts'

test('a statement of one bank that was read forgets no line of another bank’s that is half read', () => {
  let apply: (fact: Fact) => void = () => undefined
  const expected = createExpected({
    remember: (memory) => {
      apply = (fact) => memory.apply(fact, 1)
    },
  })
  const matched = { rail: 'bank', expectations: [], movements: ['line-1'] } as const
  apply(toReconciliationFact({ type: 'reconciliation.matched', id: 'bank', at: 1, data: matched }))
  const sums = { asset: 'USD', opening: '0', closing: '0', lines: 0, matched: 0, breaks: 0 }
  const read = { rail: 'bank:us', statement: 'S1', account: 'rail:bank:us:account', day: '2026-11-24', ...sums } as const
  apply(toReconciliationFact({ type: 'reconciliation.statement_read', id: 'bank:us:S1', at: 2, data: read }))
  expect([expected.isJudged('bank', 'line-1'), expected.isRead('bank:us', 'S1')]).toEqual([true, true])
  apply(toReconciliationFact({ type: 'reconciliation.statement_read', id: 'bank:S2', at: 3, data: { ...read, rail: 'bank' } }))
  expect(expected.isJudged('bank', 'line-1')).toBe(false)
})
