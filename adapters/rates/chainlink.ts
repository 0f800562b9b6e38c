import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { type Ratio, ratio } from '../../gateway/money/ratio.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { PricedCode, PriceSource } from '../../gateway/ports/priceSource.ts'

/** A feed, and how often it is written at least, whatever its price does: each has its own. */
type Feed = Readonly<{ of: PricedCode; address: Hex; heartbeatS: number }>

type Parts = Readonly<{
  feeds: readonly Feed[]
  /** Of a rollup: the feed that says whether its sequencer runs. */
  uptime: Hex | undefined
  /** What a contract answers at the chain's head, by the word of most nodes. Throws `destination_unreachable`. */
  read: (to: Hex, data: Hex) => Promise<Hex>
  clock: Clock
}>

/** The selectors of AggregatorV3Interface: `latestRoundData()` and `decimals()`. */
const ROUND: Hex = '0xfeaf968c'
const DECIMALS: Hex = '0x313ce567'

/** After its heartbeat a feed may be so late: the transaction that writes it has to be mined. */
const LATE_S = 600
/** A sequencer that was down has run for so long before prices of its chain are believed (docs.chain.link, L2 sequencer uptime feeds). */
const GRACE_S = 3_600
const DECIMALS_MAX = 36n
/** A time beyond this is none: it is the year 5138. */
const SECONDS_MAX = 100_000_000_000n
const MS_PER_S = 1_000

type Round = Readonly<{ roundId: bigint; answer: bigint; startedAtS: bigint; updatedAtS: bigint; answeredIn: bigint }>

/** Price feeds on a chain of ours as one more market: one value stands for bid and ask, and the feed's own time says how old it is. */
export function openChainlink({ feeds, uptime, read, clock }: Parts): PriceSource {
  const decimals = new Map<Hex, bigint>()

  async function roundOf(feed: Hex): Promise<Round | undefined> {
    const found = words(await read(feed, ROUND))
    const [roundId, answer, startedAtS, updatedAtS, answeredIn] = found
    if (found.length !== 5) return undefined
    return {
      roundId: roundId!,
      answer: BigInt.asIntN(256, answer!),
      startedAtS: startedAtS!,
      updatedAtS: updatedAtS!,
      answeredIn: answeredIn!,
    }
  }

  async function decimalsOf(feed: Hex): Promise<bigint | undefined> {
    const [first] = words(await read(feed, DECIMALS))
    if (first === undefined || first > DECIMALS_MAX) return undefined
    decimals.set(feed, first)
    return first
  }

  /** Why prices of this chain are not believed: while its sequencer is down they are of before, and right after, others were quicker than its feeds. */
  async function sequencerFault(feed: Hex): Promise<string | undefined> {
    const round = await roundOf(feed)
    if (!round || round.startedAtS === 0n || round.startedAtS > SECONDS_MAX) return 'the feed of its sequencer has no round'
    if (round.answer !== 0n) return 'the sequencer of its chain is down'
    const upS = (clock.now() - Number(round.startedAtS) * MS_PER_S) / MS_PER_S // not money: seconds
    return upS > GRACE_S ? undefined : `the sequencer of its chain has run for less than ${GRACE_S} seconds`
  }

  return {
    name: 'chainlink',
    saidAgeMsMax: 0, // Each price has its feed's own.
    codes: feeds.map(({ of }) => of),
    async price(code, { signal }) {
      const feed = feeds.find(({ of }) => of === code)
      if (!feed) return { wrong: `chainlink has no feed of ${code}` }
      const fault = uptime && (await sequencerFault(uptime))
      if (fault !== undefined) throw unreachable(fault)
      if (signal.aborted) throw unreachable('its nodes take too long')
      const [round, places] = [await roundOf(feed.address), decimals.get(feed.address) ?? (await decimalsOf(feed.address))]
      const wrong = wrongWith(round, places)
      if (wrong !== undefined || !round) return { wrong: `chainlink: ${wrong}` }
      const value: Ratio = ratio(round.answer, 10n ** (places ?? 0n))
      return { bid: value, ask: value, saidAt: Number(round.updatedAtS) * MS_PER_S, saidAgeMsMax: (feed.heartbeatS + LATE_S) * MS_PER_S } // not money: ms
    },
  }
}

/** `latestRoundData` succeeds for what is no price too: a round that nobody has answered, an answer of another round, nothing, less than nothing. */
function wrongWith(round: Round | undefined, places: bigint | undefined): string | undefined {
  if (!round || places === undefined) return 'what stands at the address of the feed is none'
  if (round.updatedAtS === 0n || round.updatedAtS > SECONDS_MAX) return 'its round is not complete'
  if (round.answeredIn < round.roundId) return 'its answer is of an older round'
  return round.answer > 0n ? undefined : 'its answer is not above nothing'
}

/** The 32-byte words of an answer; none where there is anything else in it. */
function words(data: Hex): bigint[] {
  if (!/^0x(?:[0-9a-fA-F]{64}){1,5}$/.test(data)) return []
  return (data.slice(2).match(/.{64}/g) ?? []).map((word) => BigInt(`0x${word}`))
}

function unreachable(why: string): GatewayError {
  return new GatewayError('destination_unreachable', `chainlink: ${why}`)
}
