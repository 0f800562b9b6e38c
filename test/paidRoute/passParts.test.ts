import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'
import { narrowedToken, paidToken } from './tokens.ts'

// The holder of a pass gives parts of it away, to holders who may be anybody.
let world: PaidRouteWorld
const rate = { perS: 100_000, burst: 100_000 }
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 100, limits: { line: rate, network: rate, caller: rate, lateMs: 600_000 } })
  onTestFinished(() => world.close())
})

const ask = (headers: Readonly<Record<string, string>> = {}) => world.app.inject({ method: 'GET', url: '/ten-shared', headers })
/** A pass of twenty uses. */
const bought = async () => paidToken(world, await ask()).shown
const [PARTS, BELOW] = [32, 8]
/** Makes tokens differ that allow the same. */
const until = (n: number) => `valid_until=${99_999_999_000 + n}`
const codes = async (answers: ReturnType<typeof ask>[]) => (await Promise.all(answers)).map(({ statusCode }) => statusCode)

test('a part that is used up opens no parts of its own', async () => {
  const pass = await bought()
  const [spent, honest] = [narrowedToken(pass, 'uses=2'), narrowedToken(pass, 'uses=3')]
  expect(await codes([ask(spent), ask(spent)])).toEqual([200, 200])
  for (let n = 0; n < PARTS + 1; n++) expect((await ask(narrowedToken(spent, until(n), 'uses=1'))).statusCode).toBe(402)
  expect(world.accountsBelow('ceiling:pass')).toBe(1)
  expect((await ask(honest)).statusCode).toBe(200)
})

test('who has one part of a pass shuts out only those to whom it gave parts of its own', async () => {
  const pass = await bought()
  const part = narrowedToken(pass, 'uses=15')
  const below = await codes(Array.from({ length: BELOW + 4 }, (_, n) => ask(narrowedToken(part, until(n), 'uses=1'))))
  expect(below.filter((code) => code === 200)).toHaveLength(BELOW)
  expect((await ask(narrowedToken(part, until(99), 'uses=1'))).json().detail).toContain(`${BELOW} parts`)
  expect(await codes([ask(part), ask(narrowedToken(pass, 'uses=3'))])).toEqual([200, 200])
})

test('as many parts of a pass are counted as are told, also at once, and no use is taken by one that is not', async () => {
  const pass = await bought()
  const parts = Array.from({ length: 300 }, (_, n) => narrowedToken(pass, until(n), 'uses=7', 'uses=7', 'uses=8'))
  const answers = await codes(parts.map((part) => ask(part)))
  expect(answers.filter((code) => code === 200)).toHaveLength(20)
  expect(world.accountsBelow('ceiling:pass')).toBeLessThanOrEqual(PARTS)
})

test('a part of a part of a part is refused, and takes nothing', async () => {
  const { shown, account } = paidToken(world, await ask())
  const deep = narrowedToken(shown, 'uses=9', 'uses=8', 'uses=7')
  expect((await ask(deep)).json()).toMatchObject({ code: 'token_spent', detail: expect.stringContaining('no parts of a part of a part') })
  expect((await ask(narrowedToken(shown, 'uses=9', 'uses=8', 'uses=8', 'uses=9'))).statusCode).toBe(200)
  expect(world.has(account, USDC)).toBe(28_500n)
})
