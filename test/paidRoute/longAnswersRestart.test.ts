import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkConfig } from '../../app/config/config.ts'
import { openGateway } from '../../app/openGateway.ts'
import { newApp } from '../../gateway/api/app.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { BANK_ACCOUNT, localConfig } from '../localConfig.ts'
import { LONG, sellLong } from './longWork.ts'

/** A gateway over this folder, and its routes of long answers once it is said whom they pay. */
async function start(folder: string) {
  const bank = { folder: join(folder, 'bank'), account: BANK_ACCOUNT, feeEur: '0.02', pollMs: 50 }
  const gateway = await openGateway(checkConfig(localConfig(join(folder, 'data'), { evm: [], bank })))
  const app = newApp({ publicUrl: 'http://localhost' })
  let ran = 0
  paidRoutes(app, gateway, { publicUrl: () => 'http://localhost' })
  return {
    gateway,
    ran: () => ran,
    sell: (payee: string) => sellLong(app, { price: parseAmount('0.002', USD), payee }, () => ++ran),
    ask: (url: string, key: string) =>
      app.inject({ url, headers: { authorization: `Bearer ${key}`, 'idempotency-key': 'the-one-request' } }),
    async close() {
      await app.close()
      await gateway.close()
    },
  }
}

test('after a restart of the gateway a whole answer is given again, and files of no claim are gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-long-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'bank'))
  const first = await start(folder)
  const { ground, ledger, parties, payins } = first.gateway
  const [seller, payer] = [await parties.parties.create({ name: 'seller' }), await parties.parties.create({ name: 'payer' })]
  const funds = { debit: accounts.capital('operator'), credit: accounts.party(payer.party.id), asset: ground.bookAsset, units: 10_000_000n }
  await ledger.books.submit({ entry: { id: ground.ids.entry(), payment: 'funding', legs: [{ kind: 'move', ...funds }] } })
  first.sell(seller.party.id)
  expect(await first.ask('/long', payer.apiKey)).toMatchObject({ statusCode: 200, rawPayload: LONG })
  const stranger = { receipt: 'rc_of_nobody', claimKey: 'of nobody', payer: 'nobody', seller: 'nobody' } as const
  await payins.answers!.begin(stranger, { bytesMax: 100 })!.end(300_000)
  expect(readdirSync(join(folder, 'data/answers')).length).toBe(2)
  await first.close()

  const second = await start(folder)
  onTestFinished(() => second.close())
  second.sell(seller.party.id)
  expect(readdirSync(join(folder, 'data/answers')).length).toBe(1)
  expect(await second.ask('/long', payer.apiKey)).toMatchObject({ statusCode: 200, rawPayload: LONG })
  expect([first.ran(), second.ran()]).toEqual([1, 0])
})
