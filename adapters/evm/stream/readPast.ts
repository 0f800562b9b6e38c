import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Settlement } from '../../../gateway/ports/receiver.ts'
import type { Chain } from '../node/chain.ts'
import type { Header, Log } from '../node/wire.ts'
import { concerns, readTransactions, timesOf } from './blockReader.ts'
import { addressTopic, TOPIC } from './events.ts'
import { type StreamParts, scopeOf } from './streamRanges.ts'
import type { Placed, Scope } from './translate.ts'
import type { Watched } from './watchTable.ts'

const RANGE_BLOCKS = 2_000n
/** Splits in one query: well below the topics that public nodes allow. */
const SPLITS_A_QUERY = 200

type Held = Readonly<{ received: bigint; paidOut: bigint; inReceiver: bigint }>

/**
 * All that came to these splits up to the end of this block. Told of a split only when it adds up to what its pot and its receiver hold
 * there, by the word of most endpoints: `splits` are those of which it does.
 */
export async function readPast(parts: StreamParts, splits: readonly Watched[], end: Header): Promise<{ items: Placed[]; splits: Hex[] }> {
  const held = new Map(await Promise.all(splits.map(async (split) => [split.splitId, await heldBy(parts, split, end.number)] as const)))
  // A receiver can only be emptied into the pot: both empty means that there is no past.
  const paid = splits.filter(({ splitId }) => held.get(splitId)!.received > 0n || held.get(splitId)!.inReceiver > 0n)
  const items: Placed[] = []
  for (let at = 0; at < paid.length; at += SPLITS_A_QUERY) {
    const scope = scopeOf(parts, paid.slice(at, at + SPLITS_A_QUERY))
    for (let from = parts.firstBlock; from <= end.number; from += RANGE_BLOCKS) {
      const last = from + RANGE_BLOCKS - 1n
      items.push(...(await readRange(parts.agreed, scope, { fromBlock: from, toBlock: last < end.number ? last : end.number })))
    }
  }
  const of = Map.groupBy(items, ({ settlement }) => settlement.splitId)
  const whole = splits.filter(({ splitId }) => addsUp(held.get(splitId)!, of.get(splitId) ?? []))
  const rest = splits.length - whole.length
  if (rest > 0) parts.log('error', 'the past of a split does not add up to its balances; it is read again', { splits: rest })
  const told = new Set(whole.map(({ splitId }) => splitId))
  return { items: items.filter(({ settlement }) => told.has(settlement.splitId!)), splits: [...told] }
}

async function heldBy({ agreedContracts }: StreamParts, { splitId, receiver }: Watched, block: bigint): Promise<Held> {
  const [pot, inReceiver] = await Promise.all([agreedContracts.pot(splitId, block), agreedContracts.balanceOf(receiver, block)])
  return { received: pot.received, paidOut: pot.paidOut, inReceiver }
}

function addsUp(held: Held, items: readonly Placed[]): boolean {
  const sum = (counts: (settlement: Settlement) => boolean) =>
    items.reduce((total, { settlement }) => (counts(settlement) ? total + settlement.amount.units : total), 0n)
  const swept = sum(({ kind }) => kind === 'swept')
  const inPot = swept + sum(({ kind, place }) => kind === 'vouched' || (kind === 'received' && place === 'hub'))
  const inReceiver = sum(({ kind, place }) => kind === 'received' && place === 'receiver') - swept
  return inPot === held.received && sum(({ kind }) => kind === 'claimed') === held.paidOut && inReceiver === held.inReceiver
}

/** Everything in the scope in these blocks (inclusive). */
async function readRange(chain: Chain, scope: Scope, range: { fromBlock: bigint; toBlock: bigint }): Promise<Placed[]> {
  const { token, hub } = scope
  const [receivers, splits] = [[...scope.receivers.keys()].map(addressTopic), [...scope.splits]]
  const ofSplit = [TOPIC.paid, TOPIC.swept, TOPIC.claimed, TOPIC.claimedTo, TOPIC.vouched]
  const queries = [
    chain.logs({ address: token, topics: [[TOPIC.transfer], undefined, receivers], ...range }),
    chain.logs({ address: hub, topics: [ofSplit, splits], ...range }),
    chain.logs({ address: hub, topics: [[TOPIC.claimedMany], undefined, [addressTopic(token)]], ...range }),
    chain.logs({ address: hub, topics: [[TOPIC.toppedUp, TOPIC.withdrawn], undefined, splits], ...range }),
    chain.logs({ address: hub, topics: [[TOPIC.opened], undefined, undefined, splits], ...range }),
  ]
  const named = (await Promise.all(queries)).flat().filter(concerns(scope))
  return readTransactions(chain, scope, { named, times: await timesIn(chain, named) })
}

/** When the blocks of these logs are. One that was replaced meanwhile has no time: its transactions are not found in it either. */
async function timesIn(chain: Chain, logs: readonly Log[]): Promise<Map<Hex, number>> {
  const numbers = [...new Set(logs.map(({ blockNumber }) => blockNumber))]
  return timesOf(await Promise.all(numbers.map((number) => chain.header(number))))
}
