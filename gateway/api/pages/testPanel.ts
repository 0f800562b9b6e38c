import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { PLAYS, type Play } from '../../testMode/playPayer.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { byId } from '../http/wire.ts'
import { isPayable, type PageState } from './pageState.ts'

const LABELS: Readonly<Record<Play, string>> = {
  pay: 'Pay',
  half: 'Pay half',
  over: 'Pay too much',
  late: 'Pay late',
  expire: 'Let it expire',
}

/** What can still befall an intent that the page shows like this. */
function playsFor(state: PageState): readonly Play[] {
  if (isPayable(state)) return PLAYS
  if (state.kind === 'paid' || state.kind === 'over') return ['over']
  return state.kind === 'expired' || state.kind === 'late' ? ['late'] : []
}

/** Below the page on a local network, while anything can still happen: a developer plays the payer. In English, for it is no part of the product's page. */
export function testPanel(state: PageState): string {
  const buttons = playsFor(state).map((play) => `<button type="button" data-play="${play}">${LABELS[play]}</button>`)
  if (buttons.length === 0) return ''
  return `<section class="test" lang="en" dir="ltr" aria-label="Local network"><h2>Local network</h2>
<p>Be the payer: its customers pay over real rails. “Late” and “expire” put the clock of the whole network forward.</p>
<p>${buttons.join('\n')}</p>
<p id="played" role="status"></p>
</section>
<script src="/pay/test.js" type="module"></script>
`
}

/** What its buttons ask for. Made on a local network alone: elsewhere nothing answers there. */
export function addTestPanel(app: RouteApp, { play }: NonNullable<Faces['testMode']>): void {
  const script = readFileSync(new URL('./testPanelScript.js', import.meta.url), 'utf8')
  app.get('/pay/test.js', { schema: { hide: true } }, async (_, reply) => reply.type('text/javascript; charset=utf-8').send(script))
  app.post(
    '/pay/:id/test',
    // JSON, which no page of another origin can send without asking first.
    { schema: { params: byId, body: z.strictObject({ play: z.enum(PLAYS) }), hide: true } },
    async (request) => {
      const { status, exception } = await play(request.params.id, request.body.play)
      return { status, exception }
    },
  )
}
