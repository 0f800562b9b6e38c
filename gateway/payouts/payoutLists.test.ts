import { expect, test } from 'vitest'
import type { Fact } from '../ports/books.ts'
import { payoutLists } from './payoutLists.ts'

const id = 'pb_00000000000000000000000000000000'
const counts = { settled: 0, failed: 0, refused: 0, canceled: 0 }

function statusAfter(data: object, canceled: boolean): unknown {
  const recall = () => ({ parties: [], data: canceled ? { canceled: true } : {} })
  const scene = { recall, partiesOf: () => [], units: () => ({ asset: '', units: 0n }) }
  const fact = { type: 'payout_batch.ended', id, at: 1, data: { ...counts, ...data } } as Fact // As its room writes it.
  const [changed, ...more] = payoutLists.flatMap((list) => list(fact, scene))
  expect(more).toEqual([])
  return changed?.status
}

test.each<[string, object, boolean, string]>([
  ['when every row was paid', { settled: 3 }, false, 'settled'],
  ['when every row was paid before it was canceled', { settled: 3 }, true, 'settled'],
  ['when some were not paid', { settled: 2, failed: 1 }, false, 'partly_settled'],
  ['when some were refused', { settled: 2, refused: 1 }, false, 'partly_settled'],
  ['when some were canceled', { settled: 2, canceled: 1 }, true, 'partly_settled'],
  ['when none was paid', { failed: 3 }, false, 'failed'],
  ['when none was paid and it was canceled', { failed: 1, canceled: 2 }, true, 'canceled'],
  ['when it was canceled after its last row had begun', { failed: 3 }, true, 'canceled'],
])('a batch is listed by its end %s', (_, data, canceled, status) => {
  expect(statusAfter(data, canceled)).toBe(status)
})
