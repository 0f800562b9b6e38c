import { expect, test } from 'vitest'
import { faultOf, isRefusedMacaroon, LndError, lndCall, messageOf, NO_ANSWER, railCall } from './lndCall.ts'

test('a call that is never answered ends at its deadline, with a code of our own', async () => {
  const error = await lndCall('a thing', 10, () => new Promise(() => {})).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(LndError)
  expect(faultOf(error)).toMatchObject({ code: NO_ANSWER, grpc: undefined })
})

test('an array that the client throws becomes an Error with all that is in it', async () => {
  const thrown = [503, 'GetWalletInfoErr', { err: { code: 14, details: 'No connection established' } }]
  await expect(lndCall('a thing', 1_000, () => Promise.reject(thrown))).rejects.toMatchObject({
    fault: { code: 503, message: 'GetWalletInfoErr', grpc: 14, details: 'No connection established' },
  })
  expect(messageOf(thrown)).toBe('GetWalletInfoErr: No connection established')
})

test('what is thrown before there is a promise is caught too, and the domain sees a rail that does not answer', async () => {
  const throws = () => {
    throw new Error('ExpectedAuthenticatedLnd')
  }
  await expect(lndCall('a thing', 1_000, throws)).rejects.toMatchObject({ fault: { code: 400 } })
  await expect(railCall('a thing', 1_000, throws)).rejects.toMatchObject({ code: 'rail_unavailable' })
})

test('a macaroon is refused under one status, and a node that is locked is not a wrong macaroon', () => {
  const fault = (grpc: number, details: string) => ({ code: 503, message: '', grpc, details })
  expect(isRefusedMacaroon(fault(2, 'cannot get macaroon: root key with id 1 doesn’t exist'))).toBe(true)
  expect(isRefusedMacaroon(fault(2, 'wallet locked, unlock it to enable full RPC access'))).toBe(false)
  expect(isRefusedMacaroon(fault(14, 'macaroon'))).toBe(false)
})
