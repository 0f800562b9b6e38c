import { localRpc } from '../chain/localRpc.ts'
import { SILENCE_METHOD } from '../chain/silence.ts'
import { api, network, until } from '../customers/localNetwork.ts'
import { eventsOf, type Happened, newIntent, payInvoice } from './scene.ts'

/** So long the node is silent at most, also where this program ends before it says that it is over. */
const SILENCE_MS = 45_000
const PATIENCE_MS = 60_000
const QUARTER_HOUR_S = 900
/** So many payouts may still go another way once the node answers again, each a tenth of what there is. */
const TRIES_MAX = 5
const AMOUNT = '0.1'

type Balance = Readonly<{ balances: readonly { code: string; available: string }[] }>
type Payout = Readonly<{ id: string; status: string; rail?: string; decision_id?: string }>

/**
 * The node of the chain that the gateway pays out over answers nobody for a while. The router takes the next best way for a payout meanwhile, and the chain
 * again once its node answers.
 */
export async function railDown(): Promise<Happened> {
  const party = await partyWithDollar()
  const before = await payOut(party)
  const chain = network().world.chains.find(({ chainId }) => before.rail === `evm:${chainId}`)
  if (!chain) throw new Error(`a payout went over ${before.rail}, and only the node of a chain can be made silent`)
  const rpc = localRpc(chain.rpcUrl)
  await rpc(SILENCE_METHOD, [SILENCE_MS])
  const meanwhile = await payOut(party).finally(() => rpc(SILENCE_METHOD, [0]))
  if (meanwhile.rail === before.rail) throw new Error(`${meanwhile.id} went over ${before.rail} while its node was silent`)
  const after = await again(party, before.rail)
  return {
    ids: { rail: `${before.rail}`, instead: `${meanwhile.rail}`, before: before.id, meanwhile: meanwhile.id, after: after.id },
    state: 'went_around',
    look: [`GET /v1/decisions/${meanwhile.decision_id}`, `GET /v1/payouts/${meanwhile.id}`, eventsOf(meanwhile.id)],
  }
}

/** A party to which a customer has paid a dollar over Lightning. */
async function partyWithDollar(): Promise<string> {
  const intent = await newIntent(QUARTER_HOUR_S)
  await payInvoice(intent)
  const funds = async () => {
    const { balances } = await api<Balance>('GET', `/v1/parties/${intent.party}`)
    return balances.find(({ code, available }) => code === 'USDC' && available !== '0')
  }
  await until('the funds', funds, PATIENCE_MS)
  return intent.party
}

/** To somebody who takes it on any chain, or at the bank. */
async function payOut(party: string): Promise<Payout> {
  const { customers, bankCustomers } = network().world
  const destinations = [
    { kind: 'evm_address', address: customers[1]!.address },
    { kind: 'iban', iban: bankCustomers[0]!.iban, name: 'A payee' },
  ]
  const body = { party, amount: { asset: 'USDC', amount: AMOUNT }, destinations, reference: 'switchyard trigger' }
  const { id } = await api<Payout>('POST', '/v1/payouts', { body })
  const ended = async () => {
    const now = await api<Payout>('GET', `/v1/payouts/${id}`)
    return now.status === 'settled' ? now : undefined
  }
  return until('the payout', ended, PATIENCE_MS)
}

/** The first payout that goes over this rail again. */
async function again(party: string, rail: string | undefined): Promise<Payout> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const made = await payOut(party)
    if (made.rail === rail) return made
  }
  throw new Error(`${TRIES_MAX} payouts later nothing goes over ${rail} yet`)
}
