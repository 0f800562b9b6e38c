import type { z } from 'zod'
import type { Clock } from '../../../gateway/ports/clock.ts'
import type { RailLog } from './railLog.ts'
import { type Rpc, RpcRefused, RpcSilent } from './rpc.ts'

/** One endpoint. `reached`: its head at the last look, undefined when it did not answer. */
export type Voter = { readonly name: string; readonly rpc: Rpc; reached: bigint | undefined; distrustedUntil: number }

/** An endpoint that most contradicted is not read from for so long. */
const DISTRUST_MS = 600_000
/** A disagreement that goes on is told again after so long. */
const REPEAT_ALARM_MS = 60_000
/** From three endpoints on the word of one is not enough, even when the others are silent. */
const PAIR_FROM = 3

/** `blames`: who says otherwise than most is distrusted. Not where a stranger's code is run, which may look at what makes of node is running it. */
type AskOptions = Readonly<{ pairFrom?: number; blames?: boolean }>

/** Finds what most endpoints say, and remembers who said otherwise. */
export function createElectorate(voters: readonly Voter[], { clock, log }: { clock: Clock; log: RailLog }) {
  let height: bigint | undefined
  const alarmedAt = new Map<string, number>()

  function alarm(about: string, message: string, values: Record<string, string>): void {
    if (clock.now() - (alarmedAt.get(about) ?? -REPEAT_ALARM_MS) < REPEAT_ALARM_MS) return
    alarmedAt.set(about, clock.now())
    log('error', message, values)
  }

  /** How many must say the same when so many answer. */
  function quorum(answering: number, pairFrom = PAIR_FROM): number {
    const most = Math.floor(answering / 2) + 1 // not money: a count of endpoints
    return Math.max(voters.length >= pairFrom ? 2 : 1, most)
  }

  function distrust(voter: Voter, method: string): void {
    voter.distrustedUntil = clock.now() + DISTRUST_MS
    alarm(voter.name, 'an endpoint says what most of the others contradict; it is not read from', { endpoint: voter.name, method })
  }

  return {
    /** The height that enough of these heads have reached. Throws RpcSilent when too few answered. */
    commonHeight(heads: readonly bigint[]): bigint {
      const falling = [...heads].sort((a, b) => (a > b ? -1 : a < b ? 1 : 0))
      const common = heads.length === 0 ? undefined : falling[quorum(heads.length) - 1]
      if (common === undefined) throw new RpcSilent(`${heads.length} of ${voters.length} endpoints answer, which is too few`)
      return common
    },

    /** Who has reached it votes. */
    setHeight(common: bigint): void {
      height = common
    },

    /** The first in the configured order that has reached the common height, does not run far ahead of it, and is not distrusted. */
    reader(aheadMax: bigint): Voter {
      const common = height ?? 0n
      const fit = voters.find(
        ({ reached, distrustedUntil }) =>
          reached !== undefined && reached >= common && reached <= common + aheadMax && distrustedUntil <= clock.now(),
      )
      if (!fit) throw new RpcSilent('no endpoint can be read from: each is silent, behind, far ahead, or contradicted')
      return fit
    },

    /** What most that answer say, of two at least from so many on; refusals are no answers. Throws RpcSilent where they differ, RpcRefused when all refuse. */
    async ask<T>(method: string, params: readonly unknown[], shape: z.ZodType<T>, o: AskOptions = {}): Promise<T> {
      const { pairFrom = PAIR_FROM, blames = true } = o
      const asked = voters.filter(({ reached }) => height === undefined || (reached !== undefined && reached >= height))
      const results = await Promise.allSettled(asked.map(({ rpc }) => rpc.call(method, params, shape)))
      const answers = gatherAnswers(asked, results)
      if (answers.length === 0) throw firstError(results)
      const answering = answers.reduce((sum, { from }) => sum + from.length, 0)
      const winner = answers.find(({ from }) => from.length >= quorum(answering, pairFrom))
      if (!winner && answers.length === 1) throw new RpcSilent(`${method}: too few endpoints answer`)
      if (!winner && !blames) throw new RpcSilent(`${method}: what was run is answered differently by different endpoints`)
      if (!winner) {
        const names = asked.map(({ name }) => name).join(', ')
        alarm('all', 'the endpoints contradict each other; nothing is credited until most agree', { method, endpoints: names })
        throw new RpcSilent(`${method}: the endpoints contradict each other`)
      }
      for (const { from, value } of answers) {
        // Not to know a thing yet is no contradiction.
        if (blames && from !== winner.from && value !== null) for (const voter of from) distrust(voter, method)
      }
      return winner.value
    },
  }
}

/** Equal answers together, with who gave them, in the order in which they first came. `results` are of `asked`, one each. */
function gatherAnswers<T>(asked: readonly Voter[], results: readonly PromiseSettledResult<T>[]): { value: T; from: Voter[] }[] {
  const answers = new Map<string, { value: T; from: Voter[] }>()
  for (const [i, result] of results.entries()) {
    if (result.status === 'rejected') continue
    const key = writeAnswer(result.value)
    const same = answers.get(key) ?? { value: result.value, from: [] }
    answers.set(key, { ...same, from: [...same.from, asked[i]!] })
  }
  return [...answers.values()]
}

function firstError(results: readonly PromiseSettledResult<unknown>[]): unknown {
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
  return errors.find((error) => error instanceof RpcRefused) ?? errors[0] ?? new RpcSilent('no endpoint was asked')
}

function writeAnswer(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part))
}
