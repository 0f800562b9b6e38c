import { expect, onTestFinished, test } from 'vitest'
import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import { openPublicHttp } from '../../adapters/publicHttp/openPublicHttp.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { Destination, Sender } from '../../gateway/ports/sender.ts'
import { addressSender } from '../../gateway/wallets/lnurl/addressSender.ts'
import { createTakenInvoices } from '../../gateway/wallets/lnurl/takenInvoices.ts'
import { startPayServer } from '../lnurl/payServer.ts'
import { boot, expectBalanced, makeRails, PAYEE } from './payoutWorld.ts'

test('an address whose invoice had expired when it was paid is asked for a fresh one, which is paid', async () => {
  const server = await startPayServer()
  onTestFinished(() => server.close())
  const rails = makeRails()
  const heard: Destination[] = []
  const tooLate: Sender = {
    ...rails.lightning,
    async send(attempt, o) {
      heard.push(attempt.destination)
      return heard.length === 1 ? { kind: 'failed', reason: 'expired' } : rails.lightning.send(attempt, o)
    },
  }
  let asking: Sender | undefined
  const http = openPublicHttp({ localHosts: [server.host] })
  const later: Sender = {
    ...rails.lightning,
    serves: ['lightning_address'],
    check: () => undefined,
    estimate: (query) => asking!.estimate(query),
    send: (attempt, o) => asking!.send(attempt, o),
  }
  const w = await boot({
    rails,
    senders: [later],
    policy: { estimateDeadlineMs: 10_000, sendDeadlineMs: 10_000 },
    prepare: (books) => {
      const taken = createTakenInvoices(books)
      asking = addressSender(tooLate, { http, readInvoice: readBolt11, books, taken, clock: { now: () => Date.now() } })
    },
  })
  onTestFinished(() => w.payouts.close())
  const destination = { kind: 'lightning_address', address: server.address } as const
  const order = { source: PAYEE, amount: money(BTC, 21_000n), destinations: [destination], reference: '', createdBy: 'test' }
  const { id } = await w.payouts.create(order)
  expect(await w.payouts.wait(id, { timeoutMs: 20_000 })).toMatchObject({
    status: 'settled',
    attempts: [{ reason: 'expired' }, { changed: ['fresh_invoice'], outcome: 'settled' }],
  })
  expect(server.asked.filter(({ pathname }) => pathname === '/cb')).toHaveLength(2)
  await expectBalanced(w)
})
