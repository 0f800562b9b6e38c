import { setTimeout as sleep } from 'node:timers/promises'
import type { WithdrawalAnswer } from '../../gateway/api/routes/withdrawals.ts'
import type { GatewayCall } from './gatewayCall.ts'
import { print } from './print.ts'
import { type Asked, whichGateway } from './whichGateway.ts'

/** How long the transaction's id is waited for; it can be asked for later. */
const WAIT_MS = 20_000
const ASK_AGAIN_MS = 250

type Options = Asked & Readonly<{ feeRate?: string | undefined; maxFee?: string | undefined; id?: string | undefined }>

/** Begins a withdrawal, and prints it once the node has sent it. 1 when it failed, 3 when that is not known yet. */
export async function lightningWithdraw(address: string, amount: string, o: Options): Promise<number> {
  const { json, feeRate, maxFee } = o
  const { call } = whichGateway(o)
  const body = {
    address,
    amount_sat: amount,
    ...(feeRate === undefined ? {} : { fee_rate: feeRate }),
    ...(maxFee === undefined ? {} : { max_fee_sat: maxFee }),
  }
  const key = o.id ?? crypto.randomUUID()
  // Said first: with it the same command can be repeated after whatever happens, and pays once.
  if (!json) console.log(`withdrawal key ${key}\n  (the same again, without paying twice: --id ${key})`)
  const made = (await call('POST', '/v1/lightning/withdrawals', body, key)) as WithdrawalAnswer
  const known = await sent(made.id, call)
  print(o, known, () => textOf(known))
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
    return `${w.id}: ${what}\nnot known yet whether it was sent (${w.detail ?? 'the node does not answer'}); it is looked up`
  return `${w.id}: ${what}\ntransaction ${w.transaction} (${w.status === 'settled' ? 'final' : (w.detail ?? 'sent')})`
}
