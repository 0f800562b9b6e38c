import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkConfig } from '../../app/config/config.ts'
import { openGateway } from '../../app/openGateway.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { EUR } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { startBank } from '../../world/bank/startBank.ts'
import { localConfig } from '../localConfig.ts'

// The bank rail's own file is lost, or an older copy is put in its place, while the journal is whole and an order is with the bank.
const WAIT = { timeout: 20_000, interval: 50 }

/** A gateway with nothing but a bank whose cycles run only when asked, and a party with 20 euros. */
async function world() {
  const folder = mkdtempSync(join(tmpdir(), 'lost-bank-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const bank = await startBank({ folder: join(folder, 'bank'), cycleMs: 0 })
  onTestFinished(() => bank.stop())
  const dataDir = join(folder, 'data')
  const config = checkConfig(
    localConfig(dataDir, {
      bank: { folder: bank.ready.folder, account: bank.ready.account, feeEur: '0.02', pollMs: 20, settlementSeconds: 10 },
    }),
  )
  let gateway = await openGateway(config)
  let open = true
  const down = async () => {
    if (open) await gateway.close()
    open = false
  }
  onTestFinished(down)
  const up = async () => {
    gateway = await openGateway(config)
    open = true
  }
  const { party } = await gateway.parties.parties.create({ name: 'seller' })
  const source = accounts.party(party.id)
  const remittance = party.reference ?? ''
  const topUp = (amount: string) => bank.control('POST', '/transfers', { customer: 'customer-1', amount, remittance })
  await topUp('20.00')
  await bank.control('POST', '/cycle')
  const balance = () => {
    const { creditsPosted, debitsPosted } = gateway.ledger.books.balance(source, EUR)
    return creditsPosted - debitsPosted
  }
  await expect.poll(balance, WAIT).toBe(parseAmount('20', EUR).units)
  const files = () => readdirSync(dataDir).filter((name) => name.startsWith('bank.db'))
  const lose = () => {
    for (const name of files()) rmSync(join(dataDir, name))
  }
  return {
    down,
    up,
    lose,
    balance,
    topUp,
    cycle: () => bank.control('POST', '/cycle'),
    /** What an operator does: the statements that the bank once gave are put into the inbox again. */
    statementsAgain() {
      const archive = join(bank.ready.folder, 'archive')
      const names = readdirSync(archive).filter((name) => name.includes('camt053'))
      for (const name of names) cpSync(join(archive, name), join(bank.ready.folder, 'inbox', name))
    },
    pay() {
      const { iban, name } = bank.ready.customers[0]!
      const destinations = [{ kind: 'iban' as const, iban, name }]
      return gateway.payouts.payouts.create({ source, amount: parseAmount('10', EUR), destinations, reference: 'r', createdBy: 'test' })
    },
    get: (id: string) => gateway.payouts.payouts.get(id),
    problems: () => gateway.operations.problems(),
    /** Orders that have left for the bank, taken by it or not. */
    orders: () => [...readdirSync(join(bank.ready.folder, 'outbox')), ...readdirSync(join(bank.ready.folder, 'taken'))].length,
    /** Pays ten euros to an account, and stops the gateway once the order is with the bank. */
    async stoppedUnderWay(to: 'open' | 'closed' = 'open'): Promise<string> {
      const { iban, name } = bank.ready.customers[0]!
      const destination = { kind: 'iban' as const, iban: to === 'open' ? iban : bank.ready.rules.closedIban, name }
      const order = { source, amount: parseAmount('10', EUR), destinations: [destination], reference: 'r', createdBy: 'test' }
      const { id } = await gateway.payouts.payouts.create(order)
      await expect.poll(() => gateway.payouts.payouts.get(id).status, WAIT).toBe('outcome_unknown')
      await down()
      return id
    },
    copy(): () => void {
      const copy = mkdtempSync(join(tmpdir(), 'bank-copy-'))
      for (const name of files()) cpSync(join(dataDir, name), join(copy, name))
      return () => {
        lose()
        cpSync(copy, dataDir, { recursive: true })
        rmSync(copy, { recursive: true })
      }
    },
  }
}

const STUCK = { status: 'outcome_unknown', attempts: [{ outcome: 'unknown', stuck: true }] }

test('an order whose file is lost is not given to the bank again, and the bank’s booking ends it', async () => {
  const w = await world()
  const id = await w.stoppedUnderWay()
  w.lose()
  await w.up()
  await expect.poll(() => w.get(id), WAIT).toMatchObject(STUCK)
  expect(w.orders()).toBe(1)
  await w.cycle()
  await w.down()
  await w.up()
  await expect.poll(() => w.get(id).status, WAIT).toBe('settled')
  expect([w.orders(), w.balance()]).toEqual([1, parseAmount('10', EUR).units])
})

test('an order beside an older copy of the file is not given again, and the bank’s refusal ends it', async () => {
  const w = await world()
  await w.down()
  const putBack = w.copy()
  await w.up()
  const id = await w.stoppedUnderWay('closed')
  putBack()
  await w.up()
  await expect.poll(() => w.get(id), WAIT).toMatchObject(STUCK)
  await w.cycle()
  await w.down()
  await w.up()
  await expect.poll(() => w.get(id).status, WAIT).toBe('failed')
  expect([w.orders(), w.balance()]).toEqual([1, parseAmount('20', EUR).units])
})

test('a booking that was read before the order was known again ends it too', async () => {
  const w = await world()
  const id = await w.stoppedUnderWay()
  w.lose()
  await w.cycle()
  await w.up()
  await expect.poll(() => w.get(id).status, WAIT).toBe('settled')
  expect([w.orders(), w.balance()]).toEqual([1, parseAmount('10', EUR).units])
})

test('what arrives while the file is lost is credited, once', async () => {
  const w = await world()
  await w.down()
  w.lose()
  await w.topUp('3.00')
  await w.cycle()
  await w.up()
  await expect.poll(w.balance, WAIT).toBe(parseAmount('23', EUR).units)
  await w.down()
  await w.up()
  await w.topUp('4.00')
  await w.cycle()
  await expect.poll(w.balance, WAIT).toBe(parseAmount('27', EUR).units)
})

test('a payout after the loss waits for a statement, and fails for nothing', async () => {
  const w = await world()
  await w.down()
  w.lose()
  await w.up()
  const { id } = await w.pay()
  await expect.poll(() => w.get(id).decisionId, WAIT).toBeDefined()
  expect(w.get(id).status).toBe('processing')
  expect(w.problems()).toMatchObject([{ rail: 'bank', what: 'the bank has not sent a statement yet' }])
  w.statementsAgain()
  await expect.poll(w.orders, { timeout: 40_000, interval: 50 }).toBe(1)
  await w.cycle()
  await expect.poll(() => w.get(id).status, WAIT).toBe('settled')
})
