import { expect, test } from 'vitest'
import type { PartyId } from '../../ports/ids.ts'
import { createArrivalOwners } from './arrivalOwners.ts'

test('the first wing that knows says whose an arrival is, and who knows nothing of a kind is passed over', () => {
  const owners = createArrivalOwners()
  expect(owners.partyOf('r')).toBeUndefined()
  owners.add({ heldPayment: () => undefined, ownInvoice: (hash) => (hash === 'h' ? 'lnbc1' : undefined) })
  owners.add({ partyOf: (reference) => (reference === 'r' ? ('pa_1' as PartyId) : undefined) })
  owners.add({ partyOf: () => 'pa_2' as PartyId, ownInvoice: () => 'lnbc2' })
  expect([owners.partyOf('r'), owners.partyOf('s')]).toEqual(['pa_1', 'pa_2'])
  expect([owners.ownInvoice('h'), owners.ownInvoice('i')]).toEqual(['lnbc1', 'lnbc2'])
  expect([owners.heldPayment('h'), owners.keysendOwner([])]).toEqual([undefined, undefined])
})
