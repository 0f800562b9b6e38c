import { expect, test } from 'vitest'
import { snakeKeys } from '../../gateway/api/http/views.ts'
import { createLearned } from '../../gateway/payouts/learning/learned.ts'
import { reportOf } from '../../gateway/payouts/learning/report.ts'
import type { Way } from '../../gateway/payouts/learning/way.ts'
import { openSuspenseCommand } from '../../test/payout/suspenseCommand.ts'
import { type LearnedAnswer, learnedText } from './routeLearned.ts'

const AT = 1_800_000_000_000
const WAY: Way = { rail: 'bank', from: 'USDC', to: 'EUR', country: 'DE', band: 3, payee: undefined }

test('shows of each rail how good its chances were, as a table of reliability, and of each cell what it says', () => {
  const learned = createLearned()
  for (let n = 0; n < 10; n++) {
    learned.sent(`at_${n}`, { owner: 'party:a', at: AT + n, way: WAY, chance: 0.9, word: 0.995 })
    learned.ended(`at_${n}`, { at: AT + 1_000, endedAt: AT + n + 900, paid: n !== 0, blame: 'rail' })
  }
  learned.sent('at_open', { owner: 'party:a', at: AT, way: WAY, chance: 0.9, word: 0.995 })
  const answer = snakeKeys(reportOf(learned, AT + 1_000)) as LearnedAnswer // As the gateway answers.
  expect(learnedText(answer)).toMatchInlineSnapshot(`
    "bank EUR: 10 tries, expected to pay 96.33 %, by its own word 99.50 %
      mean squared error (Brier) 0.0900, of the rail's word 0.0990: what was learned is right more often
        chance up to  tries  expected     paid  points
             90.00 %     10   90.00 %  90.00 %   +0.00
      paid in 1.30 s, nine of ten 1.30 s; failed in 1.30 s, nine of ten 1.30 s; takes 1.00 times what it says

    1 try under way

    way       from  country  up to USD     pays  weight
    bank EUR  USDC  DE             100  94.22 %      10"
  `)
})

test('says that nothing was learned where no try has ended, and gives programs the whole answer', async () => {
  const w = await openSuspenseCommand('route')
  expect((await w.run('learned')).text).toMatch(/^nothing was learned yet; \d+ tr(y|ies) under way$/)
  expect(JSON.parse((await w.run('learned', '--json')).text)).toMatchObject({ object: 'routing_learning', rails: [] })
})
