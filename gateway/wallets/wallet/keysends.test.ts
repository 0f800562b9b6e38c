import { expect, test } from 'vitest'
import { bootWallet, OWNER } from '../../../test/wallet/walletWorld.ts'

const hex = (text: string) => Buffer.from(text).toString('hex')
const named = (name: string) => ({ type: '696969', value: hex(name) })
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

test('a keysend is whose name it carries, and nobody’s otherwise', async () => {
  const { wallet } = await bootWallet()
  await wallet.addresses.create(address)
  const podcast = { type: '7629169', value: hex('{"podcast":"x"}') }
  expect(wallet.keysends.ownerOf([podcast, named('Alice')])).toEqual({ party: OWNER, name: 'alice', podcast: '{"podcast":"x"}' })
  expect(wallet.keysends.ownerOf([named('alice')])).toMatchObject({ podcast: undefined })
  for (const records of [[], [podcast], [named('bob')], [named('')], [{ type: '696971', value: hex('alice') }]])
    expect(wallet.keysends.ownerOf(records)).toBeUndefined()
  await wallet.addresses.close('alice')
  expect(wallet.keysends.ownerOf([named('alice')])).toBeUndefined()
})

test('what came is listed the newest first, with what the app says when it is JSON, also after a restart', async () => {
  const { books, wallet, journal } = await bootWallet()
  const booked = (id: string, at: number, podcast?: string) => ({
    type: 'settlement.booked',
    id: `lightning:received:${id}`,
    at,
    data: {
      rail: 'lightning',
      reference: id,
      keysend: 'alice',
      units: '3000',
      party: OWNER,
      ...(podcast === undefined ? {} : { podcast }),
    },
  })
  await books.submit({ facts: [booked('a', 1, '{"podcast":"x"}'), booked('b', 2, 'not json'), booked('c', 3)] })
  const again = await bootWallet({ journal })
  for (const { keysends } of [wallet, again.wallet]) {
    expect(keysends.list('alice').map(({ paymentHash, podcast }) => [paymentHash, podcast])).toEqual([
      ['c', null],
      ['b', null],
      ['a', { podcast: 'x' }],
    ])
    expect(keysends.list('bob')).toEqual([])
  }
})
