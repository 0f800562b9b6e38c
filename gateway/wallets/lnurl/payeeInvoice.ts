import { GatewayError } from '../../errors/gatewayError.ts'
import { BTC } from '../../money/asset.ts'
import { money, showMoney } from '../../money/money.ts'
import type { InvoiceReader, ReadInvoice } from '../../ports/invoiceReader.ts'
import type { PublicHttp } from '../../ports/publicHttp.ts'
import { metadataHash } from './metadata.ts'
import type { PayTerms } from './payTerms.ts'
import { readAnswer } from './readAnswer.ts'
import { type SuccessAction, successUrlIsOwn } from './successAction.ts'
import { payAnswer } from './wire.ts'

/** An invoice that is what was agreed: its amount to the msat, its description by hash. */
export type PayeeInvoice = Readonly<{
  invoice: string
  read: ReadInvoice
  successAction: SuccessAction | undefined
  /** Where the payee says whether it has been paid (LUD-21). */
  verify: string | undefined
}>

type InvoiceWish = Readonly<{
  amountMsat: bigint
  comment?: string | undefined
  payerData?: Readonly<Record<string, unknown>> | undefined
}>

/** Asks for an invoice on these terms and checks it. A comment is cut to what the payee takes; payer data go out only when they were asked for. */
export async function requestInvoice(
  terms: PayTerms,
  wish: InvoiceWish,
  o: { http: PublicHttp; readInvoice: InvoiceReader; signal?: AbortSignal },
): Promise<PayeeInvoice> {
  const { host, minMsat, maxMsat } = terms
  if (wish.amountMsat < minMsat || wish.amountMsat > maxMsat) {
    const [least, most, this_] = [minMsat, maxMsat, wish.amountMsat].map((units) => showMoney(money(BTC, units)))
    throw new GatewayError('invalid_amount', `${host} takes ${least} to ${most}, and this is ${this_}`)
  }
  const payerData = payerDataText(terms, wish.payerData)
  const url = new URL(terms.callback)
  url.searchParams.set('amount', wish.amountMsat.toString())
  const comment = [...(wish.comment ?? '')].slice(0, terms.commentMax).join('')
  if (comment !== '') url.searchParams.set('comment', comment)
  if (payerData !== '') url.searchParams.set('payerdata', payerData)
  const answer = await o.http.get(url, o.signal ? { signal: o.signal } : {})
  const said = readAnswer(answer, payAnswer, 'an invoice')
  const read = o.readInvoice(said.pr)
  if (typeof read === 'string') throw untruthful(`${host} gave an invoice that cannot be paid: ${read}`)
  if (read.amountMsat !== wish.amountMsat) {
    const over = read.amountMsat === undefined ? 'any amount' : `${read.amountMsat} msat`
    throw untruthful(`${host} was asked for an invoice over ${wish.amountMsat} msat and gave one over ${over}`)
  }
  if (read.descriptionHash === undefined || `0x${read.descriptionHash}` !== metadataHash(terms.metadata, payerData)) {
    throw untruthful(`${host} gave an invoice that does not commit to what it said the payment is for`)
  }
  const action = said.successAction ?? undefined
  return {
    invoice: said.pr,
    read,
    verify: said.verify ?? undefined,
    successAction: action && successUrlIsOwn(action, terms.callback) ? action : undefined,
  }
}

function untruthful(message: string): GatewayError {
  return new GatewayError('destination_untruthful', message)
}

/** The JSON that goes out, and into the hash: only what was asked for, and everything that is mandatory. */
function payerDataText({ host, asks }: PayTerms, given: InvoiceWish['payerData']): string {
  if (!asks) return ''
  const missing = Object.keys(asks).find((key) => asks[key]!.mandatory && given?.[key] === undefined)
  if (missing) throw new GatewayError('destination_unreachable', `${host} wants to know the payer's ${missing.slice(0, 40)}`)
  const told = Object.entries(given ?? {}).filter(([key, value]) => asks[key] !== undefined && value !== undefined)
  return told.length === 0 ? '' : JSON.stringify(Object.fromEntries(told))
}
