import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { type Offered, PREIMAGE, paymentNeeded } from './askingServer.ts'

const CHILD = join(import.meta.dirname, 'payerChild.ts')

/** A folder for the store and what the wallet sent. */
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'switchyard-payer-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** A server that asks for payment and, while `silent`, takes a proof and says nothing. */
async function startServer(offered: Offered) {
  const state = { silent: true }
  const proofs: string[] = []
  let arrived = () => {}
  const first = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const server = createServer(async (request, response) => {
    const { 'payment-signature': x402, 'payment-authorization': mpp, authorization } = request.headers
    const proof = x402 ?? mpp ?? authorization
    if (proof !== undefined) {
      proofs.push(String(proof))
      arrived()
      if (!state.silent) response.end('a joke')
      return
    }
    const asked = paymentNeeded(offered)
    response.writeHead(402, Object.fromEntries(asked.headers)).end(await asked.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/joke`, proofs, first, state } // listening on TCP.
}

function startPayer(url: string, at: string): ChildProcess {
  const child = spawn(process.execPath, [...NODE_FLAGS, CHILD, url, join(at, 'store'), join(at, 'invoices')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGKILL')
  await ended
}

/** What a payer printed, once it has ended. */
async function printed(child: ChildProcess): Promise<unknown> {
  let out = ''
  child.stdout!.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  await new Promise((resolve) => child.once('close', resolve))
  return JSON.parse(out)
}

test.each([
  ['x402', { evm: { price: '2000', amount: '2000' } }],
  ['MPP', { mpp: { amount: '2000' } }],
])('a payer that is killed after it signed for %s: the next one shows the same signature', async (_protocol, offered) => {
  const at = folder()
  const { url, proofs, first, state } = await startServer(offered)
  const child = startPayer(url, at)
  await first
  await killed(child)
  state.silent = false
  expect(await printed(startPayer(url, at))).toEqual({ status: 200, rail: 'evm:31337', spent: '2000' })
  expect([proofs.length, new Set(proofs).size]).toEqual([2, 1])
})

test('a payer that is killed while its invoice is being paid: the next one looks it up, and pays none', async () => {
  const at = folder()
  const { url, proofs, state } = await startServer({ invoice: 'lnbcrt20n1pqqq' })
  state.silent = false
  const child = startPayer(url, at)
  await new Promise((resolve) => child.stdout!.once('data', resolve))
  await killed(child)
  expect(proofs).toEqual([])
  expect(await printed(startPayer(url, at))).toEqual({ status: 200, rail: 'lightning', spent: '2000' })
  expect(readFileSync(join(at, 'invoices'), 'utf8')).toBe('lnbcrt20n1pqqq\n')
  expect(proofs).toEqual([`L402 AgJC:${PREIMAGE}`])
})
