import { isGatewayError } from '../../errors/gatewayError.ts'
import { createRounds } from '../../ledger/process/rounds.ts'
import { createSweeper } from '../../ledger/process/sweeper.ts'
import type { Splits } from '../../parties/party/splits.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { RateSource } from '../../ports/rates.ts'
import { fetchOutcome } from './fetchOutcome.ts'
import type { ShareChain } from './lookAtRow.ts'
import { createLooks } from './looks.ts'
import { createRowRecords } from './rowRecords.ts'

const ROUND_MS = 5_000
/** Under way at once on all chains, and the same on each. */
const OPEN_MAX = 32
const RETRY_MS = 5_000

export type ShareClaims = ReturnType<typeof createShareClaims>

/** What the contract owes to payees in the books is fetched by itself. Made before the journal is replayed; `start` after it. */
export function createShareClaims(o: {
  books: Books
  splits: Pick<Splits, 'bySplitId' | 'isPayableOnChain'>
  chains: readonly ShareChain[]
  rates: RateSource
  clock: Clock
  ids: IdSource
  log: (line: string) => void
}) {
  const records = createRowRecords(o)
  const stop = Promise.withResolvers<void>()
  const chainOf = (rail: string) => o.chains.find((chain) => chain.rail === rail)
  const parts = { ...o, chainOf, stopped: stop.promise }
  let fail: (error: unknown) => void = () => undefined
  const running = createRounds({
    width: OPEN_MAX,
    run,
    onError: (_, error) => fail(error),
    placeOf: (id) => ({ lane: records.get(id)?.rail ?? '', owner: id }),
    ...(o.clock.onMoved && { onMoved: o.clock.onMoved }),
  })

  async function run(id: string): Promise<number | undefined> {
    const one = records.get(id)
    // It was woken once more while its outcome was written.
    if (!one) return undefined
    try {
      return await fetchOutcome(parts, one)
    } catch (error) {
      if (!isGatewayError(error)) throw error
      o.log(`${one.rail}: the outcome of ${id} is not written yet: ${error.shortMessage}`)
      return RETRY_MS
    }
  }

  const looks = createLooks({ ...parts, records, openMax: OPEN_MAX, wake: running.wake })
  const rounds = createSweeper(looks.round, ROUND_MS)

  return {
    /** One round, now. */
    round: looks.round,
    stateOf: looks.stateOf,
    /** What a person should see. */
    problems: looks.problems,
    start(onFatal: (error: unknown) => void): void {
      fail = onFatal
      looks.start()
      rounds.start(onFatal)
    },
    /** Begins nothing more; resolves when what is being written is. */
    async close(): Promise<void> {
      stop.resolve()
      await Promise.all([rounds.close(), running.close()])
    },
  }
}
