import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { PublicHttp } from '../../gateway/ports/publicHttp.ts'
import { readLnurl } from '../../gateway/wallets/lnurl/lnurlText.ts'
import { readAnswer } from '../../gateway/wallets/lnurl/readAnswer.ts'
import { okAnswer, withdrawRequest } from '../../gateway/wallets/lnurl/wire.ts'

/** What a server lets its caller take (LUD-03). Amounts in msat. */
export type WithdrawTerms = Readonly<{ host: string; callback: URL; k1: string; description: string; minMsat: bigint; maxMsat: bigint }>

/** Asks a server what may be withdrawn under this LNURL. */
export async function fetchWithdrawTerms(text: string, o: { http: PublicHttp; signal?: AbortSignal }): Promise<WithdrawTerms> {
  const lnurl = readLnurl(text, (host) => o.http.isLocal(host))
  if (!lnurl || lnurl.kind === 'pay' || lnurl.kind === 'auth') throw new GatewayError('invalid_request', 'This is no LNURL to withdraw by')
  const answer = await o.http.get(lnurl.url, o.signal ? { signal: o.signal } : {})
  const said = readAnswer(answer, withdrawRequest, 'a withdrawRequest')
  return {
    host: answer.url.host,
    callback: new URL(said.callback),
    k1: said.k1,
    description: said.defaultDescription,
    minMsat: said.minWithdrawable,
    maxMsat: said.maxWithdrawable,
  }
}

/** Hands our invoice to the server. That it said yes is no money: the invoice is settled when the rail says so. */
export async function withdrawTo(invoice: string, terms: WithdrawTerms, o: { http: PublicHttp; signal?: AbortSignal }): Promise<void> {
  const url = new URL(terms.callback)
  url.searchParams.set('k1', terms.k1)
  url.searchParams.set('pr', invoice)
  readAnswer(await o.http.get(url, o.signal ? { signal: o.signal } : {}), okAnswer, 'OK')
}
