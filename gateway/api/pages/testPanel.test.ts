import { afterEach, expect, test } from 'vitest'
import { PAGE_INTENTS, pageIntent } from '../../../test/fixtures/pageIntents.ts'
import type { Intent } from '../../payins/intent/intent.ts'
import { newApp } from '../app.ts'
import { payPageRoutes } from './payPages.ts'

let app: ReturnType<typeof newApp>
afterEach(() => app?.close())

/** The pages of a gateway whose only intent this is; `plays` is what its local world was asked for, where it has one. */
async function pages(intent: Intent, plays?: string[]) {
  app = newApp({ publicUrl: 'http://localhost' })
  const intents = { get: () => intent, look: async () => intent }
  const play = async (_: string, what: string) => {
    plays?.push(what)
    return intent
  }
  // The page reads intents and nothing else of what it could be handed.
  const faces = { ground: { clock: { now: () => intent.createdAt } }, guard: {}, payins: { intents }, testMode: plays && { play } }
  await app.register(payPageRoutes(faces as never))
  const page = (await app.inject(`/pay/${intent.id}`)).body
  const pressed = await app.inject({ method: 'POST', url: `/pay/${intent.id}/test`, payload: { play: 'pay' } })
  return { page, pressed, script: await app.inject('/pay/test.js') }
}

test('a gateway that has no local world shows no panel, and nothing answers for one', async () => {
  const { page, pressed, script } = await pages(pageIntent())
  expect(page).toContain('data-state="waiting"')
  expect(page).not.toMatch(/data-play|class="test"|test\.js/)
  // What is left of that address is a page.
  expect([pressed.statusCode, script.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
})

test('on a local network it has what can still happen to the intent', async () => {
  const plays: string[] = []
  const { page, pressed } = await pages(pageIntent(), plays)
  expect(page.match(/data-play="\w+"/g)).toHaveLength(5)
  expect([pressed.statusCode, pressed.json(), plays]).toEqual([200, { status: 'open', exception: 'none' }, ['pay']])
  await app.close()
  expect((await pages(PAGE_INTENTS.canceled!, plays)).page).not.toMatch(/class="test"|<script/)
})
