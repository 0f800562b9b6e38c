// Needs the program go: real LND and btcd are built once into the user's cache folder.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePorts } from '../../freePorts.ts'
import { type Btcd, startBtcd } from './btcd.ts'
import { buildNodes, type NodePrograms } from './buildNodes.ts'
import { startLnd, untilStarted } from './lndNode.ts'
import { startProgram } from './program.ts'

let programs: NodePrograms
let folder: string
let btcd: Btcd
beforeAll(async () => {
  programs = await buildNodes()
  folder = mkdtempSync(join(tmpdir(), 'switchyard-lnd-start-'))
  const [rpc, peers] = await freePorts(2)
  btcd = await startBtcd(programs.btcd, join(folder, 'btcd'), [rpc!, peers!])
}, 1_200_000)
afterAll(async () => {
  await btcd?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

/** A place for an LND that is started by way of a shell script, which gets LND's arguments. */
async function placeOf(alias: string, script: string) {
  const [rpcPort, peerPort] = await freePorts(2)
  const program = join(folder, `${alias}.sh`)
  writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o700 })
  return { program, folder: join(folder, alias), alias, rpcPort: rpcPort!, peerPort: peerPort!, btcd }
}

test('a macaroon that is there and not written yet is waited for', async () => {
  // LND creates the file and then writes it: here a second lies between.
  const own = join(folder, 'own.macaroon')
  const theirs = join(folder, 'slow', 'data', 'chain', 'bitcoin', 'regtest')
  const script = [
    `mkdir -p ${theirs} && : > ${theirs}/admin.macaroon`,
    `(until [ -s ${own} ]; do sleep 0.1; done; sleep 1; cat ${own} > ${theirs}/admin.macaroon) &`,
    `exec ${programs.lnd} "$@" --adminmacaroonpath=${own}`,
  ]
  const node = await startLnd(await placeOf('slow', script.join('\n')))
  expect(node.nodeId).toMatch(/^0[23]/)
  await node.kill()
}, 120_000)

test('a start that nothing comes of says what was lacking, and what the daemon printed last', async () => {
  const daemon = startProgram('/bin/sh', ['-c', 'echo the chain is not synced; exec sleep 600'])
  const lacks = async () => (daemon.output() === '' ? 'its output' : 'an answer')
  // It ends by the output, not by the clock: the deadline begins anew until there is one.
  await expect
    .poll(() => untilStarted(daemon, 'alice answers', lacks, 50).catch(String), { timeout: 60_000 })
    .toMatch(/alice answers; an answer; it printed last:\nthe chain is not synced/)
  await daemon.stop()
  await expect(untilStarted(daemon, 'alice answers', lacks)).rejects.toThrow(/it ended; .*\nthe chain is not synced/)
})
