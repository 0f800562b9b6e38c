import { expect, test } from 'vitest'
import { EUR, USD } from '../../money/asset.ts'
import { accountId } from '../journal/chart.ts'
import { addAccount, type BookState, balancesUnder, emptyBooks } from './bookState.ts'

/** Books of so many parties, that count how often the path of an account is looked at. */
function booksOf(parties: number): { state: BookState; looks: () => number } {
  const state = emptyBooks(0)
  let looked = 0
  const add = (path: string, asset = USD) => {
    const id = accountId(path, asset)
    state.machine.createAccounts([{ id, ledger: asset.ledger, code: 1 }], 1n)
    const account = {
      id,
      asset,
      get path() {
        looked += 1
        return path
      },
    }
    addAccount(state, account)
  }
  for (let n = 0; n < parties; n++) add(`party:pa_${n}`)
  add('party:pa_1', EUR)
  add('share:0xab:0x01')
  add('share:0xab:0x02')
  add('share:0xabc:0x01')
  looked = 0
  return { state, looks: () => looked }
}

const told = (state: BookState, path: string) => balancesUnder(state, path).map((b) => `${b.path} ${b.asset.code}`)

test('the balances of a party are its own in every asset, and not those of a party whose id begins alike', () => {
  const { state } = booksOf(20)
  expect(told(state, 'party:pa_1')).toEqual(['party:pa_1 USD', 'party:pa_1 EUR'])
  expect(told(state, 'party:pa')).toEqual([])
  expect(told(state, 'party:nobody')).toEqual([])
})

test('the accounts below a path are all that have it before a colon', () => {
  const { state } = booksOf(3)
  expect(told(state, 'share:0xab')).toEqual(['share:0xab:0x01 USD', 'share:0xab:0x02 USD'])
  expect(told(state, 'share')).toHaveLength(3)
  expect(told(state, '')).toHaveLength(7)
  // A prefix of characters would find nothing, and read like an answer.
  expect(() => told(state, 'share:')).toThrow('no colon')
})

test('who asks for one path looks at as many accounts whatever the chart holds', () => {
  const [few, many] = [booksOf(10), booksOf(5_000)]
  for (const { state } of [few, many]) balancesUnder(state, 'party:pa_1')
  expect(few.looks()).toBeGreaterThan(0)
  expect(many.looks()).toBe(few.looks())
})
