import { createPublicClient, http, type TransactionReceipt } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ETH } from '../../../gateway/money/asset.ts'
import { money } from '../../../gateway/money/money.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { type ChainProcess, startChain } from '../../../test/evm/chainProcess.ts'
import { openRail, payout, signal, temporaryFile } from '../../../test/evm/railOnChain.ts'
import { setL1Prices } from '../../../world/chain/l1Prices.ts'
import { localRpc } from '../../../world/chain/localRpc.ts'

const PAYEE: Hex = `0x${'b0'.repeat(20)}`

let rollup: ChainProcess
let data: ReturnType<typeof temporaryFile>
beforeAll(async () => {
  rollup = await startChain('rollup')
})
afterAll(() => rollup?.stop())
beforeEach(() => {
  data = temporaryFile()
})
afterEach(() => data?.remove())

const counted = () => ({ l1DataFee: { oracle: rollup.gasPriceOracle! } })
const reader = () => createPublicClient({ transport: http(rollup.rpcUrl), cacheTime: 0 })

describe('on a rollup', () => {
  test('a payout costs its gas and its data, in what is booked as in what the account has less', async () => {
    const rail = await openRail(rollup, data.file, counted())
    const before = await reader().getBalance({ address: rail.operator })
    const outcome = await rail.send(payout(rollup, 'at_1', PAYEE, 5n), { signal: signal() })
    if (outcome.kind !== 'settled') throw new Error(`the payout is ${outcome.kind}`)
    // An OP-stack receipt has more than viem's own type of it.
    const receipt = (await reader().getTransactionReceipt({ hash: outcome.evidence.id as Hex })) as TransactionReceipt & { l1Fee: Hex }
    expect(BigInt(receipt.l1Fee)).toBeGreaterThan(0n)
    expect(outcome.fee.units).toBe(receipt.gasUsed * receipt.effectiveGasPrice + BigInt(receipt.l1Fee))
    expect(before - (await reader().getBalance({ address: rail.operator }))).toBe(outcome.fee.units)
    await rail.close()
  })

  test('an estimate is within a tenth of what the payout then costs, where its data is nearly all of that', async () => {
    await setL1Prices(localRpc(rollup.rpcUrl), { l1BaseFeeWei: 10n ** 11n, l1BlobBaseFeeWei: 10n ** 14n })
    const rail = await openRail(rollup, data.file, counted())
    const order = payout(rollup, 'at_2', PAYEE, 123_456n)
    const estimate = await rail.estimate(order)
    const outcome = await rail.send(order, { signal: signal() })
    if (estimate.kind !== 'possible' || outcome.kind !== 'settled') throw new Error('the payout is not possible')
    expect(estimate.fee.units * 10n).toBeGreaterThan(outcome.fee.units * 9n)
    expect(estimate.fee.units * 10n).toBeLessThan(outcome.fee.units * 11n)
    // An authorization with its signature has more bytes than a transfer.
    expect(rail.cost().units).toBeGreaterThan(estimate.fee.units * 2n)
    await rail.close()
  })

  test('a payout whose limit the data alone would pass is not sent', async () => {
    await setL1Prices(localRpc(rollup.rpcUrl), { l1BaseFeeWei: 10n ** 11n, l1BlobBaseFeeWei: 10n ** 14n })
    const rail = await openRail(rollup, data.file, counted())
    const order = { ...payout(rollup, 'at_3', PAYEE, 5n), feeMax: money(ETH, 10n ** 12n) }
    expect(await rail.send(order, { signal: signal() })).toMatchObject({ kind: 'failed', reason: 'fee_above_limit' })
    await rail.close()
  })

  test.each([
    ['that counts none', () => ({ l1DataFee: 'none' as const })],
    ['with an oracle that is not there', () => ({ l1DataFee: { oracle: PAYEE } })],
  ])('a configuration %s stops the start', async (_, more) => {
    await expect(openRail(rollup, data.file, more())).rejects.toMatchObject({ code: 'rail_misconfigured' })
  })
})
