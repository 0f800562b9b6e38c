import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { openPeopleWorld, type PeopleWorld } from '../../test/tenants/peopleWorld.ts'
import { runWords } from './program.ts'

let w: PeopleWorld
let url: string
let ann: { id: string; secret: string }
let ben: { id: string; secret: string }
const LIMITS = ['--request-usd-max', '0.05', '--day-usd-max', '2']

beforeAll(async () => {
  w = await openPeopleWorld()
  ;[ann, ben] = [await w.party('Ann'), await w.party('Ben')]
  url = await w.app().listen({ host: '127.0.0.1', port: 0 })
}, 60_000)
afterAll(() => w?.close())

async function run(secret: string, ...words: string[]) {
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  onTestFinished(() => log.mockRestore())
  const code = await runWords([...words, '--url', url, '--key', secret], { name: 'switchyard' })
  return { code, text: lines.join('\n') }
}
const idIn = (text: string, kind: string) => new RegExp(`${kind}_[0-9a-f]{32}`).exec(text)![0]

test('makes an agent with its key, shows it, lists it to its party alone, and ends it', async () => {
  const made = await run(ann.secret, 'agents', 'create', 'reader', ...LIMITS, '--payee', ben.id, '--id', 'an-agent-once')
  expect([made.code, made.text]).toEqual([0, expect.stringMatching(/active {2}"reader"\n.*0\.05 USD a request, 2 of 2 USD.*\nsk_/s)])
  const id = idIn(made.text, 'ag')
  // The same command again makes no other, and has no secret any more.
  const again = await run(ann.secret, 'agents', 'create', 'reader', ...LIMITS, '--payee', ben.id, '--id', 'an-agent-once')
  expect([idIn(again.text, 'ag'), again.text.includes('sk_')]).toEqual([id, false])
  expect((await run(ann.secret, 'agents', 'show', id)).text).toContain(`to ${ben.id}`)
  expect(JSON.parse((await run(ann.secret, 'agents', 'list', '--json')).text).data).toMatchObject([{ id, status: 'active' }])
  expect((await run(ben.secret, 'agents', 'list')).text).toBe('no agents')
  await expect(run(ben.secret, 'agents', 'revoke', id)).rejects.toMatchObject({ code: 'not_found' })
  expect((await run(ann.secret, 'agents', 'revoke', id)).text).toContain('revoked')
  await expect(run(ann.secret, 'agents', 'create', 'reader', '--day-usd-max', '2')).rejects.toThrow('--request-usd-max')
})

test('grants the code of a program, which then has its key', async () => {
  const asked = await w.ask('POST', '/v1/device_codes', undefined, { payload: { name: 'reader' } })
  const { user_code: code, device_code } = asked.body as Record<string, string>
  const granted = await run(ann.secret, 'agents', 'grant', code!, '--name', 'a reader', ...LIMITS)
  expect([granted.code, granted.text.includes('sk_')]).toEqual([0, false])
  const { body } = await w.ask('POST', '/v1/device_codes/token', undefined, { payload: { device_code } })
  expect(body.agent).toBe(idIn(granted.text, 'ag'))
})

test('what needs another person says so, is listed, agreed to, and then made; or refused', async () => {
  const dan = await w.party('Dan')
  const [admin, approver] = [
    await w.key(dan.secret, { person: 'an admin', role: 'admin' }),
    await w.key(dan.secret, { person: 'an approver', role: 'approver' }),
  ]
  await w.ask('POST', `/v1/parties/${dan.id}/approvals`, dan.secret, { payload: { payouts_usd_max: '0.5' } })
  expect((await run(approver.secret, 'approvals', 'list')).text).toBe('nothing waits for another person')
  const words = ['agents', 'create', 'reader', ...LIMITS]
  const asked = await run(admin.secret, ...words)
  const id = idIn(asked.text, 'ap')
  expect([asked.code, asked.text]).toEqual([3, expect.stringContaining(`--approval ${id}`)])
  const listed = await run(approver.secret, 'approvals', 'list')
  expect(listed.text).toMatch(new RegExp(`${id} {2}POST /v1/agents.*an admin.*"reader".*switchyard approvals approve ${id}`, 's'))
  await expect(run(admin.secret, 'approvals', 'approve', id)).rejects.toMatchObject({ code: 'forbidden' })
  expect((await run(approver.secret, 'approvals', 'approve', id)).text).toContain(`${id} approved`)
  const made = await run(admin.secret, ...words, '--approval', id)
  expect([made.code, made.text]).toEqual([0, expect.stringContaining('sk_')])
  const other = idIn((await run(admin.secret, ...words)).text, 'ap')
  expect((await run(approver.secret, 'approvals', 'refuse', other)).text).toContain(`${other} refused`)
  await expect(run(admin.secret, ...words, '--approval', other)).rejects.toMatchObject({ code: 'approval_ended' })
})
