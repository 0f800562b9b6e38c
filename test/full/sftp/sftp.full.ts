// Needs OpenSSH's server (Debian's package openssh-server): bank files are carried to and from it.
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { connectSftp } from '../../../adapters/bank/carrier/sftp.ts'
import { sftpFinding } from '../../../app/cli/doctor/rails.ts'
import type { SftpConfig } from '../../../app/config/sftpConfig.ts'
import { openBank } from '../../../app/open/openBanks.ts'
import { EUR } from '../../../gateway/money/asset.ts'
import { parseAmount } from '../../../gateway/money/money.ts'
import { startBank } from '../../../world/bank/startBank.ts'
import { startSshServer } from './sshServer.ts'

const SOON = { timeout: 60_000, interval: 50 }
const euros = (text: string) => parseAmount(text, EUR)
const clock = { now: () => Date.now() }

let server: Awaited<ReturnType<typeof startSshServer>>
beforeAll(async () => {
  server = await startSshServer()
  await server.start()
}, 600_000)
afterAll(() => server?.close())

function settings(over: Partial<SftpConfig> = {}): SftpConfig {
  const { host, port, user, keyFile, passphrase, hostKey, bankFolder } = server
  const places = { putInto: join(bankFolder, 'outbox'), takeFrom: join(bankFolder, 'inbox') }
  return { host, port, user, keyFile, passphrase, hostKey, ...places, taken: 'delete', pollMs: 1_000, ...over }
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-carried-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('a payment leaves by SFTP, settles by the files that come back, and goes on after the server was away', async () => {
  const folder = temporary()
  const bank = await startBank({ folder: server.bankFolder, cycleMs: 300, cyclesPerDay: 200 })
  onTestFinished(() => bank.stop())
  const sftp = settings()
  const config = { folder, account: bank.ready.account, feeEur: '0.20', service: 'ordinary', pollMs: 50, sftp } as const
  const rail = await openBank(config, { clock, dataFile: join(folder, 'bank.db'), schedules: [] })
  onTestFinished(() => rail.close())
  // The first statement comes over the link too.
  await vi.waitFor(() => rail.balances(), SOON)
  const pay = async (id: `at_${string}`) => {
    const { iban, name } = bank.ready.customers[0]!
    const destination = { kind: 'iban', iban, name } as const
    await rail.send({ id, amount: euros('1.50'), feeMax: euros('1'), destination, reference: id }, { signal: AbortSignal.timeout(20_000) })
    return () => rail.lookup(id)
  }
  const first = await pay('at_first')
  await vi.waitFor(async () => expect(await first()).toMatchObject({ kind: 'settled' }), SOON)
  await server.stop()
  const second = await pay('at_second')
  await vi.waitFor(() => expect(rail.problems()).toMatchObject([{ what: 'the bank’s SFTP server is not usable' }]), SOON)
  expect(await second()).toMatchObject({ kind: 'unknown' })
  await server.start()
  await vi.waitFor(async () => expect(await second()).toMatchObject({ kind: 'settled' }), SOON)
  expect(rail.problems()).toEqual([])
  const carried = readdirSync(join(folder, 'carried'))
  expect(carried.length).toBe(2)
  // What the bank keeps of orders begins with when it took them: each of ours once.
  const taken = readdirSync(join(server.bankFolder, 'taken'))
  for (const name of carried) expect(taken.filter((one) => one.endsWith(name))).toHaveLength(1)
  expect(readdirSync(join(server.bankFolder, 'inbox')).filter((name) => name.endsWith('.xml')).length).toBeLessThan(10)
})

test('a server with another key gets nothing, and who is told so sees both keys', async () => {
  const other = `SHA256:${'A'.repeat(43)}`
  await expect(connectSftp({ ...settings(), hostKey: other, passphrase: 'a lock' })).rejects.toThrow(
    `127.0.0.1:${server.port}: the server shows the key ${server.hostKey}, and hostKey says ${other}`,
  )
})

test('what is wrong is told with what to change', async () => {
  await expect(connectSftp({ ...settings(), passphrase: 'another' })).rejects.toThrow(/passphrase/)
  await expect(connectSftp({ ...settings(), passphrase: 'a lock', user: 'somebody' })).rejects.toThrow('does not take the key of somebody')
  expect(await sftpFinding('bank.sftp', settings())).toMatchObject([{ state: 'good' }])
  expect(await sftpFinding('bank.sftp', settings({ takeFrom: '/nowhere' }))).toMatchObject([
    { state: 'bad', detail: expect.stringContaining('listing /nowhere') },
  ])
})

test('the server renames over nothing, and a file larger than allowed is not read to its end', async () => {
  const remote = await connectSftp({ ...settings(), passphrase: 'a lock' })
  onTestFinished(() => remote.close())
  const folder = temporary()
  const local = join(folder, 'local')
  writeFileSync(local, Buffer.alloc(3_000_000, 'x'))
  const place = join(server.bankFolder, 'outbox')
  await remote.put(local, `${place}/.a`)
  await remote.put(local, `${place}/.b`)
  expect(await remote.look(`${place}/.a`)).toMatchObject({ bytes: 3_000_000 })
  await expect(remote.rename(`${place}/.a`, `${place}/.b`)).rejects.toThrow(/renaming/)
  await expect(remote.get(`${place}/.a`, join(folder, 'part'), 1_000_000)).rejects.toThrow('more than 1000000 bytes')
  await remote.get(`${place}/.a`, join(folder, 'whole'), 3_000_000)
  expect(statSync(join(folder, 'whole')).size).toBe(3_000_000)
  await remote.remove(`${place}/.a`)
  await remote.remove(`${place}/.b`)
  expect(await remote.look(`${place}/.a`)).toBe(undefined)
})

test('a link that is lost under a transfer ends it, and all that is asked after it', async () => {
  const remote = await connectSftp({ ...settings(), passphrase: 'a lock' })
  const local = join(temporary(), 'large')
  writeFileSync(local, Buffer.alloc(200_000_000))
  const sending = remote.put(local, `${server.bankFolder}/outbox/.large`)
  const ended = expect(sending).rejects.toThrow(/writing .*large: /)
  await vi.waitFor(async () => expect(statSync(join(server.bankFolder, 'outbox', '.large')).size).toBeGreaterThan(0), SOON)
  await server.stop()
  await ended
  await expect(remote.look('/')).rejects.toThrow(/looking at/)
  await server.start()
})
