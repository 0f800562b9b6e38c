import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { checkConfig } from '../../app/config/config.ts'
import { openGateway } from '../../app/openGateway.ts'
import { addApi, newApp } from '../../gateway/api/app.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { createBank } from '../../world/bank/bank.ts'
import { openCounter } from '../../world/bank/counter.ts'
import type { FaultRule } from '../../world/bank/faults.ts'
import { createUsBank } from '../../world/bank/us/usBank.ts'
import { openUsCounter } from '../../world/bank/us/usCounter.ts'
import { PRICES } from '../../world/worldConfig.ts'
import { localConfig, OPERATOR_KEY } from '../localConfig.ts'
import { playedRail } from './playedRail.ts'

const OWN = { id: 'own', name: 'Yard', iban: 'DE93999999990000000001' }
const US = { routing: '121042882', account: '1000000001' }
const IBANS = ['DE89370400440532013000', 'DE02120300000000202051', 'DE02500105170137075030', 'DE02100500000054540402']
/** Who pays us and whom we pay, with accounts at the bank in euros. */
export const CUSTOMERS = IBANS.map((iban, i) => ({ id: `customer-${i + 1}`, name: `Customer ${i + 1}`, iban }))
export const ANNA = 'sk_anna_of_the_fortnight_1'
export const BERT = 'sk_bert_of_the_fortnight_2'

/** So long nothing may happen before a step counts as done (ms). */
const QUIET_MS = 90
const LOOK_MS = 15
const HOST = '127.0.0.1'

type Places = Readonly<{ bank: string; us: string; data: string }>
type Answer<T> = Readonly<{ status: number; body: T }>

/** Both banks with their folders, each at this day. */
async function openBanks(places: Places, { startDate, now }: Readonly<{ startDate: string; now: () => number }>) {
  for (const place of [places.bank, places.us]) await mkdir(place, { recursive: true })
  const sums = { openingCents: 500_000_00n, customerCents: 10_000_000_00n, chargeCents: 20n }
  const fates = { closedIban: '', returnedIban: '', silentIban: '' }
  const bank = createBank({ ...sums, ...fates, startDate, own: OWN, customers: CUSTOMERS, now: () => new Date(now()) })
  const counter = await openCounter(places.bank, {
    bank: { ...bank, addFault: () => 'by rules alone', moveTo: () => undefined },
    left: { written: 0, last: [], lastTaken: undefined },
  })
  await counter.open()
  const usBank = createUsBank({ ...US, openingCents: 900_000_00n, chargeCents: 25n, startDate })
  const usCounter = await openUsCounter(places.us, usBank)
  await usCounter.deliver([usBank.opening()])
  function told(refused: string | undefined): void {
    if (refused !== undefined) throw new Error(refused)
  }
  /** Orders that something goes wrong at either bank. */
  const order = { bank: (rule: FaultRule) => told(bank.addFault(rule)), 'bank:us': (rule: FaultRule) => told(usBank.addFault(rule)) }
  return { bank, counter, usBank, usCounter, order }
}

/** A euro is a dollar, so that an amount is the same on every rail but in bitcoin. */
function configOf(places: Places) {
  const account = { iban: OWN.iban, name: OWN.name, townName: 'Berlin', country: 'DE' }
  const usAccount = { ...US, name: 'Yard', companyId: '1123456789', bankName: 'A bank' }
  return checkConfig({
    ...localConfig(places.data, {
      evm: [],
      bank: { folder: places.bank, account, feeEur: '0.20', pollMs: 10 },
      usBank: { folder: places.us, account: usAccount, pollMs: 10, gatherSeconds: 0 },
    }),
    prices: { ...PRICES, EUR: '1.00' },
    operators: [
      { name: 'anna', key: ANNA },
      { name: 'bert', key: BERT },
    ],
  })
}

export type FortnightWorld = Awaited<ReturnType<typeof openFortnightWorld>>

/** A gateway with two banks, a played chain and a played node around it, on a clock that is put forward. `startDate`: the first day of the banks. */
export async function openFortnightWorld(folder: string, startDate: string) {
  const places = { bank: join(folder, 'bank'), us: join(folder, 'us'), data: join(folder, 'data') }
  let clock = () => Date.now()
  const now = () => clock()
  const banks = await openBanks(places, { startDate, now })
  const chain = playedRail({ rail: 'custom:chain', asset: BTC, holds: 10n ** 12n, fee: 1_000_000n, now })
  const node = playedRail({ rail: 'custom:lightning', asset: BTC, holds: 10n ** 12n, fee: 2_000n, now })
  const config = configOf(places)
  async function start() {
    const gateway = await openGateway(config, { rails: [chain.rail, node.rail] })
    const app = newApp({ publicUrl: `http://${HOST}` })
    await addApi(app, gateway)
    clock = gateway.ground.clock.now
    return { gateway, app }
  }
  let open = await start()
  let calls = 0

  async function call<T>(method: 'GET' | 'POST', url: string, body?: object, key = OPERATOR_KEY): Promise<Answer<T>> {
    const headers = { authorization: `Bearer ${key}`, 'idempotency-key': `fortnight-${++calls}` }
    const answer = await open.app.inject({ method, url, authority: HOST, headers, ...(body ? { payload: body } : {}) })
    return { status: answer.statusCode, body: answer.json<T>() }
  }
  return {
    ...banks,
    places,
    chain,
    node,
    now,
    call,
    /** An answer that is no JSON. */
    text: async (url: string) => (await open.app.inject({ url, authority: HOST })).body,
    quiet: () => quiet(() => open.gateway.ledger.books.head().seq, [places.bank, places.us]),
    /** The clock of the gateway goes to this time (ISO 8601). */
    async goTo(to: string): Promise<void> {
      const { status, body } = await call('POST', '/v1/test/clock/advance', { to })
      if (status !== 200) throw new Error(`the clock does not go to ${to}: ${JSON.stringify(body)}`)
    },
    async stop(): Promise<void> {
      await open.app.close()
      await open.gateway.close()
    },
    async again(): Promise<void> {
      open = await start()
    },
  }
}

/** Waits until what the banks brought was read and nothing more is written. */
async function quiet(head: () => number, folders: readonly string[]): Promise<void> {
  const isRead = async (folder: string) =>
    (await readdir(join(folder, 'inbox'), { withFileTypes: true })).every((entry) => entry.isDirectory())
  for (let [since, before] = [performance.now(), -1]; performance.now() - since < QUIET_MS; ) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    const seq = head()
    const read = await Promise.all(folders.map(isRead))
    if (seq === before && read.every(Boolean)) continue
    before = seq
    since = performance.now()
  }
}
