import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { offerTrouble } from './bolt12.ts'
import { loadLdk } from './embedded/ldk/loadLdk.ts'
import { parseOffer } from './embedded/payments/reusableOffer.ts'

type Example = { what: string; offer: string }
const examples = JSON.parse(readFileSync(new URL('../../test/fixtures/bolt12-offers.json', import.meta.url), 'utf8')) as {
  valid: Example[]
  invalid: Example[]
}

/** What a payout to an offer goes through: our checks, then LDK's. */
const isTaken = (offer: string) => offerTrouble(offer) === undefined && parseOffer(offer) !== undefined

describe('the offers of BOLT 12', () => {
  beforeAll(() => loadLdk())

  test.each(examples.valid)('$what: is read', ({ offer }) => expect(isTaken(offer)).toBe(true))
  test.each(examples.invalid)('$what: is refused', ({ offer }) => expect(isTaken(offer)).toBe(false))
})

test.each([
  ['lnbc1', 'not a BOLT 12 offer'],
  ['lno1zcss9mk8y3wkklfvevcrszlmu23kfrxh49px20665dqwmn4p72pkseseq', 'padding'],
  [`lno1${'q'.repeat(9)}p`, 'no whole|padding|ends in the middle'],
])('%s is refused with its reason', (offer, reason) => expect(offerTrouble(offer)).toMatch(new RegExp(reason)))
