import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { foreignInvoice } from '../wallet/walletWorld.ts'
import { openPaidRoute, type PaidRouteWorld } from './paidRouteWorld.ts'
import { askedOf } from './proofs.ts'

// An invoice is one payment, however it is written and wherever it is shown; and only GET pays it.
let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 3 })
  onTestFinished(() => world.close())
})

type Method = 'GET' | 'HEAD'
const ask = (url: string, headers: Record<string, string> = {}, method: Method = 'GET') => world.app.inject({ method, url, headers })
const kept = (receipt: string) => world.has(accounts.surplus(receipt), BTC)
const pathOf = (link: string) => new URL(link).pathname
const stateOf = async (link: string) => (await ask(pathOf(link))).json<{ state: string }>().state
const callbackOf = (link: string, pr: string) => `${pathOf(link)}/invoice?${new URLSearchParams({ k1: link.slice(-32), pr })}`
const fetchBy = async (link: string, pr: string) => (await ask(callbackOf(link, pr))).json<{ status: string; reason?: string }>()
const sentMsat = () => world.payers.lightning.sent()

async function failed(moreMsat = 0n) {
  const { macaroon, invoice } = askedOf(await ask('/broken'))
  const answer = await ask('/broken', { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice, moreMsat)}` })
  return { link: String(answer.headers['switchyard-refund']), receipt: String(answer.headers['switchyard-receipt']) }
}

test('HEAD of what pays an invoice is no route, and pays nothing', async () => {
  const { link, receipt } = await failed()
  const due = kept(receipt)
  const answer = await ask(callbackOf(link, foreignInvoice(due)), {}, 'HEAD')
  expect([answer.statusCode, await stateOf(link), kept(receipt), world.payers.lightning.heard]).toEqual([404, 'due', due, []])
})

test('an invoice in capitals is the same payment as in small letters', async () => {
  const { link } = await failed()
  const invoice = foreignInvoice(1_000n)
  expect(await fetchBy(link, invoice)).toEqual({ status: 'OK' })
  await expect.poll(() => stateOf(link)).toBe('due')
  expect(await fetchBy(link, invoice.toUpperCase())).toEqual({ status: 'OK' })
  expect([await stateOf(link), sentMsat(), world.payers.lightning.heard.length]).toEqual(['due', 1_000n, 1])
})

test('an invoice that was shown for one refund is not paid for another, at the same time or later', async () => {
  const refunds = [await failed(), await failed()]
  const [first, second] = refunds
  const due = kept(first!.receipt)
  const invoice = foreignInvoice(due)
  const told = await Promise.all(refunds.map(({ link }, n) => fetchBy(link, n === 0 ? invoice : invoice.toUpperCase())))
  const other = expect.objectContaining({ status: 'ERROR', reason: expect.stringContaining('another refund') })
  expect(told).toEqual(expect.arrayContaining([{ status: 'OK' }, other]))
  const refused = told[0]!.status === 'OK' ? second! : first!
  await expect.poll(() => Promise.all(refunds.map(({ receipt }) => kept(receipt)))).toEqual(expect.arrayContaining([0n, due]))
  expect(await fetchBy(refused.link, invoice)).toEqual(other)
  expect([sentMsat(), kept(refused.receipt)]).toEqual([due, due])
  expect(await fetchBy(refused.link, foreignInvoice(due))).toEqual({ status: 'OK' })
  await expect.poll(() => stateOf(refused.link)).toBe('refunded')
})
