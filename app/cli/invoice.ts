import { localState } from '../../world/localState.ts'
import { print } from './print.ts'
import { type Asked, whichGateway } from './whichGateway.ts'
import { WrongWords } from './wrongWords.ts'

type Options = Asked & Readonly<{ payee?: string | undefined; split?: string | undefined; description?: string | undefined }>
type Made = { id: string; page: string; expires_at: string; offers: { rail: string; full_price: { amount: string } }[] }

/** Makes a payment intent and says where a person pays it. On the local network it is for the demo's split. */
export async function makeInvoice(amount: string, o: Options): Promise<number> {
  const { url, call } = whichGateway(o)
  if (!o.payee && !o.split && o.url !== undefined)
    throw new WrongWords('Nobody was named to be paid: give --payee pa_... or --split sp_...')
  const to = o.payee ? { payee: o.payee } : { split: o.split ?? localState().split }
  const body = { amount: { asset: 'USD', amount }, ...to, ...(o.description ? { description: o.description } : {}) }
  const made = (await call('POST', '/v1/payment_intents', body, crypto.randomUUID())) as Made
  print(
    o,
    made,
    () => `${url}${made.page}\n${made.id}, payable until ${made.expires_at}\nover ${made.offers.map(({ rail }) => rail).join(', ')}`,
  )
  return 0
}
