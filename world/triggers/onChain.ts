import { privateKeyToAccount } from 'viem/accounts'
import { concat, keccak256 } from 'viem/utils'
import type { Hex } from '../../gateway/ports/ids.ts'
import { localRpc } from '../chain/localRpc.ts'
import { api, network, until } from '../customers/localNetwork.ts'
import { eventsOf, type Happened, happenedTo, intentWhen, newIntent, offerOf } from './scene.ts'

const FIELDS = ['address from', 'address to', 'uint256 value', 'uint256 validAfter', 'uint256 validBefore', 'bytes32 nonce']
const TYPES = { ReceiveWithAuthorization: FIELDS.map((field) => ({ type: field.split(' ')[0]!, name: field.split(' ')[1]! })) }
const QUARTER_HOUR_S = 900
/** So many blocks come at once after those that are gone: more than a local gateway waits for. */
const BLOCKS_AFTER = 4
const PATIENCE_MS = 60_000
/** Of the token. */
const PLACES = 6

type Chain = ReturnType<typeof network>['world']['chains'][number]
type ChainPay = Readonly<{ chain_id: number; split_id: string; ref: string }>
type Event = Readonly<{ id: string; data: { settlement: string; payment: string } }>
type Exception = Readonly<{ id: string; resolved_by?: string }>

/**
 * A customer pays by a signature, the gateway books it, and the chain then replaces those blocks by others, without it. Whatever else was mined on that chain
 * meanwhile is gone with them.
 */
export async function reorg(): Promise<Happened> {
  const intent = await newIntent(QUARTER_HOUR_S, ['evm'])
  const { amount, pay } = offerOf(intent, 'evm:')
  const terms = pay as unknown as ChainPay // What an offer over a chain says.
  const chain = network().world.chains.find(({ chainId }) => chainId === terms.chain_id)!
  const rpc = localRpc(chain.rpcUrl)
  const before = await rpc('evm_snapshot', [])
  const authorization = await signedFor(chain, { amount: amount.amount, terms })
  await api('POST', `/pay/${intent.id}/authorization`, { body: { rail: `evm:${chain.chainId}`, authorization } })
  const paid = await intentWhen(intent.id, 'the settlement', ({ status }) => status === 'settled')
  if ((await rpc('evm_revert', [before])) !== true) throw new Error('the chain did not go back')
  for (let i = 0; i < BLOCKS_AFTER; i++) await rpc('evm_mine', [])
  const undone = await until('what the gateway says of it', () => takenBack(intent.id), PATIENCE_MS)
  const { settlement } = undone.data
  const found = async () => (await exceptions()).find(({ id, resolved_by: by }) => id === settlement && by !== undefined)
  const { resolved_by: again } = await until('the payment to land again', found, PATIENCE_MS)
  const told = happenedTo(paid, 'booked_again', { taken_back: settlement, booked_again: again! })
  return { ids: told.ids, state: told.state, look: [...told.look, eventsOf(settlement), 'GET /v1/suspense'] }
}

/** What has been taken back of this intent since it was made. */
async function takenBack(intent: string): Promise<Event | undefined> {
  const own = await api<{ data: Event[] }>('GET', `/v1/events?subject=${intent}&limit=100`)
  const after = own.data[0]!.id
  const { data } = await api<{ data: Event[] }>('GET', `/v1/events?type=settlement.taken_back&after=${after}&limit=100`)
  return data.find((event) => event.data.payment === intent)
}

async function exceptions(): Promise<readonly Exception[]> {
  return (await api<{ exceptions: Exception[] }>('GET', '/v1/suspense')).exceptions
}

/** The customer's one signature over money, split and intent (EIP-3009), as the page's wallet would make it. */
async function signedFor(chain: Chain, { amount, terms }: Readonly<{ amount: string; terms: ChainPay }>) {
  const account = privateKeyToAccount(network().world.customers[0]!.privateKey as Hex) // The world's own file.
  const { tokenName: name, tokenVersion: version, chainId, token, hub } = chain
  const { now } = await api<{ now: string }>('GET', '/v1/test/clock')
  const [whole, rest = ''] = amount.split('.') as [string, string?]
  const message = {
    from: account.address,
    to: hub as Hex,
    value: BigInt(`${whole}${rest.padEnd(PLACES, '0')}`),
    validAfter: 0n,
    validBefore: BigInt(Math.floor(Date.parse(now) / 1_000) + QUARTER_HOUR_S),
    // As the contract reckons it: keccak256(abi.encode(splitId, ref)).
    nonce: keccak256(concat([terms.split_id as Hex, terms.ref as Hex])),
  }
  const domain = { name, version, chainId, verifyingContract: token as Hex }
  const signature = await account.signTypedData({ domain, types: TYPES, primaryType: 'ReceiveWithAuthorization', message })
  const { from, value, validAfter, validBefore } = message
  return { from, value: `${value}`, valid_after: `${validAfter}`, valid_before: `${validBefore}`, signature }
}
