import { expect, onTestFinished, test } from 'vitest'
import { openLndStore } from '../../adapters/lightning/lnd/node/store.ts'
import { createSender } from '../../adapters/lightning/lnd/paying/sender.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { Destination } from '../../gateway/ports/sender.ts'
import { NODE_ID, payingLnd } from '../lnd/payingLnd.ts'
import { boot, makeRails, PAYEE, posted, type Rails, START, USDC } from '../payout/payoutWorld.ts'
import { stoppingJournal } from '../payout/stoppingJournal.ts'
import { signedInvoice } from './signedInvoice.ts'

const AMOUNT = money(USDC, 1_000_000n)
const PREIMAGE = '11'.repeat(32)
const ID = 'po_00000000000000000000000000000009'

/** A gateway whose Lightning rail is LND's adapter, on a file of its own that nobody has written yet. */
function railsOn(node: ReturnType<typeof payingLnd>): Rails {
  const rails = makeRails()
  const clock = { now: () => Date.now() }
  const parts = {
    lnd: node.lnd,
    store: openLndStore(':memory:'),
    asset: BTC,
    clock,
    nodeId: `03${'cd'.repeat(32)}`,
    network: 'regtest',
  } as const
  const { check, estimate, ...sender } = createSender({ ...parts, log: () => {} }).sender
  Object.assign(rails.lightning, sender)
  return rails
}

const ways: readonly [string, Destination][] = [
  [
    'an invoice that leaves the amount open',
    { kind: 'lightning_invoice', invoice: signedInvoice({ preimage: PREIMAGE, prefix: 'lnbcrt' }) },
  ],
  ['an invoice', { kind: 'lightning_invoice', invoice: signedInvoice({ preimage: PREIMAGE }) }],
  ['a node', { kind: 'lightning_node', nodeId: NODE_ID }],
]

test.each(ways)('a payment to %s that is under way is found by the journal, with an empty file of the rail', async (_, destination) => {
  const node = payingLnd({ preimages: [PREIMAGE] })
  node.manner = 'paySilently'
  const journal = memoryJournal()
  // The third append is the decision with attempt.sent; the next one would be the outcome, which this process never lives to write.
  const stopping = stoppingJournal(journal, { append: 4, moment: 'before' })
  const first = await boot({ rails: railsOn(node), journal: stopping.journal })
  await first.payouts.create({ id: ID, source: PAYEE, amount: AMOUNT, destinations: [destination], reference: '', createdBy: 'test' })
  await stopping.died
  void first.payouts.close()

  node.manner = 'pay'
  const w = await boot({ rails: railsOn(node), journal })
  onTestFinished(() => w.payouts.close())
  await w.payouts.resume()
  expect(await w.payouts.wait(ID, { timeoutMs: 20_000 })).toMatchObject({ status: 'settled', attempts: [{ outcome: 'settled' }] })
  expect(node.heard).toBe(1)
  expect(node.paid).toHaveLength(1)
  expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc - AMOUNT.units)
})
