import { invariant } from '../../../gateway/errors/invariant.ts'
import type { Clock } from '../../../gateway/ports/clock.ts'
import { createElectorate, type Voter } from './electorate.ts'
import type { RailLog } from './railLog.ts'
import { openRpc, type Rpc, RpcRefused, RpcSilent } from './rpc.ts'
import { type Header, header, quantity } from './wire.ts'

export type Endpoints = Readonly<{
  /** Reads the present from one endpoint, so that no decision mixes two. A signed transaction goes to all. */
  reader: Rpc
  /** Asks all of them and takes the first good answer in their order; refused only when every one that answers refuses. */
  any: Rpc
  /** Reads what decides about money: the answer on which most of the endpoints agree. */
  agreed: Rpc
  /** The same for what a stranger's code answers, who could make endpoints contradict each other: none is blamed for it. */
  agreedOfCode: Rpc
  /** Where two are configured: answers only when both say the same. For what decides about much money. */
  both: Rpc | undefined
  /** True of one endpoint, whom nobody can contradict. */
  sole: boolean
  /** A count that may differ from node to node. Throws RpcSilent when none answers. */
  count(method: string, params: readonly unknown[]): Promise<Counts>
  /** The newest block that most have reached, or that most call so. Chooses the endpoint to read from. */
  head(tag?: 'safe' | 'finalized'): Promise<Header>
  close(): void
}>

/** The highest that any endpoint says, and what more than half of the configured say at least; undefined while fewer answer. */
export type Counts = Readonly<{ highest: bigint; common: bigint | undefined }>

type EndpointsParts = Readonly<{ urls: readonly string[]; timeoutMs: number; clock: Clock; log: RailLog }>

/** Farther apart than this, one runs ahead of the chain or is stuck; which of them, only a majority can say. */
const APART_BLOCKS = 50n

/**
 * Several nodes of one chain. Each may be slow, stuck, or lie: what is credited needs the word of most of those that answer (of two at
 * least where three or more are configured). One that most contradict is not read from for a while, and an alarm names it.
 */
export function openEndpoints({ urls, timeoutMs, clock, log }: EndpointsParts): Endpoints {
  invariant(urls.length > 0, 'a chain has an endpoint')
  const voters: Voter[] = urls.map((url, i) => ({
    name: `${i + 1} (${new URL(url).host})`, // The rest of the address may hold an access key.
    rpc: openRpc({ url, timeoutMs }),
    reached: undefined,
    distrustedUntil: 0,
  }))
  const electorate = createElectorate(voters, { clock, log })
  let current = voters[0]!
  let apart = false
  const close = () => {
    for (const { rpc } of voters) rpc.close()
  }

  /** Where all stand: told once when they part, and once when they are together again. */
  function compare(answers: readonly Header[], names: string): void {
    const numbers = answers.map(({ number }) => number)
    const parted = numbers.some((a) => numbers.some((b) => a > b + APART_BLOCKS))
    if (parted && !apart) log('error', 'the endpoints are far apart: one runs ahead of the chain or is stuck', { heads: names })
    if (!parted && apart) log('info', 'the endpoints are together again')
    apart = parted
  }

  async function head(tag?: 'safe' | 'finalized'): Promise<Header> {
    const block = tag ?? 'latest'
    if (voters.length === 1) return found(await current.rpc.call('eth_getBlockByNumber', [block, false], header.nullable()), block)
    const asked = await Promise.allSettled(voters.map(({ rpc }) => rpc.call('eth_getBlockByNumber', [block, false], header.nullable())))
    const heads = asked.map((result) => (result.status === 'fulfilled' ? (result.value ?? undefined) : undefined))
    const answers = heads.filter((answer) => answer !== undefined)
    const common = electorate.commonHeight(answers.map(({ number }) => number))
    if (tag) return agreedHeader(common)
    for (const [i, voter] of voters.entries()) voter.reached = heads[i]?.number
    compare(answers, voters.map(({ name, reached }) => `${name} at ${reached ?? 'silence'}`).join(', '))
    electorate.setHeight(common)
    current = electorate.reader(APART_BLOCKS)
    const own = heads[voters.indexOf(current)]
    if (own?.number === common) return own
    return found(await current.rpc.call('eth_getBlockByNumber', [`0x${common.toString(16)}`, false], header.nullable()), common)
  }

  async function agreedHeader(number: bigint): Promise<Header> {
    const block = await electorate.ask('eth_getBlockByNumber', [`0x${number.toString(16)}`, false], header.nullable())
    return found(block, number)
  }

  const offerToAll = offerTo(voters)
  const count: Endpoints['count'] = (method, params) => countAll(voters, method, params)
  const only = current.rpc
  if (voters.length === 1)
    return { reader: only, any: only, agreed: only, agreedOfCode: only, both: undefined, sole: true, count, head, close }
  return {
    reader: {
      call: (method, params, shape) =>
        method === 'eth_sendRawTransaction' ? offerToAll(method, params, shape) : current.rpc.call(method, params, shape),
      close,
    },
    any: { call: offerToAll, close },
    agreed: { call: (method, params, shape) => electorate.ask(method, params, shape), close },
    agreedOfCode: { call: (method, params, shape) => electorate.ask(method, params, shape, { blames: false }), close },
    both:
      voters.length === 2 ? { call: (method, params, shape) => electorate.ask(method, params, shape, { pairFrom: 2 }), close } : undefined,
    sole: false,
    count,
    head,
    close,
  }
}

/** Offered to all; taken when one takes it. */
function offerTo(voters: readonly Voter[]): Rpc['call'] {
  return async (method, params, shape) => {
    const results = await Promise.allSettled(voters.map(({ rpc }) => rpc.call(method, params, shape)))
    const taken = results.find((result) => result.status === 'fulfilled')
    if (taken) return taken.value
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
    throw errors.find((error) => error instanceof RpcRefused) ?? errors[0]
  }
}

async function countAll(voters: readonly Voter[], method: string, params: readonly unknown[]): Promise<Counts> {
  const results = await Promise.allSettled(voters.map(({ rpc }) => rpc.call(method, params, quantity)))
  const counts = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const falling = counts.sort((a, b) => (a > b ? -1 : a < b ? 1 : 0))
  const [highest, common] = [falling[0], falling[Math.floor(voters.length / 2)]] // not money: a count of endpoints
  if (highest === undefined) throw new RpcSilent(`${method}: no endpoint answers`)
  return { highest, common }
}

function found(answer: Header | null, block: string | bigint): Header {
  if (!answer) throw new RpcSilent(`block ${block} is not there yet`)
  return answer
}
