import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { FUNDS } from '../../test/payout/bankWings.ts'
import { openSuspenseCommand } from '../../test/payout/suspenseCommand.ts'
import { ITEM } from '../../test/payout/suspenseWorld.ts'

const open = () => openSuspenseCommand('suspense')

test('lists what waits with the command that gives it to its likeliest owner, and gives it', async () => {
  const w = await open()
  const folder = await mkdtemp(join(tmpdir(), 'suspense-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'letter.txt')
  await writeFile(file, 'it was mine')
  const why = ['--reason', 'they have written', '--file', file]
  expect(await w.run('assign', ITEM, '--to', w.party.id, '--amount', '4', ...why)).toMatchObject({ code: 0 })
  w.stream.tell({
    id: 'B2',
    amount: { ...(await w.suspense.item(ITEM)).amount, units: 1_000_000n },
    payer: 'Customer 1',
    remittance: 'for invoice 7\u001b[2J',
  })
  await expect.poll(() => w.payins.settlements.unmatched().length).toBe(2)
  const { code, text } = await w.run('list')
  expect(code).toBe(1)
  expect(text).toContain('wrote "for invoice 7\\u001b[2J"')
  expect(text).toContain(`switchyard suspense assign 'bank:received:B2' --to ${w.party.id}`)
  await w.run('assign', 'bank:received:B2', '--to', w.party.id, ...why, '--id', 'again-and-again')
  await w.run('assign', 'bank:received:B2', '--to', w.party.id, ...why, '--id', 'again-and-again')
  expect(w.has(w.source)).toBe(FUNDS + 5_000_000n)
  expect((await w.run('write-off', ITEM, ...why)).code).toBe(0)
  expect(await w.run('list')).toMatchObject({ code: 0, text: 'nothing waits in suspense' })
  await w.whole()
})

test('says that another operator must agree, and refuses without a reason', async () => {
  const w = await open()
  const words = ['adjust', '60', '--asset', 'EUR', '--debit', 'capital:operator', '--credit', 'rail:bank:account', '--evidence', 'a call']
  await expect(w.run(...words)).rejects.toThrow('--reason is missing')
  const asked = await w.run(...words, '--reason', 'the bank has taken it')
  expect(asked).toMatchObject({ code: 3, text: expect.stringContaining('another operator must agree') })
  const id = /sa_[0-9a-f]{32}/.exec(asked.text)![0]
  await expect(w.run('approve', id)).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringMatching(/another operator must approve it/),
    hint: expect.not.stringContaining('Correct the fields'),
  })
  expect(await w.run('cancel', id)).toMatchObject({ code: 0 })
})
