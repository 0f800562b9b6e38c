import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { channelIdOf, depositNonce } from '../../gateway/split/channelId.ts'
import { dustOf } from '../../gateway/split/entitlement.ts'
import { commitTo } from '../../gateway/split/splitTree.ts'
import { closeDigest, hubDomainFor, hubTypes, voucherDigest } from '../../gateway/split/voucher.ts'
import { packRow } from '../../gateway/split/voucherRow.ts'
import { withdrawnIn } from './channelChain.ts'
import { authorization, claim, openChain, type SplitChain } from './splitChain.ts'

const hex = z.templateLiteral(['0x', z.string()])
const units = z.string().transform((text) => BigInt(text))
const example = z
  .object({
    chainId: z.number(),
    token: hex,
    hub: hex,
    payerKeyOf: z.string(),
    closerKeyOf: z.string(),
    payer: hex,
    closer: hex,
    payees: z.array(z.object({ account: hex, shares: units })),
    splitId: hex,
    salt: units,
    channelId: hex,
    deposit: z.object({ value: units, depositSalt: hex, validAfter: units, validBefore: units, nonce: hex, signature: hex }),
    voucher: z.object({ cumulative: units, digest: hex, signature: hex, row: hex }),
    claimed: z.object({ pot: units, earned: z.array(units), dust: units }),
    close: z.object({ claimedMin: units, digest: hex, signature: hex, rest: units }),
  })
  .strict()

const page = readFileSync(join(import.meta.dirname, '../../docs/vouchers.md'), 'utf8')
const told = example.parse(JSON.parse(/^```json\n([\s\S]*?)^```$/m.exec(page)![1]!))

const payer = privateKeyToAccount(keccak256(toHex(told.payerKeyOf)))
const closer = privateKeyToAccount(keccak256(toHex(told.closerKeyOf)))
const tree = commitTo({ payees: told.payees })
const terms = { payer: told.payer, salt: told.salt, splitId: told.splitId, token: told.token, closer: told.closer }
const { channelId, voucher, close, deposit } = told

describe('the worked example of docs/vouchers.md', () => {
  let chain: SplitChain
  beforeAll(async () => {
    chain = await openChain()
  })
  afterAll(() => chain?.connection.close())

  test('is what our own formulas give', () => {
    const domain = { chainId: told.chainId, hub: told.hub }
    expect([payer.address, closer.address, tree.splitId, channelIdOf(terms)]).toEqual([told.payer, told.closer, told.splitId, channelId])
    expect(depositNonce(channelId, deposit.depositSalt)).toBe(deposit.nonce)
    expect(toHex(voucherDigest(domain, { channelId, cumulative: voucher.cumulative }))).toBe(voucher.digest)
    expect(packRow({ payer: told.payer, salt: told.salt, cumulative: voucher.cumulative, signature: voucher.signature })).toBe(voucher.row)
    expect(toHex(closeDigest(domain, { channelId, claimedMin: close.claimedMin }))).toBe(close.digest)
    expect(
      dustOf(
        told.claimed.pot,
        told.payees.map(({ shares }) => shares),
      ),
    ).toBe(told.claimed.dust)
  })

  test('is what wallets sign', async () => {
    const hubDomain = hubDomainFor({ chainId: told.chainId, hub: told.hub })
    const { depositSalt: _, signature: signed, ...auth } = deposit
    const asDeposit = await payer.signTypedData({
      domain: { name: 'USD Coin', version: '2', chainId: told.chainId, verifyingContract: told.token },
      types: { ReceiveWithAuthorization: authorization },
      primaryType: 'ReceiveWithAuthorization',
      message: { from: told.payer, to: told.hub, ...auth },
    })
    const asVoucher = await payer.signTypedData({
      domain: hubDomain,
      types: { Voucher: hubTypes.Voucher },
      primaryType: 'Voucher',
      message: { channelId, cumulative: voucher.cumulative },
    })
    const asClose = await closer.signTypedData({
      domain: hubDomain,
      types: { Close: hubTypes.Close },
      primaryType: 'Close',
      message: { channelId, claimedMin: close.claimedMin },
    })
    expect([asDeposit, asVoucher, asClose]).toEqual([signed, voucher.signature, close.signature])
  })

  test('runs on a fresh chain, to the unit', async () => {
    const { wallet, mined, settlement, usdc, token, hub } = chain
    expect([token, hub]).toEqual([told.token, told.hub])
    await mined(await wallet.writeContract({ ...usdc, functionName: 'mint', args: [told.payer, deposit.value] }))
    const { value, depositSalt: salt, validAfter, validBefore, signature } = deposit
    const auth = { value, salt, validAfter, validBefore, signature }
    await mined(await wallet.writeContract({ ...settlement, functionName: 'openWithAuthorization', args: [terms, auth] }))
    const held = () => wallet.readContract({ ...settlement, functionName: 'channel', args: [channelId] })
    expect(await held()).toEqual([deposit.value, 0n, 0])

    const rows = [told.splitId, token, told.closer, voucher.row] as const
    await mined(await wallet.writeContract({ ...settlement, functionName: 'claimPacked', args: rows }))
    expect(await held()).toEqual([deposit.value, voucher.cumulative, 0])
    const pot = () => wallet.readContract({ ...settlement, functionName: 'pot', args: [told.splitId, token] })
    expect(await pot()).toEqual([told.claimed.pot, 0n])
    for (const [index, earned] of told.claimed.earned.entries()) expect(await claim(chain, tree, index)).toBe(earned)
    const [received, paidOut] = await pot()
    expect(received - paidOut).toBe(told.claimed.dust)

    const args = [terms, close.claimedMin, close.signature] as const
    const receipt = await mined(await wallet.writeContract({ ...settlement, functionName: 'closeCooperatively', args }))
    expect(withdrawnIn(receipt)).toBe(close.rest)
  })
})
