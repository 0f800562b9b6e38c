import { expect, test } from 'vitest'
import { USD } from '../money/asset.ts'
import type { DisputeFact } from '../payins/dispute/facts.ts'
import { type Dispute, disputeStatus } from './dispute.ts'
import { disputeLists } from './disputeLists.ts'
import { evolve } from './evolve.ts'

const ID = `dp_${'0'.repeat(32)}`
const DATA = {
  request: 'pi_1',
  receipt: 'rc_1',
  rail: 'bank',
  parties: ['pa_1'],
  asset: 'USD',
  units: '7',
  paid: '9',
  left: '2',
  sources: [],
  metadata: {},
}

// As much of each fact as is looked at.
const fact = (type: string, data: object = {}) => ({ type: `dispute.${type}`, id: ID, at: 1, data }) as unknown as DisputeFact
const opened = fact('opened', DATA)
const shown = fact('evidence_submitted', { text: '', references: [], by: 'pa_1' })
const decided = (outcome: string) => fact('decided', { outcome, cause: 'decided', ...(outcome === 'lost' ? { refund: 'rf_1' } : {}) })

const STORIES: readonly [string, readonly DisputeFact[]][] = [
  ['heard and won', [opened, shown, shown, decided('won')]],
  ['left to an operator and lost', [opened, fact('expired'), decided('lost')]],
  ['given up at once', [opened, decided('lost')]],
]
// The listers of disputes ask about nothing that came before.
const scene = {} as Parameters<(typeof disputeLists)[number]>[1]

test.each(STORIES)('a dispute that is %s has the status in its list that it has', (_, story) => {
  let dispute: Dispute | undefined
  for (const one of story) {
    dispute = evolve(dispute, one, () => USD)
    const [change] = disputeLists.flatMap((list) => list(one as never, scene))
    expect(change).toMatchObject({ list: 'disputes', id: ID, status: disputeStatus(dispute) })
  }
})

test('is found by its payment, and lost by its refund', () => {
  const found = [opened, decided('lost')].flatMap((one) => disputeLists.flatMap((list) => list(one as never, scene)))
  expect(found.map(({ references }) => references)).toEqual([['rc_1', 'pi_1'], ['rf_1']])
})
