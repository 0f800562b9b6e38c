import { createPublicClient, createWalletClient, http } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SettlementHub } from '../../contracts/abi/SettlementHub.ts'
import { openVoucherChannel, type PayingChannel } from '../../gateway/client/voucherChannel.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { hubDomainFor, hubTypes } from '../../gateway/split/voucher.ts'
import { partyWith, type SplitChain, startYard, units, until, verified, type Yard } from './yard.ts'

/** 0.002 USD in the token's units. */
const PRICE = 2_000n
const PAYMENTS = 20n
const DEPOSIT = 4_000_000n

let yard: Yard
beforeAll(async () => {
  yard = await startYard()
}, 90_000)
afterAll(() => yard?.close(), 30_000)

type View = { id: string; status: string; deposit: { amount: string }; accepted?: { amount: string }; claimed?: { amount: string } }
type Voucher = { receipt: string; added: { amount: string }; accepted: { amount: string } }
type Claims = { claims: { vouchers: number; value: { amount: string }; outcome: string }[] }
type Problem = { code: string; meta?: Record<string, string> }

const rail = () => `evm:${yard.chain.chainId}`
const customer = (i: number) => privateKeyToAccount(yard.chain.customers[i]!.privateKey)
const trusted = () => [yard.chain]

/** A channel of a customer into a split, the demo's when none is named. */
function channelOf(payer: PrivateKeyAccount, split = yard.split()): Promise<PayingChannel> {
  const server = { url: yard.url(), fetch: (url: string, init: RequestInit) => fetch(url, init) }
  return openVoucherChannel({ server, split, signer: payer, units: DEPOSIT, trusted: trusted(), rail: rail() })
}

/** A voucher by hand, so that it can be wrong. */
async function voucher(signer: PrivateKeyAccount, channelId: Hex, cumulative: bigint) {
  const domain = hubDomainFor(yard.chain)
  const message = { channelId, cumulative }
  const signature = await signer.signTypedData({ domain, types: { Voucher: hubTypes.Voucher }, primaryType: 'Voucher', message })
  return { cumulative: `${cumulative}`, signature }
}
const send = <T = Voucher & Problem>(id: string, body: unknown) =>
  yard.call<T>('POST', `/v1/channels/${id}/vouchers?rail=${rail()}`, { body, key: null })
const channelNow = async (id: string) => (await yard.call<View>('GET', `/v1/channels/${id}?rail=${rail()}`)).body
const claimNow = (split = yard.split()) => yard.call<Claims>('POST', `/v1/splits/${split}/claim_vouchers?rail=${rail()}`)
const earned = async (split: string) => {
  const { body } = await yard.call<{ chains: SplitChain[] }>('GET', `/v1/splits/${split}`)
  const chain = body.chains.find((c) => c.rail === rail())!
  return { each: chain.entitlements.map((e) => units(e.amount)), dust: units(chain.dust) }
}

/** Every balance agrees with its chain, the deposits of channels among them. */
async function green(): Promise<void> {
  const v = await verified(yard)
  expect({ ok: v.ok, differing: [...v.rails, ...v.splits].filter((r) => r.verdict !== 'equal') }).toEqual({ ok: true, differing: [] })
}

/** A table of its own: 5, 3 and 2 of 10. */
async function ownSplit(label: string): Promise<string> {
  const payees = await Promise.all(
    [5, 3, 2].map(async (shares, i) => ({
      party: (await partyWith(yard, { name: `${label} ${i}` })).id,
      account: `0x${`${i + 1}`.repeat(40)}`,
      shares,
    })),
  )
  const made = await yard.call<{ id: string }>('POST', '/v1/splits', { body: { label, payees } })
  expect(made.status).toBe(201)
  return made.body.id
}

describe('a voucher channel', () => {
  test('is opened without gas, pays many times by signatures, and one claim settles them into the split', async () => {
    const split = await ownSplit('jokes by voucher')
    const payer = customer(0)
    const gasBefore = await publicClient().getTransactionCount({ address: payer.address })
    const channel = await channelOf(payer, split)
    const receipts = new Set<string>()
    for (let i = 1n; i <= PAYMENTS; i++) {
      const paid = await channel.pay(PRICE + 1n)
      expect(paid.cumulative).toBe(i * (PRICE + 1n))
      receipts.add(paid.receipt)
    }
    expect(receipts.size).toBe(20)
    expect(await publicClient().getTransactionCount({ address: payer.address })).toBe(gasBefore)
    const receipt = await yard.call<{ receipt: object }>('GET', `/v1/receipts/${[...receipts][0]}`, { key: null })
    expect(receipt.body.receipt).toMatchObject({ rail: rail(), state: 'authorised', paid: { amount: '0.002001' }, payee: split })
    expect(await channelNow(channel.id)).toMatchObject({ status: 'open', deposit: { amount: '4' }, accepted: { amount: '0.04002' } })
    await green()

    const claimed = await claimNow(split)
    expect(claimed.status).toBe(200)
    expect(claimed.body.claims).toMatchObject([{ vouchers: 1, value: { amount: '0.04002' }, outcome: 'settled' }])
    // floor(40020 * 5 / 10) and so on: the contract's cumulative floor.
    await until('the booking of the claim', async () => (await earned(split)).each[0] === 20_010n)
    expect(await earned(split)).toEqual({ each: [20_010n, 12_006n, 8_004n], dust: 0n })
    expect((await claimNow(split)).body.claims).toEqual([])
    await green()
  })

  test('is topped up, and its vouchers reach as far as the new deposit', async () => {
    const split = await ownSplit('topped up')
    const channel = await channelOf(customer(1), split)
    const more = DEPOSIT + 5n
    const over = await send(channel.id, await voucher(customer(1), channel.id, more))
    expect([over.status, over.body.code, over.body.meta?.deposit]).toEqual([402, 'voucher_over_deposit', `${DEPOSIT}`])
    const terms = { ...channel.terms, salt: channel.terms.salt }
    const wallet = createWalletClient({ account: customer(1), transport: http(yard.chain.rpcUrl) })
    const approve = { inputs: [{ type: 'address' }, { type: 'uint256' }], outputs: [{ type: 'bool' }] } as const
    const abi = [{ ...approve, type: 'function', name: 'approve', stateMutability: 'nonpayable' }] as const
    await mined(
      await wallet.writeContract({ chain: null, address: yard.chain.token, abi, functionName: 'approve', args: [yard.chain.hub, 5n] }),
    )
    await mined(await wallet.writeContract({ chain: null, ...hub(), functionName: 'topUp', args: [terms, 5n] }))
    await until('the top-up', async () => (await channelNow(channel.id)).deposit.amount === '4.000005')
    const paid = await send(channel.id, await voucher(customer(1), channel.id, more))
    expect([paid.status, paid.body.added?.amount]).toEqual([201, '4.000005'])
    await green()
  })

  test('refuses what is no payment, and says why', async () => {
    const [payer, other] = [customer(2), customer(3)]
    const channel = await channelOf(payer)
    const second = await channelOf(payer)
    await channel.pay(5n)
    const { accepted: before } = await channelNow(channel.id)
    const good = await voucher(payer, channel.id, 9n)
    const refused = async (body: unknown, id: string = channel.id) => {
      const { status, body: problem } = await send<Problem>(id, body)
      return [status, problem.code]
    }
    expect(await refused(await voucher(payer, channel.id, 4n))).toEqual([409, 'voucher_not_higher'])
    expect(await refused(await voucher(payer, channel.id, 0n))).toEqual([409, 'voucher_not_higher'])
    expect(await refused(await voucher(payer, channel.id, DEPOSIT + 1n))).toEqual([402, 'voucher_over_deposit'])
    expect(await refused(await voucher(other, channel.id, 9n))).toEqual([402, 'proof_bad_signature'])
    expect(await refused(await voucher(payer, second.id, 9n))).toEqual([402, 'proof_bad_signature'])
    expect(await refused({ ...good, cumulative: '10' })).toEqual([402, 'proof_bad_signature'])
    expect(await refused(good, `0x${'77'.repeat(32)}`)).toEqual([404, 'not_found'])
    expect(await refused({ ...good, cumulative: 9 })).toEqual([400, 'invalid_request'])
    expect(await refused({ ...good, cumulative: '9.5' })).toEqual([400, 'invalid_request'])
    expect(await refused({ ...good, cumulative: `${2n ** 128n}` })).toEqual([400, 'invalid_request'])
    expect(await refused({ ...good, signature: good.signature.slice(0, -2) })).toEqual([400, 'invalid_request'])
    expect(await refused({ ...good, more: true })).toEqual([400, 'invalid_request'])
    expect((await send(channel.id, await voucher(payer, channel.id, 5n))).headers.get('idempotent-replayed')).toBe('true')
    expect((await channelNow(channel.id)).accepted).toEqual(before)
    await green()
  })

  test('takes one voucher once, however many copies come at the same moment, and answers each alike', async () => {
    const payer = customer(4)
    const channel = await channelOf(payer)
    const body = await voucher(payer, channel.id, 7n)
    const answers = await Promise.all(Array.from({ length: 30 }, () => send(channel.id, body)))
    expect(new Set(answers.map((a) => a.body.receipt)).size).toBe(1)
    expect(answers.filter((a) => a.status === 201)).toHaveLength(1)
    expect(answers.filter((a) => a.status === 200)).toHaveLength(29)
    // Sent in any order, each voucher adds to the highest before it, or nothing: never more than the highest in all.
    const mixed = await Promise.all([40n, 20n, 50n, 30n, 10n].map(async (sum) => send(channel.id, await voucher(payer, channel.id, sum))))
    const added = mixed.filter((a) => a.status === 201).reduce((sum, a) => sum + units(a.body.added.amount), 0n)
    expect(added).toBe(50n - 7n)
    expect(mixed.filter((a) => a.status !== 201).every((a) => a.body.code === 'voucher_not_higher')).toBe(true)
    await green()
  })

  test('is not opened for dust, for a closer that could take it back, or by a signature that does not fit', async () => {
    const payer = customer(5)
    const server = { url: yard.url(), fetch: (url: string, init: RequestInit) => fetch(url, init) }
    const common = { server, split: yard.split(), signer: payer, trusted: trusted(), rail: rail() }
    await expect(openVoucherChannel({ ...common, units: 1n })).rejects.toThrow('deposit_too_small')
    await expect(openVoucherChannel({ ...common, units: DEPOSIT, trusted: [] })).rejects.toThrow('not trusted')
    const forged = { ...payer, sign: payer.sign, signTypedData: customer(6).signTypedData }
    await expect(openVoucherChannel({ ...common, units: DEPOSIT, signer: forged })).rejects.toThrow('the signature is by')
    const deposit = { value: `${DEPOSIT}`, salt: `0x${'01'.repeat(32)}`, valid_after: '0', valid_before: '4102444800' }
    const body = { split: yard.split(), rail: rail(), payer: payer.address, salt: '1', closer: payer.address }
    const own = await yard.call<Problem>('POST', '/v1/channels', {
      body: { ...body, deposit: { ...deposit, signature: `0x${'11'.repeat(64)}1b` } },
      key: null,
    })
    expect([own.status, own.body.code]).toEqual([422, 'channel_not_accepted'])
  })

  test('whose payer asks for the rest is claimed at once, long before the delay is over, and takes no more vouchers', async () => {
    const payer = customer(6)
    const split = await ownSplit('closing')
    const channel = await channelOf(payer, split)
    await channel.pay(1_000n)
    const wallet = createWalletClient({ account: payer, transport: http(yard.chain.rpcUrl) })
    await mined(await wallet.writeContract({ chain: null, ...hub(), functionName: 'requestClose', args: [channel.terms] }))
    await until('the claim', async () => (await earned(split)).each[0] === 500n)
    expect(await channelNow(channel.id)).toMatchObject({ status: 'closing', claimed: { amount: '0.001' } })
    const late = await send(channel.id, await voucher(payer, channel.id, 2_000n))
    expect([late.status, late.body.code]).toEqual([409, 'channel_closing'])
    await green()
  })

  test('that its closer closes gives the rest back to its payer, and the books with it', async () => {
    const payer = customer(5)
    const split = await ownSplit('closed')
    const channel = await channelOf(payer, split)
    await channel.pay(1_000n)
    expect((await claimNow(split)).body.claims).toMatchObject([{ outcome: 'settled' }])
    const closer = privateKeyToAccount(yard.chain.operatorKey)
    expect(channel.terms.closer).toBe(closer.address.toLowerCase())
    const message = { channelId: channel.id, claimedMin: 1_000n }
    const domain = hubDomainFor(yard.chain)
    const signature = await closer.signTypedData({ domain, types: { Close: hubTypes.Close }, primaryType: 'Close', message })
    const wallet = createWalletClient({ account: payer, transport: http(yard.chain.rpcUrl) })
    const args = [channel.terms, 1_000n, signature] as const
    await mined(await wallet.writeContract({ chain: null, ...hub(), functionName: 'closeCooperatively', args }))
    await until('the close', async () => (await channelNow(channel.id)).status === 'closed')
    const late = await send(channel.id, await voucher(payer, channel.id, 2_000n))
    expect([late.status, late.body.code]).toEqual([409, 'channel_closing'])
    await green()
  })

  test('whose gateway is killed loses no voucher: it stands, is replayed, and is claimed after the restart', async () => {
    const payer = customer(7)
    const split = await ownSplit('killed')
    const channel = await channelOf(payer, split)
    const { receipt } = await channel.pay(10n)
    await yard.kill()
    await yard.start()
    const again = await send(channel.id, await voucher(payer, channel.id, 10n))
    expect([again.status, again.body.receipt]).toEqual([200, receipt])
    expect((await channel.pay(10n)).cumulative).toBe(20n)
    await green()
    expect((await claimNow(split)).body.claims).toMatchObject([{ vouchers: 1, outcome: 'settled' }])
    await until('the booking of the claim', async () => (await earned(split)).each[0] === 10n)
    await green()
  })
})

const hub = () => ({ address: yard.chain.hub, abi: SettlementHub.abi }) as const
const publicClient = () => createPublicClient({ transport: http(yard.chain.rpcUrl) })
const mined = async (hash: Hex) => expect((await publicClient().waitForTransactionReceipt({ hash })).status).toBe('success')
