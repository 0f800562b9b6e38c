import { GatewayError } from '../../errors/gatewayError.ts'
import type { PublicHttp } from '../../ports/publicHttp.ts'
import { readLnurl } from './lnurlText.ts'
import { readMetadata } from './metadata.ts'
import { readAnswer } from './readAnswer.ts'
import { payRequest } from './wire.ts'

/** What a payee's server says about being paid (LUD-06). Amounts in msat. `commentMax` characters of a comment; `asks` for payer data by name. */
export type PayTerms = Readonly<{
  host: string
  callback: URL
  minMsat: bigint
  maxMsat: bigint
  /** The metadata as they were sent: the invoice commits to these very characters. */
  metadata: string
  text: string
  identifier: string | undefined
  commentMax: number
  asks: Readonly<Record<string, { mandatory: boolean }>> | undefined
}>

/** Why this text can be no payee, or undefined. Asks nobody. */
export function payTextTrouble(text: string, isPlain: (host: string) => boolean): string | undefined {
  const lnurl = readLnurl(text, isPlain)
  if (!lnurl) return 'this is neither a Lightning Address nor an LNURL'
  if (lnurl.kind === 'withdraw' || lnurl.kind === 'auth') return `this LNURL is for ${lnurl.kind}, not for paying`
  return undefined
}

/** Asks the payee's server on what terms it can be paid. Throws `invalid_request` for a text that is no payee, and the `destination_...` codes. */
export async function fetchPayTerms(text: string, o: { http: PublicHttp; signal?: AbortSignal }): Promise<PayTerms> {
  const isPlain = (host: string) => o.http.isLocal(host)
  const trouble = payTextTrouble(text, isPlain)
  const lnurl = readLnurl(text, isPlain)
  if (trouble !== undefined || !lnurl) throw new GatewayError('invalid_request', trouble ?? 'this is no LNURL')
  const answer = await o.http.get(lnurl.url, o.signal ? { signal: o.signal } : {})
  const said = readAnswer(answer, payRequest, 'a payRequest')
  const metadata = readMetadata(said.metadata)
  const { host } = answer.url
  if (!metadata) throw new GatewayError('destination_unreachable', `${host} describes the payment in a form that LUD-06 does not know`)
  if (said.minSendable < 1n || said.minSendable > said.maxSendable) {
    throw new GatewayError(
      'destination_unreachable',
      `${host} can receive from ${said.minSendable} to ${said.maxSendable} msat, which is nothing`,
    )
  }
  return {
    host,
    callback: new URL(said.callback),
    minMsat: said.minSendable,
    maxMsat: said.maxSendable,
    metadata: said.metadata,
    text: metadata.text,
    identifier: metadata.identifier,
    commentMax: said.commentAllowed ?? 0,
    asks: said.payerData,
  }
}
