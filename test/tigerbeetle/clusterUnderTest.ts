import { randomBytes } from 'node:crypto'
import type { Account, LedgerEngine, LedgerQueries, Transfer } from '../../gateway/ports/ledger.ts'
import type { EngineUnderTest } from '../behavior/engineUnderTest.ts'

type Engine = LedgerEngine & LedgerQueries

const ID_MAX = 2n ** 128n - 1n
/** Longer steps of a test's clock are the hours between recorded cases, in which nothing waits. */
const LONGEST_WAIT_MS = 30_000
/** Expired holds are released in the background, a few ms after their time. */
const RELEASE_MS = 50

const IDS = ['id', 'debitAccountId', 'creditAccountId', 'pendingId', 'accountId', 'userData128'] as const

export type Cluster = Readonly<{
  open(): Promise<Engine>
  /** Lets the server's clock go on by so much. */
  pass(ms: number): Promise<void>
  check?(): string[]
}>

/**
 * A server that outlives the test, as an engine of the suite: what is in it already does not meet what the test does, because each test has ids and
 * ledgers of its own, and its clock is the server's.
 */
export async function clusterUnderTest({ open, pass, check = () => [] }: Cluster): Promise<EngineUnderTest> {
  let engine = await open()
  let now: bigint | undefined
  const salted = salt(() => engine)
  return {
    engine: () => salted,
    exact: false,
    async moveTo(nowNs) {
      const aheadMs = now === undefined ? 0 : Number((nowNs - now) / 1_000_000n)
      now = nowNs
      if (aheadMs > 0 && aheadMs <= LONGEST_WAIT_MS) await pass(aheadMs + RELEASE_MS)
    },
    async reopen() {
      await engine.close()
      engine = await open()
    },
    check,
    dispose: () => engine.close(),
  }
}

/** The same engine, with ids, 128-bit user data and ledgers that only who asks through it knows. Zero and the largest id mean what they mean. */
function salt(engine: () => Engine): Engine {
  const idSalt = BigInt(`0x${randomBytes(16).toString('hex')}`)
  const ledgerSalt = randomBytes(4).readUInt32BE()
  const id = (value: bigint): bigint => (value > 0n && value < ID_MAX ? value ^ idSalt : value)
  const ledger = (value: number): number => (value > 0 && value < 2 ** 32 ? (value ^ ledgerSalt) >>> 0 : value)

  /** There and back, because it is its own opposite. */
  function swap<T extends object>(row: T): T {
    const changed: Record<string, unknown> = Object.fromEntries(Object.entries(row))
    for (const name of IDS) if (typeof changed[name] === 'bigint') changed[name] = id(changed[name])
    if (typeof changed.ledger === 'number') changed.ledger = ledger(changed.ledger)
    return changed as T // The same fields with values of the same types.
  }
  const found = <T extends Account | Transfer>(rows: readonly (T | undefined)[]) => rows.map((row) => row && swap(row))

  return {
    createAccounts: (batch) => engine().createAccounts(batch.map(swap)),
    createTransfers: (batch, options) => engine().createTransfers(batch.map(swap), options),
    lookupAccounts: async (ids) => found(await engine().lookupAccounts(ids.map(id))),
    lookupTransfers: async (ids) => found(await engine().lookupTransfers(ids.map(id))),
    accountTransfers: async (filter) => (await engine().accountTransfers(swap(filter))).map(swap),
    accountBalances: (filter) => engine().accountBalances(swap(filter)),
    queryAccounts: async (filter) => (await engine().queryAccounts(swap(filter))).map(swap),
    queryTransfers: async (filter) => (await engine().queryTransfers(swap(filter))).map(swap),
    close: () => engine().close(),
  }
}
