import type { Challenge } from '../../payins/challenge/buildChallenge.ts'
import { isOlder } from '../http/apiVersion.ts'
import { createPage402 } from '../page402/page402.ts'
import { pageWays } from '../page402/pageWays.ts'
import { wantsPage } from '../page402/wantsPage.ts'
import { olderChallenge } from './olderChallenge.ts'
import type { PaidFaces } from './paidFaces.ts'
import type { AskedRequest, PricedRoute } from './pricedRoute.ts'

/** A 402 as it is sent. */
export type ShownChallenge = Readonly<{ status: number; headers: Challenge['headers']; text: string }>

/** Writes a challenge for who asks: as JSON, or with the same status and challenges as a page where a person asks by a browser. */
export function createShowChallenge({ parties, payins }: PaidFaces) {
  const page = createPage402()

  return (challenge: Challenge, { route, asked }: Readonly<{ route: PricedRoute; asked: AskedRequest }>): ShownChallenge => {
    const { status, headers, body, assets } = challenge
    const isRead = asked.method === 'GET' || asked.method === 'HEAD'
    if (!wantsPage(asked)) {
      const spelled = isOlder(asked.headers) ? olderChallenge(body, assets) : body
      return { status, headers: isRead ? [...headers, ['vary', 'Accept']] : headers, text: JSON.stringify(spelled) }
    }
    const { price, upto: isMost, payee, description, publicUrl } = route
    const shown = page({
      challenge,
      ways: isMost ? [] : pageWays(challenge, (rail) => payins.receivers.find((receiver) => receiver.rail === rail)?.asset),
      price,
      isMost,
      seller: payee.kind === 'party' ? parties.parties.get(payee.party).name : undefined,
      description,
      url: `${publicUrl}${asked.url}`,
      language: asked.headers['accept-language'],
    })
    const own = new Set(shown.headers.map(([name]) => name))
    return { status, headers: [...headers.filter(([name]) => !own.has(name)), ...shown.headers], text: shown.html }
  }
}
