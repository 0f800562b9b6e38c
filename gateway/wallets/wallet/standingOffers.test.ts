import { expect, test } from 'vitest'
import { bootWallet, OWNER } from '../../../test/wallet/walletWorld.ts'
import type { ReusableOffers } from '../../ports/reusableOffers.ts'

const address = {
  name: 'alice',
  party: OWNER,
  description: 'Alice',
  minMsat: 1n,
  maxMsat: 2_000n,
  commentMax: 0,
  payerData: {},
  success: undefined,
}

/** A node that answers the same offer for the same name. */
function node(): ReusableOffers & { asked: string[] } {
  const asked: string[] = []
  return {
    rail: 'lightning',
    asked,
    async reusableOffer(name) {
      asked.push(name)
      return { offer: `lno1${Buffer.from(name).toString('hex')}`, reference: `offer:${name}` }
    },
  }
}

test('an offer stands with its owner before it is handed out, also after a restart', async () => {
  const offers = node()
  const first = await bootWallet({ offers })
  const made = await first.wallet.addresses.create(address)
  const standing = await first.wallet.offers.make(made)
  const second = await bootWallet({ offers, journal: first.journal })
  expect(await second.wallet.offers.make(second.wallet.addresses.get('alice'))).toEqual(standing)
  expect(offers.asked).toHaveLength(1)
  expect([second.wallet.partyOf(standing.reference), second.wallet.partyOf('offer:other')]).toEqual([OWNER, undefined])
  expect(second.wallet.offers.byText(standing.offer.toUpperCase())).toEqual(standing)
})

test('two who ask at once get the same offer, and each payment of it is listed', async () => {
  const { wallet, books } = await bootWallet({ offers: node() })
  const made = await wallet.addresses.create(address)
  const [a, b] = await Promise.all([wallet.offers.make(made), wallet.offers.make(made)])
  expect(a).toEqual(b)
  for (const [at, id] of ['aa', 'bb'].entries()) {
    const data = { rail: 'lightning', reference: a!.reference, units: '5000', party: OWNER }
    await books.submit({ facts: [{ type: 'settlement.booked', id: `lightning:received:${id}`, at, data }] })
  }
  expect(wallet.offers.payments('alice').map(({ paymentHash, to }) => [paymentHash, to])).toEqual([
    ['bb', 'alice'],
    ['aa', 'alice'],
  ])
})

test('a node that makes no offers says so', async () => {
  const { wallet } = await bootWallet()
  const made = await wallet.addresses.create(address)
  await expect(wallet.offers.make(made)).rejects.toMatchObject({ code: 'rail_unavailable' })
})
