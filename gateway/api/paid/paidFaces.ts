import type { CodeAskers } from '../http/askCode.ts'
import type { Faces } from '../http/faces.ts'

type Ground = Pick<Faces['ground'], 'clock' | 'ids' | 'usd' | 'bookAsset' | 'rates'>
type Payins = Pick<
  Faces['payins'],
  'receivers' | 'makeOffers' | 'settlements' | 'findRequest' | 'admission' | 'challengeKeys' | 'signJws' | 'passes'
> &
  CodeAskers['payins'] &
  /** What keeps long answers, and what channels and sessions are over: where there is none, none is sold. */
  Partial<Pick<Faces['payins'], 'answers' | 'sessions' | 'channels' | 'x402Channels' | 'regimes'>>

/** What a priced route needs, so that such a route can be served without payouts, exchanges and wallets. */
export type PaidFaces = Readonly<{
  ground: Ground
  ledger: Pick<Faces['ledger'], 'books'>
  parties: Faces['parties']
  payins: Payins
  guard: Pick<Faces['guard'], 'invoice' | 'invoicePaid' | 'agents' | 'codeQuestion' | 'channelQuestion'>
  callers: Pick<Faces['callers'], 'authenticate' | 'spender' | 'publicUrl'>
  /** What may leave a balance without another person: where there is none, all. To what an agent is to ask for nobody agrees then. */
  approvals?: Pick<Faces['approvals'], 'limits' | 'ask' | 'find' | 'take'>
  /** What pays back what is left of sessions over Lightning: where there is none, none is sold. */
  returns?: Faces['returns']
}>
