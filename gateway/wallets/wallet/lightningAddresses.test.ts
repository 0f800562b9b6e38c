import { expect, test } from 'vitest'
import { bootWallet, OWNER } from '../../../test/wallet/walletWorld.ts'
import type { PartyId } from '../../ports/ids.ts'

const OTHER: PartyId = `pa_${'0'.repeat(31)}2`
const address = (party: PartyId) => ({
  name: 'alice',
  party,
  description: 'Alice',
  minMsat: 1_000n,
  maxMsat: 2_000n,
  commentMax: 0,
  payerData: {},
  success: { tag: 'message' as const, message: 'Thanks' },
})
const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'made',
    (error: { code?: string }) => error.code,
  )

test('of two who want one name at once, one gets it, and it stands after a restart', async () => {
  const { wallet, journal } = await bootWallet()
  const answers = await Promise.all([OWNER, OTHER].map((party) => outcomeOf(wallet.addresses.create(address(party)))))
  expect(answers).toEqual(['made', 'address_taken'])
  const again = await bootWallet({ journal })
  expect(again.wallet.addresses.get('alice')).toMatchObject({ ...address(OWNER), createdAt: expect.any(Number) })
})

test('a closed name is nobody’s, for ever', async () => {
  const { wallet, journal } = await bootWallet()
  await wallet.addresses.create(address(OWNER))
  await wallet.addresses.close('alice')
  const { wallet: after } = await bootWallet({ journal })
  for (const { addresses } of [wallet, after]) {
    expect(() => addresses.get('alice')).toThrow('There is no Lightning Address alice here')
    expect(addresses.list()).toEqual([])
    expect(await outcomeOf(addresses.create(address(OWNER)))).toBe('address_taken')
  }
})
