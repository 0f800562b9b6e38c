import { describe, expect, onTestFinished, test } from 'vitest'
import type { NodeParts } from '../ldk/nodeParts.ts'
import { openNodeStore } from '../ldk/nodeStore.ts'
import { walletKey } from '../ldk/walletKey.ts'
import { eventsAfter } from '../payments/nodeEvents.ts'
import { bookedMsat } from './placeSums.ts'
import { planWithdrawal } from './planWithdrawal.ts'
import { coinName, leavingSats, spendableCoins, walletSats } from './walletCoins.ts'
import { signTransaction } from './walletTransaction.ts'
import { beginWithdrawal, confirmWithdrawals, stepWithdrawals, unconfirmWithdrawals, withdrawalState } from './withdrawals.ts'

const wallet = walletKey(new Uint8Array(32).fill(9))
const { address } = walletKey(new Uint8Array(32).fill(8))

/** A node's wallet with one coin for each amount. */
function open(...amounts: bigint[]) {
  const store = openNodeStore(':memory:')
  onTestFinished(() => store.close())
  for (const [i, sats] of amounts.entries()) {
    const from = [{ txid: `${i}`.padStart(64, 'b'), index: 0, sats: sats + 200n }]
    const { raw } = signTransaction(from, [{ script: wallet.script, sats }], wallet)
    store.write('INSERT INTO sweeps (raw, sats, fee_sats, at, height, final) VALUES (?, ?, 200, 1, 1, 1)', raw, sats)
  }
  const sent: Uint8Array[] = []
  const broadcast = (tx: Uint8Array) => void sent.push(tx)
  const parts = { wallet, broadcast } as unknown as NodeParts // Only what a withdrawal reaches.
  const node = { store, parts, now: () => 5 }
  const plan = (sats: bigint | 'all') =>
    planWithdrawal(spendableCoins(store), wallet.script, { address, sats, feeRateSatPerVb: 1n, feeSatsMax: 1_000n })
  const block = (height: number, ...txs: Uint8Array[]) => {
    confirmWithdrawals(store, { height, header: new Uint8Array(80), txs })
    stepWithdrawals(store, { broadcast, height, at: 7 })
  }
  return { store, sent, node, plan, block }
}

describe('a withdrawal of the node', () => {
  test('is signed once for its id, and sent with every block until it is in one', () => {
    const w = open(50_000n)
    const order = w.plan(10_000n)
    expect(beginWithdrawal(w.node, 'wd_1', order)).toBeUndefined()
    expect(beginWithdrawal(w.node, 'wd_1', order)).toBeUndefined()
    expect(w.sent).toHaveLength(1)
    w.block(2)
    expect(w.sent).toHaveLength(2)
    expect(Buffer.compare(w.sent[0]!, w.sent[1]!)).toBe(0)
    w.block(3, w.sent[0]!)
    w.block(4)
    expect(w.sent).toHaveLength(2)
    expect(withdrawalState(w.store, 'wd_1', 4)).toMatchObject({ kind: 'sent', confirmations: 2, feeSats: 141n })
    expect(() => beginWithdrawal(w.node, 'wd_1', { ...order, sats: 10_001n })).toThrow(/invariant/)
    expect(withdrawalState(w.store, 'wd_2', 4)).toBeUndefined()
  })

  test('leaves the wallet at six confirmations, and its change can be spent from then on', () => {
    const w = open(50_000n)
    beginWithdrawal(w.node, 'wd_1', w.plan(10_000n))
    expect([walletSats(w.store), leavingSats(w.store), spendableCoins(w.store)]).toEqual([50_000n, 10_141n, []])
    w.block(3, w.sent[0]!)
    w.block(7)
    expect([walletSats(w.store), spendableCoins(w.store)]).toEqual([50_000n, []])
    w.block(8)
    expect(withdrawalState(w.store, 'wd_1', 8)).toMatchObject({ kind: 'final', confirmations: 6, endedAt: 7n })
    expect([walletSats(w.store), leavingSats(w.store)]).toEqual([39_859n, 0n])
    expect(spendableCoins(w.store)).toMatchObject([{ index: 1, sats: 39_859n }])
    expect(eventsAfter(w.store, ['sent'], 0n, 9n)).toMatchObject([{ place: 'wallet', amountMsat: 10_000_000n, feeMsat: 141_000n }])
    expect(bookedMsat(w.store, 'wallet')).toBe(-10_141_000n)
    w.block(9)
    expect(eventsAfter(w.store, ['sent'], 0n, 9n)).toHaveLength(1)
  })

  test('that a reorganisation takes back is sent again, and counts from its new block', () => {
    const w = open(50_000n)
    beginWithdrawal(w.node, 'wd_1', w.plan('all'))
    w.block(3, w.sent[0]!)
    unconfirmWithdrawals(w.store, 2)
    expect(withdrawalState(w.store, 'wd_1', 2)).toMatchObject({ confirmations: 0 })
    w.block(4)
    expect(w.sent).toHaveLength(2)
    w.block(5, w.sent[0]!)
    w.block(9)
    expect(withdrawalState(w.store, 'wd_1', 9)).toMatchObject({ kind: 'sent', confirmations: 5 })
    w.block(10)
    expect([walletSats(w.store), spendableCoins(w.store)]).toEqual([0n, []])
  })

  test('is refused when another has taken one of its coins, and stays so', () => {
    const w = open(50_000n, 40_000n)
    const [one, other] = [w.plan(45_000n), w.plan(60_000n)]
    expect(other.inputs).toContain(one.inputs[0])
    beginWithdrawal(w.node, 'wd_1', one)
    for (let again = 0; again < 2; again++) expect(beginWithdrawal(w.node, 'wd_2', other)).toMatchObject({ kind: 'refused' })
    expect(withdrawalState(w.store, 'wd_2', 3)).toBeUndefined()
    expect(w.sent).toHaveLength(1)
    expect(spendableCoins(w.store).map(coinName)).toEqual([other.inputs[1]])
  })
})
