import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Spending } from '../../../gateway/ports/spendingView.ts'
import type { BlockTag, Chain } from '../node/chain.ts'
import { lower } from '../node/contracts.ts'
import type { RailLog } from '../node/railLog.ts'
import { RpcRefused, RpcSilent } from '../node/rpc.ts'
import { PERMIT_QUERIES_MAX, permitCall, readPermits } from './permitProgram.ts'
import { QUERIES_MAX, readSpending, type SpendingQuery, spendingCall } from './spendingProgram.ts'

/** Whoever waits for the answer is a payer's request: after so long it goes on without one. */
const ANSWER_MS = 2_000
/** Calls under way at a time; what is asked meanwhile goes into the next ones. */
const CALLS_MAX = 2
/** Questions that wait; beyond it they are not asked. */
const WAITING_MAX = 4_000

type Parts = Readonly<{
  /** What several endpoints agree on, where there are several. */
  agreed: Chain
  token: Hex
  /** The block to ask at: of several endpoints the newest that most have reached, because they differ beyond it. */
  block: () => BlockTag
  log: RailLog
}>

type Waiting = SpendingQuery & Readonly<{ answered: (spending: Spending | undefined) => void }>

/** How many accounts are asked about, and by what. */
type Program = Readonly<{
  queriesMax: number
  call: (token: Hex, queries: readonly SpendingQuery[]) => Hex
  read: (answer: Hex, queries: readonly SpendingQuery[]) => readonly (Spending | undefined)[] | undefined
}>
const PROGRAMS: Readonly<Record<'authorizations' | 'permits', Program>> = {
  authorizations: { queriesMax: QUERIES_MAX, call: spendingCall, read: readSpending },
  permits: { queriesMax: PERMIT_QUERIES_MAX, call: permitCall, read: readPermits },
}

/** Asks the chain what payers can spend by authorizations of the token or by permits of Permit2: all who come at the same time in one call. */
export function createSpendingView({ agreed, token, block, log }: Parts, by: keyof typeof PROGRAMS) {
  const { queriesMax, call, read } = PROGRAMS[by]
  const waiting: Waiting[] = []
  let calls = 0
  let silent = false
  let planned = false

  function told(answers: readonly (Spending | undefined)[] | undefined): void {
    if (silent === (answers === undefined)) return
    silent = !silent
    if (silent) log('warn', 'the chain does not say what payers can spend; they pay before the work')
    else log('info', 'the chain says again what payers can spend')
  }

  async function ask(asked: readonly Waiting[]): Promise<void> {
    const answers = await answersTo(asked)
    told(answers)
    for (const [i, { answered }] of asked.entries()) answered(answers?.[i])
  }

  async function answersTo(asked: readonly SpendingQuery[]): Promise<readonly (Spending | undefined)[] | undefined> {
    try {
      return read(await agreed.run(call(token, asked), block()), asked)
    } catch (error) {
      if (error instanceof RpcSilent || error instanceof RpcRefused) return undefined
      throw error
    }
  }

  function pump(): void {
    planned = false
    while (waiting.length > 0 && calls < CALLS_MAX) {
      calls += 1
      void ask(waiting.splice(0, queriesMax)).finally(() => {
        calls -= 1
        plan()
      })
    }
  }

  /** Once this turn of the event loop is over, so that the requests of a turn are asked about together. */
  function plan(): void {
    if (planned || waiting.length === 0) return
    planned = true
    setImmediate(pump)
  }

  return {
    /** Never rejects; undefined when the chain does not say in time. */
    spending({ from, nonce }: SpendingQuery): Promise<Spending | undefined> {
      if (waiting.length >= WAITING_MAX) return Promise.resolve(undefined)
      return new Promise((resolve) => {
        const late = setTimeout(() => resolve(undefined), ANSWER_MS).unref()
        const answered = (spending: Spending | undefined) => {
          clearTimeout(late)
          resolve(spending)
        }
        waiting.push({ from: lower(from), nonce: lower(nonce), answered })
        plan()
      })
    },
  }
}
