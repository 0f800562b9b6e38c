import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkConfig } from '../../app/config/config.ts'
import { openGateway } from '../../app/openGateway.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { EUR } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { RecallReason } from '../../gateway/ports/recaller.ts'
import type { BankReady } from '../../world/bank/ready.ts'
import { startBank } from '../../world/bank/startBank.ts'
import { localConfig } from '../localConfig.ts'

// Payouts that have left are asked back, through the files of a bank in a process of its own.
const WAIT = { timeout: 20_000, interval: 50 }
const FUNDS = 20_000_000n
const along = () => ({ claims: [], facts: [] })

/** A gateway with nothing but a bank whose cycles run only when asked, and a party with 20 euros. */
async function world() {
  const folder = mkdtempSync(join(tmpdir(), 'recalls-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const bank = await startBank({ folder: join(folder, 'bank'), cycleMs: 0 })
  onTestFinished(() => bank.stop())
  const bankConfig = { folder: bank.ready.folder, account: bank.ready.account, feeEur: '0.20', pollMs: 20, settlementSeconds: 10 }
  const config = checkConfig(localConfig(join(folder, 'data'), { bank: bankConfig }))
  let gateway = await openGateway(config)
  onTestFinished(() => gateway.close())
  const { party } = await gateway.parties.parties.create({ name: 'seller' })
  const source = accounts.party(party.id)
  await bank.control('POST', '/transfers', { customer: 'customer-1', amount: '20.00', remittance: party.reference ?? '' })
  await bank.control('POST', '/cycle')
  const balance = (path = source) => {
    const { creditsPosted, debitsPosted } = gateway.ledger.books.balance(path, EUR)
    return creditsPosted - debitsPosted
  }
  await expect.poll(() => balance(), WAIT).toBe(FUNDS)
  const payouts = () => gateway.payouts.payouts
  return {
    bank: bank.ready,
    balance,
    cycle: () => bank.control('POST', '/cycle'),
    dayEnd: () => bank.control('POST', '/day-end'),
    get: (id: string) => payouts().get(id),
    ask: (id: string, reason: RecallReason = 'CUST') => gateway.payouts.recalls.create(id, { reason, by: 'test', along }),
    recalls: (id: string) => gateway.payouts.recalls.of(id),
    problems: () => gateway.operations.problems().filter(({ rail }) => rail === 'bank'),
    /** What the bank says that it owes us, as the operator's account there stands. */
    async atBank(): Promise<string> {
      // The control server of world/bank answers with this.
      const { accounts: all } = (await bank.control('GET', '/accounts')) as { accounts: { id: string; balance: string }[] }
      return all.find(({ id }) => id === 'own')!.balance
    },
    asked: () => readdirSync(join(bank.ready.folder, 'taken')).filter((name) => name.includes('rcl')).length,
    async restart() {
      await gateway.close()
      gateway = await openGateway(config)
    },
    /** Ten euros, with the bank and not executed yet. */
    async sent(to: (ready: BankReady) => string): Promise<string> {
      const destinations = [{ kind: 'iban' as const, iban: to(bank.ready), name: 'Customer 1' }]
      const { id } = await payouts().create({ source, amount: parseAmount('10', EUR), destinations, reference: 'r', createdBy: 'test' })
      await expect.poll(() => payouts().get(id).status, WAIT).toBe('outcome_unknown')
      return id
    },
    async paid(to: (ready: BankReady) => string): Promise<string> {
      const id = await this.sent(to)
      await bank.control('POST', '/cycle')
      await expect.poll(() => payouts().get(id).status, WAIT).toBe('settled')
      return id
    },
  }
}

test('a payout is asked back, and what the payee gives back is on its source again to the cent', async () => {
  const w = await world()
  const id = await w.paid(({ customers }) => customers[0]!.iban)
  const made = await w.ask(id, 'DUPL')
  expect(made).toMatchObject({ status: 'asked', kind: 'recall', payout: id })
  await expect(w.ask(id)).rejects.toMatchObject({ code: 'recall_refused', shortMessage: expect.stringContaining('already') })
  await expect.poll(() => w.recalls(id)[0]?.status, WAIT).toBe('pending')
  expect(w.recalls(id)[0]?.answers).toMatchObject([{ answer: 'pending', words: 'the payee’s bank is looking into it' }])
  // A restart asks nothing anew, and changes nothing.
  await w.restart()
  await w.cycle()
  expect([w.recalls(id)[0]?.status, w.asked(), w.balance()]).toEqual(['pending', 1, FUNDS - 10_000_000n])
  await w.dayEnd()
  await w.cycle()
  await expect.poll(() => w.get(id).status, WAIT).toBe('returned')
  expect(w.get(id)).toMatchObject({ returned: { reason: 'FOCR', meaning: { next: 'none' } } })
  expect(w.recalls(id)).toMatchObject([{ status: 'returned', money: { amount: { amount: '10', code: 'EUR' }, reason: 'FOCR' } }])
  expect(w.recalls(id)[0]?.money).not.toHaveProperty('late')
  expect([w.balance(), w.balance('suspense:bank')]).toEqual([FUNDS, 0n])
  // What the bank holds for us, in both books: what there was, and the charge less.
  await expect.poll(() => w.balance(accounts.rail('bank', 'account')), WAIT).toBe(-519_800_000n)
  expect(await w.atBank()).toBe('519.80')
  await expect(w.ask(id)).rejects.toMatchObject({ code: 'recall_refused', shortMessage: expect.stringContaining('come back') })
  expect(w.problems()).toEqual([])
})

test('a refused recall says why, stays the only one of its kind, and no money moves', async () => {
  const w = await world()
  const id = await w.paid(({ rules }) => rules.refusesRecallsIban)
  await w.ask(id, 'CUST')
  await expect.poll(() => w.recalls(id)[0]?.status, WAIT).toBe('pending')
  await w.dayEnd()
  await w.cycle()
  await expect.poll(() => w.recalls(id)[0]?.status, WAIT).toBe('refused')
  expect(w.recalls(id)[0]?.answers.at(-1)).toMatchObject({
    answer: 'refused',
    code: 'CUST',
    words: 'the payee does not agree',
    detail: 'the payee says no',
  })
  expect([w.get(id).status, w.balance()]).toEqual(['settled', FUNDS - 10_000_000n])
  await expect(w.ask(id, 'AC03')).rejects.toMatchObject({ code: 'recall_refused', shortMessage: expect.stringContaining('as a request') })
  // The bank's own is another kind.
  expect(await w.ask(id, 'FRAD')).toMatchObject({ kind: 'recall', status: 'asked' })
  expect(w.recalls(id).map(({ reason }) => reason)).toEqual(['FRAD', 'CUST'])
})

test('an order that the bank has not executed yet is taken back, and its payout tries no other way', async () => {
  const w = await world()
  const id = await w.sent(({ customers }) => customers[0]!.iban)
  await w.ask(id, 'TECH')
  await expect.poll(() => w.get(id).status, WAIT).toBe('failed')
  expect(w.get(id)).toMatchObject({ cancelAsked: true, failure: { code: 'canceled' } })
  await expect.poll(() => w.recalls(id)[0]?.status, WAIT).toBe('not_paid')
  await w.cycle()
  expect([w.balance(), w.get(id).status]).toEqual([FUNDS, 'failed'])
})

test('two who ask at once are one question', async () => {
  const w = await world()
  const id = await w.paid(({ rules }) => rules.ignoresRecallsIban)
  const both = await Promise.allSettled([w.ask(id, 'CUST'), w.ask(id, 'FRAD')])
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  await expect.poll(() => w.recalls(id).map(({ status }) => status), WAIT).toEqual(['sent'])
  await expect.poll(() => w.asked(), WAIT).toBe(1)
})
