import { setTimeout as sleep } from 'node:timers/promises'
import type { WithdrawalAnswer } from '../../gateway/api/routes/withdrawals.ts'
import type { GatewayCall } from './gatewayCall.ts'
import { WrongWords } from './verb.ts'

/** How long the transaction's id is waited for; it can be asked for later. */
const WAIT_MS = 20_000
const ASK_AGAIN_MS = 250

type Wanted = Readonly<{
  words: readonly string[]
  feeRate: string | undefined
  maxFee: string | undefined
  id: string | undefined
  json: boolean
  call: GatewayCall
}>

/** `switchyard lightning withdraw`: begins a withdrawal, and prints it once the node has sent it. Exit 1 when it failed, 3 when that is not known yet. */
export async function lightningWithdraw({ words: [address, amount], feeRate, maxFee, id, json, call }: Wanted): Promise<number> {
  if (!address || !amount) throw new WrongWords('Two words are needed: switchyard lightning withdraw ADDRESS AMOUNT_SAT|all')
  const body = {
    address,
    amount_sat: amount,
    ...(feeRate === undefined ? {} : { fee_rate: feeRate }),
    ...(maxFee === undefined ? {} : { max_fee_sat: maxFee }),
  }
  const key = id ?? crypto.randomUUID()
  // Said first: with it the same command can be repeated after whatever happens, and pays once.
  if (!json) console.log(`withdrawal key ${key} (repeat with --id ${key})`)
  const made = (await call('POST', '/v1/lightning/withdrawals', body, key)) as WithdrawalAnswer
  const known = await sent(made.id, call)
  if (json) console.log(JSON.stringify(known, null, 2))
  else console.log(textOf(known))
  if (known.status === 'failed') return 1
  return known.transaction === null ? 3 : 0
}

async function sent(id: string, call: GatewayCall): Promise<WithdrawalAnswer> {
  const end = performance.now() + WAIT_MS
  for (;;) {
    const now = (await call('GET', `/v1/lightning/withdrawals/${id}`)) as WithdrawalAnswer
    if (now.transaction !== null || now.status !== 'begun' || performance.now() > end) return now
    await sleep(ASK_AGAIN_MS)
  }
}

function textOf(w: WithdrawalAnswer): string {
  if (w.status === 'failed') return `${w.id} failed, nothing has left: ${w.detail}`
  const what = `${w.amount_sat} sat to ${w.address}, fee ${w.fee_sat} sat`
  if (w.transaction === null)
    return `${w.id}: ${what}; not known yet whether it was sent (${w.detail ?? 'the node does not answer'}); it is looked up`
  return `${w.id}: ${what}\ntransaction ${w.transaction} (${w.status === 'settled' ? 'final' : (w.detail ?? 'sent')})`
}
