import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { rates } from '../../../test/payout/payoutWorld.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { openLedger } from '../../ledger/openLedger.ts'
import { BTC, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { GroupTotals } from '../../ports/readModel.ts'
import { receiptSigner } from '../receipt/receipt.ts'
import { takeProof } from './takeProof.ts'
import { checkProofFile, disagreements, writeProofFile } from './threeWay.ts'

const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const clock = { now: () => 1_800_000_000_000 }
const ids = uuidIds(clock)
const signer = receiptSigner({ privateKeyPem, clock, ids })

/** Books in which a node holds 1,000 msat for a party and 10 for us, of which each leg can be a unit other. */
async function legs({ rail = 0n, ledger = 0n, told = 0n, silent = false } = {}) {
  const assetOf = (id: string) => [BTC, USD].find((asset) => asset.id === id)!
  const ground = { clock, ids, rates, usd: USD, bookAsset: USD, assets: [BTC, USD], assetOf }
  const { books } = openLedger(ground, { journal: memoryJournal() })
  await books.start()
  const move = (debit: string, credit: string, units: bigint) => ({ kind: 'move', debit, credit, ...money(BTC, units) }) as const
  const entries = [move('rail:lightning:node', 'party:pa_1', 1_000n), move('rail:lightning:node', 'capital:opening', 10n + ledger)]
  await books.submit({ entry: { id: ids.entry(), payment: 'opening', legs: entries } })
  const group = (name: string, debits: bigint, credits: bigint): GroupTotals => ({ group: name, asset: BTC, debits, credits })
  const reads = {
    cursor: () => ({ seq: books.head().seq, hash: new Uint8Array(32), at: 0n }),
    groups: () => [group('rail:lightning:node', 1_010n, 0n), group('party', 0n, 1_000n + told), group('capital:opening', 0n, 10n)],
  }
  const statement = {
    async balances() {
      if (silent) throw new GatewayError('rail_unavailable', 'The node does not answer')
      return [{ place: 'node', amount: money(BTC, 1_010n + rail), at: 1, inFlight: [] }]
    },
  }
  const projector = { reads, readAfter: async () => undefined }
  const statements = [{ rail: 'lightning', statement }] as const
  return takeProof({ books, statements, inFlight: () => [], projector, now: clock.now, readAgainMs: 1 }, '2027-01-15')
}

test('three legs that agree to the unit are one proof, and a unit more or less in any of them is found and named', async () => {
  const found = async (o: Parameters<typeof legs>[0]) =>
    disagreements(await legs(o)).map(({ what, difference }) => [what.replace(BTC.id, 'BTC'), difference])
  expect(await found({})).toEqual([])
  for (const by of [1n, -1n]) {
    expect(await found({ rail: by })).toEqual([['rail:lightning:node in BTC: the rail against the ledger', `${by}`]])
    expect(await found({ told: by })).toEqual([['BTC: what was told against the ledger', `${by}`]])
    expect(await found({ ledger: by })).toEqual([
      ['rail:lightning:node in BTC: the rail against the ledger', `${-by}`],
      ['BTC: what was told against the ledger', `${-by}`],
    ])
  }
  expect(await found({ silent: true })).toEqual([
    ['BTC: what no rail speaks of', '1010'],
    ['lightning did not say what it holds', ''],
  ])
})

test('the file is proved by the public key alone, and no byte of it can be another', async () => {
  const file = writeProofFile(signer.signProof(await legs()))
  expect(checkProofFile(file, signer.publicKeyPem)).toMatchObject({ signed: true, disagreements: [] })
  const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString()
  expect(checkProofFile(file, other)).toMatchObject({ signed: false })
  for (let at = 0; at < file.length; at++) {
    const changed = `${file.slice(0, at)}${file.charAt(at) === '1' ? '2' : '1'}${file.slice(at + 1)}`
    expect([at, checkProofFile(changed, signer.publicKeyPem).signed]).toEqual([at, false])
  }
  // As the API answers it, and by a file that holds no key.
  const answered = JSON.stringify(JSON.parse(file))
  expect(checkProofFile(answered, signer.publicKeyPem)).toMatchObject({ signed: true })
  expect(checkProofFile(`${answered} `, signer.publicKeyPem)).toMatchObject({ signed: false })
  expect(checkProofFile(file, 'no key')).toMatchObject({ signed: false, why: 'what is given as the key is no public key (PEM)' })
  // One that does not agree is signed all the same, and says so.
  const wrong = writeProofFile(signer.signProof(await legs({ told: 1n })))
  expect(checkProofFile(wrong, signer.publicKeyPem)).toMatchObject({ signed: true, disagreements: [{ difference: '1' }] })
})
