import type { Faces } from './faces.ts'

/** What a priced route needs, so that such a route can be served without payouts and exchanges. */
export type PaidRouteFaces = Pick<Faces, 'ground' | 'ledger' | 'parties' | 'payins'> &
  Readonly<{ callers: Pick<Faces['callers'], 'authenticate'> }>

type Flat = Faces['ground'] & Faces['ledger'] & Faces['parties'] & Faces['payins'] & Faces['callers']

/** What a priced route needs of it, so that such a route can be served without payouts and intents. */
export type PaidRouteGateway = Pick<
  Flat,
  | 'books'
  | 'clock'
  | 'ids'
  | 'usd'
  | 'bookAsset'
  | 'rates'
  | 'receivers'
  | 'parties'
  | 'splits'
  | 'makeOffers'
  | 'requests'
  | 'findRequest'
  | 'requestRecords'
  | 'collections'
  | 'settlements'
  | 'answerOf'
  | 'challengeKeys'
  | 'authenticate'
>

export function flat({ ground, ledger, parties, payins, callers }: PaidRouteFaces): PaidRouteGateway {
  return { ...ground, ...ledger, ...parties, ...payins, ...callers }
}
