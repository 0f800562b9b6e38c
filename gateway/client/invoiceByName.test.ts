import { expect, test } from 'vitest'
import { EXAMPLE_PREIMAGE, exampleChallenge } from '../../test/challenge/exampleChallenge.ts'
import { headerRecord } from '../../test/challenge/headerRecord.ts'
import { USD } from '../money/asset.ts'
import { dollarsPerBitcoin } from '../money/dollars.ts'
import { parseAmount } from '../money/money.ts'
import { buildChallenge } from '../payins/challenge/buildChallenge.ts'
import { lightningWallet } from './lightningWallet.ts'
import { createPayer } from './payer.ts'

const { input, evm } = exampleChallenge(Date.now())
const lightning = { how: 'Repeat the request with Accept-Payment: lightning/charge to have an invoice.', retryAfterS: 0 }
const HOUR_MS = 3_600_000

/** A shop whose 402 brings an invoice to who asks for one by name, and where `hasAny` is false not even then. */
function shop(hasAny: boolean, saysHowItPays = false) {
  const accepts: (string | null)[] = []
  const fetch = async (url: string, init: RequestInit) => {
    const headers = new Headers(init.headers)
    if (headers.has('authorization')) return new Response('a joke')
    const accept = headers.get('accept-payment')
    accepts.push(accept)
    const expiresAt = Date.now() + HOUR_MS
    const named = hasAny && accept === 'lightning/charge'
    const challenge = buildChallenge({ ...input, offers: named ? input.offers : [evm], resource: { ...input.resource, url }, expiresAt })
    const sent = Object.entries(headerRecord(challenge.headers)).flatMap(([name, values]) =>
      [values].flat().map((value): [string, string] => [name, value]),
    )
    return new Response(JSON.stringify(named ? challenge.body : { ...challenge.body, lightning }), { status: 402, headers: sent })
  }
  const payInvoice = async () => ({ preimage: EXAMPLE_PREIMAGE })
  const payer = createPayer({
    wallets: [lightningWallet({ payInvoice, rate: () => dollarsPerBitcoin('100000') })],
    budget: { perRequest: parseAmount('0.01', USD), perDay: parseAmount('1', USD), sites: ['api.example.com'] },
    fetch,
    saysHowItPays,
  })
  return { payer, accepts }
}

test('a payer with a Lightning wallet asks by name for the invoice that a 402 has not', async () => {
  const { payer, accepts } = shop(true)
  const response = await payer.fetch('https://api.example.com/joke')
  expect([response.status, await response.text()]).toEqual([200, 'a joke'])
  expect(accepts).toEqual([null, 'lightning/charge'])
})

test('one that says what it pays by has it at once, and asks without those words where that brings none', async () => {
  const { payer, accepts } = shop(true, true)
  expect((await payer.fetch('https://api.example.com/joke')).status).toBe(200)
  expect(accepts).toEqual(['lightning/charge'])
  const none = shop(false, true)
  await expect(none.payer.fetch('https://api.example.com/joke')).rejects.toMatchObject({ code: 'no_payable_offer' })
  expect(none.accepts).toEqual(['lightning/charge', null])
})

test('it is quoted the same', async () => {
  expect((await shop(true).payer.quote('https://api.example.com/joke'))?.bids).toMatchObject([{ rail: 'lightning' }])
})

test('who gets none has asked twice, and is told why nothing can be paid', async () => {
  const { payer, accepts } = shop(false)
  await expect(payer.fetch('https://api.example.com/joke')).rejects.toMatchObject({ code: 'no_payable_offer' })
  expect(accepts).toEqual([null, 'lightning/charge'])
})
